/** The public half of a key in any form in which people store it, and its thumbprint. */
import { type KeyObject, createHash, createPrivateKey, createPublicKey } from 'node:crypto'
import { type ConfigLayer, isMaskinportenError, parseSigningKey } from '@maskinporten-kit/core'
import { CommandFailed } from '../failure.ts'
import { memberOf } from '../member.ts'

/** As a client in Samarbeidsportalen has it. */
export interface RegisteredJwk {
  readonly kty: 'RSA'
  readonly n: string
  readonly e: string
  readonly kid: string
  readonly alg: string
  readonly use: 'sig'
}

export interface PublicHalf {
  readonly jwk: RegisteredJwk
  /** RFC 7638: what a key is told by, whatever its `kid`. */
  readonly thumbprint: string
  /** Whether the text holds the private half. */
  readonly isPrivate: boolean
}

type Members = Readonly<Record<string, unknown>>

/** `kid`: for a key that has none of its own, or of several. @throws CommandFailed `settings`, without a word of the text. */
export async function publicHalfOf(text: string, kid?: string): Promise<PublicHalf> {
  const members = membersOf(text.trim(), kid)
  const isPrivate = members['d'] !== undefined
  const read = publicOf(members, kid)
  if (isPrivate) await checkPrivate(text, kid)
  return { jwk: read, thumbprint: thumbprintOf(read), isPrivate }
}

/**
 * The private key as one line of base64 of its JWK, with the `kid`, `alg` and `use` it is registered with: the content of
 * `EncodedJwk` and `JwkBase64`.
 *
 * @throws CommandFailed `settings` when the text is not a private key.
 */
export async function encodedKeyOf(text: string, kid?: string): Promise<PublicHalf & { readonly encoded: string }> {
  const half = await publicHalfOf(text, kid)
  const { d, p, q, dp, dq, qi, iat, exp } = membersOf(text.trim(), kid)
  if (!half.isPrivate)
    throw new CommandFailed('settings', {
      en: 'this is the public half of a key; name the private one, which keys create wrote beside it',
      nb: 'dette er den offentlige delen av en nøkkel; oppgi den private, som keys create skrev ved siden av',
    })
  const members = { ...half.jwk, d, p, q, dp, dq, qi, iat, exp }
  return { ...half, encoded: Buffer.from(JSON.stringify(members)).toString('base64') }
}

export function thumbprintOf({ e, n }: { readonly e: string; readonly n: string }): string {
  return createHash('sha256')
    .update(JSON.stringify({ e, kty: 'RSA', n }))
    .digest('base64url')
}

/** Where the settings hold a key, in the order of the documented names; `undefined`: nowhere. */
export function keyTextIn(
  layer: ConfigLayer,
  section: string,
): { readonly name: string; readonly text: string; readonly origin: string } | undefined {
  const paths = ['EncodedJwk', 'JwkBase64', 'Jwk'].map((name) => [name, `${section}:${name}`] as const)
  for (const [name, path] of [...paths, ['MASKINPORTEN_CLIENT_JWK', 'MASKINPORTEN_CLIENT_JWK'] as const]) {
    const entry = layer.get(path.toLowerCase())
    const text = entry?.reveal()?.trim() ?? ''
    if (entry !== undefined && text !== '') return { name, text, origin: entry.origin }
    const own = [...layer].filter(([key]) => key.startsWith(`${path.toLowerCase()}:`))
    const tree = Object.fromEntries(own.map(([key, member]) => [key.slice(path.length + 1), member.reveal()]))
    if (tree['d'] !== undefined) return { name, text: JSON.stringify(tree), origin: own[0]?.[1].origin ?? '' }
  }
  return undefined
}

function membersOf(text: string, kid: string | undefined): Members {
  if (text.includes('-----BEGIN')) return fromKeyObject(() => openPem(text))
  const decoded = Buffer.from(text, 'base64')
  const json = parse(text) ?? parse(decoded.toString('utf8'))
  if (json !== undefined) return chosen(json, kid)
  return fromKeyObject(() => openDer(decoded))
}

