/** A client with everything that an app needs to use it. */
import { randomUUID } from 'node:crypto'
import type { ClientRegistry, PublicRsaJwk } from '../maskinporten/clients.ts'
import { defaultLifetimeSeconds } from '../maskinporten/claims.ts'
import type { Names } from '../network/names.ts'
import type { ScopeRegistry } from '../maskinporten/scopes.ts'
import { generateRsaKey, jwkOf, type RsaJwk } from '../tokens/rsa-key.ts'
import { type ClientEnvironment, clientEnvironment } from './client-environment.ts'

export interface NewClientOptions {
  /** The organisation is granted access to them, except to those that `defineScope` has defined. */
  readonly scopes: readonly string[]
  /** Nine digits. Default '991825827' (Digdir). */
  readonly orgNumber?: string | undefined
  /** Default: a new UUID. */
  readonly clientId?: string | undefined
  /** Default: a new one. */
  readonly kid?: string | undefined
  /** Default 'RS256'. */
  readonly alg?: 'RS256' | 'RS384' | 'RS512' | undefined
  /** A private RSA JWK to register instead of a new one. */
  readonly jwk?: object | undefined
  /** Registers no key: the client signs with an enterprise certificate (`x5c`). Default false. */
  readonly withoutKey?: boolean | undefined
  /** Seconds, more than 0. Default 120. */
  readonly accessTokenLifetime?: number | undefined
  /** Default 'maskinporten'. */
  readonly integrationType?: string | undefined
}

/** What `registerClient` takes for a client without a private key here: it signs with an enterprise certificate, or elsewhere. */
export type NewClientWithoutKey = NewClientOptions &
  ({ readonly withoutKey: true } | { readonly jwk: PublicRsaJwk & { readonly d?: undefined } })

/** The content of the section `MaskinportenSettings`. Type aliases: an interface would have no index signature. */
type EmulatedSection = {
  /** Of an emulator that speaks as 'test', in the place of the two addresses. */
  readonly environment?: 'test'
  readonly authority?: string
  readonly clientId: string
  /** Separated by spaces. */
  readonly scope: string
  readonly exchangeToAltinnToken: boolean
  readonly tokenExchangeEnvironment?: string
  /** For Digdir, whose exchanged token then says `ttd`. */
  readonly useAltinnTestOrg?: boolean
}
type SettingsWithKey = EmulatedSection & {
  /** Base64 of the private JWK. */
  readonly encodedJwk: string
}
type SettingsWithoutKey = EmulatedSection & { readonly encodedJwk?: undefined }
export type EmulatedSettings = SettingsWithKey | SettingsWithoutKey

/** The private members are there when a private key was made or given. */
export type EmulatedJwk = PublicRsaJwk & {
  readonly alg: string
  readonly use: 'sig'
  readonly d?: string
  readonly p?: string
  readonly q?: string
  readonly dp?: string
  readonly dq?: string
  readonly qi?: string
}

interface RegisteredClient {
  readonly clientId: string
  readonly orgNumber: string
  readonly scopes: readonly string[]
  /** `undefined` for a client without a key. */
  readonly kid: string | undefined
  /** The JWK, with `kid`, `alg` and `use`; `undefined` for a client without a key. */
  readonly jwk: EmulatedJwk | undefined
  /** The settings as variables, `MaskinportenSettings__*` and NAIS's: `spawn(command, { env: { ...process.env, ...client.environment } })`. */
  readonly environment: ClientEnvironment
}

export interface EmulatedClient extends RegisteredClient {
  readonly kid: string
  /** The private one. */
  readonly jwk: EmulatedJwk
  /** For `createMaskinporten`, and ready for appsettings.json. */
  readonly settings: SettingsWithKey
}

export interface EmulatedClientWithoutKey extends RegisteredClient {
  /** `createMaskinporten` takes them together with a key or a signer. */
  readonly settings: SettingsWithoutKey
}

export const testOrganisation = '991825827'

