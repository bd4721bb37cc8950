/** What is read when metrics are collected: counters that core keeps, ages, health. One for all instances of a meter. */
import type { BatchObservableResult, Meter, Observable } from '@opentelemetry/api'
import type { Health, MaskinportenEvent, Stats, TokenKind } from '@maskinporten-kit/core'
import type { TokenStart } from './attributes.ts'
import type { Instance } from './instance.ts'
import { ALTINN, METRICS, OWN } from './names.ts'

const HEALTH: { readonly [status in Health['status']]: number } = { ok: 0, degraded: 1, failing: 2 }
const KINDS: readonly TokenKind[] = ['maskinporten', 'altinn']
type AltinnResult = 'cached' | 'new' | 'error'

interface NewestToken {
  /** When its coming was seen here, milliseconds. */
  readonly seenAt: number
  /** How old it was then. */
  readonly ageMs: number
  readonly lifetimeMs: number
}

/** What is known of one instance. */
export class Observed {
  readonly #instance: Instance
  /** What was counted before. */
  readonly #base: Stats
  readonly #newest = new Map<TokenKind, NewestToken>()
  readonly #results = new Map<string, number>()

  constructor(instance: Instance) {
    this.#instance = instance
    this.#base = instance.stats()
  }

  record(event: MaskinportenEvent, start: TokenStart | undefined): void {
    if (event.type !== 'token.end' || start === undefined) return
    const { error, expiresAt, lifetimeMs, at } = event
    if (expiresAt !== undefined && lifetimeMs !== undefined)
      this.#newest.set(start.kind, { seenAt: Date.now(), ageMs: at - (expiresAt - lifetimeMs), lifetimeMs })
    if (error === undefined && expiresAt === undefined) return
    const key = `${start.kind} ${error === undefined ? 'new' : 'error'}`
    this.#results.set(key, (this.#results.get(key) ?? 0) + 1)
  }

  counted(name: keyof Stats): number {
    return this.#instance.stats()[name] - this.#base[name]
  }

  /** Core does not count hits by kind: they count for the kind that the settings ask for. */
  altinn(kind: TokenKind, result: AltinnResult): number {
    if (result !== 'cached') return this.#results.get(`${kind} ${result}`) ?? 0
    const usual = this.#instance.settings?.current()?.request.kind ?? 'maskinporten'
    return kind === usual ? this.counted('hits') + this.counted('stale') : 0
  }

  get health(): number {
    return HEALTH[this.#instance.health().status]
  }

  /** Of the newest token of a kind, while it lives; milliseconds. */
  token(kind: TokenKind): { readonly ageMs: number; readonly lifetimeMs: number } | undefined {
    const newest = this.#newest.get(kind)
    if (newest === undefined) return undefined
    const ageMs = newest.ageMs + Date.now() - newest.seenAt
    return ageMs < newest.lifetimeMs ? { ageMs, lifetimeMs: newest.lifetimeMs } : undefined
  }

  get keyLife(): { readonly startsAt?: number | undefined; readonly endsAt: number } | undefined {
    return this.#instance.settings?.current()?.keyLife
  }
}

const COUNTED: readonly (readonly [metric: string, name: keyof Stats, result?: string])[] = [
  [METRICS.calls, 'hits', 'hit'],
  [METRICS.calls, 'stale', 'stale'],
  [METRICS.calls, 'misses', 'miss'],
  [METRICS.renewals, 'renewals'],
  [METRICS.storeHits, 'storeHits'],
]

/**
 * All instances of one meter, which share its series: counters are added up, and of health and ages the highest value is
 * reported (of token ages by share of life). What an instance counted stays counted when it is closed.
 */
export class ObservedInstances {
  readonly #meter: Meter
  readonly #all = new Set<Observed>()
  readonly #gone = new Map<string, number>()
  readonly #altinn = new Set<Observed>()
  #hasAltinn = false

