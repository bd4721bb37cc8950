/** What `startEmulator` takes, described as the controls are. */
import type { ClockOptions } from '../clock.ts'
import type { RuleOptions } from '../maskinporten/rules.ts'
import type { ServiceName } from '../network/names.ts'
import type { EmulatorOptions } from '../options.ts'
import type { MembersOf } from './members.ts'

const flag = (description: string) => ({ type: 'boolean', optional: true, description }) as const
const port = (service: string) =>
  ({
    type: 'number',
    whole: true,
    minimum: 0,
    maximum: 65_535,
    optional: true,
    description: `Port of ${service}. 0: a free one.`,
  }) as const

const portMembers: MembersOf<{ readonly [Name in ServiceName | 'proxy']?: number | undefined }> = {
  maskinporten: port('Maskinporten'),
  altinn: port('Altinn'),
  register: port('the register of persons'),
  selfService: port('the self-service API'),
  keyVault: port('Key Vault'),
  control: port('the controls'),
  entra: port('Entra ID'),
  proxy: port('the proxy'),
}

/** Seconds and milliseconds that a rule may be set to: a year is more than any test needs. */
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
}

const clockMembers: MembersOf<ClockOptions> = {
  startAt: {
    type: 'number',
    minimum: 0,
    maximum: Date.UTC(9999, 0),
    unit: 'milliseconds since the Unix epoch',
    optional: true,
    description: 'Wall clock at the start. Default: the machine’s.',
  },
  stopped: flag('Time moves by `advance` and `adjust` only.'),
}

export const optionsMembers: MembersOf<EmulatorOptions> = {
  host: { type: 'string', optional: true, default: '127.0.0.1', description: 'The interface to listen on.' },
  ports: { type: 'record', members: portMembers, optional: true, description: 'Default: free ones.' },
  strict: {
    type: 'string',
    oneOf: ['server', 'docs'],
    optional: true,
    default: 'server',
    description: 'As the servers were seen to be, or as Digdir’s pages say.',
  },
  rules: { type: 'record', members: ruleMembers, optional: true, description: 'Single rules, over those of `strict`.' },
  clock: { type: 'record', members: clockMembers, optional: true, description: 'The emulator’s clock.' },
  signingKeyBits: {
    type: 'number',
    oneOf: [2048, 3072, 4096],
    optional: true,
    default: 2048,
    description: 'Modulus of the keys that sign tokens, bits.',
  },
  signingKeys: {
    type: 'record',
    members: {
      maskinporten: { type: 'object', optional: true, description: 'A private RSA JWK. Default: a new one.' },
      altinn: { type: 'object', optional: true, description: 'A private RSA JWK. Default: a new one.' },
    },
    optional: true,
    description: 'The keys that sign tokens.',
  },
  as: {
    type: 'string',
    oneOf: ['loopback', 'test'],
    optional: true,
    default: 'loopback',
    description: 'The names under which it speaks.',
  },
  tenantId: { type: 'string', optional: true, description: 'UUID of the tenant. Default: one of the emulator’s own.' },
}
