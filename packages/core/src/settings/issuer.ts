/** Which Maskinporten: the issuer and the audience, from Environment, Authority, AssertionAudience or the names of NAIS. */
import { environments } from '../environments.ts'
import { isSafeUrl, whyUnsafe } from '../http/address.ts'
import { quote } from '../quote.ts'
import type { Found, Lookup } from './lookup.ts'

const AUTHORITY = ['Authority', 'AssertionAudience']
const WELL_KNOWN_URL = 'MASKINPORTEN_WELL_KNOWN_URL'
export const NAIS_AUTHORITY: readonly string[] = ['MASKINPORTEN_ISSUER', WELL_KNOWN_URL]

const NAMES = /^(?:test|prod)$/i

export interface Authority {
  readonly issuer: string
  /** `aud` of assertions, when it is not the issuer. */
  readonly audience?: string | undefined
  /** The metadata's own address, asked as it is. */
  readonly metadataUrl?: string | undefined
  /** Only the metadata's address tells the issuer. Its exact spelling is in the document at that address. */
  readonly isDerived: boolean
}

/** Issuers are compared without a final slash, but used as they are written. */
const withoutSlash = (issuer: string): string => issuer.replace(/(?<!\/)\/+$/, '')

/** Which of the two known environments an issuer belongs to. Case and the default port do not matter. */
export function environmentOf(issuer: string): 'test' | 'prod' | undefined {
  const text = withoutSlash(URL.canParse(issuer) ? new URL(issuer).href : issuer)
  return (['test', 'prod'] as const).find((name) => withoutSlash(environments[name].issuer) === text)
}

/**
 * The issuer: that of the key owner if it states one, else that of the highest source. Two sources that state different
 * issuers are an error that names both. A lower source with a key of its own is replaced as a whole, and its issuer does not
 * count. Only values that count are checked. An `AssertionAudience` beside an `Environment` is only the audience, as in .NET.
 */
export function readAuthority(
  lookup: Lookup,
  owner: number,
  hasKey: (level: number) => boolean,
): Authority | undefined {
  const before = lookup.problems.length
  const owned = statedAt(lookup, owner)
  const ownStates = owned.length > 0
  const stated = lookup.layers
    .flatMap((_, level) => {
      if (level === owner) return [owned]
      return ownStates && level < owner && hasKey(level) ? [] : [statedAt(lookup, level)]
    })
    .toReversed()
    .flat()
    // An Environment of a higher source replaces a name that does not exist.
    .filter((one, index, all) => !byName(one) || NAMES.test(one.text) || !all.slice(0, index).some(byName))
  const first = [stated.find(byName), stated.find((one) => !byName(one)), stated.find(isAudience)]
  const counts = (one: Found): boolean => first.includes(one) || (ownStates && one.level >= owner)
  const counted = stated.filter(counts)
  const isNamed = counted.some(byName)
  const all = counted.map((one) => ({
    ...one,
    issuer: byName(one) ? environmentFrom(lookup, one) : issuerFrom(lookup, one, isNamed && isAudience(one)),
  }))
  if (lookup.problems.length > before) return undefined
  const audiences = all.filter(isAudience)
  // Beside an Environment, the audience is only a claim. It merges as every other setting does: that of the highest source, even a blank.
  const highest = isNamed && lookup.highest(['AssertionAudience']) === undefined ? undefined : audiences[0]
  const audience = isNamed ? highest : (audiences.find((one) => one.level === owner) ?? highest)
  const servers = all.filter((one) => !isAudience(one))
  const own = servers.find((one) => one.level === owner)
  const chosen = own ?? servers[0] ?? audience
  if (chosen === undefined) {
    lookup.missing(['Environment', ...AUTHORITY, ...NAIS_AUTHORITY])
    return undefined
  }
  const url = servers.find((one) => !byName(one))
  for (const [one, other] of [
    [servers.find(byName), chosen],
    [url, chosen],
    ...servers.filter(({ level }) => own && level > owner).map((above) => [above, chosen] as const),
    [highest, audience],
    // Beside a URL the audience must be the issuer. Beside an Environment the audience may differ.
    [url, audience],
  ] as const) {
    if (one === undefined || other === undefined || withoutSlash(one.issuer) === withoutSlash(other.issuer)) continue
    lookup.problem(
      'CONFIG_AUTHORITY_CONFLICT',
      one,
      `says ${quote(one.text)} (${one.origin}) but ${other.key} is ${quote(other.text)} (${other.origin}). Delete the one that is wrong.`,
    )
    return undefined
  }
  const { issuer } = chosen
  const address = lookup.highest([WELL_KNOWN_URL])?.text ?? ''
  return {
    issuer,
    audience: audience === undefined || audience.issuer === issuer ? undefined : audience.issuer,
    metadataUrl: issuerOf(address) === withoutSlash(issuer) && address.includes('/.well-known/') ? address : undefined,
    isDerived: servers.length > 0 && servers.every(({ key }) => isWellKnown(key)),
  }
}

