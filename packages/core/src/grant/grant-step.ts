/** How a Maskinporten token is had: by the JWT grant (`jwt-grant.ts`), or from a platform's token service (`token-engine.ts`). */
import type { Answer } from '../http/send.ts'
import type { ResolvedSettings } from '../settings/settings-provider.ts'
import type { TokenRequest } from '../token-source.ts'
import type { Grant } from './token-request.ts'

export interface GrantStep {
  /** Called once for each flight, before its attempts, to find out where to ask. Gives the function that makes one attempt. */
  prepare(
    settings: ResolvedSettings,
    signal: AbortSignal,
    awaits: Awaits,
  ): Promise<(attempt: Attempt) => Promise<Granted>>
}

export interface Attempt {
  readonly settings: ResolvedSettings
  readonly request: TokenRequest
  readonly grant: Grant
  readonly signal: AbortSignal
  /** Whether an API answered 401 to the last token, so that one kept elsewhere will not do. */
  readonly rejected: boolean
  /** Whether another request may still be sent: not after the flight's deadline. */
  readonly mayGoOn: () => boolean
  /** Whether the current settings are of the same client as this attempt. */
  readonly isCurrent: () => boolean
  /** Called when a request is sent: the wait for its answer begins. */
  readonly sending: () => void
  readonly answered: (durationMs: number) => void
  readonly awaits: Awaits
}

/** Told which step begins, for the message when time runs out. */
export type Awaits = (step: string) => void

/** A Maskinporten token as it was given. */
export interface Granted {
  readonly value: string
  readonly lifetimeMs: number
  /**
   * Those that Maskinporten says it granted. Undefined when it says nothing: then it granted those that were asked for
   * ([RFC 6749 §5.1](https://www.rfc-editor.org/rfc/rfc6749#section-5.1)).
   */
  readonly scopes: readonly string[] | undefined
  readonly answer: Pick<Answer, 'sentAt' | 'durationMs'>
}

/**
 * Thrown when the work has become useless: the settings are of another client now, or the flight has ended. The callers then
 * start again, and never see this error.
 */
export class StartAgain extends Error {}
