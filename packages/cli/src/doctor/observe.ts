/** A `fetch` that remembers what was asked and answered, without any secret: of a grant its header and claims, of a refusal its words. */
import type { FetchFunction } from '@maskinporten-kit/core'
import { decodeJwt } from './jwt.ts'
import type { Secrets } from './redact.ts'

export interface Exchange {
  readonly url: string
  readonly method: string
  /** Header and claims of the assertion; the signature is dropped at once. */
  readonly grant?: { readonly header: object; readonly claims: object } | undefined
  readonly status?: number | undefined
  /** The server's clock less this machine's, milliseconds, to about half a second. */
  readonly skewMs?: number | undefined
  readonly contentType?: string | undefined
  /** Of an answer with a status of 400 or more. */
  readonly errorBody?: string | undefined
  /** Class and code of what the fetch threw. */
  readonly failure?: string | undefined
}

/** More of a body is no help to anybody. */
const MAX_BODY = 4_000

export interface Observer {
  readonly fetch: FetchFunction & typeof globalThis.fetch
  readonly exchanges: readonly Exchange[]
  /** When the bodies of all refusals so far have been read. */
  settled(): Promise<unknown>
}

/** `fetch` is looked up at each request. */
export function observe(fetch: typeof globalThis.fetch | undefined, secrets: Secrets): Observer {
  const exchanges: Exchange[] = []
  const bodies: Promise<void>[] = []
  const observed = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const url = input instanceof Request ? input.url : String(input)
    const method = init?.method ?? (input instanceof Request ? input.method : 'GET')
    const asked = { url: withoutQuery(url), method, grant: grantIn(init?.body, secrets) }
    hideCredential(init?.headers, secrets)
    const sentAt = Date.now()
    try {
      const answer = await (fetch ?? globalThis.fetch)(input, init)
      const { status, headers } = answer
      const about = {
        ...asked,
        status,
        skewMs: skewOf(headers.get('date'), sentAt, Date.now()),
        contentType: headers.get('content-type') ?? undefined,
      }
      // The caller reads the answer itself; this is the beginning of a copy.
      const errorBody = status < 400 ? undefined : beginningOf(answer.clone())
      exchanges.push(about)
      if (errorBody !== undefined)
        bodies.push(
          errorBody.then((text) => {
            const place = exchanges.indexOf(about)
            exchanges[place] = { ...about, errorBody: secrets.redact(text) }
          }),
        )
      return answer
    } catch (error) {
      exchanges.push({ ...asked, failure: classOf(error) })
      throw error
    }
  }
  return { fetch: observed, exchanges, settled: () => Promise.all(bodies) }
}

async function beginningOf(answer: Response): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  try {
    for await (const chunk of answer.body ?? []) {
      text += decoder.decode(chunk, { stream: true })
      if (text.length >= MAX_BODY) break
    }
  } catch {
    // The answer broke off: what came is told.
  }
  return text.slice(0, MAX_BODY)
}

/** And without user name and password. */
function withoutQuery(text: string): string {
  if (!URL.canParse(text)) return ''
  const url = new URL(text)
  return Object.assign(url, { username: '', password: '', search: '', hash: '' }).href
}

/** The header has whole seconds, so the middle of its second is compared with the middle of the request. */
export function skewOf(date: string | null, sentAt: number, receivedAt: number): number | undefined {
  const at = date === null ? Number.NaN : Date.parse(date)
  return Number.isNaN(at) ? undefined : Math.round(at + 500 - (sentAt + receivedAt) / 2)
}

function grantIn(body: unknown, secrets: Secrets): Exchange['grant'] {
  const text = typeof body === 'string' || body instanceof URLSearchParams ? String(body) : ''
  const assertion = new URLSearchParams(text).get('assertion')
  if (assertion === null) return undefined
  secrets.add(assertion)
  const decoded = decodeJwt(assertion)
  return decoded && { header: decoded.header, claims: decoded.claims }
}

function hideCredential(headers: RequestInit['headers'], secrets: Secrets): void {
  const authorization = new Headers(headers).get('authorization')
  if (authorization !== null) secrets.add(authorization.replace(/^Bearer /i, ''))
}

function classOf(error: unknown): string {
  const cause: unknown = error instanceof Error ? (error.cause ?? error) : error
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined
  return typeof code === 'string' && /^\w{3,40}$/.test(code) ? code : error instanceof Error ? error.name : 'unknown'
}
