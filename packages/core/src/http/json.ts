/** A JSON object, or nothing: the parser's own message would quote the text, which may hold a token. */
export function parseObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(withoutMark(text))
    return Object(value) === value ? { ...(value as object) } : {}
  } catch {
    return {}
  }
}

/** A byte order mark, which a caller's own `text()` may have left there, is no part of JSON (RFC 8259 §8.1). */
export const withoutMark = (text: string): string => text.replace(/^\uFEFF/, '')
