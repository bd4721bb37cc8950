/** The last guard before anything is written: what doctor met as a secret is taken out of every text. */

/** Shorter texts occur by chance. */
const SHORTEST = 8
/** A server that repeats a secret may cut it short, so each part of this length is one. */
const WINDOW = 12
const JWT = /\bey[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?/g
const PEM = /-----BEGIN [^-]*-----[\s\S]*?(?:-----END [^-]*-----|$)/g
/** User name and password in an address. */
const USER_INFO = /(?<=\b[a-z][a-z\d+.-]*:\/\/)[^\s/?#]*@/gi
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k']
const REDACTED = '[redacted]'

export class Secrets {
  readonly #whole = new Set<string>()
  readonly #windows = new Set<string>()

  /** A secret as it was met. Of a JWK, in whatever form, its private members too. */
  add(text: string): void {
    const plain = text.trim()
    if (plain.length < SHORTEST || this.#whole.has(plain)) return
    // Of a JWT only the signature: header and claims are told on purpose.
    const [, , signature, more] = plain.split('.')
    if (plain.startsWith('ey') && signature !== undefined && more === undefined) return this.add(signature)
    this.#whole.add(plain)
    // As a server repeats it in JSON.
    this.#whole.add(JSON.stringify(plain).slice(1, -1))
    for (const member of privateMembersIn(plain)) this.add(member)
    // The text of a JWK holds the kid, which is told.
    if (/^\s*["{[]/.test(plain)) return
    for (let at = 0; at + WINDOW <= plain.length; at++) this.#windows.add(plain.slice(at, at + WINDOW))
    const decoded = /^[\w+/=\s-]+$/.test(plain) ? Buffer.from(plain, 'base64').toString('utf8') : ''
    if (/^\s*[{["-]/.test(decoded)) this.add(decoded)
  }

  redact(text: string): string {
    let redacted = text.replaceAll(PEM, '[redacted PEM]').replaceAll(JWT, '[redacted JWT]').replaceAll(USER_INFO, '')
    for (const secret of this.#whole) redacted = redacted.replaceAll(secret, REDACTED)
    return this.#withoutParts(redacted)
  }

  /** The same value with every text in it redacted. */
  redactAll<T>(value: T): T {
    return JSON.parse(
      JSON.stringify(value, (_, part: unknown) => (typeof part === 'string' ? this.redact(part) : part)),
    ) as T
  }

  #withoutParts(text: string): string {
    let kept = ''
    let copied = 0
    for (let at = 0; at + WINDOW <= text.length; at++) {
      if (!this.#windows.has(text.slice(at, at + WINDOW))) continue
      let end = at + WINDOW
      while (end < text.length && this.#windows.has(text.slice(end - WINDOW + 1, end + 1))) end++
      kept += text.slice(copied, at) + REDACTED
      copied = end
      at = end - 1
    }
    return kept + text.slice(copied)
  }
}

function privateMembersIn(text: string): readonly string[] {
  const pattern = new RegExp(`"(?:${PRIVATE_MEMBERS.join('|')})"\\s*:\\s*"([^"]+)"`, 'g')
  return [...text.matchAll(pattern)].flatMap(([, value]) => (value === undefined ? [] : [value]))
}
