#!/usr/bin/env node
/** `maskinporten-emulator`: the emulator as a process of its own, until Ctrl-C or SIGTERM, or until the command that it runs ends. */
import { writeFile } from 'node:fs/promises'
import { addresses } from './control/addresses.ts'
import { type Arguments, readArguments, usage } from './command/arguments.ts'
import { type ClientFiles, writeClientFiles } from './command/client-files.ts'
import { describe } from './command/describe.ts'
import { packageVersion } from './control/version.ts'

async function main(): Promise<void> {
  const options = readArguments(process.argv.slice(2))
  if (options.help) {
    process.stdout.write(usage)
    return
  }
  if (options.version) {
    process.stdout.write(`${packageVersion()}\n`)
    return
  }
  await (options.command ? runCommand(options, options.command) : serve(options))
}

async function serve(options: Arguments): Promise<void> {
  // Loaded when it is needed: a mistyped option is answered at once.
  const { openEmulator } = await import('./start-emulator.ts')
  const { registerAtStart } = await import('./command/clients.ts')
  const opened = await openEmulator(options.emulator)
  const { emulator } = opened
  let files: ClientFiles | undefined
  const end = (): void => void Promise.all([emulator.close(), files?.remove()])
  process.once('SIGINT', end)
  process.once('SIGTERM', end)
  try {
    const clients = await registerAtStart(options.clients, opened)
    if (options.ca !== undefined) await writeFile(options.ca, emulator.ca)
    if (!options.json) files = await writeClientFiles(clients)
    const summary = files
      ? describe(emulator, clients, files)
      : `${JSON.stringify({ ...addresses(emulator), clients })}\n`
    process.stdout.write(summary)
  } catch (error) {
    await Promise.all([emulator.close(), files?.remove()])
    throw error
  }
}

async function runCommand(options: Arguments, command: NonNullable<Arguments['command']>): Promise<void> {
  const { openEmulator } = await import('./start-emulator.ts')
  const { registerAtStart } = await import('./command/clients.ts')
  const { run } = await import('./command/run.ts')
  const opened = await openEmulator({ ...options.emulator, as: 'test' })
  const { emulator } = opened
  // Not `await using`: this file also runs from its source, and Node 22 does not parse that.
  try {
    const [client] = await registerAtStart(options.clients, opened)
    if (!client) return
    if (options.ca !== undefined) await writeFile(options.ca, emulator.ca)
    process.exitCode = await run(opened, client, command)
    for (const target of emulator.proxy.refused()) {
      process.stderr.write(`maskinporten-emulator: the command called ${target}, which is not emulated: refused\n`)
    }
  } finally {
    await emulator.close()
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`maskinporten-emulator: ${error instanceof Error ? error.message : 'failed'}\n`)
  process.exitCode = 1
})
