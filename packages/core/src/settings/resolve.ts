/** From the layers to settings in force, or to everything that is wrong with them. */
import { MaskinportenError, type SettingsProblem } from '../errors.ts'
import type { TokenRequest } from '../token-source.ts'
import { readAuthority } from './issuer.ts'
import { type CredentialKey, readCredential } from './credential.ts'
import { readExchange, readTokenEndpoint } from './exchange.ts'
import { readConsumerOrg, readResource, readScopes, readSwitch } from './fields.ts'
import type { Signer } from '../keys/signer.ts'
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
  readonly isDebugging: boolean
} & (
  | { readonly settings: Omit<ResolvedSettings, 'revision' | 'keys'>; readonly error?: undefined }
  | { readonly settings?: undefined; readonly error: MaskinportenError }
)

export interface ProviderOptions extends SettingsOptions {
  /** The settings are one plain object, so messages name its properties. */
  readonly isPlain?: boolean | undefined
}

export interface ResolveOptions extends ProviderOptions {
  /** What `signer` gave, newest first; `undefined`: the settings have the key. */
  readonly signers?: readonly Signer[] | undefined
}

/** `sourceWarnings`: what the sources warned of at their last load. `now`: milliseconds since the Unix epoch. `previousKey`: the key in force. */
export async function resolve(
  layers: readonly SourceLayer[],
  sourceWarnings: readonly SettingsProblem[],
  options: ResolveOptions,
  now: number,
  previousKey?: Partial<CredentialKey>,
): Promise<Resolution> {
  const lookup = new Lookup(layers, options.section ?? DEFAULT_SECTION, sourceWarnings, options.isPlain)
  const { clientId, clientIdOrigin, owner, keys, hasKey } = await readCredential(lookup, options, now, previousKey)
  const authority = readAuthority(lookup, owner, hasKey)
  const exchanges = readSwitch(lookup, ['ExhangeToAltinnToken', 'ExchangeToAltinnToken'])
  const testOrg = readSwitch(lookup, ['UseAltinnTestOrg'])
  const isDebugging = readSwitch(lookup, ['EnableDebugLogging', 'EnableDebugLog'])
  const tokenEndpoint = readTokenEndpoint(lookup, authority)
  const exchange = readExchange(lookup, authority?.issuer, exchanges, testOrg)
  const request: TokenRequest = Object.freeze({
    scopes: readScopes(lookup),
    resource: readResource(lookup),
    consumerOrg: readConsumerOrg(lookup),
    kind: exchanges ? 'altinn' : 'maskinporten',
  })
  reportUnusedKeys(lookup, exchanges, keys.length > 0 ? owner : -1)
  const { explained, warnings } = lookup
  return explained.length > 0 || authority === undefined || clientId === undefined
    ? { error: invalid(explained, options.isPlain), keys, warnings, isDebugging }
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
        isDebugging,
      }
}

/** One error for all problems: each with its key, its origin and the way out. */
function invalid(problems: readonly SettingsProblem[], isPlain = false): MaskinportenError {
  const from = (origin: string): string => (origin === '' || isPlain ? '' : ` (from ${origin})`)
  const lines = problems.map(({ message, origin }) => message + from(origin))
  const message =
    lines.length === 1
      ? `the settings are wrong: ${lines[0]}`
      : `${lines.length} things are wrong with the settings:\n- ${lines.join('\n- ')}`
  const steps = problems.map(({ code, key, origin }) => {
    const name = isPlain ? key.slice(key.indexOf(':') + 1) : key
    return code === 'CONFIG_MISSING' ? `set ${name}` : `correct ${name}${from(origin)}`
  })
  return new MaskinportenError('settings_invalid', message, {
    detail: problems[0]?.code,
    problems,
    hint: problems.length === 1 ? problems[0]?.message : `To do: ${[...new Set(steps)].join(', ')}.`,
  })
}
