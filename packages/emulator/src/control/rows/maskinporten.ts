/** Controls of the emulated Maskinporten. */
import { defaultOwner, type Delegation, type ScopeDefinition } from '../../maskinporten/scopes.ts'
import { longestLifetimeSeconds } from '../../maskinporten/claims.ts'
import type { Consent, SystemUser } from '../../maskinporten/system-users.ts'
import type { Control } from '../control.ts'
import type { Member, MembersOf } from '../members.ts'
import type { ControlName } from '../table.ts'

const clientId: Member = { type: 'string', description: 'A registered client.' }
const scopeName: Member = { type: 'string', description: 'Name of the scope.' }
const consumer: Member = { type: 'orgNumber', description: 'The organisation.' }

export const scopeMembers: MembersOf<ScopeDefinition> = {
  name: { type: 'string', description: '`prefix:name`.' },
  accessibleForAll: {
    type: 'boolean',
    optional: true,
    default: false,
    description: 'Every organisation may use the scope.',
  },
  allowedIntegrationTypes: {
    type: 'list',
    of: { type: 'string' },
    optional: true,
    default: [],
    description: 'Integration types that may use the scope. Empty: all.',
  },
  delegable: {
    type: 'boolean',
    optional: true,
    default: false,
    description: 'The access can be delegated to a supplier in Altinn.',
  },
  atMaxAge: {
    type: 'number',
    minimum: 0,
    maximum: longestLifetimeSeconds,
    unit: 'seconds',
    optional: true,
    default: 0,
    description: 'Longest lifetime of a token with this scope. 0: the client decides.',
  },
  pidRestricted: {
    type: 'boolean',
    optional: true,
    default: false,
    description: 'A grant must have a `pid`, which the token then has.',
  },
  active: { type: 'boolean', optional: true, default: true, description: 'An inactive scope is refused.' },
  owner: {
    type: 'orgNumber',
    optional: true,
    default: defaultOwner,
    description: 'The organisation that administers the scope in the self-service API.',
  },
}

export const delegationMembers: MembersOf<Delegation> = {
  scope: { type: 'string', description: 'The delegated scope.' },
  from: { type: 'orgNumber', description: 'The consumer, who has the access.' },
  to: { type: 'orgNumber', description: 'The supplier, who owns the client.' },
}

export const systemUserMembers: MembersOf<SystemUser> = {
  orgNumber: { type: 'orgNumber', description: 'The customer that owns the system user.' },
  clientIds: {
    type: 'list',
    of: { type: 'string' },
    description: 'Clients registered on its system in the System Register.',
  },
  systemId: { type: 'string', description: '`{organisation number of the vendor}_{name}`.' },
  externalRef: { type: 'string', optional: true, description: 'Reference of the vendor. Default: none.' },
  systemUserId: { type: 'string', optional: true, description: 'UUID. Default: a new one.' },
  resources: {
    type: 'list',
    of: { type: 'string', pattern: /^[a-z0-9_-]+$/, form: 'the id of a resource: app_ttd_my-app' },
    optional: true,
    default: [],
    description: 'Apps whose instances of the customer it may read, and whose events it may have: `app_ttd_my-app`.',
  },
  approved: {
    type: 'boolean',
    optional: true,
    default: true,
    description: 'The customer has approved it. Without that no token names it.',
  },
}

export const consentMembers: MembersOf<Consent> = {
  id: { type: 'string', optional: true, description: 'UUID. Default: a new one.' },
  from: {
    type: 'string',
    description: '`urn:altinn:person:identifier-no:<11 digits>` or `urn:altinn:organization:identifier-no:<9 digits>`.',
  },
  to: { type: 'orgNumber', description: 'The consumer to whom the consent was given.' },
  consentRights: { type: 'list', of: { type: 'object' }, description: 'As Altinn writes them.' },
  validTo: {
    type: 'number',
    unit: 'milliseconds since the Unix epoch',
    optional: true,
    description: 'End of the consent. Default: a year from now.',
  },
  approved: {
    type: 'boolean',
    optional: true,
    default: true,
    description: 'Has been given, and not taken back.',
  },
}

const systemUserId: Member = { type: 'string', description: 'UUID of a system user that was added.' }
const consentId: Member = { type: 'string', description: 'UUID of a consent that was added.' }
const listAnswer: Control['answer'] = { status: 200, schema: { type: 'list', of: { type: 'object' } } }

