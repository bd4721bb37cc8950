/** One entry for each request to an emulated service, told when it is answered. The controls are not logged. */
import type { Target } from './target.ts'

export interface LoggedRequest {
  readonly kind: 'request'
  /** Of `requests()`, where headers and body are. */
  readonly id: number
  /** When it arrived, milliseconds since the Unix epoch, by the emulator's clock. */
  readonly at: number
  readonly target: Target
  readonly method: string
  /** Without its query. */
  readonly path: string
  /** `undefined`: the connection was cut. */
  readonly status: number | undefined
  /** How long it took, real milliseconds. */
  readonly ms: number
  /** Which rule refused it: 'MP-121', 'kid_unknown', 'fault'. */
  readonly rule?: string | undefined
}

/** The configuration file was read again. */
export interface LoggedConfiguration {
  readonly kind: 'configuration'
  readonly at: number
  /** False: it cannot be used, and what was there before stays. */
  readonly applied: boolean
  readonly message: string
}

/** An event was sent to a subscriber, or is not sent at all. */
export interface LoggedDelivery {
  readonly kind: 'delivery'
  readonly at: number
  /** Id of the subscription. */
  readonly subscription: number
  /** Type of the event; 'platform.events.validatesubscription' for the call that validates the subscription. */
  readonly type: string
  /** Id of the event. */
  readonly event: string
  /** The end point, without its query. */
  readonly to: string
  /** What the subscriber answered; `undefined` for no answer. */
  readonly status: number | undefined
  readonly message: string
}

export type LogEntry = LoggedRequest | LoggedConfiguration | LoggedDelivery

export type LogListener = (entry: LogEntry) => void

export interface Log {
  /** Returns what ends it. */
  listen(listener: LogListener): () => void
  write(entry: LogEntry): void
  /** Somebody listens. */
  readonly heard: boolean
}

export function createLog(): Log {
  const listeners = new Set<LogListener>()
  return {
    listen(listener) {
      // Each call its own, also of the same function.
      const own: LogListener = (entry) => listener(entry)
      listeners.add(own)
      return () => void listeners.delete(own)
    },
    write(entry) {
      for (const listener of listeners) {
        try {
          listener(entry)
        } catch (error) {
          // A listener that throws must not become the answer of an emulated service.
          process.emitWarning(error instanceof Error ? error : String(error))
        }
      }
    },
    get heard() {
      return listeners.size > 0
    },
  }
}

/** What looks like a JWT is never logged, not even where a path has none; and no path writes a line or a colour of its own. */
export function pathFor(path: string): string {
  return withoutTokens(path.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (sign) => encodeURIComponent(sign)))
}

/** With the word JWT in the place of what looks like one. */
export function withoutTokens(text: string): string {
  return text.replaceAll(/eyJ[\w-]*(?:\.[\w-]*)*/g, 'JWT')
}
