#!/usr/bin/env node
/** `maskinporten-emulator`: the emulator as a process of its own, until Ctrl-C or SIGTERM, or until the command that it runs ends. */
import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { addresses } from './control/addresses.ts'
import { type Arguments, configName, readArguments } from './command/arguments.ts'
import { type ClientFiles, writeClientFiles } from './command/client-files.ts'
import { describe } from './command/describe.ts'
import { type LogForm, logLine } from './command/log-lines.ts'
import { catchSignals } from './command/signals.ts'
import { packageVersion } from './control/version.ts'
import type { LogEntry, LogListener } from './http/log.ts'

async function main(): Promise<void> {
  const args = process.argv.slice(2)
  if (controlWords.includes(args[0] ?? '')) {
    // Loaded when it is needed: a mistyped option is answered at once.
    const { callControl } = await import('./command/control-words.ts')
    process.stdout.write(await callControl(args))
    return
  }
  const options = readArguments(args)
  if (options.help !== undefined) {
    process.stdout.write(options.help)
    return
  }
  if (options.version) {
    process.stdout.write(`${packageVersion()}\n`)
    return
  }
  if (options.init) return writeConfiguration(options)
  const config = options.config ?? (existsSync(configName) ? configName : undefined)
  const begun = { ...options, emulator: { ...options.emulator, config, log: logTo(options.log) } }
  if (options.command) return runCommand(begun, options.command)
  const clients = options.clients.length > 0 || config !== undefined ? options.clients : [options.defaultClient]
  return serve({ ...begun, clients })
}

const controlWords = ['trigger', 'fault', 'clock']

function logTo(form: LogForm): LogListener {
  // The configuration that could not be read again is told in any case.
  if (form === 'none') return (entry) => void (entry.kind === 'configuration' && !entry.applied && print(entry, 'text'))
  return (entry) => print(entry, form)
}

function print(entry: LogEntry, form: 'text' | 'json'): void {
  process.stderr.write(logLine(entry, form))
}

async function writeConfiguration({ config = configName, clients, defaultClient }: Arguments): Promise<void> {
  const { init } = await import('./command/init.ts')
  const written = await init(config, clients.length > 0 ? clients : [defaultClient])
  process.stdout.write(`Written: ${written.config}, ${written.keys.join(', ')}
Keep the key out of version control. Start with: maskinporten-emulator${config === configName ? '' : ` --config ${config}`}
`)
}

async function serve(options: Arguments): Promise<void> {
  const signals = catchSignals()
  // A second one ends it at once.
  signals.forward(signals.release)
  const { openEmulator } = await import('./start-emulator.ts')
  const { registerAtStart } = await import('./command/clients.ts')
  if (signals.stopped.aborted) return
  const opened = await openEmulator(options.emulator, { ports: options.ports })
  const { emulator } = opened
  let files: ClientFiles | undefined
  try {
    const clients = await registerAtStart(options.clients, opened)
    if (options.ca !== undefined) await writeFile(options.ca, emulator.ca)
    if (!options.json) files = await writeClientFiles(clients, opened.keyFiles())
    const summary = files
      ? describe(emulator, clients, files)
      : `${JSON.stringify({ ...addresses(emulator), clients })}\n`
    if (!signals.stopped.aborted) process.stdout.write(summary)
    await signals.stop()
  } finally {
    await Promise.all([emulator.close(), files?.remove()])
  }
}

async function runCommand(options: Arguments, command: NonNullable<Arguments['command']>): Promise<void> {
  const signals = catchSignals()
  const { openEmulator } = await import('./start-emulator.ts')
  const { run } = await import('./command/run.ts')
  const opened = await openEmulator({ ...options.emulator, as: 'test' }, { ports: options.ports })
  const { emulator } = opened
  // Not `await using`: this file also runs from its source, and Node 22 does not parse that.
  try {
    if (options.ca !== undefined) await writeFile(options.ca, emulator.ca)
    process.exitCode = await run(opened, command, options, signals)
  } finally {
    await emulator.close()
    signals.release()
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`maskinporten-emulator: ${error instanceof Error ? error.message : 'failed'}\n`)
  process.exitCode = 1
})
