/** What stands after `npm start --`. */
import { parseArgs } from 'node:util'

export const adapterNames = ['fetch', 'axios', 'ky'] as const
export type AdapterName = (typeof adapterNames)[number]

/** In the order in which the settings are layered: a later one wins. */
export const sourceNames = ['json', 'env', 'key-vault'] as const
export type SourceName = (typeof sourceNames)[number]

export interface Arguments {
  readonly help: boolean
  /** Ends after the trace. */
  readonly once: boolean
  readonly real: boolean
  readonly adapters: readonly AdapterName[]
  /** Where client id and key are; the rest is in appsettings.json. */
  readonly sources: readonly SourceName[]
  /** 0: any free one. */
  readonly port: number
  /** With `real`: whose instances are asked for. */
  readonly org: string | undefined
  readonly app: string | undefined
}

/** One sentence, for people. */
export class ArgumentsError extends Error {
  override readonly name = 'ArgumentsError'
}

const defaultPort = 3000

export const usage: string = `Søknad: a service owner's integration component, with Maskinporten and Altinn emulated on this machine.

  npm start                    one application through each adapter, the trace, then the page
  npm start -- --once          ends after the trace

  --adapter fetch|axios|ky     through this one only, or several with commas between (default: all three)
  --sources json,env,key-vault where client id and key are; the last one wins (default: key-vault);
                               all else is in an appsettings.json in a temporary folder
  --port <number>              where the page is (default ${defaultPort}; another one when it is taken)
  --real                       no emulator: the settings you have (appsettings.json here, environment, Key Vault)
  --org <name> --app <name>    with --real: whose instances Storage is asked for; nothing is changed there
  --help                       this text
`

/** @throws ArgumentsError */
export function readArguments(words: readonly string[]): Arguments {
  const { values, positionals } = parse(words)
  if (positionals[0] !== undefined) throw new ArgumentsError(`"${positionals[0]}" means nothing here; see --help`)
  const real = values.real === true
  if (real && values.help !== true) {
    if (values.sources !== undefined) throw new ArgumentsError('--real reads every source; leave --sources out')
    if (values.org === undefined || values.app === undefined) {
      throw new ArgumentsError(
        '--real needs to know whose instances to ask for; add --org and --app, as in --org ttd --app soknad',
      )
    }
  } else if (values.org !== undefined || values.app !== undefined) {
    throw new ArgumentsError('--org and --app go with --real; the emulator has one app of its own')
  }
  return {
    help: values.help === true,
    once: values.once === true,
    real,
    adapters: chosen('--adapter', values.adapter ?? adapterNames.join(), adapterNames),
    sources: chosen('--sources', values.sources ?? 'key-vault', sourceNames),
    port: portOf(values.port ?? String(defaultPort)),
    org: values.org,
    app: values.app,
  }
}

interface Values {
  readonly help?: boolean | undefined
  readonly once?: boolean | undefined
  readonly real?: boolean | undefined
  readonly adapter?: string | undefined
  readonly sources?: string | undefined
  readonly port?: string | undefined
  readonly org?: string | undefined
  readonly app?: string | undefined
}

function parse(words: readonly string[]): { readonly values: Values; readonly positionals: readonly string[] } {
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        help: { type: 'boolean', short: 'h' },
        once: { type: 'boolean' },
        real: { type: 'boolean' },
        adapter: { type: 'string' },
        sources: { type: 'string' },
        port: { type: 'string' },
        org: { type: 'string' },
        app: { type: 'string' },
      },
    })
  } catch (error) {
    const what = error instanceof Error ? (error.message.split(/[.\n]/)[0] ?? '') : ''
    throw new ArgumentsError(`${what}; see --help`)
  }
}

/** Of a list with commas, in the order of `all`. */
function chosen<T extends string>(flag: string, list: string, all: readonly T[]): readonly T[] {
  const words = list.split(',').map((word) => word.trim())
  const unknown = words.find((word) => !all.some((name) => name === word))
  if (unknown !== undefined) {
    throw new ArgumentsError(`${flag} does not know "${unknown}"; choose among ${all.join(', ')}`)
  }
  return all.filter((name) => words.includes(name))
}

function portOf(text: string): number {
  const port = Number(text)
  if (!/^\d+$/.test(text) || port > 65_535) {
    throw new ArgumentsError(`--port takes a number from 0 to 65535, not "${text}"; 0 takes any free one`)
  }
  return port
}
