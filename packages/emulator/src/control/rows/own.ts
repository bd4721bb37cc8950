/** Controls of the emulator itself: clients, certificates, clock, what arrived, and the way back to the start. */
import { longestStepMs } from '../../clock.ts'
import type { RequestFilter } from '../../http/recorder.ts'
import type { Answer, Control } from '../control.ts'
import type { Member, MembersOf } from '../members.ts'
import type { ControlName } from '../table.ts'
import type { UseOptions } from '../client-of-settings.ts'
import { clientMembers } from './client-members.ts'
import { anyTarget } from './faults.ts'

const useMembers: MembersOf<UseOptions> = {
  orgNumber: clientMembers.orgNumber,
  scopes: {
    type: 'list',
    of: { type: 'string' },
    optional: true,
    description: 'Scopes of the client. Default: those of the settings.',
  },
  jwk: {
    type: 'object',
    optional: true,
    description: 'Its RSA JWK, private or public, where the settings have no key.',
  },
}

const filterMembers: MembersOf<RequestFilter> = {
  target: anyTarget,
  since: {
    type: 'instant',
    orNumber: true,
    optional: true,
    description: 'Arrived then or later: ISO 8601, or milliseconds since the Unix epoch. Default: all.',
  },
  status: {
    type: 'number',
    whole: true,
    minimum: 100,
    maximum: 599,
    optional: true,
    description: 'Answered with this status. Default: all.',
  },
  refused: {
    type: 'boolean',
    optional: true,
    description: 'Those that a rule or a fault refused; false: all the others. Default: all.',
  },
  limit: {
    type: 'number',
    whole: true,
    minimum: 1,
    optional: true,
    description: 'The newest so many of those that are left. Default: all.',
  },
}

const now: Member = { type: 'number', description: 'Wall clock, milliseconds since the Unix epoch.' }

const nowAnswer: Answer = {
  status: 200,
  schema: { type: 'record', members: { now } },
  of: (_result, { clock }) => ({ now: clock.now() }),
}

type OwnControl = Exclude<
  ControlName,
  `${'maskinporten' | 'altinn' | 'register' | 'keyVault' | 'entra' | 'texas' | 'faults'}.${string}`
>

export const ownRows: Readonly<Record<OwnControl, Control>> = {
  registerClient: {
    method: 'POST',
    path: '/clients',
    alsoBare: true,
    summary: 'Registers a client, with a new key or the one given.',
    options: clientMembers,
    promise: true,
    answer: {
      status: 201,
      schema: {
        type: 'record',
        members: {
          clientId: { type: 'string', description: 'The grant’s `iss`.' },
          orgNumber: { type: 'string', description: 'The organisation.' },
          scopes: { type: 'list', of: { type: 'string' }, description: 'Its scopes.' },
          kid: { type: 'string', optional: true, description: 'Of its key.' },
          jwk: { type: 'object', optional: true, description: 'Its key: private, unless a public one was given.' },
          settings: { type: 'object', description: 'The section `MaskinportenSettings`.' },
          environment: { type: 'object', description: 'The settings as variables.' },
        },
      },
    },
  },
  use: {
    method: 'POST',
    path: '/clients/of-settings',
    summary: 'Registers the client that the settings name, with the public half of their key; a known one anew.',
    positional: {
      settings: {
        type: 'object',
        description: 'The section `MaskinportenSettings`, an object that has it, or variables.',
      },
    },
    options: useMembers,
    promise: true,
    answer: {
      status: 201,
      schema: {
        type: 'record',
        members: {
          clientId: { type: 'string', description: 'The grant’s `iss`.' },
          orgNumber: { type: 'string', description: 'The organisation.' },
          scopes: { type: 'list', of: { type: 'string' }, description: 'Its scopes.' },
          kid: { type: 'string', description: 'Of its key.' },
        },
      },
    },
  },
  issueCertificate: {
    method: 'POST',
    path: '/certificates',
    summary: 'Issues an enterprise certificate ("virksomhetssertifikat") with its key.',
    options: {
      orgNumber: { type: 'orgNumber', description: 'The organisation that the certificate names.' },
      name: { type: 'string', optional: true, default: 'Emulert virksomhet', description: 'Its name.' },
      flaw: {
        type: 'string',
        oneOf: ['expired', 'revoked', 'foreign'],
        optional: true,
        description:
          'What the token endpoint is to refuse it for, with MP-120: its three years are over, it is revoked, or another authority of the same name has issued it. Default: nothing.',
      },
    },
    promise: true,
    answer: {
      status: 201,
      schema: {
        type: 'record',
        members: {
          privateKeyPem: { type: 'string', description: 'PKCS #8.' },
          chainPem: { type: 'string', description: 'Leaf first, then the issuing authority.' },
          x5c: { type: 'list', of: { type: 'string' }, description: 'The same chain for the header `x5c`.' },
        },
      },
    },
  },
  requests: {
    method: 'GET',
    path: '/requests',
    alsoBare: true,
    summary: 'What arrived and what was answered, oldest first: the rule that refused, and what it compared.',
    options: filterMembers,
    answer: { status: 200, schema: { type: 'list', of: { type: 'object' } } },
  },
  clearRequests: {
    method: 'DELETE',
    path: '/requests',
    alsoBare: true,
    summary: 'Forgets what arrived.',
    positional: { target: anyTarget },
  },
  reset: {
    method: 'POST',
    path: '/reset',
    summary: 'Makes everything as it was at the start, clock and signing keys included. Addresses and authority stay.',
    promise: true,
  },
  'clock.now': {
    method: 'GET',
    path: '/clock',
    alsoBare: true,
    summary: 'The wall clock.',
    answer: nowAnswer,
  },
  'clock.monotonic': {
    method: 'GET',
    path: '/clock/monotonic',
    summary: 'The clock that never goes back.',
    answer: {
      status: 200,
      schema: {
        type: 'record',
        members: { monotonic: { type: 'number', description: 'Milliseconds since the emulator started.' } },
      },
      of: (monotonic) => ({ monotonic }),
    },
  },
  'clock.advance': {
    method: 'POST',
    path: '/clock/advance',
    alsoBare: true,
    summary: 'Moves both clocks forward.',
    positional: {
      ms: {
        type: 'number',
        minimum: 0,
        maximum: longestStepMs,
        form: `a number of milliseconds, from 0 (clock.advance goes forward only; clock.adjust sets the wall clock back) to ${longestStepMs} (ten years)`,
        description: 'Milliseconds.',
      },
    },
    answer: nowAnswer,
  },
  'clock.adjust': {
    method: 'POST',
    path: '/clock/adjust',
    summary: 'Sets the wall clock alone forward or back, as NTP does.',
    positional: {
      ms: {
        type: 'number',
        minimum: -longestStepMs,
        maximum: longestStepMs,
        form: `a number of milliseconds, up to ${longestStepMs} (ten years) forward or, with a minus, back`,
        description: 'Milliseconds; back with a minus.',
      },
    },
    answer: nowAnswer,
  },
}
