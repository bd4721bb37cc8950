/** From the text that people paste to what it holds: quotes, BOM, base64 once or twice, UTF-16, JSON, PEM, DER. */
import { decodeBase64 } from './base64.ts'
import { readSequence } from './der.ts'
import { type WarnKey, refuse } from './key-refusal.ts'
import { type PemKey, readPem } from './pem.ts'
import { jwkOfDer } from './rsa-der.ts'

const SHORTEST_KEY = 64
const MAX_DECODINGS = 2
const SET_BASE64 = 'Set it to the base64 of the private JWK.'

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
      if (/^["[]/.test(rest)) refuse('KEY_JSON_BAD', 'is JSON text inside JSON text. Store the JWK itself.')
      continue
    }
    if (/^[\w-]+\.[\w-]+\.[\w-]*$/.test(rest))
      refuse('KEY_IS_JWT', `is a JWT (three dot-separated parts), not a JWK. ${SET_BASE64}`)
    if (/%[0-9a-f]{2}/i.test(rest)) refuse('KEY_NOT_BASE64', 'is percent-encoded (%2B, %3D). Decode it first.')
    const bytes = decodeBase64(rest) ?? refuse('KEY_NOT_BASE64', `is neither base64, JSON nor PEM. ${SET_BASE64}`)
    if (rest.length < SHORTEST_KEY) {
      refuse(
        'KEY_TOO_SHORT',
        `has only ${rest.length} characters; a private JWK is well over 1000. Is this the kid or the client id?`,
      )
    }
    if (decoded === MAX_DECODINGS) refuse('KEY_BASE64_NESTED', 'is base64 more than twice over. Encode the JWK once.')
    if (decoded === 1) warn('KEY_DOUBLE_BASE64', 'is base64 twice over. Encode the JWK once.')
    if (readSequence(bytes)) return { jwk: jwkOfDer(bytes), certificates: [] }
    rest = textOf(bytes, warn).trim()
  }
}

/** Without byte order mark, blanks and quotes around it. */
function bare(text: string, warn: WarnKey): string {
  const trimmed = text.replace(/^\uFEFF/, '').trim()
  const unquoted = trimmed.replace(/^(['"])([^{]*)\1$/s, '$2').trim()
  // Line breaks belong to PEM and to pretty-printed JSON.
  const whole = /^[{[-]/.test(unquoted) ? unquoted : unquoted.replaceAll(/[\r\n]+/g, '')
  if (whole !== (whole.startsWith('-') ? text.trim() : text))
    warn('KEY_TRIMMED', 'has blanks, line breaks, quotes or a byte order mark around the key; they were taken off.')
  return whole
}

/** UTF-8, or UTF-16 as Windows shells write it. */
function textOf(bytes: Uint8Array, warn: WarnKey): string {
  const [a, b] = bytes
  const utf16 =
    b === 0 || (a === 0xff && b === 0xfe) ? 'utf-16le' : a === 0 || (a === 0xfe && b === 0xff) ? 'utf-16be' : undefined
  if (utf16 !== undefined) warn('KEY_UTF16', 'is base64 of UTF-16 text. Encode UTF-8.')
  try {
    return new TextDecoder(utf16, { fatal: true }).decode(bytes)
  } catch {
    return refuse('KEY_NOT_TEXT', `is base64 of something that is not text. ${SET_BASE64}`)
  }
}

/** V8's own error quotes up to ten characters: it is never shown. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return refuse(
      'KEY_JSON_BAD',
      /\}\s*\{/.test(text)
        ? 'holds two JSON documents. Keep the one with "d".'
        : `decodes to text that starts like JSON but does not parse (${text.length} characters). Was the value cut short when pasted?`,
    )
  }
}
