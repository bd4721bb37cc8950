/** Every token that was issued, and what is true of it. */
import type { TokenKind } from '@maskinporten-kit/core'

export interface Issued {
  readonly value: string
  readonly kind: TokenKind
  readonly client: string
  readonly scope: string
  readonly consumerOrg: string | undefined
  /** World's time, milliseconds. */
  readonly issuedAt: number
  readonly lifetimeMs: number
  /** When the Maskinporten token was issued from which it was exchanged; its own time for those. */
  readonly parentIssuedAt: number
}

/** Stands in every token and assertion, and in no event or error. */
export const CANARY = 'CANARY'

export class Tokens {
  readonly #all = new Map<string, Issued>()

  issue(token: Issued): void {
    this.#all.set(token.value, token)
    // No caller uses a token that expired long ago, so the oldest ones are forgotten.
    const LONG_OVER = 50_000
    if (this.#all.size <= LONG_OVER) return
    for (const value of this.#all.keys()) {
      this.#all.delete(value)
      if (this.#all.size <= LONG_OVER / 2) return
    }
  }

  of(value: string): Issued | undefined {
    return this.#all.get(value)
  }
}

export const endOf = ({ issuedAt, lifetimeMs }: Issued): number => issuedAt + lifetimeMs

/** Whose tokens are alike: one text for each identity. */
export const identityOf = ({
  kind,
  client,
  scope,
  consumerOrg,
}: Omit<Issued, 'value' | 'issuedAt' | 'lifetimeMs' | 'parentIssuedAt'>): string =>
  `${kind} ${client} ${scope} ${consumerOrg ?? ''}`
