import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { type AccessToken, isMaskinportenError } from '@maskinporten-kit/core'
import { seedRandom } from './drive.ts'
import { settle } from './virtual-time.ts'
import { type Call, type Reply, UNKNOWN_KID, World, fakeKey, refusal } from './world.ts'

/** A caller waits ten seconds at most; a suspended process is granted as much again. */
const DEADLINE_MS = 10_000
/** A time near 10^12 ms is known to 0.0002 ms in a double, and the line of time may be one. */
const ROUNDING_MS = 0.001

const REPLIES: Readonly<Record<string, Reply>> = {
  good: {},
  slow: { delayMs: 4_000 },
  late: { delayMs: 12_000 },
  unavailable: { status: 503 },
  throttled: { status: 429, headers: { 'retry-after': '20' } },
  broken: { status: 200, body: '<html>' },
  network: { networkError: true, status: 599 },
  hanging: { hang: true, status: 599 },
  kid: UNKNOWN_KID,
  scope: refusal('Token request contains invalid scopes for client, a:b', 'MP-200', 'invalid_scope'),
  unauthorised: { status: 401 },
  skewed: refusal('Invalid assertion. Client authentication failed. JWT has expired.', 'MP-130'),
  'no life': { lifetimeSeconds: 0 },
}

type Action =
  | { readonly do: 'call'; readonly identity: number; readonly altinn: boolean; readonly times: number }
  | { readonly do: 'abort'; readonly identity: number; readonly afterMs: number }
  | { readonly do: 'reject'; readonly identity: number; readonly altinn: boolean }
  | { readonly do: 'advance'; readonly ms: number }
  | { readonly do: 'server'; readonly token: string; readonly exchange: string }
  | { readonly do: 'rotate' }
  | { readonly do: 'newClient' }
  | { readonly do: 'wall'; readonly ms: number }

const identity = fc.nat({ max: 2 })
const reply = fc.constantFrom(...Object.keys(REPLIES), 'good', 'good', 'good')
const anyAction: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('call' as const),
      identity,
      altinn: fc.boolean(),
      times: fc.integer({ min: 1, max: 4 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('abort' as const), identity, afterMs: fc.integer({ min: 0, max: 3_000 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('reject' as const), identity, altinn: fc.boolean() }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('advance' as const),
      ms: fc.oneof(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 500, max: 40_000 })),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('server' as const), token: reply, exchange: reply }) },
  { weight: 1, arbitrary: fc.constantFrom({ do: 'rotate' as const }, { do: 'newClient' as const }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('wall' as const), ms: fc.constantFrom(130_000, 20_000, -20_000, -130_000) }),
  },
)

const unhandled: unknown[] = []
const note = (error: unknown): void => void unhandled.push(error)
beforeAll(() => void process.on('unhandledRejection', note))
afterAll(() => void process.off('unhandledRejection', note))
afterEach(() => vi.restoreAllMocks())

/** Requests of one identity that are under way together: the next may only join one that has been silent for three seconds. */
class Overlaps {
  readonly #last = new Map<string, Call>()
  readonly #first = new Map<string, Call>()
  readonly #open = new Set<Call>()
  readonly tooEarly: string[] = []

  began(key: string, call: Call): void {
    const last = this.#last.get(key)
    const first = this.#first.get(key)
    // A flight ends at its deadline; the next one's requests are its own.
    const isNewFlight = first === undefined || call.at - first.at >= DEADLINE_MS
    if (isNewFlight) this.#first.set(key, call)
    if (!isNewFlight && last !== undefined && this.#open.has(last) && call.at - last.at < 2_900) {
      this.tooEarly.push(`${key}: ${call.at - last.at} ms after the last`)
    }
    this.#last.set(key, call)
    this.#open.add(call)
  }

  /** A good answer ends the flight; attempts that it had joined are nobody's, and the next flight's are its own. */
  ended(key: string, call: Call, isGood: boolean): void {
    this.#open.delete(call)
    if (isGood) this.#last.delete(key)
  }

