/** How an explanation looks in a terminal. */
import { whoActs } from '../catalogue/actors.ts'
import { groups } from '../catalogue/catalogue.ts'
import type { Explanation } from '../catalogue/explanation.ts'
import type { Text } from '../language.ts'
import type { Terminal } from '../terminal.ts'

const labels = {
  acts: { en: 'Who acts', nb: 'Må gjøre noe' },
  wayOut: { en: 'Way out', nb: 'Veien videre' },
  page: { en: 'More', nb: 'Mer' },
} as const

const LABEL_WIDTH = 14
const MAX_WIDTH = 100

/** Several lines, without the last line's end. */
export function shown({ code, group, happened, acts, wayOut, page, more }: Explanation, terminal: Terminal): string {
  const language = terminal.language
  const row = (label: Text, text: string): string => {
    const name = terminal.text(label).padEnd(LABEL_WIDTH)
    return `${terminal.style('dim', name)}${wrapped(text, LABEL_WIDTH)}`
  }
  const pages = [page, more].flatMap((one) => (one === undefined ? [] : [one[language]]))
  return [
    `${terminal.style('bold', code)}  ${terminal.style('dim', group.title[language])}`,
    wrapped(plain(happened[language]), 0),
    '',
    row(labels.acts, whoActs(acts, language)),
    row(labels.wayOut, plain(wayOut[language])),
    ...pages.map((address, at) => row(at === 0 ? labels.page : { en: '', nb: '' }, address)),
  ].join('\n')
}

/** Every code, by group. */
export function shownGroups(terminal: Terminal): string {
  return groups
    .map(({ title, entries }) => {
      const names = Object.keys(entries).join(', ')
      return `${terminal.style('bold', terminal.text(title))}\n  ${wrapped(names, 2)}`
    })
    .join('\n\n')
}

/** Markdown for the eye: links are their text. */
function plain(markdown: string): string {
  return markdown.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
}

/** Lines that fit, the first one begun already: each but the first is indented. */
function wrapped(text: string, indent: number): string {
  const width = Math.max(40, Math.min(process.stdout.columns ?? 80, MAX_WIDTH)) - indent
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line].join(`\n${' '.repeat(indent)}`)
}
