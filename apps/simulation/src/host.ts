/** One instance of the real core on its machine, and the callers there. */
import {
  type AccessToken,
  type FetchFunction,
  type Maskinporten,
  type TokenRequest,
  createMaskinporten,
  environments,
  fromObject,
  settingsFrom,
} from '@maskinporten-kit/core'
import { redisTokenStore } from '@maskinporten-kit/cache-redis'
import type { Fleet } from './fleet.ts'
import { Machine } from './machine.ts'
import type { Call } from './referee/call.ts'
import type { Service } from './network.ts'
import { type Reply, readAssertion } from './services/maskinporten.ts'
import { type Issued, identityOf } from './services/tokens.ts'
import type { World } from './world.ts'

/** Callers who come together come within so many milliseconds: while a request is on its way. */
const TOGETHER_MS = 150
const JOBS_MS = 600_000
/** Who gets none tries again, as people and queues do. */
const MOST_RETRIES = 8
/** How far apart the requests of one flight may be, milliseconds. */
const SIBLING_MS = 15_000
const ENCRYPTION_KEY = Buffer.from('the simulated fleet has one key.')

/** One thing that callers ask for. */
export interface Wanted {
  readonly request: TokenRequest
  readonly kind: 'maskinporten' | 'altinn'
  readonly scope: string
  readonly consumerOrg: string | undefined
  /** Between two arrivals on one machine, milliseconds. */
  readonly meanMs: number
}

/** What a token that was delivered promises. */
export interface Hold {
  readonly issued: Issued
  /** Its end on the machine's line of time. */
  readonly endsAt: number
}

export class Host {
  readonly machine: Machine
  readonly fleet: Fleet
  readonly instance: Maskinporten
  readonly calls: Set<Call> = new Set()
  readonly holds: Map<string, Hold> = new Map()
  /** By what is wanted: the last token that came in the place of a rejected one. */
  readonly successors: Map<string, { readonly value: string; readonly at: number; readonly chain: number }> = new Map()
  isClosed = false
  hasMetadata = false
  /** When it last reported that a token could not be had. */
  failedAt: number = Number.NEGATIVE_INFINITY
  /** When Maskinporten last knew none of its keys. */
  keylessAt: number = Number.NEGATIVE_INFINITY
  readonly #world: World

  constructor(world: World, fleet: Fleet, name: string) {
    const { timeline, vault, redis } = world
    const machine = new Machine(name, timeline)
    this.#world = world
    this.fleet = fleet
    this.machine = machine
    const { secrets } = fleet
    const fixed = fromObject(
      { MaskinportenSettings: { Environment: 'test', Scope: 'sim:600' } },
      { name: 'appsettings' },
    )
    const signer = secrets.encodedJwk === undefined ? vault.signers(secrets, machine) : undefined
    const settings = settingsFrom([fixed, vault.source(secrets, machine)], { signer, clock: machine })
    const stores = {
      'cache-redis': () => redisTokenStore(redis.clientFor(machine), { encryptionKeys: [ENCRYPTION_KEY] }),
      bare: () => redis.storeFor(machine),
      none: () => undefined,
    }
    const store = stores[fleet.redis]()
    this.instance = createMaskinporten(settings, { fetch: this.#fetch, clock: machine, store })
    this.instance.subscribe((event) => world.referee.event(this, event))
  }

  /** Callers who know nothing of each other, now and then several at a time. */
  begin(): void {
    for (const wanted of this.fleet.wanted) this.#expect(wanted)
    this.#expectJobs()
  }

  /** One caller for each identity, at almost the same moment. */
  burst(): void {
    const { timeline, random } = this.#world
    for (const wanted of this.fleet.wanted)
      timeline.after(random.between(0, TOGETHER_MS), this.machine, () => this.#call(wanted))
  }

  /** A rush of callers, so many a second. */
  rush(perSecond: number, forMs: number): void {
    const { timeline, random } = this.#world
    const until = timeline.now + forMs
    const next = (): void => {
      this.#call(random.pick(this.fleet.wanted))
      if (timeline.now < until) timeline.after(random.wait(1_000 / perSecond), this.machine, next)
    }
    this.#soon(next)
  }

  close(): void {
    this.#soon(() => {
      if (this.isClosed) return
      this.isClosed = true
      const pending = [...this.calls]
      void this.instance.close().then(() => this.#world.referee.closed(this))
      this.#world.referee.closing(this, pending)
    })
  }

  /** @param again how often the caller has tried before: it got none, or the API refused the one that came in place of another, too. */
  #call(wanted: Wanted, rejected?: AccessToken, again: number = 0): void {
    if (this.isClosed) return
    const { referee, altinn, timeline, tokens, random } = this.#world
    const call = referee.begins(this, wanted, rejected?.value)
    const retry = (): void => {
      if (again < MOST_RETRIES)
        timeline.after(random.between(500, 2_000), this.machine, () => this.#call(wanted, undefined, again + 1))
    }
    this.instance.getToken(wanted.request, rejected && { rejected }).then(
      (token) => {
        referee.served(call, token)
        const issued = tokens.of(token.value)
        if (issued === undefined || altinn.accepts(issued, timeline.now)) return
        if (rejected === undefined) this.#call(wanted, token, again)
        else retry()
      },
      (error: unknown) => {
        referee.failed(call, error)
        retry()
      },
    )
  }

  /** As a timer of this machine: what its code begins belongs to it. */
  #soon(run: () => void): void {
    this.#world.timeline.after(0, this.machine, run)
  }

  /** Notes it when Maskinporten knows none of the keys that it has. */
  lookAtKeys(): void {
    const { maskinporten, timeline } = this.#world
    const keys = this.instance.settings.current()?.keys
    if (keys !== undefined && !keys.some(({ kid }) => maskinporten.keys.has(kid ?? ''))) this.keylessAt = timeline.now
  }

  /** What a caller of that identity may count on. */
  held(wanted: Wanted): Hold | undefined {
    const hold = this.lastHeld(wanted)
    return hold !== undefined && this.machine.line < hold.endsAt ? hold : undefined
  }

  /** It may be over. */
  lastHeld(wanted: Wanted): Hold | undefined {
    const client = this.instance.settings.current()?.clientId
    return client === undefined ? undefined : this.holds.get(identityOf({ ...wanted, client }))
  }

  /** What is delivered may be relied on. Of attempts that overlap the first good answer wins, and the other is dropped. */
  keep(hold: Hold): void {
    const identity = identityOf(hold.issued)
    const before = this.holds.get(identity)
    const isSibling =
      before !== undefined &&
      this.machine.line < before.endsAt &&
      hold.issued.issuedAt - before.issued.issuedAt < SIBLING_MS
    if (!isSibling) this.holds.set(identity, hold)
  }

  /** Starts jobs every ten minutes from the full hour, on all machines at the same time. */
  #expectJobs(): void {
    const { timeline } = this.#world
    timeline.after(JOBS_MS - (timeline.now % JOBS_MS), this.machine, () => {
      if (this.isClosed) return
      this.burst()
      this.#expectJobs()
    })
  }

