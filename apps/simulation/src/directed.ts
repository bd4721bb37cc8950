/** Where chance rarely brings what shows a planted bug: a short schedule that does. On the real code every promise holds in it. */
import type { Fault } from './faults.ts'

const MINUTE = 60_000
/** Every instance has its tokens by then. */
const AT = 15 * MINUTE
/** The instance without a store, and the one whose store is a bare one. */
const LONE = 1
const BARE = 2

export interface Directed {
  readonly hours: number
  readonly instances: number
  readonly faults: readonly Fault[]
}

const within = (...faults: readonly Fault[]): Directed => ({ hours: 0.5, instances: 3, faults })

const restarted = (machine: number, at: number): Fault => ({ kind: 'restarted', at, forMs: 30_000, machine })
const unknownKey: Fault = { kind: 'key rotated, known late', at: AT, forMs: 3 * MINUTE, machine: LONE }

/** By the name of the bug. */
export const directed: Readonly<Record<string, Directed>> = {
  // close() falls into a store question: of an instance that has just started, and whose store hangs.
  'asks after close': within(
    { kind: 'redis hangs', at: 0, forMs: 30 * MINUTE },
    restarted(BARE, AT),
    restarted(BARE, AT + 700),
  ),
  // An instance without tokens is told to wait for an hour.
  'Retry-After without a cap': within(
    { kind: 'maskinporten throttles', at: AT, forMs: 10_000, amount: 3_600 },
    restarted(LONE, AT),
  ),
  'tokens in errors': within({ kind: 'maskinporten throttles', at: AT, forMs: 10_000, amount: 1 }, restarted(LONE, AT)),
  // An instance starts with a key that Maskinporten does not know yet, and the former one.
  'no next key': within(unknownKey, restarted(LONE, AT + 1_000)),
  // It is asked for one token after the other.
  'no quarantine': within(
    unknownKey,
    { kind: 'killed', at: AT, forMs: 1_000, machine: LONE },
    { kind: 'rush', at: AT + 2_000, forMs: 30_000, machine: LONE, amount: 5 },
  ),
  // An instance starts while the network fails for a moment, and while nobody tells where to ask.
  'no retry': within(restarted(LONE, AT), { kind: 'maskinporten blip', at: AT + 150, forMs: 900 }),
  'discovery without a limit': within(restarted(LONE, AT), { kind: 'metadata hangs', at: AT, forMs: MINUTE }),
  // Jobs begin, some have no token, and the instance is suspended in the midst of their requests: every ten minutes.
  'waking fails callers': {
    hours: 4,
    instances: 3,
    faults: Array.from({ length: 22 }, (_, index) => ({
      kind: 'suspended',
      at: (index + 1) * 10 * MINUTE,
      forMs: 5 * MINUTE,
      machine: LONE,
    })),
  },
}
