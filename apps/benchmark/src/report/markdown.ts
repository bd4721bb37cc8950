/** A measure's summary as Markdown. */
import type { Figure } from '../measure.ts'
import { type Estimate, isSound } from '../statistics.ts'
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

function columnsOf({ name, of, unit, against, counted }: Figure, rows: readonly Row[]): readonly Column[] {
  const varies = rows.some((row) => rangeOf(compared(row, name)) !== '')
  const head = counted === true ? 'least–most' : '95 %'
  const spread: readonly Column[] = varies ? [{ head, cell: (row) => rangeOf(compared(row, name)) }] : []
  const value: Column = {
    head: unit === '' ? name : `${name}, ${unit}`,
    cell: ({ figures }) => numberText(figures[name]?.value.value),
  }
  if (against === undefined) return [value, ...spread]
  const ratio: Column = {
    head: `${of ?? name}, × ${against}`,
    cell: (row) => ratioText(compared(row, name)?.value),
  }
  // The values of another figure stand there.
  return of === undefined ? [ratio, ...spread, value] : [ratio, ...spread]
}

/** In one line for the summary of all, too. */
export function verdictLine(verdict: Verdict, figures: readonly Figure[]): string {
  const { system, figure, failsAt, accepted, measured, judgement } = verdict
  const { unit = '', against, of = figure } = figures.find(({ name }) => name === figure) ?? {}
  const what = against === undefined ? unit && ` ${unit}` : ` × ${against}`
  const beyond = [
    failsAt === undefined ? [] : [`, tolerated to ${numberText(failsAt)}`],
    accepted === undefined ? [] : [`, accepted to ${numberText(accepted)}`],
  ].flat()
  const range = rangeOf(measured)
  const found = measured === undefined ? '' : `: ${ratioText(measured.value)}${range && ` (${range})`}`
  return `${of} of ${system} ${boundOf(verdict)}${what}${beyond.join('')}${found}: **${words[judgement]}**`
}

function boundOf({ exactly, atMost, atLeast }: Verdict): string {
  if (exactly !== undefined) return `= ${numberText(exactly)}`
  return atMost === undefined ? `≥ ${numberText(atLeast)}` : `≤ ${numberText(atMost)}`
}

const words: Readonly<Record<Judgement, string>> = {
  holds: 'holds',
  noise: 'missed, within the noise',
  accepted: 'missed, accepted',
  exceeded: 'missed',
  'not measured': 'not measured',
  skipped: 'skipped',
}

const emphasised = (system: string): string => (system.startsWith('ours') ? `**${system}**` : system)

const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`

function rangeOf(estimate: Estimate | undefined): string {
  if (estimate === undefined || !isSound(estimate)) return ''
  return estimate.low === estimate.high ? '' : `${ratioText(estimate.low)}–${ratioText(estimate.high)}`
}

/** Two digits behind the point where they may say something. */
function ratioText(value: number | undefined): string {
  if (value !== undefined && Math.abs(value) < 10) return String(Number(value.toFixed(2)))
  return numberText(value)
}

function numberText(value: number | undefined): string {
  if (value === undefined) return ''
  return Number.isFinite(value) ? String(Number(value.toPrecision(value >= 1000 ? 4 : 3))) : 'no figure'
}