  /** A flight past its deadline is over, and its requests may overlap the new one's. */
  forgetExchanges(): void {
    for (const key of this.#last.keys()) if (key.startsWith('["exchange"')) this.#last.delete(key)
  }

  /** A jump of the wall clock looks like a suspended process: flights past their deadline are abandoned, and may overlap the new one. */
  forget(): void {
    this.#open.clear()
  }
}

/**
 * Whoever waits for a Maskinporten token has it the moment a good answer for its identity is there, on whichever flight:
 * nobody who asked before goes on waiting, and nobody fails afterwards.
 */
class Arrivals {
  readonly faults: string[] = []
  readonly #waiting = new Map<string, Set<number>>()

  /** Returns what ends the wait. */
  waits(key: string, since: number): () => void {
    const all = this.#waiting.get(key) ?? new Set()
    this.#waiting.set(key, all.add(since))
    return () => void all.delete(since)
  }

  arrived(key: string, at: number): void {
    for (const since of this.#waiting.get(key) ?? []) {
      if (since < at) this.faults.push(`${key}: waits since ${since}, and a token came at ${at}`)
    }
  }
}

class Run {
  readonly world = new World({ keys: [fakeKey('k2'), fakeKey('k1')] })
  readonly maskinporten = this.world.create()
  readonly overlaps = new Overlaps()
  readonly arrivals = new Arrivals()
  readonly faults: string[] = []
  readonly #last = new Map<string, AccessToken>()
  readonly #waiting = new Set<Promise<void>>()
  #token: Reply = {}
  #exchange: Reply = {}
  #client = 1
  /** Tokens without life on arrival go to those who waited: then expiry at hand-over says nothing. */
  #lifeless = false
  /** Once more the deadline for who was waiting when the process seemed suspended. */
  #grantedMs = 0
  /** By how much the wall clock was set on, in all: the line of time may have moved by as much, and is never set back. */
  #setOnMs = 0

