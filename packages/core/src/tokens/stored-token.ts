/** Checks what a store answered. Another version of this package, or another program, may have written it. */
import { MAX_LIFETIME_SECONDS, isTokenOf } from '../http/token-text.ts'
import type { TokenKind } from '../token-source.ts'
import type { Lease, StoredToken } from '../token-store.ts'

const MAX_SCOPES = 1_000

/**
 * A copy of the stored token, or undefined when a field is wrong. Each field is read once: a getter may give another value
 * the second time.
 */
export function readStoredToken(stored: unknown, kind: TokenKind): StoredToken | undefined {
  try {
    if (typeof stored !== 'object' || stored === null) return undefined
    const fields: Readonly<Partial<Record<keyof StoredToken, unknown>>> = stored
    const { value, kind: storedKind, lifetimeMs, remainingMs } = fields
    const scopes = textsOf(fields.scopes)
    if (storedKind !== kind || !isTokenOf(kind, value) || scopes === undefined) return undefined
    if (!isDuration(lifetimeMs, MAX_LIFETIME_SECONDS * 1000) || !isDuration(remainingMs, lifetimeMs)) return undefined
    return { value, kind, scopes, lifetimeMs, remainingMs }
  } catch {
    return undefined
  }
}

export function isLease(lease: unknown): lease is Lease {
  try {
    return typeof lease === 'object' && lease !== null && 'release' in lease && typeof lease.release === 'function'
  } catch {
    return false
  }
}

function isDuration(ms: unknown, max: number): ms is number {
  return typeof ms === 'number' && ms > 0 && ms <= max
}

function textsOf(list: unknown): readonly string[] | undefined {
  if (!Array.isArray(list)) return undefined
  const length: unknown = list.length
  if (!(typeof length === 'number' && length <= MAX_SCOPES)) return undefined
  const texts = Array.from({ length }, (_, index): unknown => list[index])
  return texts.every((text) => typeof text === 'string') ? texts : undefined
}
