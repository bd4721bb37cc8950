/** What the processes of a measure say together, and how far that is to be trusted. */

export interface Estimate {
  readonly value: number
  /** 95 % interval; of a count the least and the most. */
  readonly low: number
  readonly high: number
}

/** From so many units on the interval is of order statistics, which ask nothing of the distribution. */
const ENOUGH_UNITS = 9
/** Student's t, two-sided 95 %, for 1 to 7 degrees of freedom. */
const STUDENT = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365]
const BROKEN: Estimate = { value: Number.NaN, low: Number.NaN, high: Number.NaN }

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  const upper = sorted[Math.floor(middle)] ?? Number.NaN
  return Number.isInteger(middle) ? (upper + (sorted[middle - 1] ?? Number.NaN)) / 2 : upper
}

/**
 * The median over processes of the median over their rounds. The process is the unit: its memory layout and its compiler's
 * choices stay for all its rounds, so a thousand rounds of one say no more than one. Where a measure has one process, each
 * of its rounds starts its own, and the round is the unit.
 *
 * One value that is no duration or amount (not finite, or not above 0) breaks the whole: all three are NaN.
 */
export function estimate(groups: readonly (readonly number[])[]): Estimate {
  const units = groups.length === 1 ? (groups[0] ?? []) : groups.map(median)
  if (units.length === 0 || !groups.flat().concat(units).every(isAmount)) return BROKEN
  const sorted = units.toSorted((a, b) => a - b)
  const [low, high] = sorted.length < ENOUGH_UNITS ? byStudent(sorted) : byOrder(sorted)
  return { value: median(sorted), low, high }
}

/** Of a count, which has no noise: the worst of all rounds of all processes. NaN when one of them is no count. */
export function worst(groups: readonly (readonly number[])[], better: 'less' | 'more' = 'less'): Estimate {
  const values = groups.flat()
  const isCount = (value: number): boolean => Number.isFinite(value) && value >= 0
  if (groups.some((group) => group.length === 0) || !values.every(isCount)) return BROKEN
  const low = Math.min(...values)
  const high = Math.max(...values)
  return { value: better === 'less' ? high : low, low, high }
}

export const isSound = ({ value, low, high }: Estimate): boolean => [value, low, high].every(Number.isFinite)

const isAmount = (value: number): boolean => Number.isFinite(value) && value > 0

/** Of logarithms, since ratios multiply. With so few, the least of them alone must not be a bound. */
function byStudent(values: readonly number[]): readonly [number, number] {
  const count = values.length
  const [first = Number.NaN] = values
  if (values.every((value) => value === first)) return [first, first]
  const logs = values.map(Math.log)
  const mean = logs.reduce((total, one) => total + one, 0) / count
  const variance = logs.reduce((total, one) => total + (one - mean) ** 2, 0) / (count - 1)
  const half = (STUDENT[count - 2] ?? Number.NaN) * Math.sqrt(variance / count)
  return [Math.exp(mean - half), Math.exp(mean + half)]
}

/** The k-th from each end, such that the median lies beyond either of them in at most 2.5 % of all cases: the sign test. */
function byOrder(sorted: readonly number[]): readonly [number, number] {
  const count = sorted.length
  let beyond = 0
  let chance = 0.5 ** count
  let total = chance
  while (total <= 0.025) {
    beyond++
    chance *= (count - beyond + 1) / beyond
    total += chance
  }
  return [sorted[beyond - 1] ?? Number.NaN, sorted[count - beyond] ?? Number.NaN]
}
