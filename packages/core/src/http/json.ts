/** A JSON object, or nothing: the parser's own message would quote the text, which may hold a token. */
export function parseObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text)
    return Object(value) === value ? { ...(value as object) } : {}
  } catch {
    return {}
  }
}
