/** What `emulator.json` may hold, described as the controls are and from the same tables: for its check and for its published schema. */
import type { JsonObject } from '../json.ts'
import { schemaOfMembers } from '../control/json-schema.ts'
import type { Members, MembersOf } from '../control/members.ts'
import { startMembers } from '../control/options-members.ts'
import { personMembers } from '../control/rows/altinn.ts'
import { clientMembers } from '../control/rows/client-members.ts'
import { applicationMembers, secretMembers } from '../control/rows/key-vault.ts'
import { consentMembers, delegationMembers, scopeMembers, systemUserMembers } from '../control/rows/maskinporten.ts'
import type {
  ConfiguredClient,
  ConfiguredKey,
  ConfiguredOrganisation,
  ConfiguredScope,
  ConfiguredSecret,
  EmulatorConfig,
} from './configuration.ts'

const organisationMembers: MembersOf<ConfiguredOrganisation> = {
  orgNumber: { type: 'orgNumber', description: 'The organisation.' },
  org: { type: 'string', description: 'Short name of the service owner: `ttd`.' },
}

const configuredScopeMembers: MembersOf<ConfiguredScope> = {
  ...scopeMembers,
  access: {
    type: 'list',
    of: { type: 'orgNumber' },
    optional: true,
    default: [],
    description: 'Organisations that have access. Nobody else has, not even the clients below.',
  },
}

const keyMembers: MembersOf<ConfiguredKey> = {
  jwk: { type: 'object', optional: true, description: 'An RSA JWK: private or public.' },
  pem: { type: 'string', optional: true, description: 'A private or public RSA key, PEM.' },
  certificate: {
    type: 'string',
    optional: true,
    description: 'A certificate with an RSA key: PEM, or base64 of the DER. The key ends with it.',
  },
  file: {
    type: 'string',
    optional: true,
    description: 'A file with one of the three. A path that is not absolute begins at the folder of this file.',
  },
  kid: { type: 'string', optional: true, description: 'Default: that of the JWK, else its thumbprint (RFC 7638).' },
  expiresOn: {
    type: 'instant',
    optional: true,
    description: 'When the key ends. Default: `exp` of the JWK, else a year from the start, which is the longest.',
  },
}

const { scopes, orgNumber, alg, accessTokenLifetime, integrationType } = clientMembers

const configuredClientMembers: MembersOf<ConfiguredClient> = {
  clientId: { type: 'string', description: 'The grant’s `iss`.' },
  scopes,
  orgNumber,
  keys: {
    type: 'list',
    of: { type: 'record', members: keyMembers },
    optional: true,
    description:
      'Five at most, each with one of `jwk`, `pem`, `certificate` and `file`. Default: none; the client then signs with an enterprise certificate (`x5c`).',
  },
  alg,
  accessTokenLifetime,
  integrationType,
}

const configuredSecretMembers: MembersOf<ConfiguredSecret> = {
  name: { type: 'string', description: 'Name of the secret.' },
  value: { type: 'string', description: 'The secret value.' },
  vault: {
    type: 'string',
    optional: true,
    description:
      'The vault: `my-kv` for `https://my-kv.vault.azure.net`. Default: the one that answers under every name.',
  },
  ...secretMembers,
}

const listOf = (members: Members, description: string) =>
  ({ type: 'list', of: { type: 'record', members }, optional: true, description }) as const

export const configurationMembers: MembersOf<EmulatorConfig> = {
  $schema: { type: 'string', optional: true, description: 'For editors; the emulator does not read it.' },
  ...startMembers,
  organisations: listOf(organisationMembers, 'Service owners with short names, beside the few that are known.'),
  scopes: listOf(configuredScopeMembers, 'Scopes that are defined, and who has access.'),
  clients: listOf(configuredClientMembers, 'Clients with their keys.'),
  delegations: listOf(delegationMembers, 'Accesses that are delegated to suppliers.'),
  systemUsers: listOf(systemUserMembers, 'System users.'),
  consents: listOf(consentMembers, 'Consents.'),
  persons: listOf(personMembers, 'Synthetic persons of the register.'),
  secrets: listOf(configuredSecretMembers, 'Secrets of the vaults.'),
  applications: listOf(applicationMembers, 'Applications of Entra ID.'),
}

export function configurationSchema(): JsonObject {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'emulator.json of maskinporten-emulator',
    ...schemaOfMembers(configurationMembers),
  }
}
