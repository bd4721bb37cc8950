/** The emulated vault under the name of a real one, with the real SDK before it. */
import { SecretClient, type SecretClientOptions } from '@azure/keyvault-secrets'
import {
  type ConfigLayer,
  type ConfigSource,
  type LoadContext,
  type MaskinportenError,
  createConfigLayer,
  isMaskinportenError,
} from '@maskinporten-kit/core'
import type { Emulator } from '@maskinporten-kit/emulator'

export const VAULT_URL = 'https://my-kv.vault.azure.net'

/** Its own tries would only make a test slow; those of ours are tested. */
export const clientOf = ({ keyVault }: Emulator, options: SecretClientOptions = {}): SecretClient =>
  new SecretClient(VAULT_URL, keyVault.credential, {
    retryOptions: { maxRetries: 0 },
    ...keyVault.clientOptions,
    ...options,
  })

export interface Warned {
  readonly code: string
  readonly key: string
  readonly message: string
}

export interface LoadFields extends Partial<LoadContext> {
  readonly kvSetting?: Readonly<Record<string, unknown>>
  readonly warned?: Warned[]
}

const KEYS = ['ClientId', 'EncodedJwk', 'JwkBase64', 'Authority', 'Scope']

export function load(
  source: ConfigSource,
  { kvSetting = {}, warned = [], ...fields }: LoadFields = {},
): Promise<ConfigLayer> {
  const section = fields.section ?? 'MaskinportenSettings'
  return source.load({
    section,
    keys: KEYS.map((key) => `${section}:${key}`),
    earlier: createConfigLayer(
      { kvSetting },
      { origin: (key) => (key.endsWith('TenantId') ? 'env kvSetting__TenantId' : 'appsettings.json:3') },
    ),
    why: 'start',
    signal: new AbortController().signal,
    warn: (warning) => warned.push(warning),
    ...fields,
  })
}

export const flat = (layer: ConfigLayer): Readonly<Record<string, string | null>> =>
  Object.fromEntries([...layer.values()].map((entry) => [entry.key, entry.reveal()]))

export async function refusal(loading: Promise<unknown>): Promise<MaskinportenError> {
  const outcome = await loading.catch((reason: unknown) => reason)
  if (!isMaskinportenError(outcome)) throw new Error('was not refused with an error of ours')
  return outcome
}
