/** What a client is registered with. */
import { defaultLifetimeSeconds, longestLifetimeSeconds } from '../../maskinporten/claims.ts'
import type { MembersOf } from '../members.ts'
import { testOrganisation, type NewClientOptions } from '../register-client.ts'

export const clientMembers: MembersOf<NewClientOptions> = {
  scopes: {
    type: 'list',
    of: { type: 'string' },
    description: 'Scopes, each `prefix:name`. The organisation is granted access to those that nobody has defined.',
  },
  orgNumber: {
    type: 'orgNumber',
    optional: true,
    default: testOrganisation,
    description: 'The organisation that owns the client. 991825827 is Digdir.',
  },
  clientId: { type: 'string', optional: true, description: 'Default: a new UUID.' },
  kid: { type: 'string', optional: true, description: 'Name of the key. Default: a new UUID.' },
  alg: {
    type: 'string',
    oneOf: ['RS256', 'RS384', 'RS512'],
    optional: true,
    default: 'RS256',
    description: 'Signature algorithm of the client’s grants.',
  },
  jwk: { type: 'object', optional: true, description: 'An RSA JWK, private or public. Default: a new private one.' },
  withoutKey: {
    type: 'boolean',
    optional: true,
    default: false,
    description: 'Registers no key: the client signs with an enterprise certificate (`x5c`).',
  },
  accessTokenLifetime: {
    type: 'number',
    above: 0,
    maximum: longestLifetimeSeconds,
    form: `a number, more than 0 seconds and ${longestLifetimeSeconds} at most`,
    unit: 'seconds',
    optional: true,
    default: defaultLifetimeSeconds,
    description: 'Lifetime of the client’s tokens.',
  },
  integrationType: { type: 'string', optional: true, default: 'maskinporten', description: 'As Digdir names it.' },
}
