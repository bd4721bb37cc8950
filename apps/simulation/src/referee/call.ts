/** One call of `getToken`, and what was known when it began. */
import type { Hold, Host, Wanted } from '../host.ts'

export interface Call {
  readonly host: Host
  readonly wanted: Wanted
  /** World's time, milliseconds. */
  readonly begunAt: number
  readonly rejected: string | undefined
  /** A valid token of this identity had been delivered to this instance. */
  readonly held: Hold | undefined
  /** What was left of it then, milliseconds. */
  readonly heldMs: number
  /** When the last token of this identity ended, on the machine's line of time. */
  readonly lastEndedAt: number
  readonly wasLoaded: boolean
  readonly clientId: string | undefined
  /** How long the machine had been frozen in all. */
  readonly frozenMs: number
}
