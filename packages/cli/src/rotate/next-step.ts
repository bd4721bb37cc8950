/**
 * What is to be done next, from what the store of the keys and the self-service API say. There is no journal: whoever
 * runs the command after a kill finds the same state, and goes on from there.
 *
 * | in use | waiting        | published        | step      | then                                                  |
 * | ------ | -------------- | ---------------- | --------- | ----------------------------------------------------- |
 * | C      | none           | C …              | `make`    | N waits in the store, and nobody has to remember it   |
 * | C      | N              | C … without N    | `publish` | N … C: nothing is dropped                             |
 * | C      | N              | N … C            | `switch`  | after Maskinporten has given a token for N            |
 * | N      | none (N is it) | N … C, fresh     | `wait`    | C stays published, for apps that have not read N yet  |
 * | N      | none           | N … C, old       | `prune`   | C is taken away; N signs for a token first            |
 * | N      | none           | N …              | `make`, or `done` when only a prune was asked for             |
 *
 * A key that works is in use in each row: C is published until N is in use, and N is in use only after it has worked.
 */
import type { PublishedKey } from '../self-service/client.ts'
import { thumbprintOf } from '../keys/public-half.ts'
import type { Kept } from './key-home.ts'

export type Step = 'make' | 'publish' | 'switch' | 'wait' | 'prune' | 'done'

export interface Asked {
  /** Only ends what was begun, and takes the replaced key away without a grace. */
  readonly isPrune: boolean
  /** How long the replaced key stays published, milliseconds. */
  readonly graceMs: number
  /** False: a new rotation is not begun yet, and one that was begun is ended. */
  readonly isDue: boolean
  /** Kids that are taken away when the new key is published. */
  readonly dropped: readonly string[]
  /** This run has switched already. */
  readonly hasSwitched: boolean
}

export interface RotationState {
  readonly kept: Kept
  readonly published: readonly PublishedKey[]
  /** Milliseconds since the Unix epoch. */
  readonly now: number
}

export function nextStep(
  { kept, published, now }: RotationState,
  { isPrune, isDue, graceMs, hasSwitched }: Asked,
): Step {
  const { next, replaced, since } = kept
  if (next !== undefined) {
    const there = publishedAs(published, next.thumbprint)
    // A key that ended while it waited is of no use.
    if (there?.exp !== undefined && there.exp * 1000 <= now) return 'make'
    return there === undefined ? 'publish' : 'switch'
  }
  if (replaced !== undefined && publishedAs(published, replaced) !== undefined) {
    const isFresh = since === undefined || now < since + graceMs
    if (isPrune || !isFresh) return 'prune'
    return 'wait'
  }
  return isPrune || hasSwitched || !isDue ? 'done' : 'make'
}

export function publishedAs(published: readonly PublishedKey[], thumbprint: string): PublishedKey | undefined {
  return published.find((key) => thumbprintOf(key) === thumbprint)
}
