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

/** Of all commands that read settings; told in lines of their own, too. */
const ofSettings = ['--settings', '--environment', '--section', '--key-vault']

const settingsLine: Text = {
  en: `Settings: --settings <folder> (of appsettings.json), --environment <name> (of
appsettings.<name>.json over it), --section <name>, --key-vault <url>`,
  nb: `Innstillinger: --settings <mappe> (med appsettings.json), --environment <navn>
(appsettings.<navn>.json over den), --section <navn>, --key-vault <url>`,
}

const sharedLine: Text = {
  en: `Everywhere: --json (the result as JSON), --quiet (only the result and failures),
--yes (asks nothing), --lang en|nb, -h, --help`,
  nb: `Overalt: --json (resultatet som JSON), --quiet (bare resultatet og feil),
--yes (spør ikke), --lang en|nb, -h, --help`,
}

const inLines = new WeakSet<Option>()

/** Takes these options out of the list of the command's help, which would not fit a screen, and tells them below, in a line. */
export function tellInLine(command: Command, names: readonly string[], line: string): void {
  for (const option of command.options) if (names.includes(option.long ?? '')) inLines.add(option)
  if (line !== '') command.addHelpText('after', line)
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
        `${say({ en: 'default', nb: 'standard' })} ${item.defaultValueDescription ?? String(item.defaultValue)}`,
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
    visibleCommands: (command) =>
      plain.visibleCommands(command).filter((one) => !['help', 'complete'].includes(one.name())),
    visibleOptions: (command) =>
      plain
        .visibleOptions(command)
        .filter((one) => isCompleting || !(inLines.has(one) || isInLine(command, one.long ?? ''))),
  }
}

function termOf(argument: Argument): string {
  const name = `${argument.name()}${argument.variadic ? '…' : ''}`
  return argument.required ? `<${name}>` : `[${name}]`
}

const readsSettings = (command: Command): boolean => command.options.some((one) => one.long === '--settings')

const isInLine = (command: Command, flag: string): boolean =>
  shared.includes(flag) || (readsSettings(command) && ofSettings.includes(flag))

/** Below the help of every command. */
export function addSharedLines(program: Command, say: (text: Text) => string): void {
  program.addHelpText('afterAll', ({ command }) => {
    const lines = readsSettings(command) ? [settingsLine, sharedLine] : [sharedLine]
    return `\n${lines.map(say).join('\n')}`
  })
}
