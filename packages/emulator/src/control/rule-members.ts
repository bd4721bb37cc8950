/** The rules of `startEmulator`: what differs between observed and documented, and what nobody knows. */
import { tokenErrorIds } from '../maskinporten/error-table.ts'
import type { RefusalChange, RuleOptions } from '../maskinporten/rules.ts'
import type { Members, MembersOf } from './members.ts'

const flag = (description: string) => ({ type: 'boolean', optional: true, description }) as const

const refusalChange: MembersOf<RefusalChange> = {
  status: { type: 'number', whole: true, minimum: 400, maximum: 599, optional: true, description: 'HTTP status.' },
  error: { type: 'string', optional: true, description: 'The member `error`.' },
  text: { type: 'string', optional: true, description: 'The member `error_description`, without the trace id.' },
}

const refusalMembers: Members = Object.fromEntries(
  tokenErrorIds.map((id) => [
    id,
    { type: 'record', members: refusalChange, optional: true, description: 'Of this refusal.' } as const,
  ]),
)

/** More than any test needs. */
const yearSeconds = 365 * 86_400

export const ruleMembers: MembersOf<RuleOptions> = {
  texts: { type: 'string', oneOf: ['server', 'docs'], optional: true, description: 'Whose words a refusal has.' },
  strictForm: flag('Reads a body only as a form, and refuses a parameter that is given twice.'),
  maxLifetimeSeconds: {
    type: 'number',
    above: 0,
    maximum: yearSeconds,
    unit: 'seconds',
    optional: true,
    description: 'Longest `exp - iat` of a grant. Default: 180 as observed, 120 as documented.',
  },
  skewSeconds: {
    type: 'number',
    minimum: 0,
    maximum: yearSeconds,
    unit: 'seconds',
    optional: true,
    default: 10,
    description: 'Tolerance for `iat` and `exp`.',
  },
  refuseOldIat: flag('Refuses an `iat` that is older than the tolerance.'),
  refuseUnknownClaims: flag('Refuses claims that Digdir does not document.'),
  acceptTokenEndpointAudience: flag('Takes the URL of the token endpoint as `aud`, too.'),
  acceptLeafOnlyChain: flag('Takes an `x5c` with the leaf certificate only.'),
  echoExternalRef: flag('Repeats `externalRef` in the token of a system user.'),
  legacyClaims: flag('Adds `aud: "unspecified"` and `client_orgno`, as tokens had until 2024.'),
  forbiddenStatus: {
    type: 'number',
    oneOf: [403, 400],
    optional: true,
    default: 403,
    description: 'Status of MP-250 and MP-251.',
  },
  errorUriBase: { type: 'string', optional: true, description: 'What stands before the code in `error_uri`.' },
  keyPropagationDelayMs: {
    type: 'number',
    minimum: 0,
    maximum: yearSeconds * 1000,
    unit: 'milliseconds',
    optional: true,
    default: 0,
    description: 'How long a new key stays unknown to the token endpoint.',
  },
  refusals: {
    type: 'record',
    optional: true,
    members: refusalMembers,
    description: 'Changes of single refusals, by their ids in the table. Default: none.',
  },
  minimumKeyBits: {
    type: 'number',
    whole: true,
    minimum: 512,
    maximum: 16_384,
    unit: 'bits',
    optional: true,
    default: 2048,
    description: 'What an upload of a key wants at least.',
  },
  maxKidLength: {
    type: 'number',
    whole: true,
    minimum: 1,
    maximum: 255,
    unit: 'characters',
    optional: true,
    default: 255,
    description: 'Longest `kid` that an upload takes.',
  },
  honourKeyExp: flag('Takes an earlier end of a key from its `exp`.'),
  renewKeys: flag('A key that is uploaded again lives for a year from then.'),
  audienceForm: {
    type: 'string',
    oneOf: ['as-sent', 'list'],
    optional: true,
    default: 'as-sent',
    description: '`aud` of a token for a `resource`.',
  },
  rememberGrantsWithoutJti: flag('Remembers a used grant without `jti` by its hash.'),
  rememberGrantsSeconds: {
    type: 'number',
    minimum: 0,
    maximum: yearSeconds,
    unit: 'seconds',
    optional: true,
    default: 10,
    description: 'How long after its `exp` a used grant is remembered.',
  },
  expiresIn: {
    type: 'string',
    oneOf: ['left', 'lifetime'],
    optional: true,
    default: 'left',
    description: '`expires_in`: what is left when it is sent, or the whole lifetime.',
  },
  exchangeErrorBody: {
    type: 'string',
    oneOf: ['problem', 'empty'],
    optional: true,
    default: 'problem',
    description: 'Body of the 401 of the exchange.',
  },
  altinnErrorBody: {
    type: 'string',
    oneOf: ['text', 'json'],
    optional: true,
    default: 'text',
    description: 'Words of the refusals of Storage and of polling: plain text, or a JSON text and a problem document.',
  },
  sendNullNext: flag('Storage sends `next: null` on the last page, and does not leave it out.'),
  acceptLoopbackHttp: flag('Events takes end points and source filters with http, too, when they are on loopback.'),
  registerErrorBody: {
    type: 'string',
    oneOf: ['problem', 'empty'],
    optional: true,
    default: 'problem',
    description: 'Body of the refusals of the register.',
  },
}
