import { describe, expect, it } from 'vitest'
import { type Measure, effortOf } from '../src/measure.ts'
import { absent } from '../src/measures/absent.ts'
import { fleet } from '../src/measures/fleet.ts'
import { store } from '../src/measures/store.ts'

/** The short form, in this process; its times are no figures. */
describe('the measures of the shared store', () => {
  async function measured(measure: Measure, skip: (why: string) => never): ReturnType<Measure['run']> {
    const found = await measure.run(effortOf('short'))
    return found.skipped === undefined ? found : skip(found.skipped)
  }

  it('count one token request of a fleet with a store, and one of each instance without', async ({ skip }) => {
    const { samples } = await measured(fleet, skip)
    expect(samples).toEqual({
      'token requests of 1': { ours: [1], 'ours, with a store': [1] },
      'token requests of 8': { ours: [8], 'ours, with a store': [1] },
      'token requests of 64': { ours: [64], 'ours, with a store': [1] },
      'token requests of 1,000': { 'ours, with a store': [1] },
    })
  }, 120_000)

  it('time each system of `store` in each round', async ({ skip }) => {
    const { samples } = await measured(store, skip)
    expect(Object.keys(samples['time'] ?? {}).toSorted()).toEqual([...store.systems].toSorted())
    // What it waits for a store that is dead, 50 ms, counts as added.
    for (const added of samples['added']?.['ours, dead store'] ?? []) expect(added).toBeGreaterThan(20)
  }, 120_000)

  it('time each engine of `absent` in each round', async () => {
    const { samples } = await absent.run(effortOf('short'))
    expect(Object.keys(samples['time'] ?? {}).toSorted()).toEqual([...absent.systems].toSorted())
  }, 120_000)
})
