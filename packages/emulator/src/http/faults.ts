/** What the emulator has been told to do wrong, one queue per target. */
import { validateHeaderName, validateHeaderValue } from 'node:http'
import type { Target } from './target.ts'

export const longestDelayMs: number = 10 * 60_000

export interface Fault {
  /** How many requests get it, a whole number; 'forever' or `Infinity` for all until `clear`. Default 1. */
  readonly times?: number | 'forever' | undefined
  /** Answers at once with this status, 200 to 599, instead of handling the request. Default 200 when `body` is given. */
  readonly status?: number | undefined
  /** Sent as it is when it is a string, as JSON otherwise. */
  readonly body?: unknown
  /** Set on the answer; alone, on the answer of a request that is handled as usual. */
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** Waits so many real milliseconds first, ten minutes at most; alone, the request is then handled as usual. */
  readonly delayMs?: number | undefined
  /** Never answers. */
  readonly hang?: boolean | undefined
  /** Cuts the connection (TCP reset) without handling the request. */
  readonly reset?: boolean | undefined
  /** Handles the request, then cuts the connection instead of answering. */
  readonly loseAnswer?: boolean | undefined
  /** Target `token`: refuses with this row of the error table ('MP-121', 'kid_unknown'). Target `key-vault` or `entra`: with this named error ('ForbiddenByRbac', 'AADSTS7000215'). */
  readonly error?: string | undefined
}

export interface Faults {
  /** Queued behind what is there. @throws TypeError for an `error` name that does not exist and a header that cannot be sent, RangeError for a number out of its range. */
  next(target: Target, fault: Fault): void
  /** Forgets what is queued, for one target or for all. */
  clear(target?: Target): void
}

export interface FaultQueue extends Faults {
  take(target: Target): Fault | undefined
}

/** The names that `error` may have, by target. */
export type NamedErrors = Partial<Record<Target, readonly string[]>>

export function createFaults(named: NamedErrors): FaultQueue {
  const queues = new Map<Target, { readonly fault: Fault; left: number }[]>()
  return {
    next(target, fault) {
      checkBody(fault)
      checkHeaders(fault)
      if (fault.error !== undefined && !(named[target] ?? []).includes(fault.error)) {
        const known = (named[target] ?? []).join(', ') || 'none'
        throw new TypeError(`${target} has no error named ${JSON.stringify(fault.error)}; choose one of: ${known}`)
      }
      const queue = queues.get(target) ?? []
      queue.push({ fault, left: fault.times === 'forever' ? Infinity : (fault.times ?? 1) })
      queues.set(target, queue)
    },
    clear(target) {
      if (target === undefined) queues.clear()
      else queues.delete(target)
    },
    take(target) {
      const queue = queues.get(target)
      const first = queue?.[0]
      if (!queue || !first) return undefined
      first.left -= 1
      if (first.left <= 0) queue.shift()
      return first.fault
    },
  }
}

function checkHeaders({ headers = {} }: Fault): void {
  for (const [name, value] of Object.entries(headers)) {
    try {
      validateHeaderName(name)
      validateHeaderValue(name, value)
    } catch (cause) {
      const shown = JSON.stringify(name)
      throw new TypeError(`faults.next: the header ${shown} cannot be sent; correct its name or its value`, { cause })
    }
  }
}

function checkBody({ status, body }: Fault): void {
  if (body !== undefined && status !== undefined && [204, 205, 304].includes(status))
    throw new RangeError(
      `an answer with status ${status} has no body; leave \`body\` out, or choose another \`status\``,
    )
}
