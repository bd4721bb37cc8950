/** What a project begins with: the flags say it, somebody at the terminal is asked, or the usual is taken. */
import { type ApiId, apis } from '@maskinporten-kit/apis'
import { commandName } from '../command-name.ts'
import { CommandFailed } from '../failure.ts'
import type { Text } from '../language.ts'
import type { EnvironmentName } from '../portals.ts'
import type { Terminal } from '../terminal.ts'
import { originOf } from '../vault/address.ts'
import { choose, chooseSome, write } from './ask.ts'

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
  /** Address of the vault, with a final slash; `undefined`: it is filled in later, or the emulator has it. */
  readonly keyVault: string | undefined
}

const FIRST: ApiId = 'altinn/storage'

/** @throws CommandFailed `usage` for what is not known, and when a question is broken off. */
export async function answersFrom(flags: InitFlags, terminal: Terminal): Promise<Answers> {
  const given = {
    apis: flags.api?.map(apiOf),
    sources: flags.sources === undefined ? undefined : sourcesOf(flags.sources),
  }
  const flagged = addressOf(flags.keyVault)
  const isEmulated = flags.emulator !== undefined
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
  // Where no vault is named there is nothing to read from it: only who chooses it gets it.
  const usual = isEmulated || flagged !== undefined ? sources : sources.filter((one) => one !== 'key-vault')
  const answers = {
    environment,
    apis: [first, ...others],
    adapter:
      flags.adapter ??
      (isAsking ? await choose(terminal, { en: 'Which HTTP client?', nb: 'Hvilken HTTP-klient?' }, adapters) : 'fetch'),
    sources: given.sources ?? (isAsking ? await chooseSources(terminal, usual) : usual),
    org: flags.org,
  } as const
  const isOpen = isAsking && !isEmulated && flagged === undefined && answers.sources.includes('key-vault')
  return { ...answers, keyVault: isOpen ? await askForVault(terminal) : flagged }
}

/** @throws CommandFailed for what is no address of a vault. */
function addressOf(keyVault: string | undefined): string | undefined {
  return keyVault === undefined || keyVault.trim() === '' ? undefined : `${originOf(keyVault.trim())}/`
}

async function askForVault(terminal: Terminal): Promise<string | undefined> {
  const message = {
    en: 'Address of the vault, such as https://my-kv.vault.azure.net/ (empty: fill it in later)',
    nb: 'Adressen til hvelvet, som https://my-kv.vault.azure.net/ (tomt: fyll den ut senere)',
  }
  return addressOf(await write(terminal, message, addressOf))
}

function apiOf(id: string): ApiId {
  const known = apis.find((one) => one.id === id.toLowerCase())
  if (known !== undefined) return known.id
  const near = apis.filter((one) => one.id.includes(id.toLowerCase()) || one.id.split('/')[0] === id.split('/')[0])
  const some = (near.length > 0 ? near : apis).slice(0, 6).map((one) => one.id)
  throw new CommandFailed('usage', {
    en: `the registry has no API ${id.slice(0, 60)}; it has ${some.join(', ')}, … (${commandName()} apis)`,
    nb: `registeret har ikke API-et ${id.slice(0, 60)}; det har ${some.join(', ')}, … (${commandName()} apis)`,
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

async function chooseApis(terminal: Terminal, environment: EnvironmentName): Promise<readonly ApiId[]> {
  const { autocompleteMultiselect } = await import('@clack/prompts')
  const offered = apis.filter((one) => one.baseUrls[environment] !== undefined)
  const chosen = await chooseSome((hint) =>
    autocompleteMultiselect<string>({
      message: terminal.text({
        en: `Which APIs? The first is the one app.mjs calls. Type to search, Tab marks${terminal.text(hint)}`,
        nb: `Hvilke API-er? Det første er det app.mjs kaller. Skriv for å søke, Tab merker${terminal.text(hint)}`,
      }),
      options: offered.map(({ id, name }) => ({ value: id, label: id, hint: terminal.text(name) })),
      maxItems: 10,
      output: process.stderr,
    }),
  )
  // In the order in which they were chosen: the first is the one that the file calls.
  return chosen.map(apiOf)
}

async function chooseSources(terminal: Terminal, usual: readonly SourceName[]): Promise<readonly SourceName[]> {
  const { multiselect } = await import('@clack/prompts')
  const hints: Readonly<Record<SourceName, Text>> = {
    json: { en: 'appsettings.json', nb: 'appsettings.json' },
    env: { en: 'variables: MaskinportenSettings__ClientId', nb: 'miljøvariabler: MaskinportenSettings__ClientId' },
    'key-vault': { en: 'Azure Key Vault, for the key', nb: 'Azure Key Vault, til nøkkelen' },
  }
  const chosen = await chooseSome((hint) =>
    multiselect<string>({
      message: terminal.text({
        en: `Where does the app read its settings? The space bar marks${terminal.text(hint)}`,
        nb: `Hvor leser appen innstillingene sine? Mellomrom merker${terminal.text(hint)}`,
      }),
      options: sources.map((value) => ({ value, label: value, hint: terminal.text(hints[value]) })),
      initialValues: [...usual],
      required: false,
      showInstructions: false,
      output: process.stderr,
    }),
  )
  return sources.filter((one) => chosen.includes(one))
}
