/** Under which names the emulator speaks. All of them, and those it will never take, stand here and nowhere else. */

export interface Origins {
  readonly maskinporten: string
  readonly altinn: string
  readonly register: string
  readonly selfService: string
  readonly keyVault: string
  readonly control: string
  readonly entra: string
  /** The token API of NAIS and SKIP. */
  readonly texas: string
}

export type ServiceName = keyof Origins

export interface Names {
  /** Where each service is called; without final slash. */
  readonly origins: Origins
  /** Maskinporten's issuer: with its final slash. */
  readonly issuer: string
  /** Altinn's platform: an origin without final slash. */
  readonly platform: string
  /** Altinn's issuer: with its final slash. */
  readonly platformIssuer: string
  /** Where an organisation's apps live: an origin without final slash. */
  readonly apps: (org: string) => string
  /** The claim `delegation_source` of a delegated token. */
  readonly delegationSource: string
  /** What a client's settings may say instead of its addresses. */
  readonly environment: 'test' | undefined
}

/** The default: the addresses that the emulator listens on, or under which it was told that it is called. */
export function loopbackNames(origins: Origins): Names {
  return {
    origins,
    issuer: `${origins.maskinporten}/`,
    platform: origins.altinn,
    platformIssuer: `${origins.altinn}/authentication/api/v1/openid/`,
    apps: () => origins.altinn,
    delegationSource: `${origins.altinn}/`,
    environment: undefined,
  }
}

/** The test environment's, but for the controls and Texas, which listen beside the app. */
export function testNames({ control, texas }: Pick<Origins, LocalService>): Names {
  const platform = 'https://platform.tt02.altinn.no'
  return {
    origins: {
      maskinporten: 'https://test.maskinporten.no',
      altinn: platform,
      register: 'https://test.kontaktregisteret.no',
      selfService: 'https://api.test.samarbeid.digdir.no',
      keyVault: vaultUrl(defaultVault),
      control,
      entra: 'https://login.microsoftonline.com',
      texas,
    },
    issuer: 'https://test.maskinporten.no/',
    platform,
    platformIssuer: `${platform}/authentication/api/v1/openid/`,
    apps: (org) => `https://${org}.apps.tt02.altinn.no`,
    delegationSource: 'https://tt02.altinn.no/',
    environment: 'test',
  }
}

/** Altinn's test environments beside TT02: they trust the same Maskinporten, and each has a platform of its own. */
const otherPlatforms = ['at22', 'at23', 'at24', 'yt01']

/** Without a final slash, which Maskinporten's has (Digdir, "Skyporten"). */
export const skyportenIssuer = 'https://test.sky.maskinporten.no'

/** As one of Altinn's other test environments; `undefined` for a host that is none of theirs. */
export function namesAtPlatform(host: string, names: Names): Names | undefined {
  const name = /^(?:platform|[^.]+\.apps)\.([a-z0-9]+)\.altinn\.cloud$/.exec(plainHost(host))?.[1]
  if (name === undefined || !otherPlatforms.includes(name)) return undefined
  const platform = `https://platform.${name}.altinn.cloud`
  return {
    ...names,
    origins: { ...names.origins, altinn: platform },
    platform,
    platformIssuer: `${platform}/authentication/api/v1/openid/`,
    apps: (org) => `https://${org}.apps.${name}.altinn.cloud`,
  }
}

/** The services that have names in the test environment. */
export type NamedService = Exclude<keyof Origins, LocalService>

/** Those that are called on this machine, without TLS, under every name. */
export type LocalService = 'control' | 'texas'

/** Their hosts there, which their certificates cover and the proxy leads to them; `*` stands for one label. */
export const testHosts: Readonly<Record<NamedService, readonly string[]>> = {
  maskinporten: ['test.maskinporten.no', new URL(skyportenIssuer).host],
  altinn: [
    'platform.tt02.altinn.no',
    '*.apps.tt02.altinn.no',
    ...otherPlatforms.flatMap((name) => [`platform.${name}.altinn.cloud`, `*.apps.${name}.altinn.cloud`]),
  ],
  register: ['test.kontaktregisteret.no'],
  selfService: ['api.test.samarbeid.digdir.no'],
  keyVault: ['*.vault.azure.net'],
  entra: ['login.microsoftonline.com', 'login.windows.net'],
}

/** Whether a host belongs to production, for which the emulator never speaks. */
export function isProduction(host: string): boolean {
  const asked = plainHost(host)
  const operator = /^(?:(?:sky\.)?maskinporten\.no|kontaktregisteret\.no|(?:.+\.)?(?:altinn|digdir)\.no)$/.test(asked)
  return operator && !/(?:^|\.)(?:tt02|test)\./.test(asked)
}

/** Whether a Host header is one of the test environment's; with a port other than 443 it is not. */
export function isTestHost(host: string): boolean {
  return serviceAt(host.replace(/:443$/, '')) !== undefined
}

