/** Altinn: the exchange, and an API behind it that takes tokens of either kind. */
import type { Active } from '../faults.ts'
import { WORLD_BEGAN } from '../machine.ts'
import type { Reply } from './maskinporten.ts'
import { CANARY, type Issued, type Tokens, endOf } from './tokens.ts'

const LIFETIME_SECONDS = 1_800

export class Altinn {
  readonly #active: Active
  readonly #tokens: Tokens
  #count = 0

  constructor(active: Active, tokens: Tokens) {
    this.#active = active
    this.#tokens = tokens
  }

  exchange(authorization: string, now: number): Reply {
    // It answers so in an outage of its register (altinn-authentication#2072).
    if (this.#active.of('altinn unauthorised')) return { status: 401, text: '' }
    const parent = this.#tokens.of(authorization.replace('Bearer ', ''))
    if (parent === undefined || parent.kind !== 'maskinporten' || now > endOf(parent)) return { status: 401, text: '' }
    const iat = Math.floor((WORLD_BEGAN + now) / 1_000)
    const claims = { iat, exp: iat + LIFETIME_SECONDS, n: ++this.#count }
    const value = `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.${CANARY}`
    const lifetimeMs = LIFETIME_SECONDS * 1_000
    const issued = {
      ...parent,
      value,
      kind: 'altinn',
      issuedAt: now,
      lifetimeMs,
      parentIssuedAt: parent.issuedAt,
    } as const
    this.#tokens.issue(issued)
    return { status: 200, text: JSON.stringify(value), issued }
  }

  /** What an API says of a token. */
  accepts(token: Issued, now: number): boolean {
    if (this.#active.of('api rejects')) return false
    const forgets = this.#active.of('altinn forgets')
    // A delegation was given anew: what was asked for before it says otherwise.
    if (forgets !== undefined && token.kind === 'altinn' && token.parentIssuedAt < forgets.at) return false
    return now < endOf(token)
  }
}
