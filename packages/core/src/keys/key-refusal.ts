/** Why a text is not a key, without a word of the text. */

/** Never leaves this folder: `parseSigningKey` and the settings make a `MaskinportenError` of it. */
export class KeyRefusal extends Error {
  readonly code: string

  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

/** `message` follows the name of the key, and ends with the way out: `is 1024 bits; at least 2048 are needed. …` */
export function refuse(code: string, message: string): never {
  throw new KeyRefusal(code, message)
}

/** Accepted, but worth a word; the message follows the name of the key. */
export type WarnKey = (code: string, message: string) => void

/** `what`: `has "kty":"EC"`, `is not an RSA key`. */
export const refuseNotRsa = (what: string): never =>
  refuse('KEY_NOT_RSA', `${what}; Maskinporten takes RSA keys (RS256, RS384, RS512). Make one of 2048 bits or more.`)
