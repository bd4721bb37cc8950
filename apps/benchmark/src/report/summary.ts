/** What the rounds of a measure come to, and whether ours keeps its budget. */
import type { Figure, Limit, Measure, Measured, Samples } from '../measure.ts'
import { type Estimate, estimate } from '../statistics.ts'

export interface Row {
  readonly system: string
  /** By figure. `ratio` is there where the figure is compared with a system. */
  readonly figures: Readonly<Record<string, { readonly value: Estimate; readonly ratio?: Estimate | undefined }>>
}

/** `noise`: over the budget, and the interval, or the tolerance that the budget itself grants, reaches back. */
export type Judgement = 'holds' | 'noise' | 'exceeded' | 'not measured'

export interface Verdict extends Limit {
  readonly measured?: Estimate | undefined
  readonly judgement: Judgement
}

export interface Summary {
  readonly name: string
  readonly title: string
  readonly figures: readonly Figure[]
  /** Best first. */
  readonly rows: readonly Row[]
  readonly verdicts: readonly Verdict[]
  readonly notes: readonly string[]
}

export type Shape = Omit<Measure, 'run'>

/** @param runs one for each process. */
export function summarise(shape: Shape, runs: readonly Measured[]): Summary {
  const { name, title, figures, budget, systems } = shape
  const rows = systems
    .map((system) =>
      rowOf(
        system,
        figures,
        runs.map(({ samples }) => samples),
      ),
    )
    .filter(isMeasured)
  return {
    name,
    title,
    figures,
    rows: sorted(rows, figures[0]),
    verdicts: budget.map((limit) => judge(limit, comparedIn(rows, limit))),
    notes: [...new Set(runs.flatMap(({ notes = [] }) => notes))],
  }
}

function rowOf(system: string, figures: readonly Figure[], all: readonly Samples[]): Row {
  const found = figures.flatMap(({ name, against }) => {
    const values = all.map((samples) => samples[name]?.[system] ?? [])
    if (values.every((rounds) => rounds.length === 0)) return []
    const value = estimate(values)
    if (against === undefined) return [[name, { value }] as const]
    const ratios = values.map((rounds, run) =>
      rounds.flatMap((one, round) => ratio(one, all[run]?.[name]?.[against], round)),
    )
    return [[name, { value, ratio: estimate(ratios) }] as const]
  })
  return { system, figures: Object.fromEntries(found) }
}

/** A baseline that was measured once serves every round. */
function ratio(value: number, baseline: readonly number[] = [], round: number): readonly number[] {
  const by = baseline[round] ?? baseline.at(-1)
  return by === undefined ? [] : [value / by]
}

const isMeasured = ({ figures }: Row): boolean => Object.keys(figures).length > 0

export function compared({ figures }: Row, figure: string): Estimate | undefined {
  return figures[figure]?.ratio ?? figures[figure]?.value
}

function comparedIn(rows: readonly Row[], { system, figure }: Limit): Estimate | undefined {
  const row = rows.find((one) => one.system === system)
  return row && compared(row, figure)
}

function sorted(rows: readonly Row[], first: Figure | undefined): readonly Row[] {
  if (first === undefined) return rows
  const sign = first.better === 'more' ? -1 : 1
  const of = (row: Row): number => compared(row, first.name)?.value ?? Number.POSITIVE_INFINITY
  return rows.toSorted((a, b) => sign * (of(a) - of(b)))
}

export function judge(limit: Limit, measured: Estimate | undefined): Verdict {
  return { ...limit, measured, judgement: judgementOf(limit, measured) }
}

function judgementOf({ atMost, atLeast, failsAt }: Limit, measured: Estimate | undefined): Judgement {
  if (measured === undefined) return 'not measured'
  const { value, low, high } = measured
  if (atMost !== undefined && value > atMost) return low > (failsAt ?? atMost) ? 'exceeded' : 'noise'
  if (atLeast !== undefined && value < atLeast) return high < (failsAt ?? atLeast) ? 'exceeded' : 'noise'
  return 'holds'
}
