/** The result for people: a mark and a word a line, and below what did not go well who must act, and the next step. */
import type { Text } from '../language.ts'
import type { Style, Terminal } from '../terminal.ts'
import type { Examination } from './doctor.ts'
import { whoActs } from '../catalogue/actors.ts'
import type { Status } from './finding.ts'

const MARKS: Readonly<Record<Status, readonly [mark: string, style: Style]>> = {
  OK: ['✓', 'green'],
  SKIP: ['–', 'gray'],
  INFO: ['i', 'cyan'],
  WARN: ['!', 'yellow'],
  FAIL: ['✗', 'red'],
}

const WHO: Text = { en: 'Who', nb: 'Hvem' }
const NEXT: Text = { en: 'Next', nb: 'Veien videre' }
const TRACE: Text = { en: 'trace', nb: 'sporings-ID' }
const WIDTH = 80
const INDENT = 9

export function tell({ findings, facts }: Examination, terminal: Terminal): void {
  const lines: string[] = []
  const told = terminal.isQuiet ? findings.filter(({ status }) => status === 'WARN' || status === 'FAIL') : findings
  for (const { status, title, cause, code, action, actor, evidence } of told) {
    const [mark, style] = MARKS[status]
    const label = terminal.style(style, `${mark} ${status.padEnd(5)}`)
    const isNamed = code !== undefined && status !== 'SKIP' && status !== 'OK'
    const trace = typeof evidence?.['traceId'] === 'string' ? `, ${terminal.text(TRACE)} ${evidence['traceId']}` : ''
    const words = `${terminal.text(title)}: ${terminal.text(cause)}${isNamed ? ` [${code}${trace}]` : ''}`
    lines.push(`${label}  ${wrapped(words)}`)
    if (status === 'OK' || status === 'SKIP') continue
    if (actor !== undefined) lines.push(detail(terminal.text(WHO), whoActs([actor], terminal.language)))
    if (action !== undefined) lines.push(detail(terminal.text(NEXT), terminal.text(action)))
  }
  if (lines.length > 0) lines.push('')
  lines.push(
    summary(
      findings.map(({ status }) => status),
      terminal,
    ),
  )
  terminal.result(facts.secrets.redact(lines.join('\n')))
}

const detail = (name: string, words: string): string => `${' '.repeat(INDENT)}${wrapped(`${name}: ${words}`)}`

/** At words, to the width of a small terminal; a long address stays whole. */
function wrapped(words: string): string {
  const lines: string[] = ['']
  // A server's words, such as the title of a page, must not act on the terminal.
  for (const word of words.replaceAll(/[\p{Cc}\p{Cf}]/gu, '\ufffd').split(' ')) {
    const last = lines.at(-1) ?? ''
    if (last !== '' && INDENT + last.length + 1 + word.length > WIDTH) lines.push(word)
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`
  }
  return lines.join(`\n${' '.repeat(INDENT)}`)
}

function summary(statuses: readonly Status[], terminal: Terminal): string {
  const count = (status: Status): number => statuses.filter((one) => one === status).length
  const [fails, warns] = [count('FAIL'), count('WARN')]
  if (fails === 0 && warns === 0) return terminal.text({ en: 'All is well.', nb: 'Alt er i orden.' })
  return terminal.text({
    en: `${fails} failed, ${warns} ${warns === 1 ? 'warning' : 'warnings'}.`,
    nb: `${fails} feilet, ${warns} ${warns === 1 ? 'advarsel' : 'advarsler'}.`,
  })
}
