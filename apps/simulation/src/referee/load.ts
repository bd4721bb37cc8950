/** How often the servers are asked: no more than the lives of tokens, and the waits after failures, explain. */
import type { Active, Fault } from '../faults.ts'
import type { Host } from '../host.ts'
import type { Issued } from '../services/tokens.ts'

/** Design §5: a renewal begins a quarter of a life before its end, ten minutes at most, ±10 %. */
const WINDOW_SHARE = 1 / 4
const WINDOW_MAX_MS = 600_000
const JITTER = 1.1
/** For answers that take long, and for renewals that begin at the same time on two machines. */
const SLACK_MS = 5_000
/** Within half a minute, of one machine for one identity (the drills' bound), and with several faults at once. */
const MOST = 16
const MOST_OF_SEVERAL = 48
const SPAN_MS = 30_000
/** A key that was revoked is refused until the vault gives another. */
const LASTS_MS = 150_000
/** So long after its end a fault may still be the reason of a request, milliseconds. */
const FELT_MS = 60_000

/** No reason to ask again. */
const HARMLESS: ReadonlySet<string> = new Set(['vault slow', 'vault down', 'vault hangs'])

export class LoadJudge {
  readonly #active: Active
  readonly #breach: (invariant: string, what: string) => void
  readonly #lastGood = new Map<string, Issued>()
  readonly #recent = new Map<string, number[]>()

  constructor(active: Active, breach: (invariant: string, what: string) => void) {
    this.#active = active
    this.#breach = breach
  }

  asks(host: Host, identity: string, now: number): void {
    this.#countRecent(`${host.machine.name} ${identity}`, now)
    const key = placeOf(host, identity)
    const last = this.#lastGood.get(key)
    if (last === undefined || identity === 'metadata') return
    const { lifetimeMs, issuedAt } = last
    const renewsAt = issuedAt + lifetimeMs - JITTER * Math.min(lifetimeMs * WINDOW_SHARE, WINDOW_MAX_MS) - SLACK_MS
    if (now >= renewsAt) return
    const felt = this.#active.since(issuedAt - FELT_MS, feltFor).filter((fault) => !this.#isHarmless(fault))
    if (felt.length > 0) return
    const ago = Math.round((now - issuedAt) / 1_000)
    this.#breach(
      'requests',
      `${identity} was asked for ${ago} s after the last of ${lifetimeMs / 1_000} s, and nothing had failed`,
    )
  }

  issued(host: Host, identity: string, issued: Issued): void {
    this.#lastGood.set(placeOf(host, identity), issued)
  }

  #isHarmless(fault: Fault): boolean {
    return HARMLESS.has(fault.kind) && !this.#keepsKeyBack(fault)
  }

  /** A vault that keeps a new key back makes each attempt of a flight wait for it, and then each sends its request. */
  #keepsKeyBack({ kind, at }: Fault): boolean {
    return HARMLESS.has(kind) && this.#active.since(at, () => 0).some((one) => one.kind.startsWith('key '))
  }

  #countRecent(key: string, now: number): void {
    const recent = this.#recent.get(key)?.filter((at) => at > now - SPAN_MS) ?? []
    recent.push(now)
    this.#recent.set(key, recent)
    if (recent.length <= MOST) return
    const faults = this.#active.since(now - LASTS_MS, () => 0)
    const isSeveral = new Set(faults.map(({ kind }) => kind)).size > 1 || faults.some((one) => this.#keepsKeyBack(one))
    if (recent.length > (isSeveral ? MOST_OF_SEVERAL : MOST))
      this.#breach('requests', `${key}: ${recent.length} requests within ${SPAN_MS / 1_000} s`)
  }
}

/** After a rejection the next renewal may be put off for five minutes, and comes then. */
const feltFor = ({ kind }: Fault): number => (kind === 'api rejects' || kind === 'altinn forgets' ? 400_000 : FELT_MS)

/** Those that share a store count as one. */
const placeOf = (host: Host, identity: string): string =>
  `${host.fleet.redis === 'none' ? host.machine.name : host.fleet.name} ${identity}`
