import { describe, expect, it } from 'vitest'
import type { Figure, Limit, Measured } from '../src/measure.ts'
import { toMarkdown } from '../src/report/markdown.ts'
import { type Judgement, type Shape, judge, summarise } from '../src/report/summary.ts'

const limit = { system: 'ours', figure: 'time', atMost: 1.04, failsAt: 1.08 }
const measured = (low: number, value: number, high: number) => ({ low, value, high })

const shape: Shape = {
  name: 'example',
  title: 'An example',
  figures: [{ name: 'time', unit: 'ns', against: 'bare' }],
  budget: [{ system: 'ours', figure: 'time', atMost: 2 }],
  systems: ['bare', 'a peer', 'ours', 'a peer that is absent'],
}
const run = { samples: { time: { bare: [10, 100, 1_000], 'a peer': [50, 500, 5_000], ours: [15, 150, 1_500] } } }

/** How a budget of `n`, which is all there is, is judged by what the processes brought. */
function judged(
  budget: Omit<Limit, 'system' | 'figure'>,
  figure: Partial<Figure>,
  processes: readonly (readonly number[])[],
): Judgement | undefined {
  const one: Shape = {
    ...shape,
    figures: [{ name: 'n', unit: '', ...figure }],
    budget: [{ system: 'ours', figure: 'n', ...budget }],
  }
  const runs = processes.map((ours): Measured => ({ samples: { n: { bare: ours.map(() => 1), ours } } }))
  return summarise(one, runs).verdicts[0]?.judgement
}

describe('a goal', () => {
  it('holds up to its limit', () => {
    expect(judge(limit, measured(1, 1.04, 1.2)).judgement).toBe('holds')
  })

  it('is missed within the noise while the interval reaches back to what it tolerates', () => {
    expect(judge(limit, measured(1.08, 1.1, 1.2)).judgement).toBe('noise')
  })

  it('is exceeded when the whole interval lies beyond what it tolerates', () => {
    expect(judge(limit, measured(1.081, 1.1, 1.2)).judgement).toBe('exceeded')
  })

  it('that asks for at least something is judged from the other side', () => {
    const floor = { system: 'ours', figure: 'rate', atLeast: 0.9 }
    expect(judge(floor, measured(0.8, 0.9, 1)).judgement).toBe('holds')
    expect(judge(floor, measured(0.7, 0.8, 0.9)).judgement).toBe('noise')
    expect(judge(floor, measured(0.7, 0.8, 0.89)).judgement).toBe('exceeded')
    expect(judge({ ...floor, accepted: 0.7 }, measured(0.7, 0.8, 0.89)).judgement).toBe('accepted')
    expect(judge({ ...floor, accepted: 0.7 }, measured(0.5, 0.6, 0.69)).judgement).toBe('exceeded')
  })

  it('that is missed for a known reason fails only beyond what is accepted, and beyond the noise there too', () => {
    const known = { ...limit, accepted: 1.3 }
    expect(judge(known, measured(1.2, 1.25, 1.29)).judgement).toBe('accepted')
    expect(judge(known, measured(1.29, 1.35, 1.4)).judgement).toBe('accepted')
    expect(judge(known, measured(1.31, 1.35, 1.4)).judgement).toBe('exceeded')
    expect(judge(known, measured(1, 1.02, 1.04)).judgement).toBe('holds')
  })

  it('is not measured where there is no figure, or none that is a number', () => {
    expect(judge(limit, undefined).judgement).toBe('not measured')
    expect(judge(limit, measured(Number.NaN, Number.NaN, Number.NaN)).judgement).toBe('not measured')
    expect(judged({ atMost: 1.04 }, { against: 'bare' }, [[1], [Number.NaN], [1]])).toBe('not measured')
  })

  it('is exceeded by five processes of which one was lucky', () => {
    const processes = [1.07, 1.5, 1.5, 1.5, 1.5].map((value) => [value])
    expect(judged({ atMost: 1.04, failsAt: 1.08 }, { against: 'bare' }, processes)).toBe('exceeded')
  })

  it('is within the noise when the processes really disagree', () => {
    const processes = [1.01, 1.02, 1.02, 1.03, 1.2, 1.2, 1.2, 1.2, 1.2].map((value) => [value])
    expect(judged({ atMost: 1.04, failsAt: 1.08 }, { against: 'bare' }, processes)).toBe('noise')
  })
})

