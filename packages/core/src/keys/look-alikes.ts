/** What people store where a key belongs, told by its shape; and whether another setting holds a key. No message quotes the text. */
import { NOT_TEXT, PRIVATE_JWK, refuse, refusePublic } from './key-refusal.ts'

/** Paths, addresses and references are shorter; a private key is longer. */
const LONGEST_REFERENCE = 500
/** No setting that may be shown is as long, and no id has so long a run of base64; a private member of an RSA key has 170. */
const LONGEST_SHOWN = 200

/** As key material starts: PEM, JSON and its base64, and DER of a private key, whose first member is a version, in base64. */
const KEY_START = /-----BEGIN|^[\s"'`\\]*(?:eyJ|[{[]|M(?:..CAQ|I..AgE|I...[AQgw]IB))/
/** A part of a JWK, and a run of base64 as no id has it. */
const KEY_PART = /["'\\](?:kty|d)["'\\]+\s*:|[\w+/-]{80}/
/** The private member of the shortest keys (EC P-256, Ed25519) has 43 characters of base64url, of both cases. */
const SHORT_MEMBER = /(?<![\w-])(?=[\w-]*[a-z])(?=[\w-]*[A-Z])[\w-]{43}/
/** A thumbprint of a public key ([RFC 7638](https://www.rfc-editor.org/rfc/rfc7638)) looks the same. */
const THUMBPRINT = /^[\w-]{43}$/

/** Whether a text may be a key, whole or in part, that was pasted into the wrong place. `isKid`: a thumbprint may stand there. */
export const looksLikeKey = (text: string, isKid = false): boolean =>
  text.length > LONGEST_SHOWN ||
  KEY_START.test(text) ||
  KEY_PART.test(text) ||
  (SHORT_MEMBER.test(text) && !(isKid && THUMBPRINT.test(text)))

/** A kid as messages and events name it. `id`: the thumbprint of the public key. A kid of the same form that is another text may be a private member. */
export const shownKid = (kid: string, id: string): string =>
  kid !== id && looksLikeKey(kid) ? `[hidden: ${kid.length} characters]` : kid

type LookAlike = readonly [shape: RegExp, code: string, why: string, right?: string]

const CUT = 'is cut short: an env reader ended the value at a quote or at the end of its first line.'

/** Of texts shorter than a key. */
const SHORT: readonly LookAlike[] = [
  [/^(?:["'`]?-----BEGIN [A-Z ]+-----|[[{"'`]\\*)$/, 'KEY_CUT_SHORT', CUT, PRIVATE_JWK],
  [
    /^(?:file:|(?:[a-z]:|~|\.\.?|%\w+%)?[\\/])|^(?!eyJ)[^:]*\.[a-z][a-z\d]{1,4}$/i,
    'KEY_IS_PATH',
    'is the path of a file, not a key.',
    'the content of that file in base64 (as it is, if the file holds base64 already)',
  ],
  [
    /^[a-z][a-z\d+]{1,15}:[^\s"'{]+$/i,
    'KEY_REFERENCE',
    'is a reference or an address that nothing resolved.',
    'the key itself',
  ],
]

/** `b3Blbn…` is `openssh-key-v1` in base64. */
const ANY: readonly LookAlike[] = [
  [
    /<RSAKeyValue>[^]*<D>/,
    'KEY_IS_XML',
    'is XML of .NET. Convert it in .NET: RSA.FromXmlString, then RSA.ExportPkcs8PrivateKeyPem.',
    'the PEM that comes out',
  ],
  [
    /^b3BlbnNzaC1rZXkt|BEGIN OPENSSH/,
    'KEY_OPENSSH',
    "is an OpenSSH key, which this library does not read. Convert a copy of its file (cp FILE key.pem && ssh-keygen -p -m PEM -N '' -f key.pem).",
    'the text of key.pem in base64, and Kid to the kid that is shown beside this key in Samarbeidsportalen',
  ],
]

/** Of texts that are neither JSON nor PEM. */
const NO_BASE64: readonly LookAlike[] = [
  [
    /BEGIN [A-Z ]{0,20}PRIVATE KEY/,
    'KEY_PEM_BAD',
    'is a PEM without five hyphens on each side of BEGIN and END.',
    'the whole PEM',
  ],
  [
    /^(?:Bearer )?[\w-]+\.[\w-]+\.[\w-]*$/,
    'KEY_IS_JWT',
    'is a JWT (three dot-separated parts), not a JWK.',
    PRIVATE_JWK,
  ],
  [/^(?:0x)?[\da-f:\s]{64,}$/i, 'KEY_NOT_TEXT', `is hexadecimal. Read as base64, it ${NOT_TEXT}`, PRIVATE_JWK],
  [/%[\da-f]{2}/i, 'KEY_NOT_BASE64', 'is percent-encoded (%2B, %3D).', 'the decoded text'],
  [
    /kty["']?\s*:/i,
    'KEY_NOT_BASE64',
    'is a JWK with more around it, or not as JSON.',
    'the JSON that has "d", from { to }',
  ],
  [
    /^(?:export |set )?["']?[\w:.-]{0,64}[a-z]["']?\s*[:=]\s*["']?\w/i,
    'KEY_NOT_BASE64',
    'begins with a name and "=" or ":".',
    'what follows them',
  ],
  [/^["'`]/, 'KEY_CUT_SHORT', CUT, PRIVATE_JWK],
]

function refuseThese(text: string, lookAlikes: readonly LookAlike[]): void {
  for (const [shape, code, why, right] of lookAlikes) if (shape.test(text)) refuse(code, why, right)
}

/** @throws KeyRefusal when the text is known to be something else than a key. */
export function refuseLookAlike(text: string): void {
  if (text.length < LONGEST_REFERENCE) refuseThese(text, SHORT)
  refuseThese(text, ANY)
  if (/<RSAKeyValue>|^(?:ssh|ecdsa)-/.test(text)) refusePublic()
}

/** The same for a text that should be base64. */
export const refuseNoBase64 = (text: string): void => refuseThese(text, NO_BASE64)
