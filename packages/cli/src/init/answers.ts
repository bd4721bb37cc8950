/** What a project begins with: the flags say it, somebody at the terminal is asked, or the usual is taken. */
import { constants } from 'node:os'
import { type ApiId, apis } from '@maskinporten-kit/apis'
import { CommandFailed } from '../failure.ts'
import type { Text } from '../language.ts'
import type { EnvironmentName } from '../portals.ts'
import type { Terminal } from '../terminal.ts'

export const adapters = ['fetch', 'axios', 'ky'] as const
export type Adapter = (typeof adapters)[number]

export const sources = ['json', 'env', 'key-vault'] as const
export type SourceName = (typeof sources)[number]

export interface InitFlags {
  readonly api?: readonly string[] | undefined
  readonly adapter?: Adapter | undefined
  /** Of `sources`, with commas between. */
  readonly sources?: string | undefined
  readonly environment?: EnvironmentName | undefined
  readonly org?: string | undefined
  readonly keyVault?: string | undefined
  /** Address of the controls; true: where they usually are. */
  readonly emulator?: string | true | undefined
  readonly force?: boolean | undefined
}

export interface Answers {
  readonly environment: EnvironmentName
  /** At least one. */
  readonly apis: readonly [ApiId, ...ApiId[]]
  readonly adapter: Adapter
  readonly sources: readonly SourceName[]
  readonly org: string | undefined
}

const FIRST: ApiId = 'altinn/storage'

/** @throws CommandFailed `usage` for what is not known, and when a question is broken off. */
export async function answersFrom(flags: InitFlags, terminal: Terminal): Promise<Answers> {
  const given = {
    apis: flags.api?.map(apiOf),
    sources: flags.sources === undefined ? undefined : sourcesOf(flags.sources),
  }
  const isAsking = terminal.isInteractive
  const environment =
    flags.environment ??
    (isAsking && flags.emulator === undefined
      ? await choose(terminal, { en: 'Which Maskinporten environment?', nb: 'Hvilket Maskinporten-miljø?' }, [
          'test',
          'prod',
        ] as const)
      : 'test')
  const chosen = given.apis ?? (isAsking ? await chooseApis(terminal, environment) : [FIRST])
  const [first = FIRST, ...others] = chosen
  return {
    environment,
    apis: [first, ...others],
    adapter:
      flags.adapter ??
      (isAsking ? await choose(terminal, { en: 'Which HTTP client?', nb: 'Hvilken HTTP-klient?' }, adapters) : 'fetch'),
    sources: given.sources ?? (isAsking ? await chooseSources(terminal) : sources),
    org: flags.org,
  }
}

function apiOf(id: string): ApiId {
  const known = apis.find((one) => one.id === id.toLowerCase())
  if (known !== undefined) return known.id
  const near = apis.filter((one) => one.id.includes(id.toLowerCase()) || one.id.split('/')[0] === id.split('/')[0])
  const some = (near.length > 0 ? near : apis).slice(0, 6).map((one) => one.id)
  throw new CommandFailed('usage', {
    en: `the registry has no API ${id.slice(0, 60)}; it has ${some.join(', ')}, … (maskinporten apis)`,
    nb: `registeret har ikke API-et ${id.slice(0, 60)}; det har ${some.join(', ')}, … (maskinporten apis)`,
  })
}

function sourcesOf(list: string): readonly SourceName[] {
  const names = list.split(',').map((name) => name.trim())
  const known = sources.filter((one) => names.includes(one))
  if (known.length === names.length && known.length > 0) return known
  throw new CommandFailed('usage', {
    en: `--sources has some of ${sources.join(', ')}, with commas between`,
    nb: `--sources må være én eller flere av ${sources.join(', ')}, med komma mellom`,
  })
}

async function choose<T extends string>(terminal: Terminal, message: Text, options: readonly T[]): Promise<T> {
  const { select } = await import('@clack/prompts')
  const chosen: unknown = await select<string>({
    message: terminal.text(message),
    options: options.map((value) => ({ value })),
    output: process.stderr,
  })
  return options.find((one) => one === chosen) ?? brokenOff()
}

async function chooseApis(terminal: Terminal, environment: EnvironmentName): Promise<readonly ApiId[]> {
  const { autocompleteMultiselect } = await import('@clack/prompts')
  const offered = apis.filter((one) => one.baseUrls[environment] !== undefined)
  const chosen = await autocompleteMultiselect<string>({
    message: terminal.text({
      en: 'Which APIs? Type to search, Tab marks',
      nb: 'Hvilke API-er? Skriv for å søke, Tab merker',
    }),
    options: offered.map(({ id, name }) => ({ value: id, label: id, hint: terminal.text(name) })),
    initialValues: [FIRST],
    required: true,
    maxItems: 10,
    output: process.stderr,
  })
  // In the order in which they were chosen: the first is the one that the file calls.
  return Array.isArray(chosen) ? chosen.map(apiOf) : brokenOff()
}

async function chooseSources(terminal: Terminal): Promise<readonly SourceName[]> {
  const { multiselect } = await import('@clack/prompts')
  const hints: Readonly<Record<SourceName, Text>> = {
    json: { en: 'appsettings.json', nb: 'appsettings.json' },
    env: { en: 'variables: MaskinportenSettings__ClientId', nb: 'miljøvariabler: MaskinportenSettings__ClientId' },
    'key-vault': { en: 'Azure Key Vault, for the key', nb: 'Azure Key Vault, til nøkkelen' },
  }
  const chosen = await multiselect<string>({
    message: terminal.text({
      en: 'Where does the app read its settings?',
      nb: 'Hvor leser appen innstillingene sine?',
    }),
    options: sources.map((value) => ({ value, label: value, hint: terminal.text(hints[value]) })),
    initialValues: [...sources],
    required: true,
    output: process.stderr,
  })
  return Array.isArray(chosen) ? sources.filter((one) => chosen.includes(one)) : brokenOff()
}

/** By Ctrl-C, which a prompt takes for itself. */
function brokenOff(): never {
  process.exit(128 + constants.signals.SIGINT)
}
