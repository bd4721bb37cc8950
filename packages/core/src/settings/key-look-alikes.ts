/** What people store where a key belongs, told by its shape. No message quotes the text. */
import { refuse } from './key-refusal.ts'
import { refusePublic } from './rsa-der.ts'

/** Paths, addresses and references are shorter; a private key is longer. */
const LONGEST_REFERENCE = 500
const SET_BASE64 = 'Set it to the base64 of the private JWK.'

type LookAlike = readonly [shape: RegExp, code: string, message: string]

const SHORT: readonly LookAlike[] = [
  [
    /^(?:["'`]?-----BEGIN [A-Z ]+-----|[[{"'`]\\*)$/,
    'KEY_CUT_SHORT',
    `is only the beginning of a key: an env reader ended the value at a quote, or at the end of its first line. ${SET_BASE64}`,
  ],
  [
    /^\[(?!null\b)[a-z][\w ,]*\]$/i,
    'KEY_NOT_JWK',
    'is how a JavaScript object or a masked secret prints. Set the key itself; an object by JSON.stringify.',
  ],
  [/^(?:\$+[\w({]|#\{|\{\{|%\w+%$)/, 'CONFIG_PLACEHOLDER', `is a placeholder that nothing has replaced. ${SET_BASE64}`],
  [
    /^(?:file:|~?[\\/]|\.\.?[\\/]|[a-z]:[\\/]|%\w+%[\\/])|^[^:]*\.[a-z][a-z\d]{1,4}$/i,
    'KEY_IS_PATH',
    'is the path of a file, not a key. Set it to the text in that file.',
  ],
  [
    /^[a-z][a-z\d+]{1,15}:[^\s"'{]+$/i,
    'KEY_REFERENCE',
    'is a reference or an address, and nothing has put the secret in its place. Find what should do so, or set the key itself.',
  ],
]

/** `b3Blbn…` is `openssh-key-v1` in base64. */
const ANY: readonly LookAlike[] = [
  [
    /^(?:<\?[^>]*>\s*)?<RSAKeyValue>[^]*<D>/,
    'KEY_IS_XML',
    'is XML of .NET (RSAKeyValue). Convert it there with RSA.FromXmlString and RSA.ExportPkcs8PrivateKeyPem.',
  ],
  [/^<(?:!doctype|html)/i, 'KEY_IS_HTML', 'is an HTML page, of a login or an error. Look at where it was fetched.'],
  [
    /^(?:b3BlbnNzaC1rZXkt|-----BEGIN OPENSSH)/,
    'KEY_OPENSSH',
    'is an OpenSSH key. Convert it: ssh-keygen -p -m PEM -f key',
  ],
  [
    /^PuTTY-/,
    'KEY_PUTTY',
    'is a PuTTY key. Export it in PuTTYgen as an OpenSSH key, then convert that: ssh-keygen -p -m PEM -f key',
  ],
  [
    /^(?![^]*-----(?:BEGIN|END) )[^]*BEGIN [A-Z ]{0,20}PRIVATE KEY/,
    'KEY_PEM_BAD',
    'is a PEM whose BEGIN and END do not stand between five hyphens each. Copy it with a plain text editor.',
  ],
]

/** Of texts that are neither JSON nor PEM. */
const NO_BASE64: readonly LookAlike[] = [
  [
    /^(?:Bearer )?[\w-]+\.[\w-]+\.[\w-]*$/,
    'KEY_IS_JWT',
    `is a JWT (three dot-separated parts), not a JWK. ${SET_BASE64}`,
  ],
  [/^[\w-]+(?:\.[\w-]*){4}$/, 'KEY_IS_JWT', `is encrypted (a JWE, five dot-separated parts). ${SET_BASE64}`],
  [
    /^(?:0x)?[\da-f:\s]{64,}$/i,
    'KEY_NOT_TEXT',
    `is hexadecimal. Read as base64, it is base64 of something that is not text. ${SET_BASE64}`,
  ],
  [/%[0-9a-f]{2}/i, 'KEY_NOT_BASE64', 'is percent-encoded (%2B, %3D). Decode it first.'],
  [
    /kty["']?\s*:/i,
    'KEY_NOT_BASE64',
    'is a JWK with more around it, or not written as JSON. Keep only the JSON that has "d", from { to }.',
  ],
  [
    /^(?:export |set )?["']?[\w:.-]{0,64}[a-z]["']?\s*[:=]\s*["']?\w/i,
    'KEY_NOT_BASE64',
    'begins with a name and "=" or ":". Set it to what follows them.',
  ],
  [/^["'`]/, 'KEY_CUT_SHORT', `begins with a quote and does not end with one. ${SET_BASE64}`],
]

function refuseThese(text: string, lookAlikes: readonly LookAlike[]): void {
  const [, code, message] = lookAlikes.find(([shape]) => shape.test(text)) ?? []
  if (code !== undefined && message !== undefined) refuse(code, message)
}

/** @throws KeyRefusal when the text is known to be something else than a key. */
export function refuseLookAlike(text: string): void {
  if (text.length < LONGEST_REFERENCE) refuseThese(text, SHORT)
  refuseThese(text, ANY)
  if (/^(?:<\?[^>]*>\s*)?<RSAKeyValue>|^(?:ssh|ecdsa)-/.test(text)) refusePublic()
}

/** The same for what should be base64. */
export const refuseNoBase64 = (text: string): void => refuseThese(text, NO_BASE64)
