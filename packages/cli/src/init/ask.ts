/** Questions at the terminal. The library has words of its own in English only: what can be left out of them is. */
import { constants } from 'node:os'
import { CommandFailed } from '../failure.ts'
import type { Text } from '../language.ts'
import type { Terminal } from '../terminal.ts'

export async function choose<T extends string>(terminal: Terminal, message: Text, options: readonly T[]): Promise<T> {
  const { select } = await import('@clack/prompts')
  const chosen: unknown = await select<string>({
    message: terminal.text(message),
    options: options.map((value) => ({ value })),
    showInstructions: false,
    // Standard output is for the result.
    output: process.stderr,
  })
  return options.find((one) => one === chosen) ?? brokenOff()
}

/** Asks until at least one is chosen; `hint` says so from the second time on. */
export async function chooseSome(ask: (hint: Text) => Promise<readonly string[] | symbol>): Promise<readonly string[]> {
  let hint: Text = { en: '', nb: '' }
  for (;;) {
    const chosen = await ask(hint)
    if (typeof chosen === 'symbol') return brokenOff()
    if (chosen.length > 0) return chosen
    hint = { en: ' (choose at least one)', nb: ' (velg minst én)' }
  }
}

/** A line of text. `check` throws for what is not valid, and its message is shown. */
export async function write(terminal: Terminal, message: Text, check: (text: string) => unknown): Promise<string> {
  const { text } = await import('@clack/prompts')
  const written = await text({
    message: terminal.text(message),
    validate: (value) => problemOf(() => check(value ?? ''), terminal),
    output: process.stderr,
  })
  return typeof written === 'symbol' ? brokenOff() : written
}

function problemOf(check: () => unknown, terminal: Terminal): string | undefined {
  try {
    check()
  } catch (error) {
    if (error instanceof CommandFailed) return terminal.text(error.text)
    throw error
  }
  return undefined
}

/** By Ctrl-C, which a prompt takes for itself. */
function brokenOff(): never {
  process.exit(128 + constants.signals.SIGINT)
}
