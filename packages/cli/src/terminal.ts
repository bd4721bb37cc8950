/** Where a command writes: results to standard output, everything else to standard error. */
import { styleText } from 'node:util'
import type { Language, Text } from './language.ts'

export type Style = Parameters<typeof styleText>[0]

/** Nobody needs to be told that what takes less than this goes on, milliseconds. */
const SLOW_MS = 1_000
const FRAME_MS = 100
const FRAMES = '⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏'

export interface TerminalOptions {
  readonly language: Language
  /** Nothing on standard error but failures. */
  readonly isQuiet: boolean
  /** Standard output is one JSON document, for machines. */
  readonly isJson: boolean
  /** No question is asked: `--yes`. */
  readonly isUnattended: boolean
}

export class Terminal {
  readonly language: Language
  readonly isQuiet: boolean
  readonly isJson: boolean
  /** No question is asked, and what is to be changed is changed. */
  readonly isUnattended: boolean
  /** Whether somebody is there to answer. */
  readonly isInteractive: boolean
  #hasResult = false

  constructor({ language, isQuiet, isJson, isUnattended }: TerminalOptions) {
    this.language = language
    this.isQuiet = isQuiet
    this.isJson = isJson
    this.isUnattended = isUnattended
    const hasTerminal = process.stdin.isTTY && process.stderr.isTTY
    this.isInteractive = hasTerminal && !isUnattended && !isJson
  }

  /** In the language of this run. */
  text(text: Text): string {
    return text[this.language]
  }

  /** Whether standard output has its result already: a document has no second one behind it. */
  get hasResult(): boolean {
    return this.#hasResult
  }

  /** The result itself, on standard output; with a line's end, unless it has one. */
  result(text: string): void {
    this.#hasResult = true
    process.stdout.write(text.endsWith('\n') ? text : `${text}\n`)
  }

  /** The result for machines. */
  json(value: unknown): void {
    this.result(JSON.stringify(value, null, 2))
  }

  /** Beside the result, on standard error; not under `--quiet`. */
  say(text: Text | string): void {
    if (!this.isQuiet) this.fail(text)
  }

  /** On standard error in any case. */
  fail(text: Text | string): void {
    process.stderr.write(`${typeof text === 'string' ? text : this.text(text)}\n`)
  }

  /** Coloured where the stream is a terminal, and neither NO_COLOR nor the like forbids it. */
  style(style: Style, text: string, stream: NodeJS.WriteStream = process.stdout): string {
    // Node lets FORCE_COLOR outdo it.
    if ((process.env['NO_COLOR'] ?? '') !== '') return text
    return styleText(style, text, { stream })
  }

  /** Says what goes on when it takes more than a second: a spinner on a terminal, else a line. */
  async progress<T>(text: Text, work: Promise<T>): Promise<T> {
    if (this.isQuiet) return work
    let frame = 0
    const isAnimated = process.stderr.isTTY
    let ticks: NodeJS.Timeout | undefined
    const begin = setTimeout(() => {
      if (!isAnimated) this.say(`${this.text(text)} …`)
      else
        ticks = setInterval(() => {
          process.stderr.write(`\r${FRAMES[frame++ % FRAMES.length] ?? ''} ${this.text(text)}`)
        }, FRAME_MS)
    }, SLOW_MS)
    try {
      return await work
    } finally {
      clearTimeout(begin)
      if (ticks !== undefined) {
        clearInterval(ticks)
        // Back to the line's start, and clear it.
        process.stderr.write('\r\u001b[K')
      }
    }
  }
}
