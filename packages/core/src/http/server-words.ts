/** What a server said, fit for an error: nothing of what it was sent, and no character that acts on a terminal or a log. */

/** The server's words are kept to this length. */
const MAX_LENGTH = 2_000
/** So many characters in a row that also stand in what was sent are an echo. */
const SHORTEST_ECHO = 8

/** @param secret what was sent; '' for none. */
export function serverWords(text: string, secret: string): string {
  return escaped(withoutSecret(text.slice(0, MAX_LENGTH), secret))
}

/** Controls, line separators and invisible characters (they turn the order of a line round) as JSON writes them. */
export function escaped(text: string): string {
  return text.replaceAll(
    /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu,
    (found) =>
      SHORT[found] ??
      Array.from({ length: found.length }, (_, at) => `\\u${found.charCodeAt(at).toString(16).padStart(4, '0')}`).join(
        '',
      ),
  )
}

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

/** A server may echo what it was sent: whole, cut short, escaped, or a part of it. */
function withoutSecret(text: string, secret: string): string {
  if (secret === '') return text
  let kept = ''
  for (let at = 0; at < text.length;) {
    let length = 0
    while (at + length < text.length && secret.includes(text.slice(at, at + length + 1))) length++
    kept += length < Math.min(SHORTEST_ECHO, secret.length) ? text.slice(at, at + (length || 1)) : '[left out]'
    at += length || 1
  }
  return kept
}

/** An address that a server named: without what may be a password or a key in it. */
export function quotedAddress(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url !== undefined && /^https?:$/.test(url.protocol))
    return escaped(JSON.stringify(`${url.origin}${url.pathname}`.slice(0, 200)))
  if (url !== undefined) return `of the scheme ${escaped(url.protocol.slice(0, 40))}`
  return text.includes('@') ? 'that does not parse' : escaped(JSON.stringify(text.slice(0, 200)))
}
