import { afterEach, expect, it, vi } from 'vitest'
import { systemClock } from '../src/clock.ts'
import { Time } from '../src/time.ts'

afterEach(() => void vi.useRealTimers())

it('a reading of the real wall clock serves a moment only, also when the monotonic clock is set back', () => {
  const time = new Time(systemClock)
  const sent = { sentMonotonic: performance.now(), sentAt: Date.now() }
  expect(time.isYounger(sent, 60_000)).toBe(true)
  // They take `performance.now` over too, and let it begin at 0.
  vi.useFakeTimers()
  expect(performance.now()).toBeLessThan(sent.sentMonotonic)
  vi.setSystemTime(sent.sentAt + 3_600_000)
  expect(time.isYounger(sent, 60_000)).toBe(false)
})

it('a clock of the caller’s own is read at each question', () => {
  let wall = 1_000_000
  const time = new Time({ now: () => wall, monotonic: () => 5 })
  const sent = { sentMonotonic: 5, sentAt: wall }
  expect(time.isYounger(sent, 1_000)).toBe(true)
  wall += 1_000
  expect(time.isYounger(sent, 1_000)).toBe(false)
  wall -= 1
  expect(time.isYounger(sent, 1_000)).toBe(true)
})
