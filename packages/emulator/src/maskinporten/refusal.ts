/** A refusal of the token endpoint and its body (RFC 6749 §5.2). */
import { randomBytes } from 'node:crypto'
import { fillPlaceholders } from '../placeholders.ts'
import { type TokenErrorId, type TokenErrorRow, tokenErrors } from './error-table.ts'
import type { Rules } from './rules.ts'

export class TokenRefusal extends Error {
  override readonly name = 'TokenRefusal'
  readonly id: TokenErrorId
  readonly values: Readonly<Record<string, string>>
  /** What the answer does not say, in a sentence for the recorder. */
  readonly detail: string | undefined

  constructor(id: TokenErrorId, values: Readonly<Record<string, string>> = {}, detail?: string) {
    super(`the token endpoint refuses with ${id}; see the emulator's table of rules`)
    this.id = id
    this.values = values
    this.detail = detail
  }
}

export function refusalText({ id, values }: TokenRefusal, rules: Rules): string {
  return fillPlaceholders(rowOf(id, rules).text, values)
}

/** The row as the rules have it. */
function rowOf(
  id: TokenErrorId,
  { refusals, texts, forbiddenStatus }: Rules,
): { readonly status: number; readonly error: string; readonly text: string } {
  const row: TokenErrorRow = tokenErrors[id]
  const change = refusals[id]
  return {
    status: change?.status ?? (row.status === 403 ? forbiddenStatus : row.status),
    error: change?.error ?? row.error,
    text: change?.text ?? (texts === 'docs' ? (row.docsText ?? row.text) : row.text),
  }
}

export function refusalAnswer(refusal: TokenRefusal, rules: Rules): Response {
  const { status, error } = rowOf(refusal.id, rules)
  const text = refusalText(refusal, rules)
  const code = /^MP-\d+/.exec(refusal.id)?.[0]
  const body = {
    error,
    error_description: `${text} (trace_id: ${randomBytes(16).toString('hex')})`,
    ...(code === undefined ? {} : { error_uri: `${rules.errorUriBase}${code}` }),
  }
  return Response.json(body, {
    status,
    headers: { 'cache-control': 'no-store' },
  })
}