  constructor(meter: Meter) {
    this.#meter = meter
    const counter = (name: string, description: string): Observable =>
      meter.createObservableCounter(name, { description, unit: '{call}' })
    const gauge = (name: string, unit: string, description: string): Observable =>
      meter.createObservableGauge(name, { unit, description })
    const counters = new Map([
      [
        METRICS.calls as string,
        counter(METRICS.calls, 'Calls that had a fresh token, a token whose renewal is due, or none'),
      ],
      [METRICS.renewals as string, counter(METRICS.renewals, 'Renewals that were begun behind a caller')],
      [METRICS.storeHits as string, counter(METRICS.storeHits, 'Tokens that came out of the shared store')],
    ])
    const tokenAge = gauge(METRICS.tokenAge, 's', 'Age of the newest token of a kind, while it lives')
    const tokenLifetime = gauge(METRICS.tokenLifetime, 's', 'Whole life of that token')
    const keyAge = gauge(METRICS.keyAge, '1', 'Share of the newest signing key’s life that is over')
    const keyRemaining = gauge(METRICS.keyRemaining, 's', 'Time until the newest signing key’s end')
    const health = gauge(METRICS.health, '{status}', '0 ok, 1 degraded (valid tokens are served), 2 failing')
    const observe = (result: BatchObservableResult): void => {
      for (const [metric, name, kind] of COUNTED) {
        const of = counters.get(metric)
        const value = this.#sum(`${metric} ${name}`, this.#all, (one) => one.counted(name))
        if (of !== undefined) result.observe(of, value, kind === undefined ? {} : { [OWN.result]: kind })
      }
      const all = [...this.#all]
      for (const kind of KINDS) {
        const [oldest] = all
          .flatMap((one) => one.token(kind) ?? [])
          .toSorted((a, b) => b.ageMs / b.lifetimeMs - a.ageMs / a.lifetimeMs)
        if (oldest === undefined) continue
        result.observe(tokenAge, oldest.ageMs / 1000, { [OWN.kind]: kind })
        result.observe(tokenLifetime, oldest.lifetimeMs / 1000, { [OWN.kind]: kind })
      }
      const lives = all.flatMap(({ keyLife }) => keyLife ?? [])
      const now = Date.now()
      const shares = lives.flatMap(({ startsAt, endsAt }) =>
        startsAt === undefined || startsAt >= endsAt ? [] : [(now - startsAt) / (endsAt - startsAt)],
      )
      if (shares.length > 0) result.observe(keyAge, Math.max(...shares))
      if (lives.length > 0) result.observe(keyRemaining, Math.min(...lives.map(({ endsAt }) => endsAt - now)) / 1000)
      if (all.length > 0) result.observe(health, Math.max(...all.map((one) => one.health)))
    }
    meter.addBatchObservableCallback(observe, [
      ...counters.values(),
      tokenAge,
      tokenLifetime,
      keyAge,
      keyRemaining,
      health,
    ])
  }

  add(one: Observed, withAltinnNames: boolean): void {
    this.#all.add(one)
    if (!withAltinnNames) return
    this.#altinn.add(one)
    if (!this.#hasAltinn) this.#addAltinnNames()
  }

  remove(one: Observed): void {
    if (!this.#all.delete(one)) return
    for (const [metric, name] of COUNTED) this.#keep(`${metric} ${name}`, one.counted(name))
    if (this.#altinn.delete(one)) eachAltinn((key, kind, result) => this.#keep(key, one.altinn(kind, result)))
  }

  #addAltinnNames(): void {
    this.#hasAltinn = true
    const counters = {
      maskinporten: this.#meter.createObservableCounter(ALTINN.tokenRequests),
      altinn: this.#meter.createObservableCounter(ALTINN.exchangeRequests),
    }
    const observe = (to: BatchObservableResult): void =>
      eachAltinn((key, kind, result) =>
        to.observe(
          counters[kind],
          this.#sum(key, this.#altinn, (one) => one.altinn(kind, result)),
          { [ALTINN.result]: result },
        ),
      )
    this.#meter.addBatchObservableCallback(observe, Object.values(counters))
  }

  #sum(key: string, of: ReadonlySet<Observed>, counted: (one: Observed) => number): number {
    return [...of].reduce((sum, one) => sum + counted(one), this.#gone.get(key) ?? 0)
  }

  #keep(key: string, counted: number): void {
    this.#gone.set(key, (this.#gone.get(key) ?? 0) + counted)
  }
}

function eachAltinn(call: (key: string, kind: TokenKind, result: AltinnResult) => void): void {
  for (const kind of KINDS)
    for (const result of ['cached', 'new', 'error'] as const) call(`altinn ${kind} ${result}`, kind, result)
}
