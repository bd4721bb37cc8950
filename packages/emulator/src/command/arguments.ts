/** What the command is asked to do. */
import { parseArgs } from 'node:util'
import type { EmulatorOptions } from '../options.ts'
import { isOrgNumber } from '../organisation-number.ts'
import type { NewClientOptions } from '../control/register-client.ts'

export const usage = `maskinporten-emulator [options]
maskinporten-emulator run [options] -- <command> [its arguments]

  run                 runs the command against an emulator that speaks under the names of the test environment, and ends with it;
                      client id and key of the first --client stand in the emulated vault as MaskinportenSettings--ClientId and
                      --EncodedJwk, and kvSetting__* in the environment lead there

  --as test           without run: speaks under those names, too, and prints the variables that lead to its proxy
  --port <n>          the first of nine ports in a row; default: free ones
  --host <address>    the interface to listen on; default: 127.0.0.1, this machine only
  --client <words>    registers a client: its scopes and, if it is not Digdir's, its organisation number; may be repeated
                      default: "altinn:serviceowner/instances.read altinn:serviceowner/instances.write krr:global/kontaktinformasjon.read"
  --ca <file>         writes the certificate authority of the emulated Key Vault there, PEM
  --strict            what Digdir's pages say, where they are stricter than the servers are
  --json              prints one line of JSON instead of text
  --version
  --help
`

const defaultClient =
  'altinn:serviceowner/instances.read altinn:serviceowner/instances.write krr:global/kontaktinformasjon.read'

export interface Arguments {
  readonly emulator: EmulatorOptions
  readonly clients: readonly NewClientOptions[]
  /** The command to run, with its arguments. */
  readonly command: readonly [string, ...string[]] | undefined
  /** Where the certificate authority is written. */
  readonly ca: string | undefined
  readonly json: boolean
  readonly help: boolean
  readonly version: boolean
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
  const end = args.indexOf('--')
  const running = args[0] === 'run'
  const command = running && end >= 0 ? args.slice(end + 1) : []
  const { values } = parseArgs({
    args: args.slice(running ? 1 : 0, running && end >= 0 ? end : undefined),
    options: {
      as: { type: 'string' },
      port: { type: 'string' },
      host: { type: 'string' },
      client: { type: 'string', multiple: true },
      ca: { type: 'string' },
      strict: { type: 'boolean' },
      json: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
      version: { type: 'boolean', short: 'v' },
    },
  })
  const [program, ...rest] = command
  if (running && program === undefined && values.help !== true && values.version !== true) {
    throw new TypeError('name the command to run after --')
  }
  return {
    emulator: {
      as: running ? 'test' : asFrom(values.as),
      host: values.host,
      ports: portsFrom(values.port),
      strict: values.strict === true ? 'docs' : 'server',
    },
    command: program === undefined ? undefined : [program, ...rest],
    clients: (values.client ?? [defaultClient]).map(clientFrom),
    ca: values.ca,
    json: values.json === true,
    help: values.help === true,
    version: values.version === true,
  }
}

function asFrom(name: string | undefined): EmulatorOptions['as'] {
  if (name === undefined || name === 'test' || name === 'loopback') return name
  throw new TypeError("--as is 'test' or 'loopback': the emulator takes no other names")
}

function portsFrom(first: string | undefined): EmulatorOptions['ports'] {
  if (first === undefined) return undefined
  const port = Number(first)
  if (!Number.isInteger(port) || port < 1 || port > 65_527) throw new TypeError('--port is a number from 1 to 65527')
  return {
    maskinporten: port,
    altinn: port + 1,
    register: port + 2,
    selfService: port + 3,
    keyVault: port + 4,
    control: port + 5,
    entra: port + 6,
    proxy: port + 7,
    texas: port + 8,
  }
}

function clientFrom(words: string): NewClientOptions {
  const all = words.split(/\s+/).filter((word) => word !== '')
  // No scope is made of digits alone.
  const [numbers, scopes] = [all.filter((word) => /^\d+$/.test(word)), all.filter((word) => !/^\d+$/.test(word))]
  const [orgNumber, second] = numbers
  if (second !== undefined) {
    throw new TypeError(`--client has one organisation number; this one has two: ${orgNumber} and ${second}`)
  }
  if (orgNumber !== undefined && !isOrgNumber(orgNumber)) {
    throw new TypeError(
      `${orgNumber} is not an organisation number: nine digits, the last of which is their check digit (modulus 11)`,
    )
  }
  if (scopes.length === 0) throw new TypeError('--client names one scope or more, each prefix:name')
  return { scopes, orgNumber }
}