const byName = ({ key }: Found): boolean => /:environment(?::\d+)?$/i.test(key)
const isWellKnown = (key: string): boolean => key.toUpperCase() === WELL_KNOWN_URL
const isAudience = ({ key }: Found): boolean => /:assertionaudience(?::\d+)?$/i.test(key)

/** The values of one source, not yet checked. */
function statedAt(lookup: Lookup, level: number): readonly Found[] {
  const urls = [...AUTHORITY, ...NAIS_AUTHORITY.filter((name) => looksLikeUrl(lookup, level, name))]
  return [lookup.filledIn(level, urls, issuerOf), lookup.filledIn(level, ['Environment'])].filter(
    (one) => one !== undefined,
  )
}

function looksLikeUrl(lookup: Lookup, level: number, name: string): boolean {
  return name !== 'MASKINPORTEN_ISSUER' || /^["'`]?https?:\/\//i.test(lookup.valueIn(level, name)?.text ?? '')
}

/** The well-known part stands before the issuer's path, or after it ([RFC 8414 §3.1](https://www.rfc-editor.org/rfc/rfc8414#section-3.1), [§5](https://www.rfc-editor.org/rfc/rfc8414#section-5)). */
const withoutWellKnown = (text: string): string =>
  text.replace(/\/\.well-known\/[^/?#]*/, '').replace(/^(\w+:\/\/[^/]+)$/, '$1/')
export const issuerOf = (text: string): string => withoutSlash(withoutWellKnown(text))

/** `onlyAudience`: no request goes to this address, so the value may be any text. */
function issuerFrom(lookup: Lookup, found: Found, onlyAudience: boolean): string {
  const known = Object.values(environments).map(({ issuer }) => issuer)
  const use = `Set it to the whole address of the issuer, such as ${known[0]}.`
  const text = isWellKnown(found.key) ? withoutWellKnown(found.text) : found.text
  const wrong = (message: string): void => lookup.problem('CONFIG_AUTHORITY_INVALID', found, message)
  if (text.includes('[test.]'))
    wrong(`still holds the notation [test.]. Write one of the two addresses: ${known.join(', ')}`)
  else if (onlyAudience) return knownOr(text)
  else if (!isSafeUrl(text)) wrong(`${whyUnsafe(text)}. ${use}`)
  else if (/[?#]/.test(text)) wrong(`has a query or a fragment, and an issuer has none. ${use}`)
  else if (/\/token\/?$|\/\.well-known\//.test(text))
    wrong(`is an endpoint, not the issuer. Use ${quote(withoutWellKnown(text).replace(/token\/?$/, ''))}.`)
  return knownOr(text)
}

function knownOr(text: string): string {
  const environment = environmentOf(text)
  return environment === undefined ? text : environments[environment].issuer
}

function environmentFrom(lookup: Lookup, found: Found): string {
  const name = found.text.toLowerCase()
  if (name === 'test' || name === 'prod') return environments[name].issuer
  const when = name === 'ver2' ? 'which Digdir phased out on 10 June 2024' : 'which no longer exists'
  if (/^(?:ver1|ver2|yt2)$/.test(name)) {
    lookup.problem(
      'CONFIG_ENVIRONMENT_RETIRED',
      found,
      `is ${quote(found.text)}, ${when}. Use "test" (${environments.test.issuer}) and a client registered there.`,
    )
  } else {
    lookup.problem(
      'CONFIG_ENVIRONMENT_UNKNOWN',
      found,
      `is ${quote(found.text)}. Use "test" or "prod". For another server, delete ${lookup.name('Environment')}, and set ${lookup.name('Authority')} to its issuer URL.`,
    )
  }
  return ''
}
