import type { AccessToken, TokenKind } from './token-source.ts'

const TWO_MINUTES_MS = 120_000
const inspectCustom = Symbol.for('nodejs.util.inspect.custom')

/** Printing never shows the value: `value` is a getter over a private field, and every way of printing is answered here. */
class PrintSafeAccessToken implements AccessToken {
  readonly #value: string
  readonly kind: TokenKind
  readonly scopes: readonly string[]
  readonly expiresAt: number

  constructor(value: string, kind: TokenKind, scopes: readonly string[], expiresAt: number) {
    this.#value = value
    this.kind = kind
    this.scopes = scopes
    this.expiresAt = expiresAt
  }

  get value(): string {
    return this.#value
  }

  toString(): string {
    return `[${this.kind} access token: use .value]`
  }

  toJSON(): { readonly kind: TokenKind; readonly scopes: readonly string[]; readonly expiresAt: number } {
    return { kind: this.kind, scopes: this.scopes, expiresAt: this.expiresAt }
  }

  [inspectCustom](): string {
    return `AccessToken { kind: '${this.kind}', scopes: '${this.scopes.join(' ')}', expiresAt: ${this.expiresAt} }`
  }
}

/**
 * A token of your own, for a test or a source of your own. Defaults: kind `maskinporten`, no scopes, two minutes from now.
 *
 * A fake source: `{ getToken: async () => createAccessToken({ value: 'test' }) }`.
 */
export function createAccessToken(token: {
  readonly value: string
  readonly kind?: TokenKind | undefined
  readonly scopes?: readonly string[] | undefined
  /** Milliseconds since the Unix epoch. */
  readonly expiresAt?: number | undefined
}): AccessToken {
  const { value, kind = 'maskinporten', scopes = [], expiresAt = Date.now() + TWO_MINUTES_MS } = token
  // A list that nobody can change may be shared; of another a copy is kept.
  const list = typeof scopes === 'object' && Object.isFrozen(scopes) ? scopes : Object.freeze([...scopes])
  return new PrintSafeAccessToken(value, kind, list, expiresAt)
}
