/** How a command that failed says so: for people on standard error, and under `--json` as a document on standard output. */
import { CommanderError } from 'commander'
import { CommandFailed, exitCodes } from './failure.ts'
import type { Text } from './language.ts'
import type { Terminal } from './terminal.ts'
import { wrongUse } from './wrong-use.ts'

type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

/** The document of a failure: its members stay, and others may join them. */
export interface FailureDocument {
  readonly error: {
    /** Of core's errors their `code`; else `usage`, `settings` or `failed`, as the exit code. */
    readonly code: string
    readonly detail?: string | undefined
    readonly mpCode?: string | undefined
    readonly message: string
    /** The command that explains it. */
    readonly explain?: string | undefined
  }
}

/** Says how it ended, and gives the exit code. A result that is there already, such as the answer of a call, stays alone. */
export async function tellFailure(error: unknown, terminal: Terminal): Promise<ExitCode> {
  if (error instanceof CommanderError && error.exitCode === exitCodes.ok) return exitCodes.ok
  const { exitCode, lines, ...document } = await failureOf(error, terminal)
  for (const line of lines) terminal.fail(line)
  if (terminal.isJson && !terminal.hasResult) terminal.json(document satisfies FailureDocument)
  return exitCode
}

interface Failure extends FailureDocument {
  readonly exitCode: ExitCode
  /** For standard error. */
  readonly lines: readonly string[]
}

async function failureOf(error: unknown, terminal: Terminal): Promise<Failure> {
  if (error instanceof CommanderError) {
    // Of a command that only holds others, the help was shown.
    const isHelp = error.code === 'commander.help'
    const message = terminal.text(isHelp ? NO_COMMAND : wrongUse(error))
    return { exitCode: exitCodes.usage, lines: isHelp ? [] : [message], error: { code: 'usage', message } }
  }
  if (error instanceof CommandFailed) {
    const { exitCode } = error
    const message = terminal.text(error.text)
    return { exitCode, lines: [message], error: { code: nameOf(exitCode), message } }
  }
  const { isMaskinportenError } = await import('@maskinporten-kit/core')
  if (isMaskinportenError(error)) {
    const { code, detail, mpCode } = error
    // Core speaks English only. Problems of settings have sentences in bokmål, all else what it means in general.
    const isTranslated = terminal.language === 'nb' && code.startsWith('settings_')
    const message = isTranslated ? (await import('./doctor/problems.ts')).inBokmaal(error) : error.message
    const { codeOf } = await import('./explain/code-of.ts')
    const explain = `maskinporten explain ${codeOf(error)}`
    const more = terminal.text({ en: `More: ${explain}`, nb: `Mer på norsk: ${explain}` })
    return { exitCode: exitCodeOf(code), lines: [message, more], error: { code, detail, mpCode, message, explain } }
  }
  const message = error instanceof Error ? error.message : String(error)
  return { exitCode: exitCodes.failed, lines: [message], error: { code: 'failed', message } }
}

const NO_COMMAND: Text = { en: 'no command is named; see --help', nb: 'ingen kommando er oppgitt; se --help' }

const nameOf = (exitCode: ExitCode): string =>
  exitCode === exitCodes.usage ? 'usage' : exitCode === exitCodes.settings ? 'settings' : 'failed'

function exitCodeOf(code: string): ExitCode {
  // The flags say what is asked for.
  if (code === 'request_invalid') return exitCodes.usage
  return code === 'settings_invalid' || code === 'settings_unavailable' ? exitCodes.settings : exitCodes.failed
}
