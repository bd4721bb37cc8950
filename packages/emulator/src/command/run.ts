/** `maskinporten-emulator run -- <command>` and `dev`: the command, with the emulator around it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { statSync } from 'node:fs'
import { constants } from 'node:os'
import { dirname } from 'node:path'
import type { EmulatorAsTest } from '../emulator.ts'
import type { OpenedEmulator } from '../start-emulator.ts'
import { fixedControl } from './arguments.ts'
import { type Asked, leadClients } from './led-clients.ts'
import { watchLookups } from './node-lookups.ts'
import { readOwnSettings } from './own-settings.ts'
import { type Environment, runEnvironment } from './run-environment.ts'
import { createScripts } from './scripts.ts'
import { runtimeOf } from './runtime.ts'
import type { Signals } from './signals.ts'
import { createSummary } from './summary.ts'
import { unheededLine, warningOf } from './unheeded.ts'
import { type Start, windowsStart } from './windows-command.ts'

export interface RunOptions extends Asked {
  /** Without what is no problem: which clients are registered, and what the run came to. */
  readonly quiet: boolean
  /** Ends with 3 when not all that the command called came to the emulator. */
  readonly strict: boolean
  /** Goes on after the command has ended, until a signal. */
  readonly stays: boolean
}

const unheededCode = 3

/** Resolves with the exit code: the command's own, or 128 and the number of the signal that ended it. @throws Error when it cannot be started. */
export async function run(
  opened: OpenedEmulator<EmulatorAsTest>,
  command: readonly [string, ...string[]],
  options: RunOptions,
  signals: Signals,
): Promise<number> {
  const { emulator, atStart } = opened
  const { stopped } = signals
  const [inherited, folder] = [process.env, process.cwd()]
  const say = (line: string): void => void process.stderr.write(`maskinporten-emulator: ${line}\n`)
  const summary = createSummary()
  emulator.log(summary.listen)
  const scripts = createScripts()
  const runtime = await runtimeOf(command, { env: inherited, folder }, scripts)
  const texts = [...command, ...scripts.texts()]
  const settings = await readOwnSettings(inherited, folder, { texts, runtime: runtime?.name })
  const led = await leadClients(opened, settings, options)
  for (const line of options.quiet ? led.problems : [...led.problems, ...led.said]) say(line)
  const application = emulator.entra.registerApplication()
  await atStart(() => {
    const { clientId, clientSecret } = application
    emulator.entra.registerApplication({ clientId, clientSecret })
  })
  const lookups = watchLookups(dirname(emulator.caFile), inherited, texts)
  const { variables } = led
  const { env, problems } = await runEnvironment(emulator, { application, variables, runtime, stopped }, inherited)
  for (const problem of problems) say(problem)
  const warning = await warningOf(runtime, { env, folder, stopped })
  const early = signals.first()
  if (early !== undefined) return exitCodeOf(early)
  if (warning !== undefined) say(warning)
  if (options.stays) say(`controls ${emulator.control.url}; Ctrl-C ends it, and in another shell:${examples(emulator)}`)
  const commandEnv = { ...env, ...lookups.variables }
  const { code, signalled } = await ended(command, commandEnv, signals, options.stays ? say : undefined)
  const hosts = emulator.proxy.refused()
  for (const host of hosts) say(`the command called ${host}, which is not emulated: refused`)
  const seen = { met: emulator.proxy.connections() > 0 || summary.metTexas(), lookups: await lookups.hosts() }
  const unheeded = unheededLine(seen, runtime, warning !== undefined)
  if (unheeded !== undefined) say(unheeded)
  if (!options.quiet) say(summary.line(hosts.length))
  return options.strict && unheeded !== undefined && !signalled ? unheededCode : code
}

/** For `dev`: what is done from a second shell. */
function examples({ control }: EmulatorAsTest): string {
  const url = control.url === fixedControl ? '' : ` --control ${control.url}`
  const lines = ['trigger app.instance.created', 'fault token status=503', 'clock advance 60000']
  return lines.map((line) => `\n  maskinporten-emulator ${line}${url}`).join('')
}

interface Ended {
  readonly code: number
  /** By a signal, to the command or to this process. */
  readonly signalled: boolean
}

/** `stays`: told that the command has ended, and the promise waits for a signal. */
async function ended(
  command: readonly [string, ...string[]],
  env: Environment,
  signals: Signals,
  stays: ((line: string) => void) | undefined,
): Promise<Ended> {
  const { file, args, verbatim }: Start =
    process.platform === 'win32'
      ? windowsStart(command, { env, folder: process.cwd(), isFile })
      : { file: command[0], args: command.slice(1), verbatim: false }
  const child = spawn(file, args, { stdio: 'inherit', env, windowsVerbatimArguments: verbatim })
  signals.forward((signal) => {
    // A terminal has told the whole foreground group of its Ctrl-C already.
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal)
  })
  const end = await endOf(child, command[0])
  const signalled = end.signalled || signals.stopped.aborted
  if (stays && !signalled) {
    stays(`the command ended with ${end.code}; the emulator stays until Ctrl-C`)
    await signals.stop()
  }
  return { ...end, signalled }
}

function endOf(child: ChildProcess, command: string): Promise<Ended> {
  return new Promise((resolve, reject) => {
    child.once('error', (error) =>
      reject(new Error(`${command} cannot be run (${error.message}); check its name and PATH`)),
    )
    child.once('close', (code, signal) =>
      resolve({ code: code ?? exitCodeOf(signal ?? 'SIGTERM'), signalled: code === null }),
    )
  })
}

/** As a shell tells of what a signal ended. */
function exitCodeOf(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal]
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true
}