/** A PEM with a chain holds the key first or last; the certificates are of no matter here. */
function openPem(text: string): KeyObject {
  const [key] = /-----BEGIN (?:RSA )?PRIVATE KEY-----[\s\S]+?-----END (?:RSA )?PRIVATE KEY-----/.exec(text) ?? []
  return key === undefined ? createPublicKey(text) : createPrivateKey(key)
}

function openDer(key: Buffer): KeyObject {
  try {
    return createPrivateKey({ key, format: 'der', type: 'pkcs8' })
  } catch {
    return createPrivateKey({ key, format: 'der', type: 'pkcs1' })
  }
}

function fromKeyObject(open: () => KeyObject): Members {
  try {
    return { ...open().export({ format: 'jwk' }) }
  } catch {
    throw unreadable()
  }
}

function parse(text: string): unknown {
  try {
    const json: unknown = JSON.parse(text)
    return typeof json === 'object' && json !== null ? json : undefined
  } catch {
    return undefined
  }
}

/** One key, a list of them as Samarbeidsportalen takes it, or a set. */
function chosen(json: unknown, kid: string | undefined): Members {
  const list = Array.isArray(json) ? json : Array.isArray(memberOf(json, 'keys')) ? memberOf(json, 'keys') : [json]
  const keys = (Array.isArray(list) ? list : []).filter(
    (key): key is Members => typeof key === 'object' && key !== null,
  )
  const own = keys.length === 1 ? keys[0] : keys.find((key) => key['kid'] === kid)
  if (own !== undefined) return own
  throw new CommandFailed('settings', {
    en: `there are ${keys.length} keys; name one of them with --kid`,
    nb: `her er det ${keys.length} nøkler; velg én med --kid`,
  })
}

function publicOf(members: Members, givenKid: string | undefined): RegisteredJwk {
  const { kty, n, e, alg } = members
  const own = members['kid']
  const kid = givenKid ?? (typeof own === 'string' && own !== '' ? own : undefined)
  if (kty !== 'RSA' || typeof n !== 'string' || typeof e !== 'string') throw unreadable()
  if (kid === undefined || !/^[\w.-]+$/.test(kid))
    throw new CommandFailed('settings', {
      en: 'the key has no kid that Digdir takes (letters, digits and ._-); give one with --kid',
      nb: 'nøkkelen har ingen kid som Digdir godtar (bokstaver, sifre og ._-); gi en med --kid',
    })
  let bits: number | undefined
  try {
    bits = createPublicKey({ key: { kty, n, e }, format: 'jwk' }).asymmetricKeyDetails?.modulusLength
  } catch {
    throw unreadable()
  }
  if (bits === undefined || bits < 2048)
    throw new CommandFailed('settings', {
      en: `the key has ${bits ?? 0} bits, and Maskinporten wants 2048 or more; make another with: maskinporten keys create`,
      nb: `nøkkelen har ${bits ?? 0} bits, og Maskinporten krever minst 2048; lag en ny med: maskinporten keys create`,
    })
  return { kty, n, e, kid, alg: typeof alg === 'string' && /^RS(?:256|384|512)$/.test(alg) ? alg : 'RS256', use: 'sig' }
}

/** As an app would read it. */
async function checkPrivate(text: string, kid: string | undefined): Promise<void> {
  try {
    await parseSigningKey(text, { kid })
  } catch (error) {
    if (!isMaskinportenError(error)) throw error
    throw new CommandFailed('settings', { en: error.message, nb: error.message })
  }
}

const unreadable = (): CommandFailed =>
  new CommandFailed('settings', {
    en: 'this is not an RSA key as a JWK, a JWKS, PEM or base64 of them; maskinporten keys inspect says what it is',
    nb: 'dette er ikke en RSA-nøkkel som JWK, JWKS, PEM eller base64 av disse; maskinporten keys inspect sier hva det er',
  })
