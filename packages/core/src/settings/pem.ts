/** PEM (RFC 7468), as people paste it: on one line, indented, with `\n` written out, with its certificates. */
import { decodeBase64 } from './base64.ts'
import { refuse } from './key-refusal.ts'
import { jwkOfDer, refuseEncrypted, refusePublic } from './rsa-der.ts'

export interface PemKey {
  readonly jwk: Record<string, unknown>
  /** DER, in the order of the file. */
  readonly certificates: readonly Uint8Array[]
}

export function readPem(text: string): PemKey {
  const bad = 'is a PEM that does not parse. Was the value cut short when pasted?'
  const blocks = text.replaceAll(/\\[rn]/g, '\n').matchAll(/-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \1-----/gs)
  const all = Array.from(blocks, ([, label = '', body = '']) => {
    if (/ENCRYPTED/.test(label + body)) refuseEncrypted()
    return { label, bytes: decodeBase64(body) ?? refuse('KEY_PEM_BAD', bad) }
  })
  const some = (end: string): readonly Uint8Array[] =>
    all.filter(({ label }) => label.endsWith(end)).map(({ bytes }) => bytes)
  const [key, ...others] = some('PRIVATE KEY')
  if (others.length > 0) refuse('KEY_PEM_BAD', `holds ${others.length + 1} private keys. Keep one.`)
  if (key === undefined) return all.length > 0 ? refusePublic() : refuse('KEY_PEM_BAD', bad)
  return { jwk: jwkOfDer(key), certificates: some('CERTIFICATE') }
}
