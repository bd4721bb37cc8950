/** What the self-service API refuses, and the body that says so (protocol reference §7.4, captured in July 2025). */
import { randomBytes } from 'node:crypto'
import type { Comparison } from '../tokens/verify-token.ts'

export interface FieldError {
  readonly message: string
  /** The member of the body; `undefined` when the fault is in none of them. */
  readonly field?: string | undefined
}

/** Of 401, 403, 404 and 409 no capture shows a body; they have that of 400. */
export class SelfServiceRefusal extends Error {
  override readonly name = 'SelfServiceRefusal'
  readonly status: number
  /** For the recorder: a label of the emulator's. */
  readonly rule: string
  /** What the errors are of: 'Client', 'Scope'. */
  readonly objectName: string
  readonly errors: readonly FieldError[]
  /** For the recorder. */
  readonly compared: Comparison | undefined

  constructor(
    status: number,
    rule: string,
    objectName: string,
    errors: readonly FieldError[] | string,
    compared?: Comparison,
  ) {
    const list = typeof errors === 'string' ? [{ message: errors }] : errors
    super(list.map(({ message }) => message).join(' '))
    this.status = status
    this.rule = rule
    this.objectName = objectName
    this.errors = list
    this.compared = compared
  }
}

/** `now`: milliseconds since the epoch. */
export function refusalBody({ status, objectName, errors }: SelfServiceRefusal, now: number): Response {
  // The real one puts a comma before each message, the first one too.
  const joined = errors.map(({ message }) => `, ${message}`).join('')
  const body = {
    status,
    timestamp: new Date(now).toISOString().replace('Z', '000000Z'),
    correlation_id: randomBytes(16).toString('hex'),
    errors: errors.map(({ message, field }) => ({
      errorMessage: message,
      isFieldError: field !== undefined,
      objectName,
      fieldIdentifier: field ?? null,
    })),
    error: joined,
    error_description: joined,
  }
  return Response.json(body, { status, headers: status === 401 ? { 'www-authenticate': 'Bearer' } : {} })
}
