/** From the layers to settings in force, or to everything that is wrong with them. */
import { MaskinportenError, type SettingsProblem } from '../errors.ts'
import type { TokenRequest } from '../token-source.ts'
import { readAuthority } from './issuer.ts'
import { type CredentialKey, readCredential } from './credential.ts'
import { readExchange, readTokenEndpoint } from './exchange.ts'
import { readConsumerOrg, readResource, readScopes, readSwitch } from './fields.ts'
import { type NamedLayer, Reading } from './lookup.ts'
import type { SettingsOptions } from './settings-options.ts'
import type { ResolvedSettings } from './settings-provider.ts'
import { reportUnusedKeys } from './unused-keys.ts'

export const DEFAULT_SECTION = 'MaskinportenSettings'

/** Without revision and ring, which are the provider's. */
export type Resolution = {
  readonly keys: readonly CredentialKey[]
  readonly warnings: readonly SettingsProblem[]
} & (
  | { readonly settings: Omit<ResolvedSettings, 'revision' | 'keys'>; readonly error?: undefined }
  | { readonly settings?: undefined; readonly error: MaskinportenError }
)

/** `said`: what the sources warned of. `now`: milliseconds since the Unix epoch. `former`: the key in force. */
export async function resolve(
  layers: readonly NamedLayer[],
  said: readonly SettingsProblem[],
  options: SettingsOptions,
  now: number,
  former?: Partial<CredentialKey>,
): Promise<Resolution> {
  const reading = new Reading(layers, options.section ?? DEFAULT_SECTION, said)
  const { clientId, clientIdOrigin, owner, keys, hasKey } = await readCredential(reading, options, now, former)
  const authority = readAuthority(reading, owner, hasKey)
  const exchanges = readSwitch(reading, ['ExhangeToAltinnToken', 'ExchangeToAltinnToken'])
  const testOrg = readSwitch(reading, ['UseAltinnTestOrg'])
  readSwitch(reading, ['EnableDebugLogging', 'EnableDebugLog'])
  const tokenEndpoint = readTokenEndpoint(reading, authority)
  const exchange = readExchange(reading, authority?.issuer, exchanges, testOrg)
  const request: TokenRequest = Object.freeze({
    scopes: readScopes(reading),
    resource: readResource(reading),
    consumerOrg: readConsumerOrg(reading),
    kind: exchanges ? 'altinn' : 'maskinporten',
  })
  reportUnusedKeys(reading, exchanges, keys.length > 0 ? owner : -1)
  const { problems, warnings } = reading
  return problems.length > 0 || authority === undefined || clientId === undefined
    ? { error: invalid(problems), keys, warnings }
    : {
        settings: {
          authority: authority.issuer,
          audience: authority.audience,
          metadataUrl: authority.metadataUrl,
          tokenEndpoint,
          clientId,
          request,
          exchange,
          credential: { clientIdOrigin, keyOrigin: keys[0]?.entry?.origin ?? 'signer' },
        },
        keys,
        warnings,
      }
}

/** One error for all problems: each with its key, its origin and the way out. */
function invalid(problems: readonly SettingsProblem[]): MaskinportenError {
  const lines = problems.map(({ message, origin }) => (origin === '' ? message : `${message} (from ${origin})`))
  const message =
    lines.length === 1
      ? `the settings are wrong: ${lines[0]}`
      : `${lines.length} things are wrong with the settings:\n- ${lines.join('\n- ')}`
  return new MaskinportenError('settings_invalid', message, {
    detail: problems[0]?.code,
    problems,
    hint: problems.length === 1 ? problems[0]?.message : 'Correct each of the settings named.',
  })
}
