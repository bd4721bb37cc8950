/** Controls of the emulator itself: clients, certificates, faults, clock, what arrived, and the way back to the start. */
import { longestStepMs } from '../../clock.ts'
import { type Fault, longestDelayMs } from '../../http/faults.ts'
import { targets } from '../../http/target.ts'
import type { Answer, Control } from '../control.ts'
import type { Member, MembersOf } from '../members.ts'
import type { ControlName } from '../table.ts'
import type { UseOptions } from '../client-of-settings.ts'
import { clientMembers } from './client-members.ts'

const faultMembers: MembersOf<Fault> = {
  times: {
    type: 'number',
    whole: true,
    minimum: 1,
    orForever: true,
    optional: true,
    default: 1,
    description: 'How many requests meet the fault. "forever": all until the faults are cleared.',
  },
  status: {
    type: 'number',
    whole: true,
    // What is below 200 announces an answer and is none: the caller would wait for ever. For that there is `hang`.
    minimum: 200,
    maximum: 599,
    optional: true,
    description: 'Answers at once with this status. Default: 200 when `body` is given, else the request is handled.',
  },
  body: { type: 'any', optional: true, description: 'Text is sent as it is, anything else as JSON. Default: none.' },
  headers: {
    type: 'map',
    of: { type: 'string', orNumber: true },
    optional: true,
    description: 'Set on the answer. Alone: on the answer of a request that is handled as usual.',
  },
  delayMs: {
    type: 'number',
    minimum: 0,
    maximum: longestDelayMs,
    unit: 'milliseconds',
    optional: true,
    default: 0,
    description: 'Waits first. Alone: the request is then handled as usual.',
  },
  hang: { type: 'boolean', optional: true, default: false, description: 'Never answers.' },
  reset: {
    type: 'boolean',
    optional: true,
    default: false,
    description: 'Cuts the connection (TCP reset) without handling the request.',
  },
  loseAnswer: {
    type: 'boolean',
    optional: true,
    default: false,
    description: 'Handles the request, then cuts the connection instead of answering.',
  },
  error: {
    type: 'string',
    optional: true,
    description:
      'Refuses with a named error. Target `token`: a row of the table of refusals. `key-vault` and `entra`: an error of theirs.',
  },
}

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

const target: Member = { type: 'string', oneOf: targets, description: 'What the request is for.' }
const anyTarget: Member = { ...target, optional: true, description: 'Default: all.' }
const now: Member = { type: 'number', description: 'Wall clock, milliseconds since the Unix epoch.' }

const nowAnswer: Answer = {
  status: 200,
  schema: { type: 'record', members: { now } },
  of: (_result, { clock }) => ({ now: clock.now() }),
}

type OwnControl = Exclude<
  ControlName,
  `${'maskinporten' | 'altinn' | 'register' | 'keyVault' | 'entra' | 'texas'}.${string}`
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
    summary: 'What arrived, oldest first.',
    positional: { target: anyTarget },
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
  'faults.next': {
    method: 'POST',
    path: '/faults/{target}',
    alsoBare: true,
    summary: 'Queues a fault for requests of a target.',
    positional: { target },
    options: faultMembers,
  },
  'faults.clear': {
    method: 'DELETE',
    path: '/faults',
    alsoBare: true,
    summary: 'Forgets the faults of a target, or of all.',
    positional: { target: anyTarget },
  },
}