/** Of a Host header, the name without the port, as names are compared. */
export function hostOf(header: string): string {
  return plainHost(header.replace(/:\d+$/, ''))
}

/** As names are compared: in lower case (RFC 4343), without the dot of the root, which changes nothing. */
export function plainHost(host: string): string {
  return host.toLowerCase().replace(/\.$/, '')
}

/** The service that speaks for a host of the test environment. */
export function serviceAt(host: string): NamedService | undefined {
  const asked = plainHost(host)
  const wildcard = asked.replace(/^[^.]+/, '*')
  for (const service of Object.keys(testHosts).filter(isNamedService)) {
    if (testHosts[service].includes(asked) || testHosts[service].includes(wildcard)) return service
  }
  return undefined
}

function isNamedService(name: string): name is NamedService {
  return Object.hasOwn(testHosts, name)
}

/** Captured from the test environment, with production's host (protocol reference §11 row 19). */
export const errorUriBase = 'https://maskinporten.no/errors/'

export const vaultResource = 'https://vault.azure.net'
/** Long enough that it is nobody's. */
const defaultVault = 'maskinporten-emulator'

export function vaultUrl(vault: string): string {
  return `https://${vault}.vault.azure.net`
}

/** The vault's name in a host, as `my-kv` in `my-kv.vault.azure.net`. */
export function vaultAt(host: string): string | undefined {
  return /^([a-z0-9-]+)\.vault\.azure\.net$/.exec(plainHost(host))?.[1]
}

export interface PublicNames {
  /** Host name in the addresses. Undefined: that of the interface. */
  readonly name: string | undefined
  /** Maskinporten's address, where it is not made of name and port. */
  readonly maskinporten: string | undefined
  /** More host names, in lower case, each with addresses of its own. */
  readonly allowed: readonly string[]
}

/** @throws TypeError for what is no origin, and for names that the emulator may not have. */
export function publicNames({
  publicName,
  publicUrl,
  allowedHosts = [],
  as,
}: {
  readonly publicName?: string | undefined
  readonly publicUrl?: string | undefined
  readonly allowedHosts?: readonly string[] | undefined
  readonly as?: 'loopback' | 'test' | undefined
}): PublicNames {
  const allowed = allowedHosts.map(plainHost)
  if (publicUrl === undefined) {
    assertOwn('publicName', publicName)
    for (const host of allowed) assertOwn('allowedHosts', host)
    return { name: publicName, maskinporten: undefined, allowed }
  }
  if (publicName !== undefined) throw new TypeError('publicUrl says the name, too; leave publicName out')
  if (as === 'test') {
    throw new TypeError("publicUrl has no meaning with as: 'test', whose addresses are those of the test environment")
  }
  const { origin, hostname } = originFrom(publicUrl)
  for (const host of [hostname, ...allowed]) assertOwn(host === hostname ? 'publicUrl' : 'allowedHosts', host)
  return { name: hostname.replaceAll(/[[\]]/g, ''), maskinporten: origin, allowed }
}

/** Without repeating the text, which may hold a password. */
function originFrom(publicUrl: string): URL {
  const url = URL.canParse(publicUrl) ? new URL(publicUrl) : undefined
  const bare = url && url.pathname === '/' && url.search + url.hash + url.username + url.password === ''
  if (url && bare && /^https?:$/.test(url.protocol)) return url
  throw new TypeError(
    'publicUrl is an origin: scheme, host and port, without path, query and user: http://localhost:8050',
  )
}

function assertOwn(option: string, name: string | undefined): void {
  if (name === undefined) return
  const host = plainHost(name)
  if (isProduction(host)) {
    throw new TypeError(
      `${option} is ${host}, one of production's names, which the emulator never takes; choose another`,
    )
  }
  if (serviceAt(host) !== undefined) {
    throw new TypeError(`${option} is ${host}, one of the test environment's names; choose as: 'test' for all of them`)
  }
}

/** What Key Vault's challenge names, whatever authority the caller then asks. */
export const entraAuthority = 'https://login.windows.net/'
export const entraErrorPage = 'https://login.microsoftonline.com/error?code='
/** The issuer of the tokens that Key Vault takes: of version 1, whatever endpoint issued them. */
export const entraTokenIssuer = 'https://sts.windows.net/'
export const defaultTenant = 'e0000000-0000-4000-8000-000000000001'

/** @throws TypeError for anything but the names above, production's first of all. */
export function assertName(as: string | undefined): void {
  if (as === undefined || as === 'loopback' || as === 'test') return
  if (as === 'prod' || as === 'production') {
    throw new TypeError("the emulator never takes the names of production; choose 'test', or leave `as` out")
  }
  throw new TypeError(
    `the emulator cannot speak as ${JSON.stringify(as)}; choose 'test', or leave \`as\` out for its loopback addresses`,
  )
}
