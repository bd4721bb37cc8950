/** The engine with another way to get the Maskinporten token. */
import { type MaskinportenError, fault } from './errors.ts'
import type { Attempt, Granted, GrantStep } from './grant/grant-step.ts'
import { isSafeUrl, whyUnsafe } from './http/address.ts'
import { LIMIT_MS, bounded } from './http/bounded.ts'
import { failAttempt } from './http/attempt-failed.ts'
import { MAX_LIFETIME_SECONDS, isTokenOf } from './http/token-text.ts'
import { kindOf } from './kind-of.ts'
import { Instance, type Maskinporten, type MaskinportenOptions } from './maskinporten.ts'
import type { ResolvedSettings, SettingsProvider } from './settings/settings-provider.ts'
import type { Time } from './time.ts'
import type { TokenRequest } from './token-source.ts'

export interface FetchTokenContext {
  /** Aborted when the instance is closed, or after 30 s. */
  readonly signal: AbortSignal
  /** Whether an API answered 401 to the last token. Then a token that the service has cached will not do. */
  readonly rejected: boolean
}

export interface FetchedToken {
  readonly value: string
  /** Milliseconds, from when the token was asked for. More than a day counts as a day. */
  readonly lifetimeMs: number
}

export interface TokenEngineOptions extends MaskinportenOptions {
  /**
   * Asks the platform for a Maskinporten token. After an error it is called again, at most twice, if the error is not a
   * `MaskinportenError`, or is one with `retryable: true`.
   *
   * @param request what the token must be good for: checked, with sorted scopes, and of the kind `maskinporten`.
   */
  readonly fetchToken: (request: TokenRequest, context: FetchTokenContext) => Promise<FetchedToken>
  /** Altinn's exchange, for requests of the kind `altinn`. Default: there is none, and such a request is refused. */
  readonly exchange?: { readonly url: string; readonly testOrg: boolean } | undefined
  /** Whose tokens these are. It is part of their keys in a store, so a `store` needs it. */
  readonly identity?: string | undefined
}

export type TokenEngine = Omit<Maskinporten, 'settings'>

/**
 * The engine with another way to get the Maskinporten token, such as a platform's token service. The cache, single flight,
 * renewal, the answer to a 401, the shared store and the exchange at Altinn are those of `createMaskinporten()`.
 *
 * @throws TypeError when `fetchToken` is not a function, when there is a `store` without an `identity`, when the exchange's
 * `url` is not https (http on loopback will do) or has user info, or when `timeoutMs` or `maxTokens` is not a number from 1
 * to 2 147 483 647.
 */
export function createTokenEngine(options: TokenEngineOptions): TokenEngine {
  if (typeof options !== 'object' || options === null)
    throw new TypeError(
      `createTokenEngine is for a token service of your own and needs { fetchToken }; it got ${kindOf(options)}. For Maskinporten use createMaskinporten(settingsFrom([fromEnv()]))`,
    )
  const { fetchToken, exchange, store, identity = '' } = options
  if (typeof fetchToken !== 'function') throw new TypeError('fetchToken is not a function; give one that gets a token')
  if (store !== undefined && identity === '')
    throw new TypeError(
      'a store is given without an identity; name whose tokens these are, so that others never get them',
    )
  if (typeof exchange?.url === 'string' && !isSafeUrl(exchange.url))
    throw new TypeError(
      `the url of exchange ${whyUnsafe(exchange.url)}; give the https address of the exchange, since tokens go there`,
    )
  const settings: ResolvedSettings = Object.freeze({
    revision: 1,
    authority: 'platform',
    clientId: identity === '' ? 'platform' : identity,
    keys: [],
    request: {},
    exchange,
  })
  return new Instance(fixedSettings(settings), options, ({ time }) => new PlatformGrant(fetchToken, time))
}

class PlatformGrant implements GrantStep {
  readonly #fetchToken: TokenEngineOptions['fetchToken']
  readonly #time: Time

  constructor(fetchToken: TokenEngineOptions['fetchToken'], time: Time) {
    this.#fetchToken = fetchToken
    this.#time = time
  }

  async prepare(): Promise<(attempt: Attempt) => Promise<Granted>> {
    return (attempt) => this.#attempt(attempt).catch(failAttempt)
  }

  async #attempt({ request, grant, signal, rejected, sending, answered, awaits }: Attempt): Promise<Granted> {
    const asked = Object.freeze({ ...request, scopes: grant.scopes, kind: 'maskinporten' } as const)
    const sentAt = this.#time.now
    const elapsed = this.#time.stopwatch()
    awaits('the token service')
    sending()
    const { value, lifetimeMs } = await bounded(
      // Read within: a getter's own error may hold the token.
      async (own) => readToken(await this.#fetchToken(asked, { signal: own, rejected })),
      signal,
      LIMIT_MS,
      (why) => unavailable(`fetchToken failed (${why})`, 'look at the token service, then try again', true),
    )
    const durationMs = elapsed()
    answered(durationMs)
    return { value, lifetimeMs, scopes: undefined, answer: { sentAt, durationMs } }
  }
}

function readToken(answer: unknown): FetchedToken {
  const fields: Readonly<Record<string, unknown>> = typeof answer === 'object' ? { ...answer } : {}
  const { value, lifetimeMs } = fields
  const hint = 'resolve to { value, lifetimeMs }'
  if (!isTokenOf('maskinporten', value)) throw unavailable('fetchToken gave no token', hint)
  if (typeof lifetimeMs !== 'number' || !(lifetimeMs >= 0)) throw unavailable('fetchToken gave no lifetimeMs', hint)
  return { value, lifetimeMs: Math.min(lifetimeMs, 1000 * MAX_LIFETIME_SECONDS) }
}

function unavailable(what: string, hint: string, retryable = false): MaskinportenError {
  return fault('token_unavailable', what, hint, { detail: 'FETCH_TOKEN', retryable })
}

/** Settings that are there at once and never change. */
function fixedSettings(settings: ResolvedSettings): SettingsProvider {
  return {
    current: () => settings,
    get: async () => settings,
    refresh: async () => false,
    subscribe: () => () => undefined,
    describe: () => [],
    close: async () => undefined,
  }
}
