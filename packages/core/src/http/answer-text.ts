/** The text of an answer: as JSON, as the error of an OAuth server, and as words that are fit for an error of ours. */

export interface ErrorBody {
  readonly oauthError?: string | undefined
  readonly description?: string | undefined
  readonly errorUri?: string | undefined
  readonly mpCode?: string | undefined
  readonly traceId?: string | undefined
}

/** A caller's own `text()` may leave a byte order mark, which is not part of JSON ([RFC 8259 §8.1](https://www.rfc-editor.org/rfc/rfc8259#section-8.1)). */
export const withoutMark = (text: string): string => text.replace(/^\uFEFF/, '')

/** A JSON object, else an empty one. The parser's own message would quote the text, which may hold a token. */
export function parseObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(withoutMark(text))
    return Object(value) === value ? { ...(value as object) } : {}
  } catch {
    return {}
  }
}

/**
 * An error body ([RFC 6749 §5.2](https://www.rfc-editor.org/rfc/rfc6749#section-5.2)), with what Digdir puts there
 * ([Feilsøking](https://docs.digdir.no/docs/Maskinporten/maskinporten_feilsoking)): the MP code is in `error_uri` only, and
 * the trace id ends the description. A body that is not JSON is the description.
 *
 * @param secret what was sent. No member holds a piece of it.
 */
export function parseErrorBody(text: string, secret: string): ErrorBody {
  const body = parseObject(text)
  const member = (name: string): string | undefined => {
    const value = body[name]
    return typeof value === 'string' ? serverWords(value, secret) : undefined
  }
  const whole = serverWords(text.trim().slice(0, 500), secret)
  const description = member('error_description') ?? member('detail') ?? member('title') ?? (whole || undefined)
  const errorUri = member('error_uri')
  return {
    oauthError: member('error'),
    description,
    errorUri,
    mpCode: errorUri && /\/errors\/(MP-\d+)$/.exec(errorUri)?.[1],
    traceId: description && /\((?:trace_id|correlation id): ([0-9a-f-]+)\)\s*$/i.exec(description)?.[1],
  }
}

/** The server's words are kept to this length, characters. */
const MAX_LENGTH = 2_000
/** So many characters in a row that also stand in what was sent are an echo. */
const SHORTEST_ECHO = 8

/** @param secret what was sent; '' for none. A server may echo it whole, cut short, or in part. */
export function serverWords(text: string, secret: string): string {
  const words = text.slice(0, MAX_LENGTH)
  if (secret === '') return escaped(words)
  let kept = ''
  for (let at = 0; at < words.length;) {
    let length = 0
    while (at + length < words.length && secret.includes(words.slice(at, at + length + 1))) length++
    kept += length < Math.min(SHORTEST_ECHO, secret.length) ? words.slice(at, at + (length || 1)) : '[left out]'
    at += length || 1
  }
  return escaped(kept)
}

/** Controls, line separators and invisible characters (some turn the order of a line round) as JSON writes them. */
export function escaped(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (found) => {
    const json = JSON.stringify(found).slice(1, -1)
    if (json !== found) return json
    return found.replaceAll(/./gs, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
  })
}
