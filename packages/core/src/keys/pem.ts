/** Base64, and PEM ([RFC 7468](https://www.rfc-editor.org/rfc/rfc7468)) as people paste it: on one line, indented, with `\n` written out, with its certificates. */
import { decode } from 'jose/base64url'
import { jwkOfDer } from './der.ts'
import { refuse, refuseCutShort, refuseEncrypted, refusePublic } from './key-refusal.ts'

export interface PemKey {
  readonly jwk: Record<string, unknown>
  /** DER, in the order of the file. */
  readonly certificates: readonly Uint8Array[]
}

/** Takes both alphabets, with and without padding, on any number of lines, or cut short. `undefined`: not base64. */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  const bare = text.replaceAll(/\s+/g, '').replace(/(?<!=)=+$/, '')
  if (!/^[\w+/-]+$/.test(bare)) return undefined
  // A single letter after the last group of four holds no whole byte. Without the letter, the text still tells what it was.
  const whole = bare.length % 4 === 1 ? bare.slice(0, -1) : bare
  try {
    return new Uint8Array(decode(whole.replaceAll('+', '-').replaceAll('/', '_')))
  } catch {
    return undefined
  }
}

export function readPem(text: string): PemKey {
  const bad = (): never => refuseCutShort('a PEM')
  const blocks: { readonly label: string; readonly bytes: Uint8Array }[] = []
  // `split` takes time that grows with the length of the text. A pattern for a whole block takes the square of it.
  for (const block of text
    .replaceAll(/\\+[rn]?/g, '\n')
    .split('-----BEGIN ')
    .slice(1)) {
    const [label = '', body = '', end] = block.split('-----', 3)
    if (end !== `END ${label}`) continue
    if (/ENCRYPTED/.test(label + body)) refuseEncrypted()
    blocks.push({ label, bytes: decodeBase64(body) ?? bad() })
  }
  const some = (end: string): readonly Uint8Array[] =>
    blocks.filter(({ label }) => label.endsWith(end)).map(({ bytes }) => bytes)
  const [key, ...others] = some('PRIVATE KEY')
  if (others.length > 0) refuse('KEY_PEM_BAD', `holds ${others.length + 1} private keys.`, 'one of them')
  if (key !== undefined) return { jwk: jwkOfDer(key), certificates: some('CERTIFICATE') }
  if (blocks.length === 0) bad()
  if (blocks.some(({ label }) => /PUBLIC KEY|CERTIFICATE/.test(label))) refusePublic()
  return refuse('KEY_PEM_BAD', 'is PEM that holds no private key that is read.', 'the block "PRIVATE KEY"')
}
