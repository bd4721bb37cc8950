import { describe, expect, it } from 'vitest'
import { outcomeOf } from '../src/report/outcome.ts'
import { intoReadme } from '../src/report/readme.ts'
import type { Judgement, Summary } from '../src/report/summary.ts'

const summaryOf = (judgement: Judgement): Summary => ({
  name: 'cached',
  title: 'A cached call',
  figures: [{ name: 'time', unit: 'ns' }],
  rows: [],
  verdicts: [{ system: 'ours', figure: 'time', atMost: 2, judgement }],
  notes: [],
})
const codeOf = (judgement: Judgement, check: boolean): number =>
  outcomeOf({ summaries: [summaryOf(judgement)], failed: [] }, check).exitCode

describe('a run', () => {
  it('fails with --check when a goal is missed beyond all that is granted, and says where', () => {
    expect(codeOf('exceeded', true)).toBe(1)
    expect(codeOf('exceeded', false)).toBe(0)
    const { sentences } = outcomeOf({ summaries: [summaryOf('exceeded')], failed: [] }, false)
    expect(sentences).toEqual(['Over what is accepted: cached.'])
  })

  it.each(['holds', 'noise', 'accepted', 'skipped'] as const)('passes with --check when a goal is %s', (judgement) => {
    expect(codeOf(judgement, true)).toBe(0)
  })

  it('fails when something was not measured, with --check or without', () => {
    expect([codeOf('not measured', true), codeOf('not measured', false)]).toEqual([1, 1])
    expect(outcomeOf({ summaries: [], failed: ['herd'] }, false)).toEqual({
      sentences: ['Not measured: herd.'],
      exitCode: 1,
    })
  })
})

describe('the README', () => {
  const where = { date: '2026-01-02', node: 'v26.0.0', platform: 'linux-x64', processor: '2 × Example', load: 0.5 }
  const marks = ['before\n<!-- results: written by `pnpm bench --readme` -->', '<!-- end of results -->\nafter\n']
  const written = (summaries: readonly Summary[], failed: readonly string[]): string =>
    intoReadme(marks.join('\n\nof last time\n\n'), { where, summaries, failed })

  it('names the measures that broke off, and goals without a figure, as failed', () => {
    const text = written([summaryOf('not measured')], ['herd'])
    expect(text).toContain(
      '### Failed\n\n- `herd`: **failed**: it broke off, and has no figures\n- `cached`: time of ours ≤ 2 ns: **not measured**',
    )
  })

  it('names every miss, accepted or not', () => {
    for (const judgement of ['exceeded', 'accepted', 'noise'] as const)
      expect(written([summaryOf(judgement)], [])).toContain('### Misses\n\n- `cached`: time of ours')
  })

  it('keeps what stands around the results, and nothing of the last ones', () => {
    const text = written([summaryOf('holds')], [])
    expect(text.startsWith('before\n')).toBe(true)
    expect(text.endsWith('\nafter\n')).toBe(true)
    expect(text).not.toContain('of last time')
    expect(text).not.toContain('### Misses')
  })
})
