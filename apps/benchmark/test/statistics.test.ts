import { describe, expect, it } from 'vitest'
import { estimate, median } from '../src/statistics.ts'

describe('the statistics', () => {
  it('take the middle of an odd number of values, and the mean of the two middle ones of an even number', () => {
    expect(median([5, 1, 3])).toBe(3)
    expect(median([4, 1, 3, 2])).toBe(2.5)
  })

  it('give equal values no interval', () => {
    expect(estimate([[3, 3], [3]])).toEqual({ value: 3, low: 3, high: 3 })
  })

  it('give the same interval for the same values', () => {
    const values = [Array.from({ length: 40 }, (_, index) => 1 + (index % 7) / 10)]
    expect(estimate(values)).toEqual(estimate(values))
  })

  it('hold the median between the bounds of its interval', () => {
    const { value, low, high } = estimate([[1, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6]])
    expect(low).toBeLessThanOrEqual(value)
    expect(high).toBeGreaterThanOrEqual(value)
    expect(low).toBeLessThan(high)
  })

  it('draw processes, not only rounds: three that differ make a wide interval, however many rounds each had', () => {
    const rounds = (value: number): number[] => Array.from({ length: 200 }, () => value)
    const { low, high } = estimate([rounds(1), rounds(1.1), rounds(1.2)])
    expect([low, high]).toEqual([1, 1.2])
  })
})
