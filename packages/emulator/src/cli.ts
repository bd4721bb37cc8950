#!/usr/bin/env node
/** `maskinporten-emulator`: the emulator as a process of its own, until Ctrl-C or SIGTERM. */
import { writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { addresses, controlHeader } from './control.ts'
import type { Emulator, EmulatorOptions } from './emulator.ts'
import type { EmulatedClient, NewClientOptions } from './register-client.ts'
import { startEmulator } from './start-emulator.ts'

const usage = `maskinporten-emulator [options]

  --port <n>          the first of six ports in a row; default: free ones
  --host <address>    the interface to listen on; default: 127.0.0.1, this machine only
  --client <words>    registers a client: its scopes and, if it is not Digdir's, its organisation number; may be repeated
                      default: "altinn:serviceowner/instances.read altinn:serviceowner/instances.write krr:global/kontaktinformasjon.read"
  --ca <file>         writes the certificate authority of the emulated Key Vault there, PEM
  --strict            what Digdir's pages say, where they are stricter than the servers are
  --json              prints one line of JSON instead of text
  --help
`

const defaultClient =
  'altinn:serviceowner/instances.read altinn:serviceowner/instances.write krr:global/kontaktinformasjon.read'

function readArguments(args: readonly string[]): ReturnType<typeof parse> {
  try {
    return parse(args)
  } catch (error) {
    throw new TypeError(`${error instanceof Error ? error.message : 'these arguments cannot be read'}; see --help`, {
      cause: error,
    })
  }
}

function parse(args: readonly string[]): {
  readonly emulator: EmulatorOptions
  readonly clients: readonly NewClientOptions[]
  readonly ca: string | undefined
  readonly json: boolean
  readonly help: boolean
} {
  const { values } = parseArgs({
    args: [...args],
    options: {
      port: { type: 'string' },
      host: { type: 'string' },
      client: { type: 'string', multiple: true },
      ca: { type: 'string' },
      strict: { type: 'boolean' },
      json: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  })
  return {
    emulator: { host: values.host, ports: portsFrom(values.port), strict: values.strict === true ? 'docs' : 'server' },
    clients: (values.client ?? [defaultClient]).map(clientFrom),
    ca: values.ca,
    json: values.json === true,
    help: values.help === true,
  }
}

function portsFrom(first: string | undefined): EmulatorOptions['ports'] {
  if (first === undefined) return undefined
  const port = Number(first)
  if (!Number.isInteger(port) || port < 1 || port > 65_530) throw new TypeError('--port is a number from 1 to 65530')
  return {
    maskinporten: port,
    altinn: port + 1,
    register: port + 2,
    selfService: port + 3,
    keyVault: port + 4,
    control: port + 5,
  }
}

const isOrgNumber = (word: string): boolean => /^\d{9}$/.test(word)

function clientFrom(words: string): NewClientOptions {
  const all = words.split(/\s+/).filter((word) => word !== '')
  return { scopes: all.filter((word) => !isOrgNumber(word)), orgNumber: all.find(isOrgNumber) }
}

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
