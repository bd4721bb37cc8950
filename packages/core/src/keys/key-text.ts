/** From the text that people paste to what it holds: quotes, BOM, base64 once or twice, UTF-16, JSON, PEM, DER. */
import { jwkOfDer, readSequence } from './der.ts'
import { parseKeyJson, textWithin } from './jwk-in-json.ts'
import { NOT_TEXT, PRIVATE_JWK, type WarnKey, refuse, refuseCutShort } from './key-refusal.ts'
import { refuseLookAlike, refuseNoBase64 } from './look-alikes.ts'
import { type PemKey, decodeBase64, readPem } from './pem.ts'

const SHORTEST_KEY = 64
/** No kid and no client id is shorter. */
const SHORTEST_ID = 8
const MAX_DECODINGS = 2
/** Base64 and JSON around one another. */
const MAX_ROUNDS = 6
const MAX_QUOTES = 3
const INVISIBLE = /[\0\u00AD\u200B-\u200F\u202A-\u202E\u2060-\u2064\uFEFF]/g
const QUOTED = /^(?:(["'`])(.*)\1|[“”„‘’«](.*)[“”‘’»])$/s

export type KeyContent = { readonly json: unknown } | PemKey

/** @throws KeyRefusal when the text holds no key. */
export function readKeyText(text: string, warn: WarnKey): KeyContent {
  const taken = new Set<string>()
  const content = unwrap(text, taken, warn)
  if (taken.size > 0) {
    const advice = taken.has('quotes') ? ' Docker’s --env-file keeps quotes.' : ''
    warn('KEY_TRIMMED', `has ${[...taken].join(', ')} around the key or in it; they were taken off.${advice}`)
  }
  return content
}

function unwrap(text: string, taken: Set<string>, warn: WarnKey): KeyContent {
  const warnOfJson = (): void => warn('KEY_UNWRAPPED_JSON', 'is other JSON around the key; the key was taken out.')
  let rest = bare(text, taken)
  // PEM ends with a line break, which is no mistake.
  if (text !== text.trim() && rest === text.trim() && !rest.includes('-----BEGIN ')) taken.add(BLANKS)
  let decoded = 0
  for (let round = 0; round < MAX_ROUNDS && decoded <= MAX_DECODINGS; round++) {
    refuseLookAlike(rest)
    const isJson = /^[{[]/.test(rest)
    if (/-----(?:BEGIN|END) /.test(rest)) {
      if (isJson) warnOfJson()
      // One backslash before an "n" is how a line break is written out.
      if (/\\[\\\r\n]/.test(rest)) taken.add('backslashes')
      return readPem(rest)
    }
    if (isJson) {
      const json = parseKeyJson(rest, decoded > 0, taken)
      const inner = textWithin(json)
      if (inner === undefined) {
        if (decoded === 0 && !rest.includes('\\'))
          warn('KEY_RAW_JSON', 'is the JWK itself, not base64 of it; it was read as it is.')
        return { json }
      }
      warnOfJson()
      rest = bare(inner, taken)
      continue
    }
    refuseNoBase64(rest)
    const packed = rest.replaceAll(/\\+[nr]?/g, '')
    if (packed !== rest) taken.add('backslashes')
    if (round === 0 && /\s/.test(packed)) taken.add(BLANKS)
    const bytes = decodeBase64(packed) ?? refuse('KEY_NOT_BASE64', 'is neither base64, JSON nor PEM.', PRIVATE_JWK)
    if (packed.length < SHORTEST_KEY)
      refuse(
        'KEY_TOO_SHORT',
        `has only ${packed.length} character${packed.length === 1 ? '' : 's'}; a private JWK has over 1000.${packed.length < SHORTEST_ID ? '' : ' It may be the kid or the client id.'}`,
        PRIVATE_JWK,
      )
    if (decoded === 1) warn('KEY_DOUBLE_BASE64', 'is base64 twice over. Encode the JWK once.')
    if (readSequence(bytes)) return { jwk: jwkOfDer(bytes), certificates: [] }
    rest = bare(textOf(bytes, warn), taken)
    decoded++
  }
  return refuse('KEY_BASE64_NESTED', 'is base64 more than twice over.', PRIVATE_JWK)
}

const BLANKS = 'blanks or line breaks'

/** Without the quotes, blanks and invisible characters that readers and editors leave around a text. */
function bare(text: string, taken: Set<string>): string {
  const visible = text.replaceAll(INVISIBLE, '')
  if (visible !== text) taken.add('invisible characters (zero-width, NUL or a byte order mark)')
  let rest = visible.trim()
  for (let layer = 0, quoted; layer < MAX_QUOTES && (quoted = QUOTED.exec(rest)) !== null; layer++) {
    taken.add('quotes')
    rest = (quoted[2] ?? quoted[3] ?? '').trim()
  }
  return rest
}

/** UTF-8, or UTF-16 as Windows shells write it. */
function textOf(bytes: Uint8Array, warn: WarnKey): string {
  const [a, b = 0] = bytes
  if (a === 0x30 && b > 0x80) refuseCutShort('base64 of a binary key (DER)')
  const utf16 =
    b === 0 || (a === 0xff && b === 0xfe) ? 'utf-16le' : a === 0 || (a === 0xfe && b === 0xff) ? 'utf-16be' : undefined
  if (utf16 !== undefined) warn('KEY_UTF16', 'is base64 of UTF-16 text. Encode UTF-8.')
  try {
    return new TextDecoder(utf16, { fatal: true }).decode(bytes)
  } catch {
    return refuse('KEY_NOT_TEXT', NOT_TEXT, PRIVATE_JWK)
  }
}
