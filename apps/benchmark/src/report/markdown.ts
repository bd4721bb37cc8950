/** A measure's summary as Markdown. */
import type { Figure } from '../measure.ts'
import type { Estimate } from '../statistics.ts'
import { type Judgement, type Row, type Summary, type Verdict, compared } from './summary.ts'

export function toMarkdown({ name, title, figures, rows, verdicts, notes }: Summary): string {
  const columns = figures.flatMap((figure) => columnsOf(figure, rows))
  const table =
    rows.length === 0
      ? []
      : [
          line(['system', ...columns.map(({ head }) => head)]),
          line(['---', ...columns.map(() => '---:')]),
          ...rows.map((row) => line([emphasised(row.system), ...columns.map(({ cell }) => cell(row))])),
          '',
        ]
  const said = [...verdicts.map((verdict) => verdictLine(verdict, figures)), ...notes].map((text) => `- ${text}`)
  return [`### ${title} (\`${name}\`)`, '', ...table, ...said].join('\n')
}

interface Column {
  readonly head: string
  readonly cell: (row: Row) => string
}

function columnsOf({ name, unit, against }: Figure, rows: readonly Row[]): readonly Column[] {
  const varies = rows.some((row) => rangeOf(compared(row, name)) !== '')
  const spread: readonly Column[] = varies ? [{ head: '95 %', cell: (row) => rangeOf(compared(row, name)) }] : []
  const value: Column = {
    head: unit === '' ? name : `${name}, ${unit}`,
    cell: ({ figures }) => numberText(figures[name]?.value.value),
  }
  if (against === undefined) return [value, ...spread]
  return [{ head: `${name}, × ${against}`, cell: (row) => ratioText(compared(row, name)?.value) }, ...spread, value]
}

/** In one line for the summary of all, too. */
export function verdictLine(
  { system, figure, atMost, atLeast, failsAt, measured, judgement }: Verdict,
  figures: readonly Figure[],
): string {
  const { unit = '', against } = figures.find(({ name }) => name === figure) ?? {}
  const of = against === undefined ? unit && ` ${unit}` : ` × ${against}`
  const bound = atMost === undefined ? `≥ ${numberText(atLeast)}` : `≤ ${numberText(atMost)}`
  const tolerance = failsAt === undefined ? '' : `, fails beyond ${numberText(failsAt)}`
  const range = rangeOf(measured)
  const found = measured === undefined ? '' : `: ${ratioText(measured.value)}${range && ` (${range})`}`
  return `${figure} of ${system} ${bound}${of}${tolerance}${found}: **${words[judgement]}**`
}

const words: Readonly<Record<Judgement, string>> = {
  holds: 'holds',
  noise: 'missed, within the noise',
  exceeded: 'missed',
  'not measured': 'not measured',
}

const emphasised = (system: string): string => (system.startsWith('ours') ? `**${system}**` : system)

const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`

function rangeOf(estimate: Estimate | undefined): string {
  if (estimate === undefined) return ''
  return estimate.low === estimate.high ? '' : `${ratioText(estimate.low)}–${ratioText(estimate.high)}`
}

/** Two digits behind the point where they may say something. */
function ratioText(value: number | undefined): string {
  if (value === undefined) return ''
  return Math.abs(value) < 10 ? String(Number(value.toFixed(2))) : numberText(value)
}

function numberText(value: number | undefined): string {
  return value === undefined ? '' : String(Number(value.toPrecision(value >= 1000 ? 4 : 3)))
}
