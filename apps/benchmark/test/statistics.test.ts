import { describe, expect, it } from 'vitest'
import { estimate, isSound, median, worst } from '../src/statistics.ts'

const rounds = (value: number): readonly number[] => Array.from({ length: 200 }, () => value)

describe('the statistics', () => {
  it('take the middle of an odd number of values, and the mean of the two middle ones of an even number', () => {
    expect(median([5, 1, 3])).toBe(3)
    expect(median([4, 1, 3, 2])).toBe(2.5)
  })

  it('give equal values no interval', () => {
    expect(estimate([[3, 3], [3]])).toEqual({ value: 3, low: 3, high: 3 })
  })

  it('give nine processes the interval of the sign test: the second from each end', () => {
    const processes = [1.3, 1.1, 1.9, 1.5, 1.2, 1.4, 1.8, 1.7, 1.6].map((value) => [value])
    expect(estimate(processes)).toEqual({ value: 1.5, low: 1.2, high: 1.8 })
  })

  it('take the fourteenth from each end of forty', () => {
    const { low, high } = estimate([Array.from({ length: 40 }, (_, index) => index + 1)])
    expect([low, high]).toEqual([14, 27])
  })

  it('do not let one lucky process be the lower bound, however few there are', () => {
    const lucky = (others: number): readonly (readonly number[])[] => [
      [1.07],
      ...Array.from({ length: others }, () => [1.5]),
    ]
    expect(estimate(lucky(8))).toEqual({ value: 1.5, low: 1.5, high: 1.5 })
    for (const others of [4, 5, 6, 7]) expect(estimate(lucky(others)).low).toBeGreaterThan(1.15)
  })

  it('take the interval of few processes from Student’s distribution of their logarithms', () => {
    // Two that differ by a factor of e² about 1: 12.706 standard errors of 1.
    const { low, high } = estimate([[Math.exp(-1)], [Math.exp(1)]])
    expect(Math.log(low)).toBeCloseTo(-12.706)
    expect(Math.log(high)).toBeCloseTo(12.706)
  })

  it('take a process for one value, however many rounds it had', () => {
    const few = [1, 1.1, 1.2]
    expect(estimate(few.map(rounds))).toEqual(estimate(few.map((value) => [value])))
  })

  it('take the rounds themselves where there is one process', () => {
    expect(estimate([[1, 2, 3, 4, 5, 6, 7, 8, 9]])).toEqual({ value: 5, low: 2, high: 8 })
  })

  it.each([Number.NaN, Number.POSITIVE_INFINITY, 0, -1])('are broken by one value of %d among good ones', (bad) => {
    expect(
      isSound(
        estimate([
          [1, 1, 1],
          [1, bad, 1],
          [1, 1, 1],
        ]),
      ),
    ).toBe(false)
  })

  it('are broken by a process that brought nothing', () => {
    expect(isSound(estimate([[1], []]))).toBe(false)
    expect(isSound(estimate([]))).toBe(false)
  })

  it('take the worst of a count, and break where one is none', () => {
    expect(worst([[0, 0], [2_000], [0]])).toEqual({ value: 2_000, low: 0, high: 2_000 })
    expect(worst([[3], [1]], 'more')).toEqual({ value: 1, low: 1, high: 3 })
    expect(isSound(worst([[1], [Number.NaN]]))).toBe(false)
    expect(isSound(worst([[1], []]))).toBe(false)
  })
})
