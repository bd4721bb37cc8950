/** From the layers to settings in force, or to everything that is wrong with them. */
import { MaskinportenError, type SettingsProblem } from '../errors.ts'
import type { TokenRequest } from '../token-source.ts'
import { readAuthority } from './issuer.ts'
import { type CredentialKey, readCredential } from './credential.ts'
import { readExchange, readTokenEndpoint } from './exchange.ts'
import { readConsumerOrg, readResource, readScopes, readSwitch } from './fields.ts'
import type { SourceLayer } from '../sources/source-loader.ts'
import { Lookup } from './lookup.ts'
import type { SettingsOptions } from './settings-provider.ts'
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

/** `sourceWarnings`: what the sources warned of at their last load. `now`: milliseconds since the Unix epoch. `previousKey`: the key in force. */
export async function resolve(
  layers: readonly SourceLayer[],
  sourceWarnings: readonly SettingsProblem[],
  options: SettingsOptions,
  now: number,
  previousKey?: Partial<CredentialKey>,
): Promise<Resolution> {
  const lookup = new Lookup(layers, options.section ?? DEFAULT_SECTION, sourceWarnings)
  const { clientId, clientIdOrigin, owner, keys, hasKey } = await readCredential(lookup, options, now, previousKey)
  const authority = readAuthority(lookup, owner, hasKey)
  const exchanges = readSwitch(lookup, ['ExhangeToAltinnToken', 'ExchangeToAltinnToken'])
  const testOrg = readSwitch(lookup, ['UseAltinnTestOrg'])
  readSwitch(lookup, ['EnableDebugLogging', 'EnableDebugLog'])
  const tokenEndpoint = readTokenEndpoint(lookup, authority)
  const exchange = readExchange(lookup, authority?.issuer, exchanges, testOrg)
  const request: TokenRequest = Object.freeze({
    scopes: readScopes(lookup),
    resource: readResource(lookup),
    consumerOrg: readConsumerOrg(lookup),
    kind: exchanges ? 'altinn' : 'maskinporten',
  })
  reportUnusedKeys(lookup, exchanges, keys.length > 0 ? owner : -1)
  const { problems, warnings } = lookup
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
