/** Which vault, and who signs in to it: the flag, else `kvSetting` of the settings. */
import type { ConfigLayer } from '@maskinporten-kit/core'
import { CommandFailed } from '../failure.ts'

export interface VaultAddress {
  /** An origin, without a final slash. */
  readonly url: string
  /** Of Entra ID; absent: `DefaultAzureCredential`. */
  readonly application?:
    | { readonly tenantId: string; readonly clientId: string; readonly clientSecret: string }
    | undefined
}

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/

export const isLoopback = (url: string): boolean => URL.canParse(url) && LOOPBACK.test(new URL(url).hostname)

/** `undefined`: no vault is named. @throws CommandFailed for an address that is not a vault's. */
export function vaultOf(layer: ConfigLayer, flag: string | undefined): VaultAddress | undefined {
  const named = flag ?? setting(layer, 'SecretUri')
  if (named === undefined) return undefined
  const url = originOf(named)
  const [tenantId, clientId, clientSecret] = [
    setting(layer, 'TenantId'),
    setting(layer, 'ClientId'),
    setting(layer, 'ClientSecret'),
  ]
  const given = [tenantId, clientId, clientSecret].filter((one) => one !== undefined).length
  if (given === 0) return { url }
  if (tenantId === undefined || clientId === undefined || clientSecret === undefined) throw halfApplication()
  return { url, application: { tenantId, clientId, clientSecret } }
}

/** `my-kv` of `https://my-kv.vault.azure.net`, else the host. */
export const vaultName = (url: string): string =>
  new URL(url).host.replace(/\.vault\.(?:azure|usgovcloudapi|microsoftazure)\..*$/, '')

/** @throws CommandFailed */
export function originOf(address: string): string {
  const url = URL.canParse(address) ? new URL(address) : undefined
  if (url?.protocol === 'https:' && url.pathname === '/' && url.username + url.search + url.hash === '')
    return url.origin
  throw new CommandFailed('settings', {
    en: 'the address of the vault is not one; use the Vault URI from the Azure portal, such as https://my-kv.vault.azure.net/',
    nb: 'adressen til Key Vault kan ikke brukes; bruk «Vault URI» fra Azure-portalen, som https://my-kv.vault.azure.net/',
  })
}

/** Older Altinn services write each value as a list of one. */
function setting(layer: ConfigLayer, name: string): string | undefined {
  const path = `kvsetting:${name.toLowerCase()}`
  const texts = [layer.get(path), layer.get(`${path}:0`)].map((entry) => entry?.reveal()?.trim() ?? '')
  return texts.find((text) => text !== '')
}

const halfApplication = (): CommandFailed =>
  new CommandFailed('settings', {
    en: 'only some of kvSetting:TenantId, kvSetting:ClientId and kvSetting:ClientSecret are set; set all three, or delete them to use your own sign-in (az login)',
    nb: 'bare noen av kvSetting:TenantId, kvSetting:ClientId og kvSetting:ClientSecret er satt; sett alle tre, eller slett dem for å bruke din egen innlogging (az login)',
  })
