/** PEM (RFC 7468), as people paste it: on one line, indented, with `\n` written out, with its certificates. */
import { decodeBase64 } from './base64.ts'
import { KeyRefusal } from './key-refusal.ts'
import { encrypted, jwkOfDer, publicOnly } from './rsa-der.ts'

export interface PemKey {
  readonly jwk: Record<string, unknown>
  /** DER, in the order of the file. */
  readonly certificates: readonly Uint8Array[]
}

export function readPem(text: string): PemKey {
  const keys: Uint8Array[] = []
  const certificates: Uint8Array[] = []
  for (const [, label = '', body = ''] of text
    .replaceAll(/\\[rn]/g, '\n')
    .matchAll(/-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \1-----/gs)) {
    if (/ENCRYPTED/.test(label + body)) throw encrypted()
    const bytes = decodeBase64(body)
    if (bytes === undefined) throw bad()
    if (label.endsWith('CERTIFICATE')) certificates.push(bytes)
    else if (label.endsWith('PRIVATE KEY')) keys.push(bytes)
    else if (label.endsWith('PUBLIC KEY')) certificates.length += 0
  }
  const [key] = keys
  if (key === undefined) throw /-----END /.test(text) ? publicOnly() : bad()
  if (keys.length > 1) throw new KeyRefusal('KEY_PEM_BAD', `holds ${keys.length} private keys. Keep one.`)
  return { jwk: jwkOfDer(key), certificates }
}

const bad = (): KeyRefusal =>
  new KeyRefusal('KEY_PEM_BAD', 'is a PEM that does not parse. Was the value cut short when pasted?')
