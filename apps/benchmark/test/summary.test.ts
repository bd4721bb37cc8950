import { describe, expect, it } from 'vitest'
import { toMarkdown } from '../src/report/markdown.ts'
import { type Shape, judge, summarise } from '../src/report/summary.ts'

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

describe('a budget', () => {
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
  })

  it('says so when nothing was measured', () => {
    expect(judge(limit, undefined).judgement).toBe('not measured')
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

  it('is a table with ours in bold, and the budget beneath', () => {
    const text = toMarkdown(summarise(shape, [run]))
    expect(text).toContain('| **ours** | 1.5 |')
    expect(text).toContain('- time of ours ≤ 2 × bare: 1.5: **holds**')
  })
})