const signingKeyAnswer: Control['answer'] = {
  status: 201,
  schema: { type: 'record', members: { kid: { type: 'string', description: 'Of the new key.' } } },
  of: (kid) => ({ kid }),
}

type MaskinportenControl = ControlName & `maskinporten.${string}`

export const maskinportenRows: Readonly<Record<MaskinportenControl, Control>> = {
  'maskinporten.defineScope': {
    method: 'POST',
    path: '/scopes',
    summary: 'Defines a scope, or redefines it. Nobody has access to a new one until it is granted.',
    options: scopeMembers,
  },
  'maskinporten.grantAccess': {
    method: 'POST',
    path: '/scopes/access',
    summary: 'Grants an organisation access to a scope.',
    positional: { scope: scopeName, orgNumber: consumer },
  },
  'maskinporten.revokeAccess': {
    method: 'DELETE',
    path: '/scopes/access',
    summary: 'Takes the access of an organisation to a scope back.',
    positional: { scope: scopeName, orgNumber: consumer },
  },
  'maskinporten.delegate': {
    method: 'POST',
    path: '/delegations',
    summary: 'Delegates an access to a supplier, as Altinn does.',
    options: delegationMembers,
  },
  'maskinporten.revokeDelegation': {
    method: 'DELETE',
    path: '/delegations',
    summary: 'Takes a delegation back.',
    options: delegationMembers,
  },
  'maskinporten.addSystemUser': {
    method: 'POST',
    path: '/system-users',
    summary: 'Adds a system user that `authorization_details` can name.',
    options: systemUserMembers,
    answer: {
      status: 201,
      schema: { type: 'record', members: { systemUserId: { type: 'string', description: 'UUID.' } } },
    },
  },
  'maskinporten.systemUsers': {
    method: 'GET',
    path: '/system-users',
    summary: 'The system users, in the order in which they were added.',
    answer: listAnswer,
  },
  'maskinporten.approveSystemUser': {
    method: 'POST',
    path: '/system-users/{systemUserId}/approval',
    summary: 'Approves a system user, as its customer does in Altinn.',
    positional: { systemUserId },
  },
  'maskinporten.revokeSystemUser': {
    method: 'DELETE',
    path: '/system-users/{systemUserId}/approval',
    summary: 'Takes the approval of a system user back. Tokens that name it stay valid, and open nothing in Storage.',
    positional: { systemUserId },
  },
  'maskinporten.addConsent': {
    method: 'POST',
    path: '/consents',
    summary: 'Adds a consent that `authorization_details` can name.',
    options: consentMembers,
    answer: { status: 201, schema: { type: 'record', members: { id: { type: 'string', description: 'UUID.' } } } },
  },
  'maskinporten.consents': {
    method: 'GET',
    path: '/consents',
    summary: 'The consents, in the order in which they were added.',
    answer: listAnswer,
  },
  'maskinporten.approveConsent': {
    method: 'POST',
    path: '/consents/{id}/approval',
    summary: 'Gives a consent, from now on.',
    positional: { id: consentId },
  },
  'maskinporten.revokeConsent': {
    method: 'DELETE',
    path: '/consents/{id}/approval',
    summary: 'Takes a consent back.',
    positional: { id: consentId },
  },
  'maskinporten.setKeys': {
    method: 'PUT',
    path: '/clients/{clientId}/keys',
    summary: 'Replaces all keys of a client. Each lives for a year from now.',
    positional: {
      clientId,
      jwks: { type: 'list', of: { type: 'object' }, description: 'Public RSA JWKs with `kid`, five at most.' },
    },
  },
  'maskinporten.addKey': {
    method: 'POST',
    path: '/clients/{clientId}/keys',
    summary: 'Adds a key to a client: a new one, or the RSA JWK given.',
    positional: { clientId },
    options: {
      kid: { type: 'string', optional: true, description: 'Name of the key. Default: that of `jwk`, or a new UUID.' },
      jwk: { type: 'object', optional: true, description: 'A private or public RSA JWK. Default: a new private one.' },
    },
    promise: true,
    answer: { status: 201, schema: { type: 'object' } },
  },
  'maskinporten.deactivate': {
    method: 'DELETE',
    path: '/clients/{clientId}',
    summary: 'Deactivates a client.',
    positional: { clientId },
  },
  'maskinporten.rotateSigningKey': {
    method: 'POST',
    path: '/maskinporten/signing-keys',
    summary: 'Signs tokens with a new key from now on. The former ones stay published.',
    promise: true,
    answer: signingKeyAnswer,
  },
}
