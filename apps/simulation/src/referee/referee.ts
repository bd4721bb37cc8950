/** Sees everything, and says which promise was broken. */
import { inspect } from 'node:util'
import {
  type AccessToken,
  type CoreRequestInit,
  type MaskinportenEvent,
  isMaskinportenError,
} from '@maskinporten-kit/core'
import { type Hold, type Host, type Wanted, askedIdentity } from '../host.ts'
import type { Machine } from '../machine.ts'
import type { Service } from '../network.ts'
import { CANARY, type Issued, endOf, identityOf } from '../services/tokens.ts'
import type { World } from '../world.ts'
import type { Call } from './call.ts'
import { FELT_MS, isExplained } from './explain.ts'
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

/** What a caller waits at most, milliseconds; once more after its process was suspended, or its clock set on. */
const DEADLINE_MS = 10_000
/** Between two renewals after rejections (design §5), less the time that the first one took. */
const COOL_DOWN_MS = 8_000
/** Timers count whole milliseconds. */
const TIMER_MS = 1
/** The last moments of a token, in which a caller may wait. */
const LAST_MOMENTS_MS = 5_100

/** Between two requests of one flight, of which the first failed, milliseconds. */
const RETRY_MS = [900, 2_400] as const

const CODES: Readonly<Record<string, Sometime>> = {
  timeout: 'no token in time',
  token_refused: 'the token refused',
  token_unavailable: 'the token unavailable',
  exchange_refused: 'the exchange refused',
  exchange_unavailable: 'the exchange unavailable',
  settings_unavailable: 'no settings',
}

export class Referee {
  readonly breaches: Breach[] = []
  readonly seen: Set<Sometime> = new Set()
  readonly counts = { calls: 0, failures: 0, requests: 0, exchanges: 0 }
  /** Told of each call's end and each request, for the plot. */
  tick: (what: 'call' | 'failure' | 'request') => void = () => {}
  /** Told of each token request, by the identity that it is for. */
  asked: (identity: string) => void = () => {}
  readonly #world: World
  readonly #load: LoadJudge
  readonly #keys: KeyJudge
  readonly #open = new Map<string, { open: number; at: number }>()

  constructor(world: World) {
    this.#world = world
    this.#load = new LoadJudge(world.active, this.breach)
    this.#keys = new KeyJudge(world, this.breach)
  }

