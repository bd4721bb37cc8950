/** The tables of a run, between the two marks of README.md. */
import type { Surroundings } from '../surroundings.ts'
import { toMarkdown, verdictLine } from './markdown.ts'
import type { Judgement, Summary } from './summary.ts'

const BEGIN = '<!-- results: written by `pnpm bench --readme` -->'
const END = '<!-- end of results -->'

/** All that came of a run. */
export interface Run {
  readonly where: Surroundings
  readonly summaries: readonly Summary[]
  /** The measures that broke off. */
  readonly failed: readonly string[]
}

/** @throws TypeError when the marks are gone. */
export function intoReadme(readme: string, run: Run): string {
  const [before, rest] = readme.split(BEGIN)
  const after = rest?.split(END)[1]
  if (before === undefined || after === undefined)
    throw new TypeError(`README.md has lost its marks; put back ${BEGIN} and ${END}`)
  return `${before}${BEGIN}\n\n${results(run)}\n\n${END}${after}`
}

function results({ where, summaries, failed }: Run): string {
  const { date, node, platform, processor, load } = where
  const broken = failed.map((name) => `- \`${name}\`: **failed**: it broke off, and has no figures`)
  return [
    `${date}, \`pnpm bench --readme\`, Node ${node}, ${platform}, ${processor}, load ${load} at the start.`,
    ...section('Failed', [...broken, ...linesOf(summaries, ['not measured'])]),
    ...section('Misses', linesOf(summaries, ['exceeded', 'accepted', 'noise'])),
    ...section('Skipped', linesOf(summaries, ['skipped'])),
    ...summaries.map(toMarkdown),
  ].join('\n\n')
}

const section = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : [`### ${title}`, lines.join('\n')]

function linesOf(summaries: readonly Summary[], judgements: readonly Judgement[]): readonly string[] {
  return summaries.flatMap(({ name, figures, verdicts }) =>
    verdicts
      .filter(({ judgement }) => judgements.includes(judgement))
      .map((verdict) => `- \`${name}\`: ${verdictLine(verdict, figures)}`),
  )
}
