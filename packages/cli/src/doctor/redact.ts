/** The last guard before anything is written: what doctor met as a secret is taken out of every text. */

/** Shorter texts occur by chance. */
const SHORTEST = 8
const JWT = /\bey[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?/g
const PEM = /-----BEGIN [^-]*-----[\s\S]*?(?:-----END [^-]*-----|$)/g
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k']

export class Secrets {
  readonly #known = new Set<string>()

  /** A secret as it was met. Of a JWK, in whatever form, its private members too. */
  add(text: string): void {
    const plain = text.trim()
    if (plain.length < SHORTEST || this.#known.has(plain)) return
    this.#known.add(plain)
    const parts = plain.split('.')
    // Of a JWT its signature is what must not be told; header and claims are told on purpose.
    if (parts.length === 3 && parts[2] !== undefined) return this.add(parts[2])
    for (const member of privateMembersIn(plain)) this.add(member)
    const decoded = /^[\w+/=\s-]+$/.test(plain) ? Buffer.from(plain, 'base64').toString('utf8') : ''
    if (/^\s*[{["-]/.test(decoded)) this.add(decoded)
  }

  redact(text: string): string {
    let redacted = text.replaceAll(PEM, '[redacted PEM]').replaceAll(JWT, '[redacted JWT]')
    for (const secret of this.#known) redacted = redacted.replaceAll(secret, '[redacted]')
    return redacted
  }

  /** The same value with every text in it redacted. */
  redactAll<T>(value: T): T {
    return JSON.parse(
      JSON.stringify(value, (_, part: unknown) => (typeof part === 'string' ? this.redact(part) : part)),
    ) as T
  }
}

function privateMembersIn(text: string): readonly string[] {
  const pattern = new RegExp(`"(?:${PRIVATE_MEMBERS.join('|')})"\\s*:\\s*"([^"]+)"`, 'g')
  return [...text.matchAll(pattern)].flatMap(([, value]) => (value === undefined ? [] : [value]))
}
