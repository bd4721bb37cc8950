/** Controls of the faults that requests are to meet. */
import { type Fault, longestDelayMs } from '../../http/faults.ts'
import { targets } from '../../http/target.ts'
import type { Control } from '../control.ts'
import type { Member, MembersOf } from '../members.ts'
import type { ControlName } from '../table.ts'

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

const target: Member = { type: 'string', oneOf: targets, description: 'What the request is for.' }
export const anyTarget: Member & { readonly optional: true } = {
  ...target,
  optional: true,
  description: 'Default: all.',
}

export const faultRows: Readonly<Record<Extract<ControlName, `faults.${string}`>, Control>> = {
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
