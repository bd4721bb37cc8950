import { describe, expect, it } from 'vitest'
import { directed } from '../src/directed.ts'
import { missingTexts } from '../src/planted.ts'
import { hunt } from '../src/planted-runs.ts'
import { plants } from '../src/plants.ts'
import { simulate } from '../src/simulate.ts'

/** The same four unless PLANTED_SEED asks for another draw; `npm run simulate -- --planted` takes all. */
const draw = Number(process.env['PLANTED_SEED'] ?? 1)

describe('planted bugs', () => {
  it('break what stands in the source today', () => {
    expect(missingTexts()).toEqual([])
    expect(Object.keys(plants).length).toBeGreaterThanOrEqual(20)
  })

  it.each(Object.entries(directed))('the schedule for "%s" breaks nothing without the bug', async (name, scenario) => {
    expect(plants[name]).toBeDefined()
    expect((await simulate({ seed: 1, ...scenario })).breaches).toEqual([])
  })

  it('are found: four of them', async () => {
    const names = Object.keys(plants)
    const four = Array.from({ length: 4 }, (_, index) => names[(draw + index * 9) % names.length] ?? '')
    console.info(`planted bugs: PLANTED_SEED=${draw}: ${four.join(', ')}`)
    const findings = await hunt(four, { seed: 1, seeds: 4, days: 1, instances: 8 }, () => {})
    expect(findings.filter(({ invariant }) => invariant === undefined)).toEqual([])
  }, 240_000)
})
