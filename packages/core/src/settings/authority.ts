/** Which Maskinporten: the issuer, from Environment, Authority or the names of NAIS. */
import { environments } from '../environments.ts'
import { quote } from './quote.ts'
import type { Found, Reading } from './reading.ts'

const AUTHORITY = ['Authority', 'AssertionAudience']
const NAIS_AUTHORITY = ['MASKINPORTEN_ISSUER', 'MASKINPORTEN_WELL_KNOWN_URL']

const NAMES = /^(?:test|prod)$/i

/** https, or http on loopback, without user info. */
export function isSafeUrl(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined
  return (
    url !== undefined &&
    (url.protocol === 'https:' ||
      (url.protocol === 'http:' && /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(url.hostname))) &&
    url.username + url.password === ''
  )
}

/** An issuer is compared without its final slash, and used as it is written. */
const withoutSlash = (issuer: string): string => issuer.replace(/(?<!\/)\/+$/, '')

/** The known environment of an issuer, if it is one of the two. */
export function environmentOf(issuer: string): 'test' | 'prod' | undefined {
  return (['test', 'prod'] as const).find((name) => withoutSlash(environments[name].issuer) === withoutSlash(issuer))
}

/**
 * The issuer: the key owner's if it states one, else the highest source's. Sources that say different things are an
 * error that names both; a lower source's own full set is replaced whole, and what it says does not count. Only what
 * counts is checked.
 */
export function readAuthority(reading: Reading, owner: number, hasKey: (level: number) => boolean): string | undefined {
  const before = reading.problems.length
  const owned = statedAt(reading, owner)
  const ownStates = owned.length > 0
  const stated = reading.layers
    .flatMap((_, level) => {
      if (level === owner) return [owned]
      return ownStates && level < owner && hasKey(level) ? [] : [statedAt(reading, level)]
    })
    .toReversed()
    .flat()
    // A later Environment replaces one that there is not.
    .filter((one, index, all) => !byName(one) || NAMES.test(one.text) || !all.slice(0, index).some(byName))
  const first = [stated.find(byName), stated.find((one) => !byName(one)), stated.find(isAudience)]
  const counts = (one: Found): boolean => first.includes(one) || (ownStates && one.level >= owner)
  const all = stated
    .filter(counts)
    .map((one) => ({ ...one, issuer: (byName(one) ? environmentFrom : issuerFrom)(reading, one) }))
  if (reading.problems.length > before) return undefined
  const own = all.find((one) => one.level === owner)
  const chosen = own ?? all[0]
  if (chosen === undefined) {
    reading.missing(['Environment', ...AUTHORITY, ...NAIS_AUTHORITY])
    return undefined
  }
  const wins = all.find(isAudience) // As in the .NET original, over Environment.
  for (const one of [
    all.find(byName),
    all.find((other) => !byName(other)),
    ...all.filter((other) => own && other.level > owner),
  ]) {
    if (one === undefined || withoutSlash(one.issuer) === withoutSlash((wins ?? chosen).issuer)) continue
    if (wins !== undefined && byName(one)) {
      reading.warn(
        'CONFIG_ENDPOINT_ELSEWHERE',
        wins,
        `is ${quote(wins.issuer)}, not ${one.key}'s: it decides where assertions go. Delete one of them.`,
      )
      continue
    }
    reading.problem(
      'CONFIG_AUTHORITY_CONFLICT',
      one,
      `says ${quote(one.text)} (${one.origin}) but ${chosen.key} is ${quote(chosen.text)} (${chosen.origin}). Keep one.`,
    )
    return undefined
  }
  return (wins ?? chosen).issuer
}

const byName = ({ key }: Found): boolean => /:environment(?::\d+)?$/i.test(key)
const isAudience = ({ key }: Found): boolean => /:assertionaudience(?::\d+)?$/i.test(key)

/** What one source says, unchecked. */
function statedAt(reading: Reading, level: number): readonly Found[] {
  const urls = [...AUTHORITY, ...NAIS_AUTHORITY.filter((name) => looksLikeUrl(reading, level, name))]
  return [reading.given(level, urls, issuerOf), reading.given(level, ['Environment'])].filter(
    (one) => one !== undefined,
  )
}

function looksLikeUrl(reading: Reading, level: number, name: string): boolean {
  return name !== 'MASKINPORTEN_ISSUER' || /^https?:\/\//i.test(reading.at(level, name)?.text ?? '')
}

const issuerOf = (text: string): string => withoutSlash(text.split('/.well-known/', 1)[0] ?? '')

function issuerFrom(reading: Reading, found: Found): string {
  const known = Object.values(environments).map(({ issuer }) => issuer)
  const use = `Use ${known.join(' or ')}, or the exact issuer of another server.`
  const wellKnown = found.key.toUpperCase() === 'MASKINPORTEN_WELL_KNOWN_URL'
  const text = wellKnown ? (found.text.split('.well-known/', 1)[0] ?? '') : found.text
  const wrong = (message: string): void => reading.problem('CONFIG_AUTHORITY_INVALID', found, message)
  if (text.includes('[test.]'))
    wrong(`still holds the notation [test.]. Write one of the two addresses: ${known.join(', ')}`)
  else if (!isSafeUrl(text)) wrong(`is not an https URL. ${use}`)
  else if (/[?#]/.test(text)) wrong(`has a query or a fragment, and an issuer has none. ${use}`)
  else if (/\/token\/?$|\/\.well-known\//.test(text))
    wrong(
      `is an endpoint, not the issuer. Use ${quote(text.replace(/token\/?$/, '').split('.well-known/', 1)[0] ?? '')}.`,
    )
  return known.find((issuer) => withoutSlash(issuer) === withoutSlash(text)) ?? text
}

function environmentFrom(reading: Reading, found: Found): string {
  const name = found.text.toLowerCase()
  if (name === 'test' || name === 'prod') return environments[name].issuer
  const when = name === 'ver2' ? 'which Digdir phased out on 10 June 2024' : 'which no longer exists'
  if (/^(?:ver1|ver2|yt2)$/.test(name)) {
    reading.problem(
      'CONFIG_ENVIRONMENT_RETIRED',
      found,
      `is ${quote(found.text)}, ${when}. Use "test" (${environments.test.issuer}) and a client registered there.`,
    )
  } else {
    reading.problem(
      'CONFIG_ENVIRONMENT_UNKNOWN',
      found,
      `is ${quote(found.text)}. Use "test" or "prod", or set Authority to the issuer URL.`,
    )
  }
  return ''
}
