/** The JWT grant: discovery, then attempts, each of which tries the keys in turn, repairs the clock once and refreshes the settings once. */
import { fault } from '../errors.ts'
import type { EventBody } from '../events.ts'
import { LIMIT_MS, bounded } from '../http/bounded.ts'
import type { Answer, Sender } from '../http/send.ts'
import type { ResolvedSettings, SettingsProvider } from '../settings/settings-provider.ts'
import { type SigningKey, nameOf } from '../keys/signer.ts'
import type { TokenRequest } from '../token-source.ts'
import { createAssertion } from './assertion.ts'
import { ClockRepair } from './clock-repair.ts'
import { KeyRing } from './key-ring.ts'
import { Discovery, type Metadata } from './metadata.ts'
import { AttemptFailed, failAttempt } from '../http/attempt-failed.ts'
import { type TokenAnswer, requestToken } from './token-endpoint.ts'
import type { Grant } from './token-request.ts'

/** A Maskinporten token as it was given. */
export interface Granted {
  readonly value: string
  readonly lifetimeMs: number
  /** Those that Maskinporten says it granted; undefined when it says nothing. */
  readonly scopes: readonly string[] | undefined
  readonly answer: Pick<Answer, 'sentAt' | 'durationMs'>
}

export interface Attempt {
  readonly settings: ResolvedSettings
  readonly request: TokenRequest
  readonly grant: Grant
  readonly signal: AbortSignal
  /** Whether an API answered 401 to the last token, so that one kept elsewhere will not do. */
  readonly rejected: boolean
  /** Whether another request may still be sent: not after the flight's deadline. */
  readonly mayGoOn: () => boolean
  /** Whether the current settings are of the same client as this attempt. */
  readonly isCurrent: () => boolean
  /** Called when a request is sent: the wait for its answer begins. */
  readonly sending: () => void
  readonly answered: (durationMs: number) => void
  readonly awaits: Awaits
}

/** Told which step begins, for the message when time runs out. */
export type Awaits = (step: string) => void

/** How a Maskinporten token is had: by the JWT grant, or from a platform's token service. */
export interface GrantStep {
  /** Before the attempts, once for all: where to ask. Gives one attempt. */
  prepare(
    settings: ResolvedSettings,
    signal: AbortSignal,
    awaits: Awaits,
  ): Promise<(attempt: Attempt) => Promise<Granted>>
}

export class JwtGrant implements GrantStep {
  readonly #sender: Sender
  readonly #provider: SettingsProvider
  readonly #report: (event: EventBody) => void
  readonly #discovery: Discovery
  readonly #ring: KeyRing
  readonly #repair = new ClockRepair()

  constructor(sender: Sender, provider: SettingsProvider, report: (event: EventBody) => void) {
    this.#sender = sender
    this.#provider = provider
    this.#report = report
    this.#discovery = new Discovery(sender)
    this.#ring = new KeyRing(sender.time)
  }

  async prepare(
    settings: ResolvedSettings,
    signal: AbortSignal,
    awaits: Awaits,
  ): Promise<(attempt: Attempt) => Promise<Granted>> {
    const { authority, audience, metadataUrl, tokenEndpoint } = settings
    if (tokenEndpoint === undefined) awaits(`the metadata of ${authority}`)
    const found =
      tokenEndpoint === undefined
        ? await this.#discovery.find(authority, signal, metadataUrl)
        : { issuer: authority, tokenEndpoint }
    const metadata = { ...found, issuer: audience ?? found.issuer }
    return (attempt) => this.#run(attempt, metadata)
  }

  /** @throws AttemptFailed. When Maskinporten refused every key, it is the refusal of the last one. */
  async #run(attempt: Attempt, metadata: Metadata): Promise<TokenAnswer> {
    // Those that an attempt of the same flight has refreshed. Their new key may be the only one that works.
    let settings = attempt.isCurrent() ? (this.#provider.current() ?? attempt.settings) : attempt.settings
    let refreshed = false
    const tried = new Set<string>()
    for (;;) {
      const key = this.#ring.next(settings, tried)
      if (key === undefined) throw noKey()
      tried.add(key.id)
      try {
        const answer = await this.#signAndSend(key, { ...attempt, settings }, metadata)
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
        attempt.awaits('the settings')
        if (refreshed || (this.#provider.current()?.revision === settings.revision && !(await askAnew(this.#provider))))
          throw failure
        refreshed = true
        const renewed = this.#provider.current()
        if (renewed === undefined || !attempt.isCurrent()) throw new SettingsReplaced()
        settings = renewed
        if (this.#ring.next(settings, tried) === undefined || !attempt.mayGoOn()) throw failure
      }
    }
  }

  /** A refusal about time is tried once more with the server's `Date`; the offset is kept only if that is not refused again. */
  async #signAndSend(key: SigningKey, attempt: Attempt, metadata: Metadata): Promise<TokenAnswer> {
    try {
      return await this.#send(key, attempt, metadata)
    } catch (failure) {
      const isTime = failure instanceof AttemptFailed && failure.refusal === 'time'
      if (!isTime || Number.isNaN(failure.skewMs) || !attempt.mayGoOn()) throw failure
      const undo = this.#repair.try(failure.skewMs)
      try {
        const answer = await this.#send(key, attempt, metadata)
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
    { settings, grant, signal, sending, answered, awaits }: Attempt,
    metadata: Metadata,
  ): Promise<TokenAnswer> {
    const claims = {
      issuer: metadata.issuer,
      clientId: settings.clientId,
      grant,
      issuedAt: this.#repair.correct(this.#sender.time.wall),
    }
    awaits('the signer')
    const assertion = await bounded(
      (own) => createAssertion(key, claims, own),
      signal,
      LIMIT_MS,
      (why) =>
        fault(
          'token_unavailable',
          `the signer "${nameOf(key)}" failed (${why}), so no token was requested`,
          'check that the signer works, then try again',
          {
            detail: 'SIGNER',
            retryable: true,
          },
        ),
    ).catch(failAttempt)
    awaits(`Maskinporten at ${metadata.tokenEndpoint.replace(/\?.*/, '')}`)
    sending()
    try {
      const answer = await requestToken(this.#sender, metadata.tokenEndpoint, assertion, signal, {
        settings,
        key,
        grant,
      })
      answered(answer.answer.durationMs)
      return answer
    } catch (failure) {
      if (failure instanceof AttemptFailed && failure.durationMs !== undefined) answered(failure.durationMs)
      throw failure
    }
  }
}

/**
 * Asks the provider to load the settings again. Returns whether they changed. The provider limits how often it loads. A
 * provider made by hand may reject, or resolve to something that is not a boolean.
 */
async function askAnew(provider: SettingsProvider): Promise<boolean> {
  try {
    const isChanged: unknown = await provider.refresh('rejected')
    return isChanged === true
  } catch {
    return false
  }
}

/** The settings are of another client now: who waits looks again. */
export class SettingsReplaced extends Error {}

function noKey(): AttemptFailed {
  const error = fault('settings_invalid', 'the settings hold no signing key', 'set EncodedJwk, or give a signer')
  return new AttemptFailed(error, undefined, 'other')
}
