/** Why a text is not a key. No message holds a part of the text. */

/** Stays in core: `parseSigningKey` and the settings make a `MaskinportenError` of it. */
export class KeyRefusal extends Error {
  readonly code: string
  /** What is wrong, and what to do first: sentences that follow the name of the key. */
  readonly why: string
  /** What the setting should hold instead, as a noun. Those who know the place of the setting say where to put it. */
  readonly right: string | undefined

  constructor(code: string, why: string, right?: string) {
    super(right === undefined ? why : `${why} Set it to ${right}.`)
    this.code = code
    this.why = why
    this.right = right
  }
}

/** `refuse('KEY_IS_PATH', 'is the path of a file.', 'the content of that file')`. Without `right`, `why` ends with the way out. */
export function refuse(code: string, why: string, right?: string): never {
  throw new KeyRefusal(code, why, right)
}

/** Any other error may quote the text, so its message is replaced. */
export function refusalOf(error: unknown): KeyRefusal {
  return error instanceof KeyRefusal
    ? error
    : new KeyRefusal('KEY_JWK_BAD', 'could not be read as an RSA key. Export the key pair again.', PRIVATE_JWK)
}

/** Reports a key that is read all the same. The message follows the name of the key. */
export type WarnKey = (code: string, message: string) => void

export const EXPORT_AGAIN = 'Export the key pair again.'
export const PRIVATE_JWK = 'the private JWK in base64'
export const NOT_TEXT = 'is base64 of something that is not text.'
const NEW_PRIVATE = 'the new private JWK, with its kid, in base64'
const MAKE_RSA =
  'Make an RSA key of 2048 bits or more, and register its public half on the client in Samarbeidsportalen.'

/** `what`: `has "kty":"EC"`, `is not an RSA key`. */
export const refuseNotRsa = (what: string): never =>
  refuse('KEY_NOT_RSA', `${what}; Maskinporten takes RSA keys only. ${MAKE_RSA}`, NEW_PRIVATE)

export const refuseSymmetric = (): never =>
  refuse(
    'KEY_SYMMETRIC',
    `is a symmetric key ("kty":"oct"); Maskinporten needs an RSA key pair. ${MAKE_RSA}`,
    NEW_PRIVATE,
  )

export const refuseSmall = (bits: number, smallest: number): never =>
  refuse('KEY_TOO_SMALL', `is ${bits} bits; at least ${smallest} are needed. ${MAKE_RSA}`, NEW_PRIVATE)

export const refusePublic = (): never =>
  refuse(
    'KEY_PUBLIC_ONLY',
    'is a certificate or public key; the private key is needed.',
    'the private key of the same pair',
  )

export const refuseCutShort = (what: string): never =>
  refuse('KEY_PEM_BAD', `is ${what} that does not parse; it may have been cut short.`, 'the whole private key')

export const refuseEncrypted = (): never =>
  refuse(
    'KEY_PEM_ENCRYPTED',
    'is a key with a password. Decrypt it (openssl pkey -in FILE -out plain.pem).',
    'the text of plain.pem',
  )

export const refuseMismatch = (): never =>
  refuse(
    'KEY_PAIR_MISMATCH',
    'does not fit together: its members are not of one key.',
    'a private JWK as it was exported, in base64',
  )
