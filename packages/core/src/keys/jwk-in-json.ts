/** JSON that holds a key: as it is, with the backslashes of a shell, in a set, or in other JSON. */
import { quote } from '../quote.ts'
import { PRIVATE_JWK, type WarnKey, refuse } from './key-refusal.ts'
import { PAIR, type Jwk, ownKid } from './rsa-jwk.ts'

/** A private RSA key as text is longer, in each form; ids, addresses and public keys are shorter. */
const SHORTEST_TEXT = 1000
const MAX_DEPTH = 4
const LONGEST_KID_SHOWN = 64

/** V8's own error quotes up to ten characters, so that error is never shown. `taken`: what was taken out. */
export function parseKeyJson(text: string, isDecoded: boolean, taken: Set<string>): unknown {
  const json = parsed(text)
  if (json !== undefined) return json
  const mended = text
    .replaceAll(/\\+[nrt]?|[^\S ]+/g, '')
    .replaceAll(/[“”„‟]/g, '"')
    .replace(/[,;]$/, '')
  const rest = parsed(mended)
  if (rest === undefined) {
    if (/\}\s*\{/.test(text)) refuse('KEY_JSON_BAD', 'holds two JSON documents.', 'the one with "d"')
    // A text that ends as JSON does was not cut short.
    const isWhole = /[}\]]$/.test(mended)
    const what = `${isDecoded ? 'decodes to text that starts' : 'starts'} like JSON but ${isWhole ? 'does not parse' : 'ends too early'}`
    const why = isWhole
      ? ' Names and values must be in double quotes (a shell may have taken them), without a comment or a comma too many.'
      : ''
    refuse(
      'KEY_JSON_BAD',
      `${what} (${text.length} characters)${isWhole ? '.' : ': it was cut short.'}${why}`,
      `the whole of ${PRIVATE_JWK}`,
    )
  }
  taken.add('backslashes, line breaks or curly quotes')
  return rest
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The one key as text in other JSON, as `az keyvault secret show` prints it. */
export function textWithin(json: unknown): string | undefined {
  const isKey = (value: unknown): boolean => typeof value === 'string' && value.length >= SHORTEST_TEXT
  const [only, ...others] = within(json, isKey)
  return typeof only === 'string' && others.length === 0 ? only : undefined
}

/** One JWK out of what the JSON holds: itself, the only private one, or the one of a set that has the kid. */
export function chooseJwk(json: unknown, kid: string | undefined, kidName: string, warn: WarnKey): Jwk {
  const isList = Array.isArray(json)
  const outer = isList ? { keys: json } : asJwk(json)
  const set: unknown = outer['keys']
  const isSet = Array.isArray(set)
  const all = (isSet ? set.map(asJwk) : [outer]).flatMap((one) => within(one, isJwk)).map(asJwk)
  if (!isSet && (isJwk(outer) || all.length === 0)) return outer
  const usable = all.filter((key) => key['d'] !== undefined)
  const [only] = usable
  const what = isSet ? 'is a JWKS (key set)' : 'is other JSON around a JWK'
  if (only === undefined) return refuse('KEY_PUBLIC_ONLY', `${what} without any private key.`, PAIR)
  warn(`KEY_UNWRAPPED_${isList ? 'LIST' : isSet ? 'JWKS' : 'JSON'}`, `${what}; the private key was taken out.`)
  if (usable.length === 1) return only
  if (kid === undefined)
    refuse(
      'KEY_JWKS',
      `is ${isSet ? 'a key set (JWKS)' : 'JSON'} with ${usable.length} private keys; one must be chosen. Set ${kidName} to the kid of the one that signs; it must be registered on the client in Samarbeidsportalen.`,
    )
  const kids = usable.map(ownKid)
  return (
    usable[kids.indexOf(kid)] ??
    refuse(
      'KEY_KID_NOT_FOUND',
      `has no key with kid ${quote(kid)}; it holds ${kids
        .slice(0, 6)
        .map((one) => JSON.stringify(String(one).slice(0, LONGEST_KID_SHOWN)))
        .join(', ')}. Correct ${kidName}.`,
    )
  )
}

/** All values in JSON that `isWanted`, to a depth. Nothing inside a JWK. */
function within(json: unknown, isWanted: (value: unknown) => boolean, depth = 0): readonly unknown[] {
  if (isWanted(json)) return [json]
  if (typeof json !== 'object' || json === null || isJwk(json) || depth > MAX_DEPTH) return []
  return Object.values(json).flatMap((value) => within(value, isWanted, depth + 1))
}

const isJwk = (json: unknown): boolean =>
  typeof json === 'object' && json !== null && Object.keys(json).some((name) => /^kty$/i.test(name))

/** Names in lower case, since the .NET original takes them in any. */
function asJwk(json: unknown): Record<string, unknown> {
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    return refuse('KEY_NOT_JWK', 'is JSON but not a JWK.', PRIVATE_JWK)
  return Object.fromEntries(Object.entries(json).map(([name, value]) => [name.toLowerCase(), value]))
}
