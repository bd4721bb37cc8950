/** One line of JSON a request, on standard error: who got which token. Never a token, an assertion or a secret in it. */
import type { MaskinportenEvent, TokenKind } from '@maskinporten-kit/core'

export interface AuditLine {
  readonly endpoint: Endpoint
  readonly status: number
  /** Milliseconds. */
  readonly ms: number
  readonly kind?: TokenKind | undefined
  /** Those of the token, or, when there is none, those asked for. */
  readonly scopes?: readonly string[] | undefined
  readonly consumerOrg?: string | undefined
  /** The types of what was asked for beside scopes. */
  readonly details?: readonly string[] | undefined
  readonly cached?: boolean | undefined
  /** `error` of RFC 6749 §5.2. */
  readonly error?: string | undefined
  readonly mpCode?: string | undefined
  readonly traceId?: string | undefined
}

export type Endpoint = 'token' | 'introspect' | 'exchange' | 'health' | 'ready' | 'metrics' | 'other'

export function auditText(line: AuditLine, now: number = Date.now()): string {
  const { scopes, details, consumerOrg, error, ...rest } = line
  return JSON.stringify({
    at: new Date(now).toISOString(),
    ...rest,
    scopes: scopes?.map(scopeOnly),
    details: details?.map(scopeOnly),
    consumerOrg: consumerOrg === undefined ? undefined : /^(?:0192:)?\d{9}$/.test(consumerOrg) ? consumerOrg : OTHER,
    error: error === undefined || /^[a-z_]{1,40}$/.test(error) ? error : OTHER,
  })
}

/** Of core's events those that an operator should know of, as lines of the same form. */
export function eventText({ type, level, at, ...fields }: MaskinportenEvent): string | undefined {
  if (level === 'debug') return undefined
  // Of each token its request has a line.
  if (type.startsWith('token.') || type.startsWith('exchange.')) return undefined
  const { error, message = error?.message, ...more } = fields as { error?: Error; message?: string }
  return JSON.stringify({ at: new Date(at).toISOString(), event: type, level, message, ...more })
}

const OTHER = '[not shown]'

/** A caller may write a secret in the place of a scope: what has no prefix, or a word as long as a key, is not repeated. */
function scopeOnly(text: string): string {
  return /^[\w.-]+:[\w:./-]{1,100}$/.test(text) && !/[\w-]{40}/.test(text) ? text : OTHER
}
