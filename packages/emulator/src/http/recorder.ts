/** What arrived, kept as it came and decoded when somebody asks. */
import { type CompactJws, readCompactJws } from '../tokens/jws.ts'
import type { JsonObject } from '../json.ts'
import { type Target, targets } from './target.ts'
import { bearerToken, type Refusal } from '../tokens/verify-token.ts'

export interface RecordedRequest {
  /** Grows by one with each request to any of the servers. */
  readonly id: number
  readonly target: Target
  /** Milliseconds since the Unix epoch, by the emulator's clock. */
  readonly at: number
  readonly method: string
  /** Absolute, by the request's own Host. */
  readonly url: string
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** As text; '' for none, and for one that is too large. */
  readonly body: string
  /** The status sent back; `undefined` while unanswered, and for a connection cut by a fault. */
  readonly status: number | undefined
  /** Which rule refused the request, and why, when a rule of the emulator's or a fault did: also where the answer says nothing. */
  readonly refusal?: Refusal | undefined
  /** Target `token`, when the assertion could be read: header and claims, unverified. */
  readonly grant?: { readonly assertion: string; readonly header: JsonObject; readonly claims: JsonObject } | undefined
  /** `Authorization: Bearer` with a readable JWT: header and claims, unverified. */
  readonly bearer?: { readonly token: string; readonly header: JsonObject; readonly claims: JsonObject } | undefined
}

export interface Arrival {
  readonly id: number
  readonly target: Target
  readonly at: number
  readonly method: string
  readonly url: string
  /** Names and values in turn, as they came. */
  readonly rawHeaders: readonly string[]
  readonly body: string
  status: number | undefined
  refusal?: Refusal | undefined
}

export interface Recorder {
  record(arrival: Omit<Arrival, 'id' | 'status'>): Arrival
  /** Oldest first. */
  requests(target?: Target): RecordedRequest[]
  clear(target?: Target): void
}

/** The newest requests of each target that are kept. */
const keptPerTarget = 10_000

export function createRecorder(): Recorder {
  const kept = new Map<Target, Arrival[]>(targets.map((target) => [target, []]))
  let count = 0
  return {
    record(arrival) {
      const entry: Arrival = { ...arrival, id: ++count, status: undefined }
      const list = kept.get(entry.target) ?? []
      list.push(entry)
      // Cut in halves, so that a long run pays for it once in 10,000 requests.
      if (list.length >= 2 * keptPerTarget) list.splice(0, list.length - keptPerTarget)
      return entry
    },
    requests(target) {
      const lists = target === undefined ? [...kept.values()] : [kept.get(target) ?? []]
      return lists
        .flatMap((list) => list.slice(-keptPerTarget))
        .toSorted((a, b) => a.id - b.id)
        .map(decode)
    },
    clear(target) {
      const lists = target === undefined ? kept.values() : [kept.get(target) ?? []]
      for (const list of lists) list.length = 0
    },
  }
}

function decode({ rawHeaders, ...arrival }: Arrival): RecordedRequest {
  const headers = headersOf(rawHeaders)
  const url = new URL(arrival.url)
  const assertion = arrival.target === 'token' ? assertionOf(arrival.body, url) : undefined
  const token = bearerToken(headers['authorization'])
  const grant = assertion === undefined ? undefined : readCompactJws(assertion)
  const bearer: CompactJws | undefined = token === undefined ? undefined : readCompactJws(token)
  return {
    ...arrival,
    headers,
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    ...(assertion !== undefined && grant ? { grant: { assertion, ...grant } } : {}),
    ...(token !== undefined && bearer ? { bearer: { token, ...bearer } } : {}),
  }
}

/** One that came twice is joined (RFC 9110 §5.3). */
function headersOf(raw: readonly string[]): Readonly<Record<string, string>> {
  const headers = new Map<string, string>()
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const [name = '', value = ''] = [raw[at]?.toLowerCase(), raw[at + 1]]
    const before = headers.get(name)
    headers.set(name, before === undefined ? value : `${before}, ${value}`)
  }
  return Object.fromEntries(headers)
}

function assertionOf(body: string, url: URL): string | undefined {
  return new URLSearchParams(body).get('assertion') ?? url.searchParams.get('assertion') ?? undefined
}
