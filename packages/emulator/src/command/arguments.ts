/** What the command is asked to do. */
import { parseArgs } from 'node:util'
import type { EmulatorOptions } from '../options.ts'
import { isOrgNumber } from '../organisation-number.ts'
import type { NewClientOptions } from '../control/register-client.ts'
import { defaultClient } from './default-client.ts'
import type { LogForm } from './log-lines.ts'
import { runUsage, usage } from './usage.ts'

/** Looked for in the working directory. */
export const configName: string = 'emulator.json'

/** Of nine in a row; the controls are on 8055. */
const firstPort = 8050

const defaultScopes =
  'altinn:serviceowner/instances.read altinn:serviceowner/instances.write krr:global/kontaktinformasjon.read'

/** Where the controls are, of an emulator on its fixed ports. */
export const fixedControl: string = `http://127.0.0.1:${firstPort + 5}`

export interface Arguments {
  /** Over what a configuration file says. */
  readonly emulator: EmulatorOptions
  /** The ports where neither the arguments nor the file say them. */
  readonly ports: EmulatorOptions['ports']
  /** `undefined`: none was named, and `configName` is looked for. */
  readonly config: string | undefined
  /** Those of `--client`. */
  readonly clients: readonly NewClientOptions[]
  /** The one where neither the arguments nor a file name any. */
  readonly defaultClient: NewClientOptions
  readonly init: boolean
  readonly log: LogForm
  /** Nothing but problems on standard error. */
  readonly quiet: boolean
  /** `run --strict` also ends with 3 when the command ignores the proxy. */
  readonly strict: boolean
  /** `run --no-client`: neither the vault nor the environment has a client, since the command makes its own. */
  readonly withoutClient: boolean
  /** `dev`: goes on after the command has ended. */
  readonly stays: boolean
  /** The command to run, with its arguments. */
  readonly command: readonly [string, ...string[]] | undefined
  /** Where the certificate authority is written. */
  readonly ca: string | undefined
  readonly json: boolean
  /** The text to print. */
  readonly help: string | undefined
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

const initOptions = ['config', 'client', 'help', 'version']

function parse(args: readonly string[]): Arguments {
  const end = args.indexOf('--')
  const stays = args[0] === 'dev'
  const running = args[0] === 'run' || stays
  const init = args[0] === 'init'
  const command = running && end >= 0 ? args.slice(end + 1) : []
  const { values } = parseArgs({
    args: args.slice(running || init ? 1 : 0, running && end >= 0 ? end : undefined),
    options: {
      as: { type: 'string' },
      port: { type: 'string' },
      host: { type: 'string' },
      'public-url': { type: 'string' },
      'allow-host': { type: 'string', multiple: true },
      'allow-production': { type: 'boolean' },
      client: { type: 'string', multiple: true },
      'no-client': { type: 'boolean' },
      config: { type: 'string' },
      ca: { type: 'string' },
      log: { type: 'string' },
      quiet: { type: 'boolean' },
      strict: { type: 'boolean' },
      json: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
      version: { type: 'boolean', short: 'v' },
    },
  })
  const ignored = init ? Object.keys(values).find((name) => !initOptions.includes(name)) : undefined
  if (ignored !== undefined) throw new TypeError(`init takes no --${ignored}, only --config and --client`)
  const [program, ...rest] = command
  if (running && program === undefined && values.help !== true && values.version !== true) {
    throw new TypeError(`name the command to run after --: maskinporten-emulator ${args[0]} -- npm start`)
  }
  return {
    emulator: {
      as: running ? 'test' : asFrom(values.as),
      host: values.host,
      publicUrl: values['public-url'],
      allowedHosts: values['allow-host'],
      allowProduction: values['allow-production'],
      ports: portsFrom(values.port),
      strict: values.strict === true ? 'docs' : undefined,
    },
    ports: running && !stays ? undefined : portsFrom(String(firstPort)),
    config: values.config,
    init,
    log: logFrom(values.log, values.quiet === true, running),
    quiet: values.quiet === true,
    strict: values.strict === true,
    withoutClient: values['no-client'] === true,
    stays,
    command: program === undefined ? undefined : [program, ...rest],
    clients: (values.client ?? []).map(clientFrom).map(withKey),
    defaultClient: withKey(clientFrom(defaultScopes), 0),
    ca: values.ca,
    json: values.json === true,
    help: values.help === true ? (running ? runUsage : usage) : undefined,
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
  if (first.trim() === '' || !Number.isInteger(port) || port < 0 || port > 65_527) {
    throw new TypeError('--port is a number from 1 to 65527, or 0 for free ports')
  }
  const after = (count: number): number => (port === 0 ? 0 : port + count)
  return {
    maskinporten: after(0),
    altinn: after(1),
    register: after(2),
    selfService: after(3),
    keyVault: after(4),
    control: after(5),
    entra: after(6),
    proxy: after(7),
    texas: after(8),
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

/** The first stays the same at every start. */
function withKey(client: NewClientOptions, at: number): NewClientOptions {
  return at === 0 ? { ...client, ...defaultClient } : client
}

function logFrom(form: string | undefined, quiet: boolean, running: boolean): LogForm {
  if (quiet) return 'none'
  // Standard error of `run` is the command's.
  if (form === undefined) return running ? 'none' : 'text'
  if (form === 'text' || form === 'json') return form
  throw new TypeError("--log is 'text' or 'json'")
}