describe('the goal of a count', () => {
  const counted = { counted: true } as const

  it('is judged by the worst round, not by the median: 10,000 token requests in 7 of 15', () => {
    const found = Array.from({ length: 15 }, (_, round) => (round % 2 === 1 ? 10_000 : 1))
    expect(judged({ exactly: 1 }, counted, [found])).toBe('exceeded')
  })

  it('is judged by the worst process: 2,000 stalled calls in two of three, 31 exchanges in two of three', () => {
    expect(judged({ exactly: 0 }, counted, [[0], [2_000], [2_000]])).toBe('exceeded')
    expect(judged({ atMost: 3 }, counted, [[3], [31], [31]])).toBe('exceeded')
    expect(judged({ atMost: 3 }, counted, [[3], [3], [4]])).toBe('exceeded')
    expect(judged({ atMost: 3, accepted: 4 }, counted, [[3], [3], [4]])).toBe('accepted')
  })

  it('of exactly so many holds for neither fewer nor more', () => {
    expect(judged({ exactly: 1 }, counted, [[1], [1]])).toBe('holds')
    expect(judged({ exactly: 1 }, counted, [[0], [0]])).toBe('exceeded')
    expect(judged({ exactly: 1 }, counted, [[1], [0]])).toBe('exceeded')
    expect(judged({ exactly: 0 }, counted, [[0], [0]])).toBe('holds')
  })

  it('is not measured where one is no number', () => {
    expect(judged({ exactly: 1 }, counted, [[1], [Number.NaN]])).toBe('not measured')
  })

  it('against an ideal is judged by the worst ratio', () => {
    expect(judged({ atMost: 1.4 }, { ...counted, against: 'bare' }, [[1], [1], [2]])).toBe('exceeded')
  })
})

describe('a summary', () => {
  it('divides within each round, so that a slow machine changes nothing', () => {
    const { rows } = summarise(shape, [run])
    expect(rows.map(({ system, figures }) => [system, figures['time']?.ratio?.value])).toEqual([
      ['bare', 1],
      ['ours', 1.5],
      ['a peer', 5],
    ])
  })

  it('divides the same values by a second baseline where a figure is of another one', () => {
    const twice: Shape = {
      ...shape,
      figures: [...shape.figures, { name: 'again', of: 'time', unit: 'ns', against: 'a peer' }],
      budget: [{ system: 'ours', figure: 'again', atMost: 0.2 }],
    }
    const summary = summarise(twice, [run])
    expect(summary.rows[1]?.figures['again']?.ratio?.value).toBeCloseTo(0.3)
    expect(toMarkdown(summary)).toContain('| system | time, × bare | time, ns | time, × a peer |')
    expect(toMarkdown(summary)).toContain('- time of ours ≤ 0.2 × a peer: 0.3: **missed**')
  })

  it('is a table with ours in bold, and the budget beneath', () => {
    const text = toMarkdown(summarise(shape, [run]))
    expect(text).toContain('| **ours** | 1.5 |')
    expect(text).toContain('- time of ours ≤ 2 × bare: 1.5: **holds**')
  })

  it('names a miss that is accepted as a miss', () => {
    const budget = [{ system: 'ours', figure: 'time', atMost: 1.2, accepted: 1.6 }]
    expect(toMarkdown(summarise({ ...shape, budget }, [run]))).toContain(
      '- time of ours ≤ 1.2 × bare, accepted to 1.6: 1.5: **missed, accepted**',
    )
  })

  it('says what was skipped, and why, and does not take it for measured', () => {
    const summary = summarise(shape, [{ samples: {}, skipped: 'there is no SDK' }])
    expect(summary.verdicts.map(({ judgement }) => judgement)).toEqual(['skipped'])
    expect(toMarkdown(summary)).toContain('- Skipped: there is no SDK.')
  })

  it('takes an empty run for a fault where nothing was skipped', () => {
    expect(summarise(shape, [{ samples: {} }]).verdicts.map(({ judgement }) => judgement)).toEqual(['not measured'])
  })
})
