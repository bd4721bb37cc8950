/** The one shape of a measure. Each is a file of `measures/`, and runs in processes of its own. */

/** One thing that is measured of every system. */
export interface Figure {
  readonly name: string
  readonly unit: string
  /** The system by whose value of the same round the others' are divided. Absent: the values themselves are compared. */
  readonly against?: string | undefined
  /** Default `less`. */
  readonly better?: 'less' | 'more' | undefined
  /** A number of things: it has no noise, and stands for the worst of all rounds. */
  readonly counted?: true | undefined
  /** Another figure, whose values are divided once more here, by another baseline. */
  readonly of?: string | undefined
}

/** What ours may cost: one of `exactly`, `atMost` and `atLeast`, which is the goal. */
export interface Limit {
  readonly system: string
  readonly figure: string
  readonly exactly?: number | undefined
  readonly atMost?: number | undefined
  readonly atLeast?: number | undefined
  /** A tolerance that the goal grants. */
  readonly failsAt?: number | undefined
  /** A miss that is known: `--check` fails only beyond it, so that it may not grow. The report names it as missed. */
  readonly accepted?: number | undefined
}

/** figure → system → one value a round. The values of one index belong to one round. */
export type Samples = Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>

export interface Measured {
  readonly samples: Samples
  /** What a reader must know of this run: a system that could not be measured, and why. */
  readonly notes?: readonly string[] | undefined
  /** Why nothing could be measured here, where that is no fault. */
  readonly skipped?: string | undefined
}

/** How much is done: `short` is for finding mistakes, `full` for figures. */
export interface Effort {
  readonly kind: 'short' | 'full'
  /** The first number for `short`, the second for `full`. */
  pick(short: number, full: number): number
}

export interface Measure {
  readonly name: string
  /** What is measured, as a reader would ask for it. */
  readonly title: string
  readonly figures: readonly Figure[]
  readonly budget: readonly Limit[]
  /** In the order of the table. */
  readonly systems: readonly string[]
  /** How many processes of their own share the rounds, in full. Default 9, the least for an interval without assumptions; 1 where each round is a process, or nothing varies. */
  readonly processes?: number | undefined
  run(effort: Effort): Promise<Measured>
}

export function effortOf(kind: Effort['kind']): Effort {
  return { kind, pick: (short, full) => (kind === 'short' ? short : full) }
}
