/** Sees everything, and says which promise was broken. */
import { inspect } from 'node:util'
import type { AccessToken, CoreRequestInit, MaskinportenEvent } from '@maskinporten-kit/core'
import { type Host, type Wanted, askedIdentity } from '../host.ts'
import type { Service } from '../network.ts'
import { CANARY, type Issued } from '../services/tokens.ts'
import type { World } from '../world.ts'
import type { Call } from './call.ts'
import { CallJudge, DEADLINE_MS } from './calls.ts'
import { KeyJudge } from './keys.ts'
import { LoadJudge } from './load.ts'
import type { Sometime } from './sometimes.ts'

export interface Breach {
  readonly invariant: string
  readonly what: string
  /** Milliseconds since the world began. */
  readonly at: number
}

/** A request that is on its way. */
export interface Asked {
  readonly key: string
  readonly identity: string
}

/** Between two requests of one flight, of which the first failed, milliseconds. */
const RETRY_MS = [900, 2_400] as const

export class Referee {
  readonly breaches: Breach[] = []
  readonly seen: Set<Sometime> = new Set()
  readonly counts = { calls: 0, failures: 0, requests: 0, exchanges: 0 }
  /** Told of each call's end and each request, for the plot. */
  tick: (what: 'call' | 'failure' | 'request') => void = () => {}
  /** Told of each token request, by the identity that it is for. */
  asked: (identity: string) => void = () => {}
  readonly #world: World
  readonly #calls: CallJudge
  readonly #load: LoadJudge
  readonly #keys: KeyJudge
  readonly #open = new Map<string, { open: number; at: number }>()

  constructor(world: World) {
    this.#world = world
    this.#calls = new CallJudge(world, this)
    this.#load = new LoadJudge(world.active, this.breach)
    this.#keys = new KeyJudge(world, this.breach)
  }

  readonly breach = (invariant: string, what: string): void => {
    this.breaches.push({ invariant, what, at: this.#world.timeline.now })
    this.#world.log(`BREACH ${invariant}`)
  }

  begins(host: Host, wanted: Wanted, rejected: string | undefined): Call {
    return this.#calls.begins(host, wanted, rejected)
  }

  served(call: Call, token: AccessToken): void {
    this.#calls.served(call, token)
  }

  failed(call: Call, error: unknown): void {
    this.#calls.failed(call, error)
  }

  event(host: Host, event: MaskinportenEvent): void {
    this.#world.log(`${host.machine.name} ${event.type}`)
    this.checkSecrets(inspect(event, { depth: 6 }), `the event ${event.type}`)
    this.#keys.event(host, event)
    if (event.type === 'store.failed') this.saw(`the shared store failed: ${event.reason}`)
    if (event.type === 'token.end' && event.error !== undefined) {
      host.failedAt = this.#world.timeline.now
      host.lookAtKeys()
    }
    if (event.type === 'clock.repaired') this.saw('the clock repaired')
    if (event.type === 'settings.failed') this.saw('the settings failed')
    if (event.type === 'settings.recovered') this.saw('the settings recovered')
    if (event.type === 'key.changed') this.saw('the key changed')
    if (event.type === 'settings.changed' && event.revision > 1) {
      this.saw('the settings changed')
      if (event.keys.some((key) => /clientid/i.test(key)))
        this.saw(host.calls.size > 0 ? 'another client while a token is on its way' : 'another client')
    }
  }

  asks(host: Host, service: Service, init: CoreRequestInit): Asked {
    const { timeline } = this.#world
    const identity = askedIdentity(this.#world, service, init)
    const key = `${host.machine.name} ${identity}`
    this.#world.log(`${key} asked`)
    if (host.isClosed) this.breach('closed', `${key} was asked for after close()`)
    if (service !== 'metadata') {
      this.counts[service === 'altinn' ? 'exchanges' : 'requests']++
      this.tick('request')
      const { open, at } = this.#open.get(key) ?? { open: 0, at: Number.NEGATIVE_INFINITY }
      if (open > 0) this.saw('a request joined by another')
      else if (timeline.now - at > RETRY_MS[0] && timeline.now - at < RETRY_MS[1]) this.saw('a retry after a fault')
      this.#open.set(key, { open: open + 1, at: timeline.now })
      this.#load.asks(host, identity, timeline.now)
    }
    if (service === 'maskinporten' && !host.hasMetadata) this.saw('the known endpoints in place of metadata')
    if (service === 'maskinporten') {
      this.asked(identity)
      this.#keys.signed(host, init.body ?? '')
    }
    return { key, identity }
  }

  /** The server gives a token, which may get lost on its way. */
  issues(host: Host, { identity }: Asked, issued: Issued | undefined): void {
    if (issued !== undefined) this.#load.issued(host, identity, issued)
  }

  answered({ key }: Asked): void {
    const state = this.#open.get(key)
    if (state !== undefined) state.open--
  }

  /** A good answer has arrived: from now on callers of that identity need not fail. */
  delivered(host: Host, { identity }: Asked, issued: Issued | undefined, sentAt: number, sentWorld: number): void {
    host.hasMetadata ||= identity === 'metadata'
    if (issued === undefined || host.isClosed) return
    const { timeline } = this.#world
    if (timeline.now - sentWorld > DEADLINE_MS) this.saw('an answer after its caller’s deadline')
    if (host.instance.settings.current()?.clientId === issued.client)
      host.keep({ issued, endsAt: sentAt + issued.lifetimeMs })
  }

  /** The moment after close() was called. */
  closing(host: Host, pending: readonly Call[]): void {
    const { timeline } = this.#world
    if (host.instance.stats().storeHits > 0) this.saw('a token out of the shared store')
    timeline.after(1, undefined, () => {
      const left = pending.filter((call) => host.calls.has(call)).length
      if (left > 0 && !host.machine.isFrozen)
        this.breach('closed', `${left} callers of ${host.machine.name} wait on after close()`)
    })
  }

  /** close() has ended. */
  closed(host: Host): void {
    const { redis, timeline, active } = this.#world
    if (active.since(timeline.now - 10_000, () => 0).some(({ kind }) => kind.startsWith('redis') || kind === 'cut off'))
      return
    timeline.after(50, undefined, () => {
      if (redis.leasesOf(host.machine).length > 0)
        this.breach('lease', `${host.machine.name} has a lease after close()`)
    })
  }

  /** The end of the world: nobody may be left hanging. */
  end(hosts: Iterable<Host>): void {
    for (const { calls, machine } of hosts)
      if (calls.size > 0 && !machine.isGone)
        this.breach('deadline', `${calls.size} callers of ${machine.name} were left hanging`)
  }

  saw(what: Sometime): void {
    this.seen.add(what)
  }

  /** Of an event or an error. */
  checkSecrets(text: string, where: string): void {
    if (text.includes(CANARY)) this.breach('secret', `${where} holds a token or an assertion`)
  }
}
