/** Callers at a steady rate in virtual time, and what became of each. */
import { vi } from 'vitest'
import type { GetTokenOptions, TokenRequest, TokenSource } from '@maskinporten-kit/core'
import type { World } from './world.ts'

export interface Outcome {
  readonly at: number
  readonly waitedMs: number
  readonly ok: boolean
  readonly code?: unknown
  readonly value?: string
}

export interface Load {
  readonly perSecond: number
  readonly durationMs: number
  readonly request?: (n: number) => TokenRequest | undefined
  readonly options?: (n: number) => GetTokenOptions | undefined
  /** Called when a caller has its token: what an API would say. */
  readonly onToken?: (token: { readonly value: string; readonly expiresAt: number }, n: number) => Promise<void> | void
}

export interface Driven {
  readonly all: readonly Outcome[]
  readonly failed: readonly Outcome[]
  /** Callers after the first token's arrival that did not have theirs at once. */
  readonly stalled: readonly Outcome[]
  /** Tokens handed over past their expiry on either clock: always 0. */
  readonly expired: number
}

export async function drive(world: World, maskinporten: TokenSource, load: Load): Promise<Driven> {
  const { time } = world
  const all: Outcome[] = []
  let expired = 0
  const waiting = new Set<number>()
  const every = 1000 / load.perSecond
  const until = time.monotonic() + load.durationMs
  const call = (n: number): void => {
    const at = time.monotonic()
    waiting.add(n)
    maskinporten
      .getToken(load.request?.(n), load.options?.(n))
      .then(
        async (token) => {
          if (token.expiresAt <= time.now()) expired++
          all.push({ at, waitedMs: time.monotonic() - at, ok: true, value: token.value })
          await load.onToken?.(token, n)
        },
        (error: unknown) =>
          void all.push({
            at,
            waitedMs: time.monotonic() - at,
            ok: false,
            code: error instanceof Error && 'code' in error ? error.code : error,
          }),
      )
      .finally(() => waiting.delete(n))
  }
  for (let n = 0; time.monotonic() < until; n++) {
    call(n)
    await time.advance(every)
  }
  // Nobody may be left hanging longer than that.
  for (let rest = 0; waiting.size > 0 && rest < 60; rest++) await time.advance(1_000)
  if (waiting.size > 0) throw new Error(`${waiting.size} callers were left hanging`)
  const first = all.reduce(
    (least, one) => (one.ok ? Math.min(least, one.at + one.waitedMs) : least),
    Number.POSITIVE_INFINITY,
  )
  return {
    all,
    failed: all.filter((one) => !one.ok),
    stalled: all.filter((one) => one.ok && one.waitedMs > 0 && one.at > first),
    expired,
  }
}

/** The same draws in every run. */
export function seedRandom(seed = 20261124): void {
  let state = seed
  vi.spyOn(Math, 'random').mockImplementation(() => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  })
}

/** The most calls in any window of that length. */
export function mostIn(windowMs: number, times: readonly number[]): number {
  let most = 0
  let from = 0
  for (const [index, at] of times.entries()) {
    while ((times[from] ?? 0) < at - windowMs) from++
    most = Math.max(most, index - from + 1)
  }
  return most
}