  constructor() {
    const { world } = this
    const watch =
      (kind: string, own: (call: Call) => Reply) =>
      (call: Call): Reply => {
        const answer = own(call)
        const key = JSON.stringify([kind, call.claims['iss'], call.claims['resource'], call.bearer])
        this.overlaps.began(key, call)
        if (kind === 'token' && (answer.status ?? 200) === 200 && answer.body === undefined) this.#expect(call, answer)
        if (!answer.hang)
          void world.time
            .after(answer.delayMs ?? world.latencyMs)
            .then(() => this.overlaps.ended(key, call, (answer.status ?? 200) === 200))
        return answer
      }
    // The deadline counts from a flight's start, which for an exchange is before its first request.
    const exchanging = new Set<number>()
    this.maskinporten.subscribe((event) => {
      if (event.type === 'token.start' && event.kind === 'altinn') exchanging.add(event.id)
      if (event.type === 'token.end' && event.error?.code === 'timeout' && exchanging.has(event.id))
        this.overlaps.forgetExchanges()
    })
    world.onToken = watch('token', () => this.#token)
    world.onExchange = watch('exchange', () => this.#exchange)
  }

  async perform(action: Action): Promise<void> {
    const { world } = this
    if (action.do === 'call') for (let n = 0; n < action.times; n++) this.#call(action.identity, action.altinn)
    else if (action.do === 'abort') this.#abort(action)
    else if (action.do === 'reject')
      this.#call(action.identity, action.altinn, this.#last.get(`${action.identity} ${action.altinn}`))
    else if (action.do === 'advance') await world.time.advance(action.ms)
    else if (action.do === 'wall') {
      world.time.wallShift += action.ms
      this.#setOnMs += Math.max(0, action.ms)
      this.#grantedMs = DEADLINE_MS
      this.overlaps.forget()
    } else if (action.do === 'rotate')
      world.settings.change({ keys: [fakeKey(`k${world.time.monotonic()}`), fakeKey('k1')] })
    else if (action.do === 'newClient') world.settings.change({ clientId: `client-${++this.#client}` })
    else {
      if (action.token === 'no life' || action.exchange === 'no life') this.#lifeless = true
      this.#token = REPLIES[action.token] ?? {}
      this.#exchange = REPLIES[action.exchange] ?? {}
    }
    await settle()
  }

  /** Everybody is answered, and nothing is left behind. */
  async end(): Promise<void> {
    await this.world.time.advance(2 * DEADLINE_MS + 1_000)
    if (this.#waiting.size > 0) this.faults.push(`${this.#waiting.size} callers were left hanging`)
    await this.maskinporten.close()
    await settle()
  }

  /** A good answer is on its way. One without life, or that a jump of the wall clock ends, goes to nobody else. */
  #expect(call: Call, { delayMs, lifetimeSeconds }: Reply): void {
    const { world } = this
    const client = this.#client
    const line = world.time.monotonic() + this.#setOnMs
    const key = `${client} ${String([call.claims['resource']].flat()[0])}`
    if (lifetimeSeconds === 0 || call.claims['iss'] !== `client-${client}`) return
    // A moment later: first it must be read.
    void world.time.after((delayMs ?? world.latencyMs) + 1).then(() => {
      const lived = world.time.monotonic() + this.#setOnMs - line
      if (client === this.#client && lived < 120_000) this.arrivals.arrived(key, world.time.monotonic() - 1)
    })
  }

  #abort({ identity: n, afterMs }: { readonly identity: number; readonly afterMs: number }): void {
    const abort = new AbortController()
    const mine = new Error('mine')
    const waiting = this.maskinporten
      .getToken(requestOf(n, false), { signal: abort.signal })
      .then(ignore, (error: unknown) => {
        if (error !== mine && !isMaskinportenError(error)) this.faults.push(`an aborted caller got ${String(error)}`)
      })
    this.#track(waiting)
    void this.world.time.after(afterMs).then(() => abort.abort(mine))
  }

  #call(n: number, altinn: boolean, rejected?: AccessToken): void {
    const { time } = this.world
    const begun = time.monotonic()
    const ends =
      altinn || rejected ? ignore : this.arrivals.waits(`${this.#client} ${requestOf(n, false).resource}`, begun)
    const waiting = this.maskinporten.getToken(requestOf(n, altinn), rejected && { rejected }).then(
      (token) => {
        if (time.monotonic() - begun > DEADLINE_MS + ROUNDING_MS + this.#grantedMs)
          this.faults.push(`a token after ${time.monotonic() - begun} ms`)
        if (token.expiresAt <= time.now() && !this.#lifeless) this.faults.push('a token past its expiry')
        if (token.value === rejected?.value && rejected.kind === token.kind)
          this.faults.push('the rejected token once more')
        this.#last.set(`${n} ${altinn}`, token)
      },
      (error: unknown) => {
        if (!isMaskinportenError(error)) this.faults.push(`no error of ours: ${String(error)}`)
        if (time.monotonic() - begun > DEADLINE_MS + ROUNDING_MS + this.#grantedMs)
          this.faults.push(`an error after ${time.monotonic() - begun} ms`)
      },
    )
    void waiting.finally(ends)
    this.#track(waiting)
  }

  #track(waiting: Promise<void>): void {
    this.#waiting.add(waiting)
    void waiting.finally(() => this.#waiting.delete(waiting))
  }
}

const requestOf = (n: number, altinn: boolean): { resource: string; kind: 'altinn' | 'maskinporten' } => ({
  resource: `https://api.example/${n}`,
  kind: altinn ? 'altinn' : 'maskinporten',
})
const ignore = (): undefined => undefined

/** FUZZ_RUNS asks for more, FUZZ_SEED for one again. */
const runs = Number(process.env['FUZZ_RUNS'] ?? 2_000) / 5
const seed = Number(process.env['FUZZ_SEED'] ?? Math.floor(Math.random() * 2 ** 31))
beforeAll(() => console.info(`fuzz of interleavings: seed ${seed}, ${runs} runs`))

describe('any interleaving of callers, expiry, failures, aborts and rejections', () => {
  it('yields one flight per identity, no token past its expiry, no unhandled rejection, and nobody left hanging', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyAction, { minLength: 5, maxLength: 40 }), async (actions) => {
        // For each case anew, so that a case found can be seen again by itself.
        seedRandom()
        unhandled.length = 0
        const run = new Run()
        try {
          for (const one of actions) await run.perform(one)
          await run.end()
          expect({
            faults: run.faults,
            tooEarly: run.overlaps.tooEarly,
            missed: run.arrivals.faults,
            unhandled,
          }).toEqual({
            faults: [],
            tooEarly: [],
            missed: [],
            unhandled: [],
          })
        } finally {
          run.world[Symbol.dispose]()
        }
      }),
      { numRuns: runs, seed },
    )
  }, 120_000)
})