  readonly breach = (invariant: string, what: string): void => {
    this.breaches.push({ invariant, what, at: this.#world.timeline.now })
    this.#world.log(`BREACH ${invariant}`)
  }

  begins(host: Host, wanted: Wanted, rejected: string | undefined): Call {
    const { machine, instance } = host
    const held = host.held(wanted)
    const call: Call = {
      host,
      wanted,
      begunAt: this.#world.timeline.now,
      rejected,
      held,
      heldMs: held === undefined ? 0 : held.endsAt - machine.line,
      lastEndedAt: host.lastHeld(wanted)?.endsAt ?? Number.NEGATIVE_INFINITY,
      wasLoaded: instance.settings.current() !== undefined,
      clientId: instance.settings.current()?.clientId,
      frozenMs: machine.frozenMs,
    }
    this.counts.calls++
    host.calls.add(call)
    return call
  }

  served(call: Call, token: AccessToken): void {
    const waited = this.#ended(call)
    this.tick('call')
    const { now } = this.#world.timeline
    const issued = this.#world.tokens.of(token.value)
    const name = `${call.host.machine.name} ${call.wanted.kind} ${call.wanted.scope}`
    if (issued === undefined) return this.breach('identity', `${name} got a token that nobody issued`)
    if (now >= endOf(issued) + call.host.machine.unseenMs)
      this.breach('expiry', `${name} got a token ${Math.round((now - endOf(issued)) / 1_000)} s past its end`)
    const clients = [call.clientId, call.host.instance.settings.current()?.clientId]
    const isOurs =
      issued.kind === call.wanted.kind &&
      issued.scope === call.wanted.scope &&
      issued.consumerOrg === call.wanted.consumerOrg
    if (!isOurs) this.breach('identity', `${name} ${call.wanted.consumerOrg} got a token of ${identityOf(issued)}`)
    else if (!clients.includes(issued.client))
      this.breach('client', `${name} got a token of ${issued.client}, which is not in force`)
    if (call.rejected === token.value) this.breach('rejected', `${name} got the rejected token once more`)
    else if (call.rejected !== undefined) this.#replaced(call, call.rejected, token.value)
    if (waited === 0 && call.heldMs > 0)
      this.saw(
        call.host.failedAt > (call.held?.issued.issuedAt ?? now)
          ? 'a valid token served while its renewal fails'
          : 'a fresh token at once',
      )
    this.#checkWait(call, waited, name)
  }

  failed(call: Call, error: unknown): void {
    if (call.host.machine.isGone) return
    const waited = this.#ended(call)
    const name = `${call.host.machine.name} ${call.wanted.kind} ${call.wanted.scope}`
    if (!isMaskinportenError(error)) return this.breach('errors', `${name} got ${String(error)}`)
    this.#checkSecrets(inspect(error), `the error of ${name}`)
    if (error.code === 'closed' && call.host.isClosed) return this.saw('callers ended by close()')
    this.counts.failures++
    this.tick('failure')
    this.#world.log(`${name} failed: ${error.code}`)
    const seen = CODES[error.code]
    if (seen !== undefined) this.saw(seen)
    if (error.detail === 'REJECTED_AGAIN') this.saw('a rejected token not replaced again so soon')
    const held = this.#stillHeld(call)
    if (held !== undefined)
      return this.breach(
        'stale',
        `${name} failed (${error.code}) while a token of ${held.issued.lifetimeMs / 1_000} s was valid: ${error.message}`,
      )
    const { active, timeline } = this.#world
    const faults = active.since(call.begunAt - FELT_MS, () => 0)
    if (!isExplained(faults, call, timeline.now, error.code))
      this.breach(
        'unexplained',
        `${name} failed after ${Math.round(waited)} ms, and no fault explains it: ${error.message}`,
      )
  }

  event(host: Host, event: MaskinportenEvent): void {
    this.#world.log(`${host.machine.name} ${event.type}`)
    this.#checkSecrets(inspect(event, { depth: 6 }), `the event ${event.type}`)
    this.#keys.event(host, event)
    if (event.type === 'store.failed') this.saw(`the shared store failed: ${event.reason}`)
    if (event.type === 'token.end' && event.error !== undefined) host.failedAt = this.#world.timeline.now
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

  /**
   * A successor that is rejected too is not replaced at once. The first one may have come by an ordinary renewal, so it
   * does not count.
   */
  #replaced({ host, wanted }: Call, rejected: string, value: string): void {
    this.saw('a rejected token replaced')
    const { now } = this.#world.timeline
    const key = `${wanted.kind} ${wanted.scope} ${wanted.consumerOrg}`
    const last = host.successors.get(key)
    const chain = last?.value === rejected && now < last.at + COOL_DOWN_MS ? last.chain + 1 : 1
    host.successors.set(key, { value, at: now, chain })
    if (chain < 3 || host.machine.disturbedAt >= now - 3 * COOL_DOWN_MS) return
    this.breach(
      'rejected',
      `${host.machine.name} replaced a rejected token ${chain} times, each within ${COOL_DOWN_MS} ms`,
    )
  }

  #ended(call: Call): number {
    const { timeline } = this.#world
    call.host.calls.delete(call)
    const waited = timeline.now - call.begunAt
    const { machine } = call.host
    const frozen = machine.frozenMs - call.frozenMs
    // Once more after a suspension, and after a clock that was set on.
    const isDisturbed = frozen > 0 || machine.disturbedAt >= call.begunAt
    const most = isDisturbed ? 2 * DEADLINE_MS + frozen + 20 : DEADLINE_MS
    if (waited > most + TIMER_MS) this.breach('deadline', `a caller of ${machine.name} waited ${Math.round(waited)} ms`)
    if (waited >= DEADLINE_MS) this.saw('ten seconds of waiting')
    return waited - frozen
  }

  #checkWait(call: Call, waited: number, name: string): void {
    const { held, heldMs, rejected } = call
    if (held === undefined || rejected !== undefined || waited <= 0) return
    if (heldMs <= LAST_MOMENTS_MS) return this.saw('a caller waits in a token’s last moments')
    if (call.host.machine.disturbedAt >= call.begunAt || this.#stillHeld(call) === undefined) return
    this.breach(
      'wait',
      `${name} waited ${Math.round(waited)} ms while a token was valid for ${Math.round(heldMs / 1_000)} s more`,
    )
  }

  #stillHeld({ host, wanted, held, rejected }: Call): Hold | undefined {
    if (held === undefined || rejected !== undefined) return undefined
    return host.held(wanted) === held ? held : undefined
  }

  #checkSecrets(text: string, where: string): void {
    if (text.includes(CANARY)) this.breach('secret', `${where} holds a token or an assertion`)
  }

  /** For the shared store: what was fetched under a lease is written under it. */
  wrote(machine: Machine, value: string, held: { readonly grantedAt: number } | undefined, isFenced: boolean): void {
    const issued = this.#world.tokens.of(value)
    if (issued === undefined || held === undefined || isFenced || issued.issuedAt < held.grantedAt) return
    this.breach('fence', `${machine.name} wrote what it had fetched under a lease without that lease`)
  }
}
