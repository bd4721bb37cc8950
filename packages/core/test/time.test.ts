import { afterEach, describe, expect, it, vi } from 'vitest'
import { createMaskinporten } from '@maskinporten-kit/core'
import { type Clock, systemClock } from '../src/clock.ts'
import { Time } from '../src/time.ts'
import { FakeSettings } from './engine/world.ts'

afterEach(() => void vi.useRealTimers())

/** Clocks that a test moves. */
class Clocks implements Clock {
  wall = 1_000_000
  elapsed = 5
  now = (): number => this.wall
  monotonic = (): number => this.elapsed
}

describe('the line of time', () => {
  it('goes on with the monotonic clock, and shows what the wall clock shows', () => {
    const clocks = new Clocks()
    const time = new Time(clocks)
    expect(time.now).toBe(1_000_000)
    clocks.elapsed += 500
    clocks.wall += 500
    expect(time.now).toBe(1_000_500)
  })

  it('is set on with the wall clock, and never back', () => {
    const clocks = new Clocks()
    const time = new Time(clocks)
    expect(time.now).toBe(1_000_000)
    clocks.wall += 600_000
    expect(time.now).toBe(1_600_000)
    clocks.wall -= 900_000
    expect(time.now).toBe(1_600_000)
    clocks.elapsed += 1
    expect(time.now).toBe(1_600_001)
    // Set on again, to what it was before: nothing was lost in between.
    clocks.wall += 900_001
    expect(time.now).toBe(1_600_001)
  })

  it('goes on while a wall clock stands still, or is set back at once', () => {
    const clocks = new Clocks()
    const time = new Time(clocks)
    expect(time.now).toBe(1_000_000)
    clocks.elapsed += 120_000
    clocks.wall -= 120_000
    expect(time.now).toBe(1_120_000)
  })

  it('follows fake timers that were set on, whether they move the monotonic clock or not', () => {
    for (const toFake of [undefined, ['Date']] as const) {
      vi.useFakeTimers(toFake && { toFake: [...toFake] })
      const time = new Time(systemClock)
      const before = time.now
      vi.setSystemTime(Date.now() + 600_000)
      expect(time.now - before).toBeGreaterThanOrEqual(600_000)
      vi.useRealTimers()
    }
  })
})

describe('after vi.setSystemTime(+10 min)', () => {
  for (const toFake of [['Date'], ['Date', 'performance']] as const) {
    it(`no expired token is served: ${toFake.join(' and ')} faked`, async () => {
      vi.useFakeTimers({ toFake: [...toFake] })
      let issued = 0
      const body = (): string => JSON.stringify({ access_token: `token-${++issued}`, expires_in: 120 })
      const fetch = async (): Promise<{ status: number; headers: Headers; text: () => Promise<string> }> => {
        return { status: 200, headers: new Headers(), text: async () => body() }
      }
      const maskinporten = createMaskinporten(new FakeSettings({}), { fetch })
      const bound = maskinporten.with({ resource: 'https://api.example/1' })
      const before = await Promise.all([maskinporten.getToken(), bound.getToken()])
      expect(await Promise.all([maskinporten.getToken(), bound.getToken()])).toEqual(before)
      vi.setSystemTime(Date.now() + 600_000)
      const after = await Promise.all([maskinporten.getToken(), bound.getToken()])
      expect(new Set([...before, ...after].map(({ value }) => value)).size).toBe(4)
      for (const token of after) expect(token.expiresAt).toBeGreaterThan(Date.now())
      await maskinporten.close()
    })
  }
})