export interface Registration {
  readonly clients: ClientRegistry
  readonly scopes: ScopeRegistry
  readonly names: Names
}

/** @throws TypeError */
export async function registerClient(
  options: NewClientOptions,
  registration: Registration,
): Promise<EmulatedClient | EmulatedClientWithoutKey> {
  const orgNumber = options.orgNumber ?? testOrganisation
  const names = [...new Set(options.scopes)]
  const unfit = names.find((scope) => !/^[^\s:]+:[^\s]+$/.test(scope))
  if (names.length === 0 || unfit !== undefined) {
    throw new TypeError(
      "a client has one scope or more, each 'prefix:name' without spaces; give `scopes` as a list of them",
    )
  }
  const { alg = 'RS256', accessTokenLifetime = defaultLifetimeSeconds } = options
  const jwk = options.withoutKey === true ? undefined : await keyOf({ ...options, alg }, registration.clients.keyBits)
  const { clientId } = registration.clients.add(
    {
      clientId: options.clientId,
      orgNumber,
      scopes: new Set(names),
      integrationType: options.integrationType ?? 'maskinporten',
      accessTokenLifetime,
    },
    jwk ? [publicPart(jwk)] : [],
  )
  for (const name of names) registration.scopes.register(name, orgNumber)
  const { environment, issuer, platform } = registration.names
  const section: EmulatedSection = {
    ...(environment === undefined ? { authority: issuer } : { environment }),
    clientId,
    scope: names.join(' '),
    exchangeToAltinnToken: names.some((scope) => scope.startsWith('altinn:')),
    ...(environment === undefined ? { tokenExchangeEnvironment: platform } : {}),
    ...(orgNumber === testOrganisation ? { useAltinnTestOrg: true } : {}),
  }
  const client = { clientId, orgNumber, scopes: names }
  if (jwk?.d === undefined) {
    return { ...client, kid: jwk?.kid, jwk, settings: section, environment: clientEnvironment(section, issuer) }
  }
  const settings = { ...section, encodedJwk: Buffer.from(JSON.stringify(jwk)).toString('base64') }
  return { ...client, kid: jwk.kid, jwk, settings, environment: clientEnvironment(settings, issuer) }
}

/** A new RSA key, or the one given, with `kid`, `alg` and `use`. @throws TypeError for anything but an RSA JWK. */
export async function keyOf(
  options: {
    readonly kid?: string | undefined
    readonly alg?: string | undefined
    /** An `exp` stays: an earlier end of the key than its year. */
    readonly jwk?: (RsaJwk & { readonly exp?: unknown }) | undefined
  },
  bits: number,
): Promise<EmulatedJwk> {
  const given = options.jwk ?? (await newKey(bits))
  const { kty, n, e, d, p, q, dp, dq, qi } = given
  const exp = 'exp' in given ? given.exp : undefined
  if (kty !== 'RSA' || n === undefined || e === undefined) {
    throw new TypeError(
      'a client signs with an RSA key; give its JWK with kty, n and e, or leave it out to have one made',
    )
  }
  const members = {
    kty: 'RSA',
    n,
    e,
    kid: options.kid ?? given.kid ?? randomUUID(),
    alg: options.alg ?? given.alg ?? 'RS256',
    use: 'sig',
    ...(typeof exp === 'number' ? { exp } : {}),
  } as const
  if (
    d === undefined ||
    p === undefined ||
    q === undefined ||
    dp === undefined ||
    dq === undefined ||
    qi === undefined
  ) {
    return members
  }
  return { ...members, d, p, q, dp, dq, qi }
}

async function newKey(bits: number): Promise<RsaJwk> {
  return jwkOf((await generateRsaKey(bits)).privateKey)
}

export function publicPart({ kty, n, e, kid, alg, use, exp }: EmulatedJwk): PublicRsaJwk {
  return { kty, n, e, kid, alg, use, ...(exp === undefined ? {} : { exp }) }
}
