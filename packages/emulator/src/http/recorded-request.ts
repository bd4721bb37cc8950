/** One request and its answer: kept as they came, and decoded when somebody asks. */
import type { JsonObject } from '../json.ts'
import { type CompactJws, readCompactJws } from '../tokens/jws.ts'
import { bearerToken, type Refusal } from '../tokens/verify-token.ts'
import { withoutTokens } from './log.ts'
import type { Target } from './target.ts'

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
  /** Which rule refused the request, why, and what it compared: also where the answer says nothing. Each status of 400 or more has one, but for the challenge with which each client of Key Vault begins. */
  readonly refusal?: Refusal | undefined
  /** What was sent back; `undefined` as `status`. */
  readonly answer?: RecordedAnswer | undefined
  /** Target `token`, when the assertion could be read: header and claims, unverified. */
  readonly grant?: { readonly assertion: string; readonly header: JsonObject; readonly claims: JsonObject } | undefined
  /** `Authorization: Bearer` with a readable JWT: header and claims, unverified. */
  readonly bearer?: { readonly token: string; readonly header: JsonObject; readonly claims: JsonObject } | undefined
}

export interface RecordedAnswer {
  /** Of a status of 400 or more: the body as text, 4,096 characters at most, and without what looks like a JWT. */
  readonly body?: string | undefined
  /** Of a success that issued a token: its header and claims. The token itself is not told. */
  readonly token?: CompactJws | undefined
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
  /** Of a refusal: the body. */
  answerBody?: string | undefined
  /** The token that the answer has. */
  issued?: string | undefined
  /** What it takes in memory, about; 0 when it is no longer kept. */
  bytes: number
}

export function decodeArrival(entry: Arrival): RecordedRequest {
  const { rawHeaders, answerBody, issued, bytes: _bytes, ...arrival } = entry
  const headers = headersOf(rawHeaders)
  const url = new URL(arrival.url)
  const assertion = arrival.target === 'token' ? assertionOf(arrival.body, url) : undefined
  const token = bearerToken(headers['authorization'])
  const grant = assertion === undefined ? undefined : readCompactJws(assertion)
  const bearer = token === undefined ? undefined : readCompactJws(token)
  return {
    ...arrival,
    headers,
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    ...(arrival.status === undefined ? {} : { answer: answerOf(answerBody, issued) }),
    ...(assertion !== undefined && grant ? { grant: { assertion, ...grant } } : {}),
    ...(token !== undefined && bearer ? { bearer: { token, ...bearer } } : {}),
  }
}

const longestBody = 4096

function answerOf(body: string | undefined, issued: string | undefined): RecordedAnswer {
  const token = issued === undefined ? undefined : readCompactJws(issued)
  return {
    ...(body === undefined ? {} : { body: withoutTokens(body.slice(0, longestBody)) }),
    ...(token ? { token } : {}),
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
