/** Controls of the emulated Altinn and of the register of persons. */
import type { Submission } from '../../altinn/submit.ts'
import type { Trigger } from '../../altinn/trigger.ts'
import type { NewUserToken } from '../../altinn/user-token.ts'
import type { Person } from '../../register/persons.ts'
import type { Control } from '../control.ts'
import type { MembersOf } from '../members.ts'
import type { ControlName } from '../table.ts'

const submissionMembers: MembersOf<Omit<Submission, 'data'>> = {
  org: { type: 'string', description: 'Short name of the service owner: `ttd`.' },
  app: { type: 'string', description: 'Short name of the app.' },
  person: {
    type: 'string',
    optional: true,
    description: 'Who submits: eleven digits of a synthetic person (month + 80). This or `organisation`.',
  },
  organisation: { type: 'orgNumber', optional: true, description: 'Who submits: an organisation. This or `person`.' },
  contentType: {
    type: 'string',
    optional: true,
    description:
      'Media type of `data`. Default: application/xml for text that begins with `<`, text/plain for other text, application/octet-stream for bytes, else application/json.',
  },
  dataType: { type: 'string', optional: true, default: 'model', description: 'As the app names it.' },
}

const triggerMembers: MembersOf<Trigger> = {
  type: {
    type: 'string',
    pattern: /^[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)+$/,
    form: 'the type of an event: app.instance.created',
    description:
      'Apps send `app.instance.created`, `app.instance.process.movedTo.{task}`, `app.instance.process.completed` and `app.instance.substatus.changed`, which change the instance, too; others are the app’s own.',
  },
  instanceGuid: {
    type: 'string',
    optional: true,
    description:
      'UUID of an instance that is there. Default: a new one, of `org`, `app`, and `person` or `organisation`.',
  },
  org: { type: 'string', optional: true, description: 'Short name of the service owner: `ttd`.' },
  app: { type: 'string', optional: true, description: 'Short name of the app.' },
  person: { type: 'string', optional: true, description: submissionMembers.person.description },
  organisation: { type: 'orgNumber', optional: true, description: submissionMembers.organisation.description },
  substatus: {
    type: 'record',
    members: {
      label: { type: 'string', description: 'Text, or the key of a text of the app.' },
      description: { type: 'string', optional: true, description: 'The same. Default: none.' },
    },
    optional: true,
    description: 'With `app.instance.substatus.changed`: what stands in the instance from then on.',
  },
}

const userTokenMembers: MembersOf<NewUserToken> = {
  person: { type: 'string', description: 'Eleven digits of a synthetic person (month + 80).' },
  scopes: {
    type: 'list',
    of: { type: 'string' },
    optional: true,
    default: ['altinn:instances.read'],
    description: 'Scopes of the token.',
  },
  authLevel: {
    type: 'number',
    oneOf: [0, 1, 2, 3, 4],
    optional: true,
    default: 3,
    description: 'How surely the person is known.',
  },
}

export const personMembers: MembersOf<Person> = {
  personidentifikator: { type: 'string', description: 'Eleven digits, with 80 added to the month.' },
  status: {
    type: 'string',
    oneOf: ['AKTIV', 'SLETTET', 'IKKE_REGISTRERT'],
    optional: true,
    default: 'AKTIV',
    description: 'As the register answers it.',
  },
  reservasjon: {
    type: 'string',
    oneOf: ['JA', 'NEI'],
    optional: true,
    default: 'NEI',
    description: 'Has reserved against digital communication.',
  },
  epostadresse: { type: 'string', optional: true, description: 'E-mail address. Default: none.' },
  mobiltelefonnummer: { type: 'string', optional: true, description: 'Mobile number. Default: none.' },
  spraak: {
    type: 'string',
    oneOf: ['nb', 'nn', 'en', 'se'],
    optional: true,
    default: 'nb',
    description: 'Preferred language.',
  },
}

type AltinnControl = ControlName & `${'altinn' | 'register'}.${string}`

export const altinnRows: Readonly<Record<AltinnControl, Control>> = {
  'altinn.submit': {
    method: 'POST',
    path: '/submissions',
    alsoBare: true,
    summary: 'Submits a form: a finished instance in Storage, and its event.',
    options: {
      ...submissionMembers,
      data: {
        type: 'any',
        description: 'The form. Text is kept as it is, anything else as JSON; in process bytes are kept as they are.',
      },
    },
    promise: true,
    answer: {
      status: 201,
      schema: {
        type: 'record',
        members: {
          instance: { type: 'object', description: 'As Storage answers it.' },
          event: { type: 'object', description: 'The CloudEvent.' },
          partyId: { type: 'string', description: 'Number of the submitter in Altinn.' },
          instanceGuid: { type: 'string', description: 'UUID of the instance.' },
          dataGuid: { type: 'string', description: 'UUID of the data element.' },
        },
      },
    },
  },
  'altinn.trigger': {
    method: 'POST',
    path: '/events',
    summary: 'Sends any event of an app, of a new instance or of one that is there. Subscribers get it.',
    options: triggerMembers,
    promise: true,
    answer: {
      status: 201,
      schema: {
        type: 'record',
        members: {
          instance: { type: 'object', description: 'As Storage answers it.' },
          event: { type: 'object', description: 'The CloudEvent.' },
        },
      },
    },
  },
  'altinn.issueUserToken': {
    method: 'POST',
    path: '/altinn/user-tokens',
    summary: 'A token of a person for Storage and Events, which a login in Altinn gives. It lives for 30 minutes.',
    options: userTokenMembers,
    promise: true,
    answer: {
      status: 201,
      schema: {
        type: 'record',
        members: {
          token: { type: 'string', description: 'An Altinn token.' },
          userId: { type: 'string', description: 'Number of the user in Altinn.' },
          partyId: { type: 'string', description: 'Number of the same person as a party.' },
        },
      },
    },
  },
  'altinn.addOrganisation': {
    method: 'POST',
    path: '/organisations',
    summary: 'Makes an organisation a service owner with a short name.',
    positional: {
      orgNumber: { type: 'orgNumber', description: 'The organisation.' },
      org: { type: 'string', description: 'Short name: `ttd`.' },
    },
  },
  'altinn.rotateSigningKey': {
    method: 'POST',
    path: '/altinn/signing-keys',
    summary: 'Signs exchanged tokens with a new key from now on. The former ones stay published.',
    promise: true,
    answer: {
      status: 201,
      schema: { type: 'record', members: { kid: { type: 'string', description: 'Of the new key.' } } },
      of: (kid) => ({ kid }),
    },
  },
  'register.addPerson': {
    method: 'POST',
    path: '/persons',
    summary: 'Adds a synthetic person, or replaces one.',
    options: personMembers,
  },
}
