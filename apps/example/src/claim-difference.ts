/** What the exchange made of a token: its claims before and after. */
import type { Jwt } from './decode-jwt.ts'

type Claims = Jwt['claims']

export interface ClaimDifference {
  readonly added: Claims
  readonly removed: Claims
  readonly changed: Readonly<Record<string, { readonly before: unknown; readonly after: unknown }>>
  /** Names only: their values are the token's. */
  readonly kept: readonly string[]
}

export function claimDifference(before: Claims, after: Claims): ClaimDifference {
  const common = Object.keys(before).filter((name) => name in after)
  const isKept = (name: string): boolean => JSON.stringify(before[name]) === JSON.stringify(after[name])
  return {
    added: Object.fromEntries(Object.entries(after).filter(([name]) => !(name in before))),
    removed: Object.fromEntries(Object.entries(before).filter(([name]) => !(name in after))),
    changed: Object.fromEntries(
      common.filter((name) => !isKept(name)).map((name) => [name, { before: before[name], after: after[name] }]),
    ),
    kept: common.filter(isKept),
  }
}
