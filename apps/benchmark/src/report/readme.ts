/** The tables of a run, between the two marks of README.md. */
import type { Surroundings } from '../surroundings.ts'
import { toMarkdown, verdictLine } from './markdown.ts'
import type { Judgement, Summary } from './summary.ts'

const BEGIN = '<!-- results: written by `pnpm bench --readme` -->'
const END = '<!-- end of results -->'

/** @throws TypeError when the marks are gone. */
export function intoReadme(readme: string, where: Surroundings, summaries: readonly Summary[]): string {
  const [before, rest] = readme.split(BEGIN)
  const after = rest?.split(END)[1]
  if (before === undefined || after === undefined)
    throw new TypeError(`README.md has lost its marks; put back ${BEGIN} and ${END}`)
  return `${before}${BEGIN}\n\n${results(where, summaries)}\n\n${END}${after}`
}

function results(where: Surroundings, summaries: readonly Summary[]): string {
  const { date, node, platform, processor, load } = where
  return [
    `${date}, \`pnpm bench --readme\`, Node ${node}, ${platform}, ${processor}, load ${load} at the start.`,
    ...section('Misses', summaries, ['exceeded', 'noise']),
    ...section('Not measured', summaries, ['not measured']),
    ...summaries.map(toMarkdown),
  ].join('\n\n')
}

function section(title: string, summaries: readonly Summary[], judgements: readonly Judgement[]): readonly string[] {
  const lines = summaries.flatMap(({ name, figures, verdicts }) =>
    verdicts
      .filter(({ judgement }) => judgements.includes(judgement))
      .map((verdict) => `- \`${name}\`: ${verdictLine(verdict, figures)}`),
  )
  return lines.length === 0 ? [] : [`### ${title}`, lines.join('\n')]
}
