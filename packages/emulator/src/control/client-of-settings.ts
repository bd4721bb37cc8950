/** The client that somebody's own settings name: its id, its scopes, and the public half of its key. */
import { isJsonObject, isStringArray, type JsonObject, parseJsonObject } from '../json.ts'
import { readClientKey } from '../config/client-keys.ts'
import type { PublicRsaJwk } from '../maskinporten/clients.ts'
import { type NewClientWithoutKey, publicPart, keyOf } from './register-client.ts'

/** What the settings do not tell. */
export interface UseOptions {
  /** Nine digits. Default '991825827' (Digdir). */
  readonly orgNumber?: string | undefined
  /** Default: those of the settings. */
  readonly scopes?: readonly string[] | undefined
  /** Its RSA JWK, private or public, where the settings have no key: it is in a vault, or in PKCS #12. */
  readonly jwk?: object | undefined
}

const section = 'MaskinportenSettings'

const idNames = ['ClientId', 'MASKINPORTEN_CLIENT_ID']
const scopeNames = ['Scope', 'Scopes', 'MASKINPORTEN_SCOPES']
const keyNames = ['EncodedJwk', 'JwkBase64', 'Jwk', 'Jwks', 'MASKINPORTEN_CLIENT_JWK', 'Pem']
const kidNames = ['Kid']

/**
 * `settings`: the section, an object that has it as `MaskinportenSettings` (an `appsettings.json`), or variables
 * (`MaskinportenSettings__ClientId`, NAIS's). The case of names does not matter.
 * @throws TypeError when the client id, the scopes or the key is not there.
 */
export async function clientOfSettings(settings: JsonObject, options: UseOptions): Promise<NewClientWithoutKey> {
  const clientId = textOf(find(settings, idNames))
  if (clientId === undefined) throw missing('client id', idNames, '')
  const written = find(settings, scopeNames)
  const scopes = options.scopes ?? (isStringArray(written) ? written : textOf(written)?.split(/\s+/))
  if (scopes === undefined) throw missing('scopes', scopeNames, ', or `scopes` as the second argument')
  return { clientId, scopes, orgNumber: options.orgNumber, jwk: await keyOfSettings(settings, options.jwk) }
}

/** The public half of the key of the settings, or of the one given. @throws TypeError when there is none that can be read. */
export async function keyOfSettings(settings: JsonObject, given?: object): Promise<PublicRsaJwk> {
  const key = given ?? find(settings, keyNames)
  if (key === undefined) throw missing('key', keyNames, ', or `jwk` as the second argument')
  const kid = textOf(find(settings, kidNames))
  const form = keyFrom(key, kid)
  const own = isJsonObject(form.jwk) ? textOf(form.jwk['kid']) : undefined
  const jwk = await readClientKey({ ...form, kid: own ?? kid }, noFile)
  return publicPart(await keyOf({ jwk }, 0))
}

function find(settings: JsonObject, names: readonly string[]): unknown {
  const own = lowerCased(settings)
  const inner = own.get(section.toLowerCase())
  const nested = isJsonObject(inner) ? lowerCased(inner) : own
  for (const name of names.map((one) => one.toLowerCase())) {
    const paths = [`${section}__${name}`, `${section}:${name}`].map((path) => path.toLowerCase())
    const value =
      nested.get(name) ?? paths.map((path) => own.get(path)).find((one) => one !== undefined) ?? own.get(name)
    if (value !== undefined && value !== null && value !== '') return value
  }
  return undefined
}

function lowerCased(object: JsonObject): ReadonlyMap<string, unknown> {
  return new Map(Object.entries(object).map(([name, value]) => [name.toLowerCase(), value]))
}

function textOf(value: unknown): string | undefined {
  const text = typeof value === 'string' ? value.trim() : ''
  return text === '' ? undefined : text
}

/** A JWK or a set of them as object, as text, or in base64; a PEM. */
function keyFrom(value: unknown, kid: string | undefined): { readonly jwk?: object; readonly pem?: string } {
  if (Array.isArray(value)) return { jwk: oneOf(value, kid) }
  const text = textOf(value) ?? ''
  if (text.includes('-----BEGIN')) return { pem: text }
  const jwk = isJsonObject(value)
    ? value
    : (parseJsonObject(text) ?? parseJsonObject(Buffer.from(text, 'base64').toString()))
  if (jwk) return { jwk: Array.isArray(jwk['keys']) ? oneOf(jwk['keys'], kid) : jwk }
  throw new TypeError(
    'the key of these settings is not a JWK, not base64 of one and not a PEM; give `jwk` as the second argument',
  )
}

/** Of a set, the key that the `Kid` names, or else the only private one. */
function oneOf(set: readonly unknown[], kid: string | undefined): object {
  const keys = set.filter(isJsonObject)
  const named = keys.find((key) => kid !== undefined && key['kid'] === kid)
  if (named) return named
  const [only, ...others] = keys.filter((key) => key['d'] !== undefined)
  if (only && others.length === 0) return only
  const count = only ? others.length + 1 : 0
  throw new TypeError(
    `the set of keys of these settings has ${count} private keys; name one of them with ${section}.Kid`,
  )
}

function missing(what: string, names: readonly string[], otherwise: string): TypeError {
  const [first, ...others] = names
  return new TypeError(
    `these settings have no ${what}; give them with ${section}.${first} (or ${others.join(', ')})${otherwise}`,
  )
}

const noFile = (): Promise<string> => Promise.reject(new TypeError('a key of settings is in no file'))
