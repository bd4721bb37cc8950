import { describe, expect, it } from 'vitest'
import { missingTexts } from '../src/planted.ts'
import { hunt } from '../src/planted-runs.ts'
import { plants } from '../src/plants.ts'

/** Each day another four, the same for all who test on that day; PLANTED_SEED asks for those of one draw again. */
const draw = Number(process.env['PLANTED_SEED'] ?? Math.floor(Date.now() / 86_400_000))

describe('planted bugs', () => {
  it('break what stands in the source today', () => {
    expect(missingTexts()).toEqual([])
    expect(Object.keys(plants).length).toBeGreaterThanOrEqual(20)
  })

  it('are found: four of them', async () => {
    const names = Object.keys(plants).filter((name) => plants[name]?.isRare !== true)
    const four = Array.from({ length: 4 }, (_, index) => names[(draw * 4 + index) % names.length] ?? '')
    console.info(`planted bugs: PLANTED_SEED=${draw}: ${four.join(', ')}`)
    const findings = await hunt(four, { seed: 1, seeds: 4, days: 1, instances: 8 }, () => {})
    expect(findings.filter(({ invariant }) => invariant === undefined)).toEqual([])
  }, 240_000)
})
