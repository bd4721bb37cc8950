#!/usr/bin/env node
/** `maskinporten-emulator`: the emulator as a process of its own, until Ctrl-C or SIGTERM. */
import { writeFile } from 'node:fs/promises'
import { addresses, controlHeader } from './addresses.ts'
import { readArguments, usage } from './arguments.ts'
import type { Emulator } from './emulator.ts'
import type { EmulatedClient } from './register-client.ts'

function describe(emulator: Emulator, clients: readonly EmulatedClient[]): string {
  const sections = clients.map(
    ({ settings }) => `\nappsettings.json:\n${JSON.stringify({ MaskinportenSettings: settings }, undefined, 2)}\n`,
  )
  return `Emulated, and not affiliated with Digdir or Altinn:
  Maskinporten  ${emulator.maskinporten.issuer}
  Altinn        ${emulator.altinn.url}
  Register      ${emulator.register.url}  (KRR-like, synthetic persons)
  Key Vault     ${emulator.keyVault.url}  (as https://<any>.vault.azure.net through the SDK's agent)
  Controls      ${emulator.control.url}  (send the header ${controlHeader})
${sections.join('')}
Ctrl-C ends it.
`
}

async function main(): Promise<void> {
  const options = readArguments(process.argv.slice(2))
  if (options.help) {
    process.stdout.write(usage)
    return
  }
  // Loaded when it is needed: a mistyped option is answered at once.
  const { startEmulator } = await import('./start-emulator.ts')
  const emulator = await startEmulator(options.emulator)
  const end = (): void => void emulator.close()
  process.once('SIGINT', end)
  process.once('SIGTERM', end)
  try {
    const clients = await Promise.all(options.clients.map((client) => emulator.registerClient(client)))
    if (options.ca !== undefined) await writeFile(options.ca, emulator.ca)
    const summary = options.json
      ? `${JSON.stringify({ ...addresses(emulator), clients })}\n`
      : describe(emulator, clients)
    process.stdout.write(summary)
  } catch (error) {
    await emulator.close()
    throw error
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`maskinporten-emulator: ${error instanceof Error ? error.message : 'failed'}\n`)
  process.exitCode = 1
})
