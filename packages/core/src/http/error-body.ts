/** An error body (RFC 6749 §5.2), with what Digdir puts into it («Feilsøking»). */
import { parseObject } from './json.ts'
import { serverWords } from './server-words.ts'

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
    return typeof value === 'string' ? serverWords(value, secret) : undefined
  }
  const description =
    member('error_description') ??
    member('detail') ??
    member('title') ??
    (serverWords(text.trim().slice(0, 500), secret) || undefined)
  const errorUri = member('error_uri')
  return {
    oauthError: member('error'),
    description,
    errorUri,
    mpCode: errorUri && /\/errors\/(MP-\d+)$/.exec(errorUri)?.[1],
    traceId: description && /\((?:trace_id|correlation id): ([0-9a-f-]+)\)\s*$/i.exec(description)?.[1],
  }
}
