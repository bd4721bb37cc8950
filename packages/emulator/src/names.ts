/** Under which names the emulator speaks. All of them, and those it will never take, stand here and nowhere else. */

export interface Origins {
  readonly maskinporten: string
  readonly altinn: string
  readonly register: string
  readonly selfService: string
  readonly keyVault: string
  readonly control: string
}

export interface Names {
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
}

/** The default: the addresses that the emulator listens on. */
export function loopbackNames(origins: Origins): Names {
  return {
    issuer: `${origins.maskinporten}/`,
    platform: origins.altinn,
    platformIssuer: `${origins.altinn}/authentication/api/v1/openid/`,
    apps: () => origins.altinn,
    delegationSource: `${origins.altinn}/`,
  }
}

/** Captured from the test environment, with production's host (protocol reference §11 row 19). */
export const errorUriBase = 'https://maskinporten.no/errors/'

/** What a vault's certificate must cover, besides loopback. */
export const vaultHosts: readonly string[] = ['*.vault.azure.net']
export const vaultResource = 'https://vault.azure.net'
export const entraAuthority = 'https://login.windows.net/'
export const vaultTenant = 'e0000000-0000-4000-8000-000000000001'

/** @throws TypeError for anything but the names above, production's first of all. */
export function assertName(as: string | undefined): void {
  if (as === undefined || as === 'loopback') return
  if (as === 'prod' || as === 'production') {
    throw new TypeError('the emulator never takes the names of production; leave `as` out')
  }
  throw new TypeError(`the emulator cannot speak as ${JSON.stringify(as)}; leave \`as\` out for its loopback addresses`)
}
