/** What the command is asked to do. */
import { parseArgs } from 'node:util'
import type { EmulatorOptions } from './emulator.ts'
import type { NewClientOptions } from './register-client.ts'

export const usage = `maskinporten-emulator [options]

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

export interface Arguments {
  readonly emulator: EmulatorOptions
  readonly clients: readonly NewClientOptions[]
  /** Where the certificate authority is written. */
  readonly ca: string | undefined
  readonly json: boolean
  readonly help: boolean
}

/** @throws TypeError, in one sentence, for what cannot be read. */
export function readArguments(args: readonly string[]): Arguments {
  try {
    return parse(args)
  } catch (error) {
    throw new TypeError(`${error instanceof Error ? error.message : 'these arguments cannot be read'}; see --help`, {
      cause: error,
    })
  }
}

function parse(args: readonly string[]): Arguments {
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