  #expect(wanted: Wanted): void {
    const { timeline, random } = this.#world
    timeline.after(random.wait(wanted.meanMs), this.machine, () => {
      if (this.isClosed) return
      this.#call(wanted)
      const others = random.chance(0.2) ? 3 : 0
      for (let n = 0; n < others; n++)
        timeline.after(random.between(0, TOGETHER_MS), this.machine, () => this.#call(wanted))
      this.#expect(wanted)
    })
  }

  readonly #fetch: FetchFunction = async (url, init) => {
    const { network, referee, timeline } = this.#world
    const { machine } = this
    init.signal.throwIfAborted()
    const service = serviceOf(url, init.method)
    const sentAt = machine.line
    const sentWorld = timeline.now
    const asked = referee.asks(this, service, init)
    const reply = await network
      .pass<Reply>({
        service,
        machine,
        signal: init.signal,
        answer: () => {
          const given = this.#answer(service, init)
          referee.issues(this, asked, given.issued)
          return given
        },
        delivered: ({ issued }) => referee.delivered(this, asked, issued, sentAt, sentWorld),
      })
      .finally(() => referee.answered(asked))
    // Not `Headers`, which would load all of undici.
    const headers = { get: (name: string) => reply.headers?.[name.toLowerCase()] ?? null }
    return { status: reply.status, headers, text: async () => reply.text }
  }

  #answer(service: Service, { body = '', headers }: Parameters<FetchFunction>[1]): Reply {
    const { maskinporten, altinn, timeline } = this.#world
    if (service === 'metadata') return maskinporten.metadata()
    if (service === 'maskinporten') return maskinporten.answer(body, timeline.now)
    return altinn.exchange(headers['authorization'] ?? '', timeline.now)
  }
}

function serviceOf(url: string, method: string): Service {
  if (url.includes('/.well-known/')) return 'metadata'
  if (method === 'POST' && url === environments.test.tokenEndpoint) return 'maskinporten'
  if (url === environments.test.exchangeUrl) return 'altinn'
  throw new Error(`nothing of this world is at ${url}`)
}

/** What a request asks for, in the words of `identityOf`. */
export function askedIdentity(
  world: World,
  service: Service,
  { body = '', headers }: Parameters<FetchFunction>[1],
): string {
  if (service === 'metadata') return 'metadata'
  if (service === 'maskinporten') {
    const assertion = readAssertion(new URLSearchParams(body).get('assertion') ?? '')
    return identityOf({ ...assertion, kind: 'maskinporten' })
  }
  const parent = world.tokens.of(headers['authorization']?.replace('Bearer ', '') ?? '')
  return parent === undefined ? 'altinn of an unknown token' : identityOf({ ...parent, kind: 'altinn' })
}
