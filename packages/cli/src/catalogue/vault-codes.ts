// `KV_…`: Azure Key Vault and the sign-in to it.
import type { Details } from './entry.ts'

const vault = { acts: 'the one who administers the vault in Azure', under: 'settings_unavailable' } as const
const network = { acts: 'the one who runs the machine and its network', under: 'settings_unavailable' } as const
const settings = { acts: 'the one who keeps the settings and the key', under: 'settings_invalid' } as const
const warning = { acts: 'the one who administers the vault in Azure', warns: true } as const

export const vaultCodes: Details = {
  KV_SECRET_NOT_FOUND: {
    ...vault,
    warns: true,
    happened:
      'With `required: true`: the vault has none of the secrets that were asked for. As a warning: a secret is gone, and its last value stays in use.',
    wayOut: 'Create the secret in the vault that the message names.',
  },
  KV_FORBIDDEN: {
    ...vault,
    happened: 'The identity may not read the secret.',
    wayOut:
      'Give it the role "Key Vault Secrets User" or the access policy "get". A new role takes some minutes to count.',
  },
  KV_FIREWALL: {
    ...vault,
    happened: 'The vault’s firewall refuses the network address of this machine.',
    wayOut: 'Add the address to the firewall, or reach the vault by its private endpoint.',
  },
  KV_UNAUTHORIZED: {
    ...vault,
    acts: 'the one who keeps the settings and the key',
    happened: 'The vault did not accept the token of the identity. It is usually of another tenant.',
    wayOut: 'Correct `kvSetting:TenantId`.',
  },
  KV_LOGIN_FAILED: {
    ...vault,
    acts: ['the one who keeps the settings and the key', 'the one who administers the vault in Azure'],
    happened:
      'The sign-in to Entra ID failed, so the vault was not asked. The message gives the AADSTS code, if there is one.',
    wayOut:
      'On your own machine run `az login`. Elsewhere check the managed identity, or the three values of `kvSetting`.',
  },
  KV_IDENTITY_MISSING: {
    ...vault,
    acts: 'the developer of the calling code',
    happened: 'The package `@azure/identity` is needed for the sign-in, and is not installed.',
    wayOut: 'Run `npm install @azure/identity`, or give a `credential` or a `client` of your own.',
  },
  KV_THROTTLED: {
    ...vault,
    acts: 'nobody',
    happened: 'The vault answers 429: it was asked too often, by this app or by others.',
    wayOut: 'Wait. If it lasts, raise `refreshMs`, or give the app a vault of its own.',
  },
  KV_DNS: {
    ...network,
    happened: 'The name of the vault is not known here.',
    wayOut: 'Check `kvSetting:SecretUri`, and the DNS of a private endpoint.',
  },
  KV_UNREACHABLE: {
    ...network,
    happened: 'There is no connection to the vault.',
    wayOut: 'Check the network and the proxy.',
  },
  KV_TLS: {
    ...network,
    happened: 'The vault’s certificate is not trusted. Often a proxy inspects TLS.',
    wayOut: 'Set `NODE_EXTRA_CA_CERTS` to the file of the proxy’s certificate authority, before the process starts.',
  },
  KV_TIMEOUT: {
    ...network,
    happened: 'The vault, or the sign-in to it, did not answer in time.',
    wayOut: 'Check the network, and that sign-in is possible from here.',
  },
  KV_BAD_RESPONSE: {
    ...network,
    happened: 'The answer is not JSON. Often it is the page of a proxy.',
    wayOut: 'Look at what stands between this machine and the vault.',
  },
  KV_CHALLENGE: {
    ...vault,
    acts: 'the one who keeps the settings and the key',
    happened: 'The address is not one of Azure’s vaults, so no token is sent there.',
    wayOut: 'Correct `kvSetting:SecretUri`.',
  },
  KV_FAILED: {
    ...vault,
    happened: 'Reading failed for another reason. The message gives the class and the code of Azure’s error.',
    wayOut: 'Try again. If it lasts, look at the vault’s log.',
  },
  KV_CONFIG_MISSING: {
    ...settings,
    happened: 'Some of the four values of `kvSetting` are missing. The message names them.',
    wayOut: 'Set all four for a client secret, or only `kvSetting:SecretUri` to sign in with `DefaultAzureCredential`.',
  },
  KV_ADDRESS: {
    ...settings,
    happened: 'The address of the vault is not an https address, or it is the address of one secret.',
    wayOut: 'Use the vault URI as the portal shows it: `https://my-kv.vault.azure.net/`.',
  },
  KV_NAME: {
    ...settings,
    acts: 'the developer of the calling code',
    happened: 'A name in `names` or `prefix` cannot be the name of a secret.',
    wayOut: 'Use letters, digits and hyphens, at most 127.',
  },
  KV_INACTIVE: {
    ...settings,
    under: 'settings_unavailable',
    warns: true,
    happened: 'No vault is named, so this source gives nothing. It is an error only with `required: true`.',
    wayOut: 'Set `kvSetting:SecretUri`. Where the app needs no vault, such as on your own machine, ignore the warning.',
  },
  KV_SECRET_DISABLED: {
    ...warning,
    happened: 'A secret is disabled. If it had a value before, that value stays in use.',
    wayOut: 'Enable it, or delete it.',
  },
  KV_SECRET_EMPTY: {
    ...warning,
    happened: 'A secret has become empty. Its last value stays in use.',
    wayOut: 'Store a new version with a value.',
  },
  KV_SECRET_EXPIRED: {
    ...warning,
    happened: 'A secret is past its expiry date. It is used all the same.',
    wayOut: 'Store a new version, with a new date.',
  },
  KV_SECRET_NOT_YET_VALID: {
    ...warning,
    happened: 'The date from which a secret is valid is still to come. It is used all the same.',
    wayOut: 'Correct the dates of the secret, or the clock of this machine.',
  },
  KV_EMPTY: {
    ...warning,
    happened: 'The vault has none of the secrets that were asked for. The message lists their names.',
    wayOut: 'Create those that you need, or give their own names by the option `names`.',
  },
}
