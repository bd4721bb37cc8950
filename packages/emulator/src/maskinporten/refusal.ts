/** A refusal of the token endpoint and its body (RFC 6749 §5.2). */
import { randomBytes } from 'node:crypto'
import { fillPlaceholders } from '../placeholders.ts'
import { type TokenErrorId, type TokenErrorRow, tokenErrors } from './error-table.ts'
import type { Rules } from './rules.ts'

export class TokenRefusal extends Error {
  override readonly name = 'TokenRefusal'
  readonly id: TokenErrorId
  readonly values: Readonly<Record<string, string>>

  constructor(id: TokenErrorId, values: Readonly<Record<string, string>> = {}) {
    super(`the token endpoint refuses with ${id}; see the emulator's table of rules`)
    this.id = id
    this.values = values
  }
}

export function refusalText({ id, values }: TokenRefusal, { texts }: Rules): string {
  const row: TokenErrorRow = tokenErrors[id]
  return fillPlaceholders(texts === 'docs' ? (row.docsText ?? row.text) : row.text, values)
}

export function refusalAnswer(refusal: TokenRefusal, rules: Rules): Response {
  const row: TokenErrorRow = tokenErrors[refusal.id]
  const text = refusalText(refusal, rules)
  const code = /^MP-\d+/.exec(refusal.id)?.[0]
  const body = {
    error: row.error,
    error_description: `${text} (trace_id: ${randomBytes(16).toString('hex')})`,
    ...(code === undefined ? {} : { error_uri: `${rules.errorUriBase}${code}` }),
  }
  return Response.json(body, {
    status: row.status === 403 ? rules.forbiddenStatus : row.status,
    headers: { 'cache-control': 'no-store' },
  })
}
