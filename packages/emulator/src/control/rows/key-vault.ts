/** Controls of the emulated Key Vault and of Entra ID. */
import type { NewEntraApplication } from '../../entra/applications.ts'
import { vaultDenials } from '../../key-vault/error-table.ts'
import type { SecretOptions } from '../../key-vault/emulated-vault.ts'
import { maxPageSize, type VaultPaging } from '../../key-vault/vaults.ts'
import type { Control } from '../control.ts'
import type { Member, MembersOf } from '../members.ts'
import type { ControlName } from '../table.ts'

const secretName: Member = { type: 'string', description: 'Name of the secret.' }

export const secretMembers: MembersOf<SecretOptions> = {
  contentType: { type: 'string', optional: true, description: 'Told to the reader. Default: none.' },
  tags: { type: 'map', of: { type: 'string' }, optional: true, description: 'Told to the reader. Default: none.' },
  enabled: { type: 'boolean', optional: true, default: true, description: 'A disabled secret is refused with 403.' },
  expiresOn: { type: 'instant', optional: true, description: 'Told to the reader; keeps no value back.' },
  notBefore: { type: 'instant', optional: true, description: 'Told to the reader; keeps no value back.' },
  exp: {
    type: 'number',
    unit: 'seconds since the Unix epoch',
    optional: true,
    description: 'The same as `expiresOn`, as on the wire.',
  },
  nbf: {
    type: 'number',
    unit: 'seconds since the Unix epoch',
    optional: true,
    description: 'The same as `notBefore`, as on the wire.',
  },
}

const pagingMembers: MembersOf<VaultPaging> = {
  size: {
    type: 'number',
    whole: true,
    minimum: 1,
    maximum: maxPageSize,
    unit: 'items',
    optional: true,
    default: maxPageSize,
    description: 'Items on a page, at most.',
  },
  emptyPages: {
    type: 'number',
    whole: true,
    minimum: 0,
    maximum: 1000,
    unit: 'pages',
    optional: true,
    default: 0,
    description: 'Pages with no item but a `nextLink` before the first.',
  },
}

export const applicationMembers: MembersOf<NewEntraApplication> = {
  clientId: {
    type: 'string',
    optional: true,
    description: 'UUID. Default: a new one. A known application is registered anew.',
  },
  clientSecret: { type: 'string', optional: true, description: 'Default: a new one.' },
  secretExpiresOn: { type: 'instant', optional: true, description: 'By the emulator’s clock. Default: never.' },
}

type KeyVaultControl = ControlName & `${'keyVault' | 'entra'}.${string}`

export const keyVaultRows: Readonly<Record<KeyVaultControl, Control>> = {
  'keyVault.setSecret': {
    method: 'PUT',
    path: '/secrets/{name}',
    alsoBare: true,
    summary: 'Writes a new version of a secret.',
    positional: { name: secretName, value: { type: 'string', description: 'The secret value.' } },
    options: secretMembers,
    inVault: true,
  },
  'keyVault.enableSecret': {
    method: 'PUT',
    path: '/secrets/{name}/enabled',
    summary: 'Enables or disables a version of a secret.',
    positional: {
      name: secretName,
      enabled: { type: 'boolean', description: 'A disabled version is refused with 403.' },
      version: { type: 'string', optional: true, description: 'Default: the newest.' },
    },
    inVault: true,
  },
  'keyVault.deleteSecret': {
    method: 'DELETE',
    path: '/secrets/{name}',
    summary: 'Deletes a secret with all its versions.',
    positional: { name: secretName },
    inVault: true,
  },
  'keyVault.deny': {
    method: 'POST',
    path: '/vault/denials',
    summary: 'Refuses every caller with a 403 of this kind from now on, for all secrets or for one.',
    positional: { error: { type: 'string', oneOf: vaultDenials, description: 'The kind of 403.' } },
    options: { secret: { type: 'string', description: 'The only secret that is refused. Default: all.' } },
    optionsOptional: true,
    inVault: true,
  },
  'keyVault.allow': {
    method: 'DELETE',
    path: '/vault/denials',
    summary: 'Takes all denials of the vault back.',
    inVault: true,
  },
  'keyVault.setPaging': {
    method: 'PUT',
    path: '/vault/paging',
    summary: 'Says how lists are divided from now on.',
    options: pagingMembers,
    inVault: true,
  },
  'keyVault.vault': {
    method: 'POST',
    path: '/vaults',
    summary: 'Gives a vault of this name its own secrets from now on.',
    positional: { name: { type: 'string', description: '`my-kv` for `https://my-kv.vault.azure.net`.' } },
    answer: {
      status: 201,
      schema: { type: 'record', members: { url: { type: 'string', description: 'Where it answers.' } } },
    },
  },
  'entra.registerApplication': {
    method: 'POST',
    path: '/applications',
    alsoBare: true,
    summary: 'Registers an application of Entra ID, whose tokens the vaults take.',
    options: applicationMembers,
    answer: {
      status: 201,
      schema: {
        type: 'record',
        members: {
          tenantId: { type: 'string', description: 'UUID.' },
          clientId: { type: 'string', description: 'UUID.' },
          clientSecret: { type: 'string', description: 'The secret.' },
        },
      },
    },
  },
}
