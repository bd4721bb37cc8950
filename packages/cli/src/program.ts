/** The command line as a whole: its commands, the flags they share, and how each ends. */
import { isMaskinportenError } from '@maskinporten-kit/core'
import { Command, CommanderError } from 'commander'
import { registerDoctor } from './commands/doctor.ts'
import { registerExplain } from './commands/explain.ts'
import { registerKeys } from './commands/keys.ts'
import { registerToken } from './commands/token.ts'
import type { Context, Register } from './context.ts'
import { CommandFailed, exitCodes } from './failure.ts'
import { type Text, languageOf } from './language.ts'
import { Terminal } from './terminal.ts'

const commands: readonly Register[] = [registerKeys, registerToken, registerDoctor, registerExplain]

interface SharedFlags {
  readonly json?: boolean
  readonly quiet?: boolean
  readonly yes?: boolean
}

export async function main(words: readonly string[], version: string): Promise<void> {
  const language = languageOf(words, process.env)
  const say = (text: Text): string => text[language]
  const program = new Command('maskinporten')
  let terminal = new Terminal({ language, isQuiet: false, isJson: false, isUnattended: false })
  const context: Context = { terminal: () => terminal, say }
  program
    .description(
      say({
        en: 'Maskinporten from no key to the first authorised call.',
        nb: 'Maskinporten fra ingen nøkkel til det første autoriserte kallet.',
      }),
    )
    .version(version, '-V, --version')
    .exitOverride()
    .hook('preAction', (_, action) => {
      const { json = false, quiet = false, yes = false } = action.optsWithGlobals<SharedFlags>()
      terminal = new Terminal({ language, isQuiet: quiet, isJson: json, isUnattended: yes })
    })
  addSharedFlags(program, say)
  for (const register of commands) register(program, context)
  try {
    await program.parseAsync(words, { from: 'user' })
  } catch (error) {
    process.exitCode = await tell(error, terminal)
  }
}

function addSharedFlags(program: Command, say: (text: Text) => string): void {
  program
    .option('--json', say({ en: 'the result as JSON', nb: 'resultatet som JSON' }))
    .option('--quiet', say({ en: 'nothing but the result and failures', nb: 'bare resultatet og feil' }))
    .option('--yes', say({ en: 'asks nothing', nb: 'spør ikke' }))
    .option('--lang <en|nb>', say({ en: 'default: the locale', nb: 'ellers etter systemets språk' }))
}

/** Says how it ended, and gives the exit code. */
async function tell(error: unknown, terminal: Terminal): Promise<number> {
  // Commander has said it already; help and version end so, too.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage
  if (error instanceof CommandFailed) {
    terminal.fail(error.text)
    return error.exitCode
  }
  if (isMaskinportenError(error)) {
    terminal.fail(error.message)
    // Core speaks English only, and of the case at hand: what it means in general is in both languages.
    const { codeOf } = await import('./explain/code-of.ts')
    const explain = `maskinporten explain ${codeOf(error)}`
    terminal.fail({ en: `More: ${explain}`, nb: `Mer på norsk: ${explain}` })
    // The flags say what is asked for.
    if (error.code === 'request_invalid') return exitCodes.usage
    const isOfSettings = error.code === 'settings_invalid' || error.code === 'settings_unavailable'
    return isOfSettings ? exitCodes.settings : exitCodes.failed
  }
  terminal.fail(error instanceof Error ? error.message : String(error))
  return exitCodes.failed
}
