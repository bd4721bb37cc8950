/** What each command is given. */
import type { Command } from 'commander'
import type { Text } from './language.ts'
import type { Terminal } from './terminal.ts'

export interface Context {
  /** Made when the command runs, since the flags decide how it speaks. */
  readonly terminal: () => Terminal
  /** For descriptions, which are written before a command runs. */
  readonly say: (text: Text) => string
}

/** A file of `commands/` puts its command into the program; what the command does is imported when it runs. */
export type Register = (program: Command, context: Context) => void

export interface Described {
  readonly summary: Text
  /** In the list of commands, where `summary` takes more than a line. */
  readonly short?: Text | undefined
  /** The first line of its `--help`, without `maskinporten`. */
  readonly example: string
}

/** A command of that name under `parent`: its help begins with the example. */
export function addCommand(
  parent: Command,
  words: string,
  { say }: Context,
  { summary, short = summary, example }: Described,
): Command {
  return parent
    .command(words)
    .summary(say(short))
    .description(say(summary))
    .addHelpText('before', `${say({ en: 'Example', nb: 'Eksempel' })}: maskinporten ${example}`)
}
