/** Compact JWS (RFC 7515 §3.1): strict reading, verifying, and signing with exactly the members and the order given. */
import { type KeyObject, sign, verify } from 'node:crypto'
import { promisify } from 'node:util'
import { isJsonObject, type JsonObject, parseJson } from '../json.ts'

export interface CompactJws {
  readonly header: JsonObject
  readonly claims: JsonObject
}

const decoder = new TextDecoder('utf-8', { fatal: true })
// No padding, no line break, no character of standard base64: RFC 7515 §2.
const base64url = /^[A-Za-z0-9_-]+$/
const hashes: ReadonlyMap<string, string> = new Map([
  ['RS256', 'sha256'],
  ['RS384', 'sha384'],
  ['RS512', 'sha512'],
])

function decodePart(part: string): JsonObject | undefined {
  if (!base64url.test(part)) return undefined
  try {
    const value: unknown = parseJson(decoder.decode(Buffer.from(part, 'base64url')))
    return isJsonObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** `undefined` when the text is not three base64url parts with a JSON object in the first two. Verifies nothing. */
export function readCompactJws(text: string): CompactJws | undefined {
  const [head, body, signature, ...rest] = text.split('.')
  if (head === undefined || body === undefined || signature === undefined || rest.length > 0) return undefined
  if (!base64url.test(signature)) return undefined
  const header = decodePart(head)
  const claims = decodePart(body)
  return header && claims ? { header, claims } : undefined
}

/**
 * Whether this RSA key has signed the text with this algorithm. A header with `crit` is never verified: no extension is understood (RFC 7515 §4.1.11).
 * At once and on this thread: checking a signature costs less than handing it to another one.
 */
export function verifyCompactJws(text: string, { header }: CompactJws, key: KeyObject, alg: string): boolean {
  const hash = hashes.get(alg)
  if (hash === undefined || header['alg'] !== alg || 'crit' in header) return false
  const end = text.lastIndexOf('.')
  return verify(hash, Buffer.from(text.slice(0, end)), key, Buffer.from(text.slice(end + 1), 'base64url'))
}

export async function signCompactJws(
  header: { readonly alg: string } & JsonObject,
  claims: JsonObject,
  key: { sign(input: string): Promise<Buffer> },
): Promise<string> {
  const input = `${encodePart(header)}.${encodePart(claims)}`
  return `${input}.${(await key.sign(input)).toString('base64url')}`
}

const signOnPool = promisify(sign)

/** For `signCompactJws`. Rejects for an `alg` that is not one of RS256, RS384 and RS512. */
export function signerOf(key: KeyObject, alg: string): { sign(input: string): Promise<Buffer> } {
  return {
    async sign(input) {
      const hash = hashes.get(alg)
      if (hash === undefined) throw new TypeError(`nothing is signed with ${alg}; choose RS256, RS384 or RS512`)
      return signOnPool(hash, Buffer.from(input), key)
    },
  }
}

function encodePart(part: JsonObject): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url')
}
