/** Where an API of the registry is, for these settings. */
import { type ResolvedSettings, environments } from '@maskinporten-kit/core'
import { CommandFailed } from './failure.ts'

export type EnvironmentName = keyof typeof environments

/** The addresses of an API, as the registry has them: `{org}` stands for the short name of an organisation. */
export interface KnownApi {
  readonly id: string
  readonly baseUrls: { readonly test?: string | undefined; readonly prod?: string | undefined }
}

export interface Whereabouts {
  /** Short name of an organisation, for an address that has it. */
  readonly org?: string | undefined
  /** Stands in the place of the address of the registry. */
  readonly baseUrl?: string | undefined
  readonly env?: Readonly<Record<string, string | undefined>> | undefined
  readonly signal?: AbortSignal | undefined
}

type AddressSettings = Pick<ResolvedSettings, 'authority' | 'exchange'>

/** Which of the two environments the settings are of; `undefined`: another authority, such as an emulator on loopback. */
export function environmentOf({ authority }: Pick<ResolvedSettings, 'authority'>): EnvironmentName | undefined {
  const written = (issuer: string): string =>
    (URL.canParse(issuer) ? new URL(issuer).href : issuer).replace(/(?<!\/)\/+$/, '')
  return (['test', 'prod'] as const).find((name) => written(environments[name].issuer) === written(authority))
}

/**
 * The address on which the paths of an API are built, without a slash at the end. Altinn's APIs are on the platform whose
 * exchange the settings name. With an authority of its own, those of an emulator are where its controls say.
 *
 * @throws CommandFailed `usage` when the address is not known, or needs an organisation.
 */
export async function addressOf(api: KnownApi, settings: AddressSettings, given: Whereabouts = {}): Promise<string> {
  if (given.baseUrl !== undefined) return given.baseUrl.replace(/\/+$/, '')
  const environment = environmentOf(settings)
  // The emulator speaks as the test environment does.
  const known = environment === undefined ? (api.baseUrls.test ?? api.baseUrls.prod) : api.baseUrls[environment]
  const base = known === undefined ? undefined : withOrganisation(api, known, given.org)
  if (base === undefined) throw unknownAddress(api, settings)
  const origin = await originFor(new URL(base), environment, settings, given)
  if (origin === undefined) throw unknownAddress(api, settings)
  return base.replace(new URL(base).origin, origin)
}

async function originFor(
  base: URL,
  environment: EnvironmentName | undefined,
  settings: AddressSettings,
  given: Whereabouts,
): Promise<string | undefined> {
  const { exchange } = settings
  const platform = exchange === undefined ? undefined : new URL(exchange.url).origin
  if (environment === undefined) {
    if (isAltinn(base) && platform !== undefined) return platform
    return emulatedOrigin(base, settings, given)
  }
  // Altinn's other test environments. A gateway of the user's own has the exchange, and not the APIs.
  if (environment === 'test' && isAltinn(base) && platform !== undefined) return atPlatform(base, platform)
  return base.origin
}

function isAltinn({ hostname }: URL): boolean {
  return /^(?:platform|[a-z\d-]+\.apps)\.(?:[a-z\d]+\.)?altinn\.(?:no|cloud)$/.test(hostname)
}

/** `https://ttd.apps.tt02.altinn.no` at `https://platform.at22.altinn.cloud` is `https://ttd.apps.at22.altinn.cloud`. */
function atPlatform(base: URL, platform: string): string {
  const domain = /^https:\/\/platform\.([a-z\d]+\.altinn\.(?:no|cloud))$/.exec(platform)?.[1]
  if (domain === undefined) return base.origin
  return `https://${base.hostname.replace(/[a-z\d]+\.altinn\.(?:no|cloud)$/, domain)}`
}

function withOrganisation({ id }: KnownApi, base: string, org: string | undefined): string {
  if (!base.includes('{org}')) return base
  if (org === undefined)
    throw new CommandFailed('usage', {
      en: `the address of ${id} has the short name of an organisation: give it with --org, such as --org ttd`,
      nb: `adressen til ${id} inneholder kortnavnet til en virksomhet: oppgi det med --org, som --org ttd`,
    })
  // It becomes a part of the host name that gets the token.
  if (!/^[a-z\d][a-z\d-]*$/.test(org))
    throw new CommandFailed('usage', {
      en: '--org is not the short name of an organisation: write it in small letters, such as ttd',
      nb: '--org er ikke kortnavnet til en virksomhet: skriv det med små bokstaver, som ttd',
    })
  return base.replaceAll('{org}', org)
}

/** What the controls of the emulator call the service that has these names. */
const EMULATED: readonly (readonly [RegExp, string])[] = [
  [/^(?:test\.)?kontaktregisteret\.no$/, 'register'],
  [/^api\.(?:test\.)?samarbeid\.digdir\.no$/, 'selfService'],
]

/** Of an emulator on its fixed ports. */
const FIXED_CONTROL = 'http://127.0.0.1:8055'
const CONTROL_TIMEOUT_MS = 2_000

/** Where the emulator that is this authority has the service of this host; `undefined`: no emulator says so. */
async function emulatedOrigin(
  { hostname }: URL,
  { authority }: AddressSettings,
  { env = process.env, signal }: Whereabouts,
): Promise<string | undefined> {
  const service = EMULATED.find(([names]) => names.test(hostname))?.[1]
  if (service === undefined) return undefined
  const control = (env['EMULATED_MASKINPORTEN_CONTROL'] ?? FIXED_CONTROL).replace(/\/+$/, '')
  const bound = AbortSignal.timeout(CONTROL_TIMEOUT_MS)
  try {
    const answer = await fetch(`${control}/__emulator`, {
      headers: { 'x-maskinporten-emulator': '1' },
      signal: signal === undefined ? bound : AbortSignal.any([signal, bound]),
    })
    const told = (await answer.json()) as Readonly<Record<string, unknown>>
    const origin = told[service]
    return told['issuer'] === authority && typeof origin === 'string' ? origin : undefined
  } catch {
    signal?.throwIfAborted()
    return undefined
  }
}

function unknownAddress({ id }: KnownApi, settings: AddressSettings): CommandFailed {
  const where = environmentOf(settings) ?? settings.authority
  return new CommandFailed('usage', {
    en: `the address of ${id} is not known for ${where}: give it with --base-url`,
    nb: `adressen til ${id} er ikke kjent for ${where}: oppgi den med --base-url`,
  })
}
