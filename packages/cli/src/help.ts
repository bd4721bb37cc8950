/** What `--help` shows, in both languages: an example first, and all of it on a screen of 80 × 24. */
import { type Argument, type Command, type HelpConfiguration, Help, type Option } from 'commander'
import type { Text } from './language.ts'

const COLUMNS = 80

/** Commander's own words. */
const words: Readonly<Record<string, Text>> = {
  'Usage:': { en: 'Usage:', nb: 'Bruk:' },
  'Arguments:': { en: 'Arguments:', nb: 'Argumenter:' },
  'Options:': { en: 'Options:', nb: 'Valg:' },
  'Commands:': { en: 'Commands:', nb: 'Kommandoer:' },
  '[options]': { en: '[options]', nb: '[valg]' },
  '[command]': { en: '<command>', nb: '<kommando>' },
}

/** They are the program's own, work after every command, and are told in a line of their own. */
const shared = ['--json', '--quiet', '--yes', '--lang', '--version', '--help']

const sharedLine: Text = {
  en: `Everywhere: --json (the result as JSON), --quiet (only the result and failures),
--yes (asks nothing), --lang en|nb, -h, --help`,
  nb: `Overalt: --json (resultatet som JSON), --quiet (bare resultatet og feil),
--yes (spør ikke), --lang en|nb, -h, --help`,
}

/** @param isCompleting - A shell is told of all flags, also of those that the help has in a line. */
export function describeIn(say: (text: Text) => string, isCompleting: boolean): HelpConfiguration {
  const plain = new Help()
  const word = (own: string): string => (words[own] === undefined ? own : say(words[own]))
  const detailed = (item: Option | Argument): string => {
    const values = item.argChoices?.join(', ')
    const details: string[] = []
    if (values !== undefined && values !== '') details.push(values)
    if (item.defaultValue !== undefined && item.defaultValue !== false)
      details.push(
        `${say({ en: 'default', nb: 'ellers' })} ${item.defaultValueDescription ?? String(item.defaultValue)}`,
      )
    return details.length > 0 ? `${item.description} (${details.join('; ')})` : item.description
  }
  return {
    helpWidth: COLUMNS,
    styleTitle: word,
    styleUsage: (usage) => usage.split(' ').map(word).join(' '),
    subcommandTerm: (command) => [command.name(), ...command.registeredArguments.map(termOf)].join(' '),
    argumentTerm: termOf,
    argumentDescription: detailed,
    optionDescription: detailed,
    visibleCommands: (command) => plain.visibleCommands(command).filter((one) => one.name() !== 'help'),
    visibleOptions: (command) =>
      plain.visibleOptions(command).filter((one) => isCompleting || !shared.includes(one.long ?? '')),
  }
}

function termOf(argument: Argument): string {
  const name = `${argument.name()}${argument.variadic ? '…' : ''}`
  return argument.required ? `<${name}>` : `[${name}]`
}

/** Below the help of every command. */
export function addSharedLine(program: Command, say: (text: Text) => string): void {
  program.addHelpText('afterAll', `\n${say(sharedLine)}`)
}
