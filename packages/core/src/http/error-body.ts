/** An error body (RFC 6749 §5.2), with what Digdir puts into it («Feilsøking»). */
import { parseObject } from './json.ts'

/** The server's words are kept to this length. */
const MAX_LENGTH = 2_000
/** So many characters in a row that also stand in what was sent are an echo. */
const SHORTEST_ECHO = 8

export interface ErrorBody {
  readonly oauthError?: string | undefined
  readonly description?: string | undefined
  readonly errorUri?: string | undefined
  readonly mpCode?: string | undefined
  readonly traceId?: string | undefined
}

/**
 * The MP code is in `error_uri` only; the trace id ends the description. A body that is no JSON is the description itself.
 *
 * @param secret what was sent, and goes on in no member.
 */
export function parseErrorBody(text: string, secret: string): ErrorBody {
  const body = parseObject(text)
  const member = (name: string): string | undefined => {
    const value = body[name]
    return typeof value === 'string' ? withoutSecret(value.slice(0, MAX_LENGTH), secret) : undefined
  }
  const description =
    member('error_description') ??
    member('detail') ??
    member('title') ??
    (withoutSecret(text.trim().slice(0, 500), secret) || undefined)
  const errorUri = member('error_uri')
  return {
    oauthError: member('error'),
    description,
    errorUri,
    mpCode: errorUri && /\/errors\/(MP-\d+)$/.exec(errorUri)?.[1],
    traceId: description && /\((?:trace_id|correlation id): ([0-9a-f-]+)\)\s*$/i.exec(description)?.[1],
  }
}

/** A server may echo what it was sent: whole, cut short, escaped, or a part of it. */
function withoutSecret(text: string, secret: string): string {
  let kept = ''
  for (let at = 0; at < text.length;) {
    let length = 0
    while (at + length < text.length && secret.includes(text.slice(at, at + length + 1))) length++
    kept += length < Math.min(SHORTEST_ECHO, secret.length) ? text.slice(at, at + (length || 1)) : '[left out]'
    at += length || 1
  }
  return kept
}
