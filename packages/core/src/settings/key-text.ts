/** From the text that people paste to what it holds: quotes, BOM, base64 once or twice, UTF-16, JSON, PEM, DER. */
import { decodeBase64 } from './base64.ts'
import { readSequence } from './der.ts'
import { KeyRefusal, type WarnKey } from './key-refusal.ts'
import { type PemKey, readPem } from './pem.ts'
import { jwkOfDer } from './rsa-der.ts'

const SHORTEST_KEY = 64
const MAX_DECODINGS = 2

export type KeyContent = { readonly json: unknown } | PemKey

export function readKeyText(text: string, warn: WarnKey): KeyContent {
  let rest = bare(text, warn)
  for (let decoded = 0; ; decoded++) {
    if (rest.includes('-----BEGIN ')) return readPem(rest)
    if (/^[{["]/.test(rest)) {
      const json = parseJson(rest)
      if (typeof json !== 'string') {
        if (decoded === 0) warn('KEY_RAW_JSON', 'is the JWK itself, not base64 of it; it was read as it is.')
        return { json }
      }
      warn('KEY_TRIMMED', 'is a JSON text around the key; it was unwrapped.')
      rest = json.trim()
      if (/^["[]/.test(rest))
        throw new KeyRefusal('KEY_JSON_BAD', 'is JSON text inside JSON text. Store the JWK itself.')
      continue
    }
    if (/^[\w-]+\.[\w-]+\.[\w-]*$/.test(rest))
      throw new KeyRefusal('KEY_IS_JWT', 'is a JWT (three dot-separated parts), not a JWK. Store the private JWK.')
    if (/%[0-9a-f]{2}/i.test(rest))
      throw new KeyRefusal('KEY_NOT_BASE64', 'is percent-encoded (%2B, %3D). Decode it first.')
    const bytes = decodeBase64(rest)
    if (bytes === undefined)
      throw new KeyRefusal(
        'KEY_NOT_BASE64',
        'is neither base64, JSON nor PEM. Set it to the base64 of the private JWK.',
      )
    if (rest.length < SHORTEST_KEY)
      throw new KeyRefusal(
        'KEY_TOO_SHORT',
        `has only ${rest.length} characters; a private JWK is well over 1000. Is this the kid or the client id?`,
      )
    if (decoded === MAX_DECODINGS)
      throw new KeyRefusal('KEY_BASE64_NESTED', 'is base64 more than twice over. Encode the JWK once.')
    if (decoded === 1) warn('KEY_DOUBLE_BASE64', 'is base64 twice over; it was decoded twice. Encode the JWK once.')
    if (readSequence(bytes)) return { jwk: jwkOfDer(bytes), certificates: [] }
    rest = textOf(bytes, warn).trim()
  }
}

/** Without byte order mark, blanks and quotes around it. */
function bare(text: string, warn: WarnKey): string {
  const trimmed = text.replace(/^\uFEFF/, '').trim()
  const unquoted = /^(['"])[^{]*\1$/s.test(trimmed) ? trimmed.slice(1, -1).trim() : trimmed
  const isPem = trimmed.startsWith('-----BEGIN ')
  const whole = isPem ? unquoted : unquoted.replaceAll(/[\r\n]+/g, /^[{[]/.test(unquoted) ? '$&' : '')
  if (whole !== text && !(isPem && trimmed === text.trim()))
    warn('KEY_TRIMMED', 'has blanks, line breaks, quotes or a byte order mark around the key; they were taken off.')
  return whole
}

/** UTF-8, or UTF-16 as Windows shells write it. */
function textOf(bytes: Uint8Array, warn: WarnKey): string {
  const utf16 =
    bytes[1] === 0 || (bytes[0] === 0xff && bytes[1] === 0xfe)
      ? 'utf-16le'
      : bytes[0] === 0 || (bytes[0] === 0xfe && bytes[1] === 0xff)
        ? 'utf-16be'
        : undefined
  try {
    const text = new TextDecoder(utf16 ?? 'utf-8', { fatal: true }).decode(bytes)
    if (utf16 !== undefined) warn('KEY_UTF16', 'is base64 of UTF-16 text; it was read as such. Encode UTF-8.')
    return text
  } catch {
    throw new KeyRefusal(
      'KEY_NOT_TEXT',
      'is base64 of something that is not text. Set it to the base64 of the private JWK.',
    )
  }
}

/** V8's own error quotes up to ten characters: it is never shown. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new KeyRefusal(
      'KEY_JSON_BAD',
      /\}\s*\{/.test(text)
        ? 'holds two JSON documents. Keep the one with "d".'
        : `decodes to text that starts like JSON but does not parse (${text.length} characters). Was the value cut short when pasted?`,
    )
  }
}
