/** The trace for a terminal: a table for each adapter, and once where the settings came from. */
import { styleText } from 'node:util'
import { en } from './texts/en.ts'
import { tokenNames } from './texts/token-names.ts'
import type { DescribedSettings, Step, Trace } from './trace.ts'

/** Colours where the stream is a terminal that wants them; plain text elsewhere. */
export type Paint = (format: Parameters<typeof styleText>[0], text: string) => string

export function paintFor(stream: NodeJS.WritableStream): Paint {
  // Looks at isTTY, NO_COLOR and FORCE_COLOR.
  return (format, text) => styleText(format, text, { stream })
}

type Row = readonly [step: string, what: string, token: string, ms: string, freshness: string]

const head: Row = ['step', 'what', 'token', 'ms', 'new or from cache']

export function traceText(trace: Trace, paint: Paint): string {
  const rows = trace.steps.map(rowOf)
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => (row[column] ?? '').length)))
  const line = (row: Row, format: (cell: string, column: number) => string): string =>
    `  ${row.map((cell, column) => format(column === 3 ? cell.padStart(widths[3] ?? 0) : cell.padEnd(widths[column] ?? 0), column)).join('  ')}`.trimEnd()
  const failure = trace.failure
  return [
    paint('bold', `${en.name} through ${trace.adapter}`),
    ...(rows.length > 0 ? [line(head, (cell) => paint('dim', cell))] : []),
    ...rows.map((row) =>
      line(row, (cell, column) => {
        if (column === 0) return paint('cyan', cell)
        return column === 4 ? paint(row[4] === 'new' ? 'yellow' : 'green', cell) : cell
      }),
    ),
    ...(failure ? [`  ${paint(['red', 'bold'], `${failure.id} failed`)}`] : []),
    '',
  ].join('\n')
}

/** For standard error, where the one who started this looks for what went wrong. */
export function failureText({ adapter, failure }: Trace): string {
  return failure === undefined ? '' : `through ${adapter}, step ${failure.id}: ${failure.sentence}`
}

function rowOf(step: Step): Row {
  const freshness = 'freshness' in step ? en.result.freshness[step.freshness] : ''
  return [step.id, en.what(step), tokenOf(step), en.ms(step.ms), freshness]
}

function tokenOf(step: Step): string {
  if (step.id === 'token') return tokenNames.maskinporten
  if (step.id === 'exchange') return tokenNames.altinn
  return 'kind' in step ? tokenNames[step.kind] : ''
}

/** Those that several adapters had alike are said once. */
export function settingsText(traces: readonly Trace[], paint: Paint): string {
  const groups = new Map<string, { readonly adapters: string[]; readonly settings: DescribedSettings }>()
  for (const { adapter, steps } of traces) {
    for (const step of steps) {
      if (step.id !== 'settings') continue
      const key = JSON.stringify(step.settings)
      const group = groups.get(key) ?? { adapters: [], settings: step.settings }
      group.adapters.push(adapter)
      groups.set(key, group)
    }
  }
  return [...groups.values()]
    .flatMap(({ adapters, settings }) => [
      paint('bold', `Where every setting came from (${adapters.join(', ')})`),
      ...settings.flatMap(({ key, value, origin }) => [
        `  ${paint('cyan', key)}  ${value}`,
        `    ${paint('dim', `from ${origin}`)}`,
      ]),
      '',
    ])
    .join('\n')
}
