/** Keeps the newest requests, bounded by their count and by their bytes, and finds them again. */
import { type Arrival, decodeArrival, type RecordedRequest } from './recorded-request.ts'
import { type Target, targets } from './target.ts'

/** All that is given must hold. */
export interface RequestFilter {
  readonly target?: Target | undefined
  /** Arrived then or later, by the emulator's clock: a Date, ISO 8601 text, or milliseconds since the Unix epoch. */
  readonly since?: Date | string | number | undefined
  /** Answered with this status. */
  readonly status?: number | undefined
  /** Refused by a rule or by a fault; `false`: all the others. */
  readonly refused?: boolean | undefined
  /** The newest so many of those that are left, a whole number from 1. Default: all. */
  readonly limit?: number | undefined
}

export interface Recorder {
  record(arrival: Omit<Arrival, 'id' | 'status' | 'bytes'>): Arrival
  /** What the answer has: the body of a refusal, the token of a success. */
  answered(arrival: Arrival, answer: Pick<Arrival, 'answerBody' | 'issued'>): void
  /** Oldest first. */
  requests(filter?: RequestFilter): RecordedRequest[]
  clear(target?: Target): void
  /** Grows with each request, with each answer, and when they are cleared. */
  changes(): number
}

/** The newest requests of each target that are kept. */
const keptPerTarget = 10_000
/** Of all targets together: 64 MiB. */
const keptBytes = 64 * 1024 * 1024
/** So much is left when the oldest ones were cut off, so that the cut is paid for once in many requests. */
const leftBytes = keptBytes * 0.75

export function createRecorder(): Recorder {
  const kept = new Map<Target, Arrival[]>(targets.map((target) => [target, []]))
  let count = 0
  let bytes = 0
  let changes = 0
  const forget = (arrivals: readonly Arrival[]): void => {
    for (const arrival of arrivals) {
      bytes -= arrival.bytes
      arrival.bytes = 0
    }
  }
  const grow = (arrival: Arrival, by: number): void => {
    arrival.bytes += by
    bytes += by
    if (bytes > keptBytes) makeRoom()
  }
  const makeRoom = (): void => {
    const newestFirst = [...kept.values()].flat().toSorted((a, b) => b.id - a.id)
    let left = 0
    // The newest one stays, whatever it takes.
    const tooMuch = newestFirst.findIndex((arrival, at) => (left += arrival.bytes) > leftBytes && at > 0)
    const last = newestFirst[tooMuch]?.id ?? 0
    for (const list of kept.values()) {
      const cut = list.findIndex(({ id }) => id > last)
      forget(list.splice(0, cut < 0 ? list.length : cut))
    }
  }
  return {
    record(arrival) {
      changes += 1
      const entry: Arrival = { ...arrival, id: ++count, status: undefined, bytes: 0 }
      const list = kept.get(entry.target) ?? []
      list.push(entry)
      // Cut in halves, so that a long run pays for it once in 10,000 requests.
      if (list.length >= 2 * keptPerTarget) forget(list.splice(0, list.length - keptPerTarget))
      grow(entry, bytesOf(entry))
      return entry
    },
    answered(arrival, { answerBody, issued }) {
      changes += 1
      arrival.answerBody = answerBody
      arrival.issued = issued
      // A hanging one may have been forgotten meanwhile.
      if (arrival.bytes > 0) grow(arrival, 2 * ((answerBody?.length ?? 0) + (issued?.length ?? 0)))
    },
    requests({ target, since, status, refused, limit } = {}) {
      const from = since === undefined ? -Infinity : new Date(since).getTime()
      const lists = target === undefined ? [...kept.values()] : [kept.get(target) ?? []]
      const found = lists
        .flatMap((list) => list.slice(-keptPerTarget))
        .filter((arrival) => arrival.at >= from && (status === undefined || arrival.status === status))
        .filter(({ refusal }) => refused === undefined || refused === (refusal !== undefined))
        .toSorted((a, b) => a.id - b.id)
      return (limit === undefined ? found : found.slice(-limit)).map(decodeArrival)
    },
    clear(target) {
      changes += 1
      const lists = target === undefined ? kept.values() : [kept.get(target) ?? []]
      for (const list of lists) forget(list.splice(0))
    },
    changes: () => changes,
  }
}

/** What the objects around the texts take, about. */
const overhead = 1024

/** At most: a character takes one byte or two. */
function bytesOf({ url, rawHeaders, body }: Arrival): number {
  const headers = rawHeaders.reduce((sum, text) => sum + text.length, 0)
  return overhead + 2 * (url.length + headers + body.length)
}
