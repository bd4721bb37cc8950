/** What `startEmulator` takes, described as the controls are. */
import type { ClockOptions } from '../clock.ts'
import type { ServiceName } from '../network/names.ts'
import type { EmulatorOptions } from '../options.ts'
import type { MembersOf } from './members.ts'
import { ruleMembers } from './rule-members.ts'

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

const hostName = /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/i

const portMembers: MembersOf<{ readonly [Name in ServiceName | 'proxy']?: number | undefined }> = {
  maskinporten: port('Maskinporten'),
  altinn: port('Altinn'),
  register: port('the register of persons'),
  selfService: port('the self-service API'),
  keyVault: port('Key Vault'),
  control: port('the controls'),
  entra: port('Entra ID'),
  texas: port('Texas'),
  proxy: port('the proxy'),
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

/** Those that a configuration file may have, too. */
export const startMembers: MembersOf<Omit<EmulatorOptions, 'config' | 'log' | 'allowProduction'>> = {
  host: { type: 'string', optional: true, default: '127.0.0.1', description: 'The interface to listen on.' },
  publicName: {
    type: 'string',
    pattern: hostName,
    form: 'a host name without scheme and port',
    optional: true,
    description: 'Host name in its addresses, the issuer and the metadata. Default: `host`.',
  },
  publicUrl: {
    type: 'string',
    optional: true,
    description:
      'Origin of Maskinporten as its callers know it; the other services have its host name. Not beside `publicName`.',
  },
  allowedHosts: {
    type: 'list',
    of: { type: 'string', pattern: hostName, form: 'a host name without scheme and port' },
    optional: true,
    default: [],
    description: 'More host names under which it is called, and which issuer and metadata then speak.',
  },
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

export const optionsMembers: MembersOf<EmulatorOptions> = {
  ...startMembers,
  config: { type: 'any', optional: true, description: 'Path of a configuration file, or its content as an object.' },
  allowProduction: flag('Starts although NODE_ENV is `production`.'),
  log: { type: 'any', optional: true, description: 'Called with each request that was answered.' },
}
