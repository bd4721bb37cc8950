/** Secrets' names and settings' paths: `--` stands for `:`, as .NET's own provider has it. */
import { MaskinportenError } from '@maskinporten-kit/core'

export const secretOfKey = (key: string): string => key.replaceAll(':', '--')
export const keyOfSecret = (name: string): string => name.replaceAll('--', ':')

/** Azure Key Vault, «Vault-name and Object-name»: letters, digits and hyphens, at most 127. @throws MaskinportenError `settings_invalid`, detail `KV_NAME`. */
export function checkSecretName(name: string): void {
  if (/^[\dA-Za-z-]{1,127}$/.test(name)) return
  const hint = 'Use letters, digits and hyphens.'
  throw new MaskinportenError(
    'settings_invalid',
    `no secret can be named ${JSON.stringify(name.slice(0, 127))}. ${hint}`,
    { detail: 'KV_NAME', hint },
  )
}

/** `my-kv` of `https://my-kv.vault.azure.net`, else the host. */
export function vaultNameOf(vaultUrl: string): string {
  const host = URL.canParse(vaultUrl) ? new URL(vaultUrl).host : vaultUrl
  return host.replace(/\.vault\.(?:azure|usgovcloudapi|microsoftazure)\..*$/, '')
}
