/** Callers: what they get, when, and whether a fault explains that they got none. */
import { inspect } from 'node:util'
import { type AccessToken, isMaskinportenError } from '@maskinporten-kit/core'
import type { Hold, Host, Wanted } from '../host.ts'
import { type Issued, endOf, identityOf } from '../services/tokens.ts'
import type { World } from '../world.ts'
import type { Call } from './call.ts'
import { FELT_MS, isExplained } from './explain.ts'
import type { Referee } from './referee.ts'
import type { Sometime } from './sometimes.ts'

/** What a caller waits at most, milliseconds; once more after its process was suspended, or its clock set on. */
export const DEADLINE_MS = 10_000
/** Between two renewals after rejections (design §5), less the time that the first one took. */
const COOL_DOWN_MS = 8_000
/** Timers count whole milliseconds. */
const TIMER_MS = 1
/** The last moments of a token, in which a caller may wait. */
const LAST_MOMENTS_MS = 5_100

const CODES: Readonly<Record<string, Sometime>> = {
  timeout: 'no token in time',
  token_refused: 'the token refused',
  token_unavailable: 'the token unavailable',
  exchange_refused: 'the exchange refused',
  exchange_unavailable: 'the exchange unavailable',
  settings_unavailable: 'no settings',
}

/**
 * A store that core's contract describes counts a token's rest from when it arrives there. Here a token is issued when it is
 * asked for, so it may outlive itself by that way, milliseconds; a real server issues it later than that.
 */
const STORE_TRANSIT_MS = 2

export class CallJudge {
  readonly #world: World
  readonly #referee: Referee

  constructor(world: World, referee: Referee) {
    this.#world = world
    this.#referee = referee
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
    this.#referee.counts.calls++
    host.lookAtKeys()
    host.calls.add(call)
    return call
  }

  served(call: Call, token: AccessToken): void {
    const waited = this.#ended(call)
    this.#referee.tick('call')
    const { now } = this.#world.timeline
    const issued = this.#world.tokens.of(token.value)
    const name = `${call.host.machine.name} ${call.wanted.kind} ${call.wanted.scope}`
    if (issued === undefined) return this.#referee.breach('identity', `${name} got a token that nobody issued`)
    if (now >= endOf(issued) + call.host.machine.unseenMs + STORE_TRANSIT_MS)
      this.#referee.breach('expiry', `${name} got a token ${Math.round((now - endOf(issued)) / 1_000)} s past its end`)
    const clients = [call.clientId, call.host.instance.settings.current()?.clientId]
    const isOurs =
      issued.kind === call.wanted.kind &&
      issued.scope === call.wanted.scope &&
      issued.consumerOrg === call.wanted.consumerOrg
    if (!isOurs)
      this.#referee.breach('identity', `${name} ${call.wanted.consumerOrg} got a token of ${identityOf(issued)}`)
    else if (!clients.includes(issued.client))
      this.#referee.breach('client', `${name} got a token of ${issued.client}, which is not in force`)
    if (call.rejected === token.value) this.#referee.breach('rejected', `${name} got the rejected token once more`)
    else if (call.rejected !== undefined) this.#replaced(call, call.rejected, issued)
    if (waited === 0 && call.heldMs > 0)
      this.#referee.saw(
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
    if (!isMaskinportenError(error)) return this.#referee.breach('errors', `${name} got ${String(error)}`)
    this.#referee.checkSecrets(inspect(error), `the error of ${name}`)
    if (error.code === 'closed' && call.host.isClosed) return this.#referee.saw('callers ended by close()')
    this.#referee.counts.failures++
    this.#referee.tick('failure')
    this.#world.log(`${name} failed: ${error.code}`)
    const seen = CODES[error.code]
    if (seen !== undefined) this.#referee.saw(seen)
    if (error.detail === 'REJECTED_AGAIN') this.#referee.saw('a rejected token not replaced again so soon')
    const held = this.#stillHeld(call)
    if (held !== undefined)
      return this.#referee.breach(
        'stale',
        `${name} failed (${error.code}) while a token of ${held.issued.lifetimeMs / 1_000} s was valid: ${error.message}`,
      )
    const { active, timeline } = this.#world
    call.host.lookAtKeys()
    const faults = active.since(call.begunAt - FELT_MS, () => 0)
    if (!isExplained(faults, call, timeline.now))
      this.#referee.breach(
        'unexplained',
        `${name} failed after ${Math.round(waited)} ms, and no fault explains it: ${error.message}`,
      )
  }

  /**
   * When the new token is rejected too, it must not be replaced at once. The first new token may come from an ordinary
   * renewal, so it does not count. A token that another process had put into the store before does not count either.
   */
  #replaced({ host, wanted, begunAt }: Call, rejected: string, { value, issuedAt }: Issued): void {
    this.#referee.saw('a rejected token replaced')
    const { now } = this.#world.timeline
    const key = `${wanted.kind} ${wanted.scope} ${wanted.consumerOrg}`
    const last = host.successors.get(key)
    const before = last?.value === rejected && now < last.at + COOL_DOWN_MS ? last.chain : 0
    const chain = issuedAt < begunAt ? before : before + 1
    host.successors.set(key, { value, at: now, chain })
    if (chain < 3 || host.machine.disturbedAt >= now - 3 * COOL_DOWN_MS) return
    this.#referee.breach(
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
    if (waited > most + TIMER_MS)
      this.#referee.breach('deadline', `a caller of ${machine.name} waited ${Math.round(waited)} ms`)
    if (waited >= DEADLINE_MS) this.#referee.saw('ten seconds of waiting')
    return waited - frozen
  }

  #checkWait(call: Call, waited: number, name: string): void {
    const { held, heldMs, rejected } = call
    if (held === undefined || rejected !== undefined || waited <= 0) return
    if (heldMs <= LAST_MOMENTS_MS) return this.#referee.saw('a caller waits in a token’s last moments')
    if (call.host.machine.disturbedAt >= call.begunAt || this.#stillHeld(call) === undefined) return
    this.#referee.breach(
      'wait',
      `${name} waited ${Math.round(waited)} ms while a token was valid for ${Math.round(heldMs / 1_000)} s more`,
    )
  }

  #stillHeld({ host, wanted, held, rejected }: Call): Hold | undefined {
    if (held === undefined || rejected !== undefined) return undefined
    return host.held(wanted) === held ? held : undefined
  }
}
