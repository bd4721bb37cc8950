/** The JWT grant: discovery, then attempts, each of which tries the keys in turn, repairs the clock once and refreshes the settings once. */
import { fault } from '../errors.ts'
import type { EventBody } from '../events.ts'
import { LIMIT_MS, bounded } from '../http/bounded.ts'
import type { Sender } from '../http/send.ts'
import type { ResolvedSettings, SettingsProvider } from '../settings/settings-provider.ts'
import { type SigningKey, keyName } from '../keys/signer.ts'
import { createAssertion } from './assertion.ts'
import { type Attempt, type Awaits, type Granted, type GrantStep, StartAgain } from './grant-step.ts'
import { KeyChoice, signatureOf } from './key-choice.ts'
import { Discovery, type Metadata } from './metadata.ts'
import { AttemptFailed, failAttempt } from '../http/attempt-failed.ts'
import { requestToken } from './token-endpoint.ts'

export class JwtGrant implements GrantStep {
  readonly #sender: Sender
  readonly #provider: SettingsProvider
  readonly #emit: (event: EventBody) => void
  readonly #discovery: Discovery
  readonly #keys: KeyChoice
  /** How far the server's clock is ahead of ours, milliseconds. Learnt only from a refusal about time. */
  #clockOffsetMs = 0

  constructor(sender: Sender, provider: SettingsProvider, emit: (event: EventBody) => void) {
    this.#sender = sender
    this.#provider = provider
    this.#emit = emit
    this.#discovery = new Discovery(sender)
    this.#keys = new KeyChoice(sender.time)
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
  async #run(attempt: Attempt, metadata: Metadata): Promise<Granted> {
    // Those that an attempt of the same flight has refreshed. Their new key may be the only one that works.
    let settings = attempt.isCurrent() ? (this.#provider.current() ?? attempt.settings) : attempt.settings
    let refreshed = false
    const tried = new Set<string>()
    for (;;) {
      const key = this.#keys.next(settings, tried)
      if (key === undefined) throw noKey()
      tried.add(signatureOf(key))
      try {
        const answer = await this.#signAndSend(key, { ...attempt, settings }, metadata)
        this.#keys.release(key)
        return answer
      } catch (failure) {
        if (!(failure instanceof AttemptFailed) || failure.refusal !== 'key') throw failure
        const fallback = this.#keys.next(settings, tried)
        this.#emit({
          type: 'key.rejected',
          level: 'warn',
          kid: keyName(key),
          fallbackKid: fallback && keyName(fallback),
        })
        if (!attempt.mayGoOn()) throw failure
        if (fallback !== undefined) {
          this.#keys.quarantine(key)
          continue
        }
        this.#keys.releaseAll()
        attempt.awaits('the settings')
        if (refreshed || (this.#provider.current()?.revision === settings.revision && !(await askAnew(this.#provider))))
          throw failure
        refreshed = true
        const renewed = this.#provider.current()
        if (renewed === undefined || !attempt.isCurrent()) throw new StartAgain()
        settings = renewed
        if (this.#keys.next(settings, tried) === undefined || !attempt.mayGoOn()) throw failure
      }
    }
  }

  /** A refusal about time is tried once more with the server's `Date`; the offset is kept only if that is not refused again. */
  async #signAndSend(key: SigningKey, attempt: Attempt, metadata: Metadata): Promise<Granted> {
    try {
      return await this.#send(key, attempt, metadata)
    } catch (failure) {
      const isTime = failure instanceof AttemptFailed && failure.refusal === 'time'
      if (!isTime || Number.isNaN(failure.skewMs) || !attempt.mayGoOn()) throw failure
      const before = this.#clockOffsetMs
      this.#clockOffsetMs = failure.skewMs
      try {
        const answer = await this.#send(key, attempt, metadata)
        this.#emit({ type: 'clock.repaired', level: 'warn', skewMs: failure.skewMs })
        return answer
      } catch (second) {
        if (second instanceof AttemptFailed && second.refusal === 'time') this.#clockOffsetMs = before
        throw second
      }
    }
  }

  async #send(
    key: SigningKey,
    { settings, grant, signal, sending, answered, awaits }: Attempt,
    metadata: Metadata,
  ): Promise<Granted> {
    const claims = {
      issuer: metadata.issuer,
      clientId: settings.clientId,
      grant,
      issuedAt: this.#sender.time.wall + this.#clockOffsetMs,
    }
    awaits('the signer')
    const assertion = await bounded(
      (own) => createAssertion(key, claims, own),
      signal,
      LIMIT_MS,
      (why) =>
        fault(
          'token_unavailable',
          `the signer "${keyName(key)}" failed (${why}), so no token was requested`,
          'call the function sign of this signer by itself to see its error',
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

function noKey(): AttemptFailed {
  const error = fault('settings_invalid', 'the settings hold no signing key', 'set EncodedJwk, or give a signer')
  return new AttemptFailed(error, undefined, 'other')
}
