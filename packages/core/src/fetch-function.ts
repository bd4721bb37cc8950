/** The little of fetch that core needs, so that every runtime's, undici's and a test's own fit. */
export type FetchFunction = (
  input: string,
  init: CoreRequestInit,
) => Promise<{
  readonly status: number
  readonly headers: { get(name: string): string | null }
  /** A stream (the web's or Node's), counted while it is read: at most 1 MiB. Without one, `text()` is asked. */
  readonly body?: unknown
  text(): Promise<string>
}>

/** To `globalThis.fetch` core adds `next: { internal: true }`, so that Next.js keeps no token on disk. */
export interface CoreRequestInit {
  method: 'GET' | 'POST'
  headers: Record<string, string>
  /** Exactly this type: core writes it, and fetch's own type takes no `undefined`. */
  body?: string
  redirect: 'manual'
  signal: AbortSignal
}
