/** Why a text is not a key. No message holds a part of the text. */

/** Stays in core: `parseSigningKey` and the settings make a `MaskinportenError` of it. */
export class KeyRefusal extends Error {
  readonly code: string

  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

/** `message` follows the name of the key and ends with the way out: `is 1024 bits; at least 2048 are needed. …` */
export function refuse(code: string, message: string): never {
  throw new KeyRefusal(code, message)
}

/** Any other error may quote the text, so its message is replaced. */
export function refusalOf(error: unknown): KeyRefusal {
  return error instanceof KeyRefusal
    ? error
    : new KeyRefusal('KEY_JWK_BAD', `could not be read as an RSA key. ${EXPORT_AGAIN}`)
}

/** Reports a key that is read all the same. The message follows the name of the key. */
export type WarnKey = (code: string, message: string) => void

export const EXPORT_AGAIN = 'Export the key pair again.'
export const SET_BASE64 = 'Set it to the base64 of the private JWK.'
export const NOT_TEXT: string = `is base64 of something that is not text. ${SET_BASE64}`

/** `what`: `has "kty":"EC"`, `is not an RSA key`. */
export const refuseNotRsa = (what: string): never =>
  refuse('KEY_NOT_RSA', `${what}; Maskinporten takes RSA keys (RS256, RS384, RS512). Make one of 2048 bits or more.`)

export const refusePublic = (): never =>
  refuse(
    'KEY_PUBLIC_ONLY',
    'is a certificate or public key; the private key is needed. Set it to the private key of the same pair.',
  )

export const refuseCutShort = (what: string): never =>
  refuse('KEY_PEM_BAD', `is ${what} that does not parse. Was the value cut short when pasted?`)

export const refuseEncrypted = (): never =>
  refuse('KEY_PEM_ENCRYPTED', 'is a password-protected key. Decrypt it first: openssl pkey -in key.pem -out plain.pem')

export const refuseMismatch = (): never =>
  refuse(
    'KEY_PAIR_MISMATCH',
    'does not fit together: its members are not of one key. Was the public part of another key pasted in?',
  )
