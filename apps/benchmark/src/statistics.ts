/** Medians, and how far they would have moved had other rounds been drawn. */

export interface Estimate {
  readonly value: number
  /** 95 % interval by bootstrap. */
  readonly low: number
  readonly high: number
}

const RESAMPLES = 1000

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  const upper = sorted[Math.floor(middle)] ?? Number.NaN
  return Number.isInteger(middle) ? (upper + (sorted[middle - 1] ?? Number.NaN)) / 2 : upper
}

/**
 * The median of the groups' medians. A group is a process: its memory layout and its compiler's choices stay for all its
 * rounds, so the interval draws processes first and rounds second; rounds alone would claim too much.
 */
export function estimate(groups: readonly (readonly number[])[]): Estimate {
  const value = medianOfMedians(groups)
  if (groups.every((group) => group.every((one) => one === value))) return { value, low: value, high: value }
  const random = generator(groups.length)
  const drawn = <T>(from: readonly T[]): T[] =>
    from.map(() => from[Math.floor(random() * from.length)]).filter((one) => one !== undefined)
  const medians = Array.from({ length: RESAMPLES }, () => medianOfMedians(drawn(groups).map(drawn))).toSorted(
    (a, b) => a - b,
  )
  return {
    value,
    low: medians[Math.floor(RESAMPLES * 0.025)] ?? value,
    high: medians[Math.floor(RESAMPLES * 0.975)] ?? value,
  }
}

function medianOfMedians(groups: readonly (readonly number[])[]): number {
  return median(groups.map(median))
}

/** Seeded (mulberry32), so that the same samples give the same interval. */
function generator(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}
