/** What Texas refuses: RFC 6749 §5.2. */

export class TexasRefusal extends Error {
  override readonly name = 'TexasRefusal'
  readonly status: number
  readonly error: string
  /** For the recorder: a label of the emulator's. */
  readonly rule: string

  constructor(status: number, error: string, description: string, rule: string) {
    super(description)
    this.status = status
    this.error = error
    this.rule = rule
  }
}

/** For what Texas refuses on its own, before any upstream call. */
export function invalidRequest(description: string, rule: string): TexasRefusal {
  return new TexasRefusal(400, 'invalid_request', description, rule)
}
