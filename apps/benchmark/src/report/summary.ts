/** What the rounds of a measure come to, and whether ours keeps its budget. */
import type { Figure, Limit, Measure, Measured, Samples } from '../measure.ts'
import { type Estimate, estimate, isSound, worst } from '../statistics.ts'

export interface Row {
  readonly system: string
  /** By figure. `ratio` is there where the figure is compared with a system. */
  readonly figures: Readonly<Record<string, { readonly value: Estimate; readonly ratio?: Estimate | undefined }>>
}

/**
 * `noise`: the goal is missed, and the interval, or the tolerance that the goal itself grants, reaches back.
 * `accepted`: it is missed, and not beyond what is accepted. `exceeded` and `not measured` fail `--check`.
 */
export type Judgement = 'holds' | 'noise' | 'accepted' | 'exceeded' | 'not measured' | 'skipped'

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
  const skipped = runs.flatMap((run) => (run.skipped === undefined ? [] : [`Skipped: ${run.skipped}.`]))
  return {
    name,
    title,
    figures,
    rows: sorted(rows, figures),
    verdicts: budget.map((limit) => verdictOf(limit, rows, shape, skipped.length > 0)),
    notes: [...new Set(runs.flatMap(({ notes = [] }) => notes).concat(skipped))],
  }
}

function rowOf(system: string, figures: readonly Figure[], all: readonly Samples[]): Row {
  const found = figures.flatMap((figure) => {
    const { name, against, of = name } = figure
    const values = all.map((samples) => samples[of]?.[system] ?? [])
    if (values.every((rounds) => rounds.length === 0)) return []
    const value = estimateOf(figure, values)
    if (against === undefined) return [[name, { value }] as const]
    const ratios = values.map((rounds, run) =>
      rounds.flatMap((one, round) => ratio(one, all[run]?.[of]?.[against], round)),
    )
    return [[name, { value, ratio: estimateOf(figure, ratios) }] as const]
  })
  return { system, figures: Object.fromEntries(found) }
}

function estimateOf({ counted, better }: Figure, groups: readonly (readonly number[])[]): Estimate {
  return counted === true ? worst(groups, better) : estimate(groups)
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

/** By the first figure; a system without it is sorted behind, by the next one. */
function sorted(rows: readonly Row[], figures: readonly Figure[]): readonly Row[] {
  return rows.toSorted((a, b) => {
    for (const { name, better } of figures) {
      const [one, other] = [a, b].map((row) => compared(row, name)?.value ?? Number.NaN)
      if (one === undefined || other === undefined || (Number.isNaN(one) && Number.isNaN(other))) continue
      if (Number.isNaN(one) || Number.isNaN(other)) return Number.isNaN(one) ? 1 : -1
      return better === 'more' ? other - one : one - other
    }
    return 0
  })
}

function verdictOf(limit: Limit, rows: readonly Row[], { figures }: Shape, skipped: boolean): Verdict {
  const row = rows.find(({ system }) => system === limit.system)
  if (row === undefined && skipped) return { ...limit, judgement: 'skipped' }
  const figure = figures.find(({ name }) => name === limit.figure)
  return judge(limit, row && compared(row, limit.figure), figure?.counted)
}

/** @param counted the worst of all rounds decides, not the interval. */
export function judge(limit: Limit, measured: Estimate | undefined, counted = false): Verdict {
  return { ...limit, measured, judgement: judgementOf(limit, measured, counted) }
}

function judgementOf(limit: Limit, measured: Estimate | undefined, counted: boolean): Judgement {
  if (measured === undefined || !isSound(measured)) return 'not measured'
  const { value, low, high } = measured
  const { exactly, atMost, atLeast, accepted } = limit
  if (exactly !== undefined) return low === exactly && high === exactly ? 'holds' : 'exceeded'
  const goal = atMost ?? atLeast
  if (goal === undefined) throw new TypeError(`the budget of ${limit.figure} says no exactly, atMost or atLeast`)
  const misses = (found: number, bound: number): boolean => (atMost === undefined ? found < bound : found > bound)
  if (!misses(value, goal)) return 'holds'
  const bestBelieved = atMost === undefined ? high : low
  const surely = counted ? value : bestBelieved
  if (!misses(surely, limit.failsAt ?? goal)) return 'noise'
  return accepted !== undefined && !misses(surely, accepted) ? 'accepted' : 'exceeded'
}
