/** The command line as a whole: its commands, the flags they share, and how each ends. */
import { Command, Option } from 'commander'
import { registerCall } from './commands/call.ts'
import { registerApis, registerScopes } from './commands/apis.ts'
import { complete, isCompletion, registerCompletion } from './commands/completion.ts'
import { registerDoctor } from './commands/doctor.ts'
import { handOn, isHandedOn, registerEmulator } from './commands/emulator.ts'
import { registerExplain } from './commands/explain.ts'
import { registerInit } from './commands/init.ts'
import { registerKeyVault } from './commands/key-vault.ts'
import { registerKeys } from './commands/keys.ts'
import { registerRegister } from './commands/register.ts'
import { registerServe } from './commands/serve.ts'
import { registerToken } from './commands/token.ts'
import type { Context, Register } from './context.ts'
import { addSharedLines, describeIn } from './help.ts'
import { type Language, type Text, languageOf } from './language.ts'
import { tellFailure } from './tell-failure.ts'
import { Terminal } from './terminal.ts'

const commands: readonly Register[] = [
  // In the order of the help: as a newcomer needs them.
  registerInit,
  registerKeys,
  registerRegister,
  registerKeyVault,
  registerDoctor,
  registerToken,
  registerCall,
  registerServe,
  registerExplain,
  registerApis,
  registerScopes,
  registerEmulator,
  registerCompletion,
]

interface SharedFlags {
  readonly json?: boolean
  readonly quiet?: boolean
  readonly yes?: boolean
}

export async function main(words: readonly string[], version: string): Promise<void> {
  if (isHandedOn(words)) return handOn(words.slice(1))
  const language = languageOf(words, process.env)
  if (isCompletion(words)) return complete(buildProgram(version, language, true).program, words.slice(2))
  const { program, terminal } = buildProgram(version, language, false, words.includes('--json'))
  try {
    await program.parseAsync(words.length > 0 ? words : ['--help'], { from: 'user' })
  } catch (error) {
    process.exitCode = await tellFailure(error, terminal())
  }
}

export interface Program {
  readonly program: Command
  /** As the flags want it, once they are read. */
  readonly terminal: () => Terminal
}

/** `isJson`: for what is wrong before the flags are read. */
export function buildProgram(version: string, language: Language, isCompleting = false, isJson = false): Program {
  const say = (text: Text): string => text[language]
  const program = new Command('maskinporten')
  let terminal = new Terminal({ language, isQuiet: false, isJson, isUnattended: false })
  const context: Context = { terminal: () => terminal, say }
  program
    .description(
      say({
        en: 'Maskinporten from no key to the first authorised call.',
        nb: 'Maskinporten fra ingen nøkkel til det første autoriserte kallet.',
      }),
    )
    .version(version, '-V, --version')
    .helpOption('-h, --help', say({ en: 'shows this', nb: 'viser dette' }))
    .exitOverride()
    .configureHelp(describeIn(say, isCompleting))
    // What is wrong is told by `tellFailure`, in the language of the run.
    .configureOutput({ outputError: () => undefined })
    .addHelpText('before', `${say({ en: 'Example', nb: 'Eksempel' })}: maskinporten init`)
    .hook('preAction', (_, action) => {
      const { json = false, quiet = false, yes = false } = action.optsWithGlobals<SharedFlags>()
      terminal = new Terminal({ language, isQuiet: quiet, isJson: json, isUnattended: yes })
    })
  addSharedFlags(program, say)
  addSharedLines(program, say)
  for (const register of commands) register(program, context)
  return { program, terminal: () => terminal }
}

function addSharedFlags(program: Command, say: (text: Text) => string): void {
  program
    .option('--json', say({ en: 'the result as JSON', nb: 'resultatet som JSON' }))
    .option('--quiet', say({ en: 'nothing but the result and failures', nb: 'bare resultatet og feil' }))
    .option('--yes', say({ en: 'asks nothing', nb: 'spør ikke' }))
    .addOption(
      new Option('--lang <language>', say({ en: 'default: the locale', nb: 'ellers etter systemets språk' })).choices([
        'en',
        'nb',
      ]),
    )
}
