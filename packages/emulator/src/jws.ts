/** Compact JWS (RFC 7515 §3.1): strict reading, and signing with exactly the members and the order given. */
import { CompactSign } from 'jose'
import { isJsonObject, type JsonObject } from './json.ts'

export interface CompactJws {
  readonly header: JsonObject
  readonly claims: JsonObject
}

const decoder = new TextDecoder('utf-8', { fatal: true })
const encoder = new TextEncoder()
// No padding, no line break, no character of standard base64: RFC 7515 §2.
const base64url = /^[A-Za-z0-9_-]+$/

function decodePart(part: string): JsonObject | undefined {
  if (!base64url.test(part)) return undefined
  try {
    const value: unknown = JSON.parse(decoder.decode(Buffer.from(part, 'base64url')))
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

export function signCompactJws(
  header: { readonly alg: string } & JsonObject,
  claims: JsonObject,
  key: CryptoKey,
): Promise<string> {
  return new CompactSign(encoder.encode(JSON.stringify(claims))).setProtectedHeader({ ...header }).sign(key)
}
