/** Why a text is not a key, without a word of the text. */

/** Never leaves this folder: `parseSigningKey` and the settings make a `MaskinportenError` of it. */
export class KeyRefusal extends Error {
  readonly code: string

  /** `message` follows the name of the key: `is 1024 bits; at least 2048 are needed. …` */
  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

/** Accepted, but worth a word; the message follows the name of the key. */
export type WarnKey = (code: string, message: string) => void
