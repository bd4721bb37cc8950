/** How a command ends when it cannot do what it was asked, and its exit code. */
import type { Text } from './language.ts'

/** What the process' exit codes mean. */
export const exitCodes = { ok: 0, failed: 1, usage: 2, settings: 3 } as const

/** One sentence of what happened and the way out; never a secret in it. */
export class CommandFailed extends Error {
  override readonly name = 'CommandFailed'
  readonly exitCode: 1 | 2 | 3
  readonly text: Text

  constructor(reason: Exclude<keyof typeof exitCodes, 'ok'>, text: Text) {
    super(text.en)
    this.exitCode = exitCodes[reason]
    this.text = text
  }
}
