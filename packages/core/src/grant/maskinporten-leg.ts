/** One attempt to get a Maskinporten token: the keys of the ring in turn, the clock repaired once, the settings refreshed once. */
import type { Moment, Time } from '../time.ts'
import { fault } from '../errors.ts'
import type { EventBody } from '../events.ts'
import { LIMIT_MS, bounded } from '../http/bounded.ts'
import type { Sender } from '../http/send.ts'
import type { ResolvedSettings, SettingsProvider } from '../settings/settings-provider.ts'
import { type SigningKey, nameOf } from '../keys/signer.ts'
import { createAssertion } from './assertion.ts'
import { ClockRepair } from './clock-repair.ts'
import { KeyRing } from './key-ring.ts'
import type { Metadata } from './metadata.ts'
import { AttemptFailed, failAttempt } from '../http/attempt-failed.ts'
import { type TokenAnswer, requestToken } from './token-endpoint.ts'
import type { Grant } from './token-request.ts'

/** A forced refresh of the settings at most this often, milliseconds. */
const REFRESH_COOL_DOWN_MS = 10_000

export interface Attempt {
  readonly settings: ResolvedSettings
  readonly metadata: Metadata
  readonly grant: Grant
  readonly signal: AbortSignal
  /** Whether another request may still be sent: not after the flight's deadline. */
  readonly mayGoOn: () => boolean
  /** Whether these settings still are those of the same identity. */
  readonly isSame: (settings: ResolvedSettings) => boolean
  /** A request goes out: its silence counts from here. */
  readonly sending: () => void
  readonly answered: (durationMs: number) => void
}

export class MaskinportenLeg {
  readonly #sender: Sender
  readonly #time: Time
  readonly #provider: SettingsProvider
  readonly #report: (event: EventBody) => void
  readonly #ring: KeyRing
  readonly #repair = new ClockRepair()
  #refreshedAt: Moment | undefined
  #refreshing: Promise<boolean> | undefined

  constructor(sender: Sender, time: Time, provider: SettingsProvider, report: (event: EventBody) => void) {
    this.#sender = sender
    this.#time = time
    this.#provider = provider
    this.#report = report
    this.#ring = new KeyRing(time)
  }

  /** @throws AttemptFailed; of a refused ring the last key's. */
  async run(attempt: Attempt): Promise<TokenAnswer> {
    let settings = attempt.settings
    let refreshed = false
    const tried = new Set<string>()
    for (;;) {
      const key = this.#ring.next(settings, tried)
      if (key === undefined) throw noKey()
      tried.add(key.id)
      try {
        const answer = await this.#signAndSend(key, attempt)
        this.#ring.release(key)
        return answer
      } catch (failure) {
        if (!(failure instanceof AttemptFailed) || failure.refusal !== 'key') throw failure
        const fallback = this.#ring.next(settings, tried)
        this.#report({
          type: 'key.rejected',
          level: 'warn',
          kid: nameOf(key),
          fallbackKid: fallback && nameOf(fallback),
        })
        if (!attempt.mayGoOn()) throw failure
        if (fallback !== undefined) {
          this.#ring.quarantine(key)
          continue
        }
        this.#ring.releaseAll()
        if (refreshed || (this.#provider.current()?.revision === settings.revision && !(await this.#refresh())))
          throw failure
        refreshed = true
        const renewed = this.#provider.current()
        if (renewed === undefined || !attempt.isSame(renewed)) throw new Overtaken()
        settings = renewed
        if (this.#ring.next(settings, tried) === undefined || !attempt.mayGoOn()) throw failure
      }
    }
  }

  /** A refusal about time is tried once more with the server's `Date`; the offset is kept only if that is not refused again. */
  async #signAndSend(key: SigningKey, attempt: Attempt): Promise<TokenAnswer> {
    try {
      return await this.#send(key, attempt)
    } catch (failure) {
      const isTime = failure instanceof AttemptFailed && failure.refusal === 'time'
      if (!isTime || Number.isNaN(failure.skewMs) || !attempt.mayGoOn()) throw failure
      const undo = this.#repair.try(failure.skewMs)
      try {
        const answer = await this.#send(key, attempt)
        this.#report({ type: 'clock.repaired', level: 'warn', skewMs: failure.skewMs })
        return answer
      } catch (second) {
        if (second instanceof AttemptFailed && second.refusal === 'time') undo()
        throw second
      }
    }
  }

  async #send(
    key: SigningKey,
    { settings, metadata, grant, signal, sending, answered }: Attempt,
  ): Promise<TokenAnswer> {
    const claims = {
      issuer: metadata.issuer,
      clientId: settings.clientId,
      grant,
      issuedAt: this.#repair.correct(this.#time.wall),
    }
    const assertion = await bounded(
      (own) => createAssertion(key, claims, own),
      signal,
      LIMIT_MS,
      (why) =>
        fault('token_unavailable', `cannot sign with ${nameOf(key)} (${why})`, 'look at the signer, then try again', {
          detail: 'SIGNER',
          retryable: true,
        }),
    ).catch(failAttempt)
    sending()
    try {
      const answer = await requestToken(this.#sender, metadata.tokenEndpoint, assertion, signal)
      answered(answer.answer.durationMs)
      return answer
    } catch (failure) {
      if (failure instanceof AttemptFailed && failure.durationMs !== undefined) answered(failure.durationMs)
      throw failure
    }
  }

  /** Whether the settings changed. One at a time, shared by all flights. */
  async #refresh(): Promise<boolean> {
    const isRecent = this.#refreshedAt !== undefined && this.#time.since(this.#refreshedAt) < REFRESH_COOL_DOWN_MS
    // One that takes longer than that may have ended with the request that began it, in Workers.
    if (isRecent) return this.#refreshing ?? false
    this.#refreshedAt = this.#time.after(0)
    const refreshing = askAnew(this.#provider)
    this.#refreshing = refreshing
    const isChanged = await refreshing
    if (this.#refreshing === refreshing) this.#refreshing = undefined
    return isChanged
  }
}

/** It does not reject; a provider made by hand may, or throw, or answer something else. */
async function askAnew(provider: SettingsProvider): Promise<boolean> {
  try {
    const isChanged: unknown = await provider.refresh('rejected')
    return isChanged === true
  } catch {
    return false
  }
}

/** The settings changed to another identity in mid-flight: who waits looks again. */
export class Overtaken extends Error {}

function noKey(): AttemptFailed {
  const error = fault('settings_invalid', 'the settings hold no signing key', 'set EncodedJwk, or give a signer')
  return new AttemptFailed(error, undefined, 'other')
}
