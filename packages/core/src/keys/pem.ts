/** PEM (RFC 7468), as people paste it: on one line, indented, with `\n` written out, with its certificates. */
import { decodeBase64 } from './base64.ts'
import { refuse } from './key-refusal.ts'
import { jwkOfDer, refuseCutShort, refuseEncrypted, refusePublic } from './rsa-der.ts'

const BEGIN = '-----BEGIN '
const END = '-----END '
/** Longer ones than RFC 7468 names any, with the hyphens after it. */
const LONGEST_LABEL = 100

export interface PemKey {
  readonly jwk: Record<string, unknown>
  /** DER, in the order of the file. */
  readonly certificates: readonly Uint8Array[]
}

export function readPem(text: string): PemKey {
  const bad = (): never => refuseCutShort('a PEM')
  const all = blocksOf(text.replaceAll(/\\+[rn]?/g, '\n')).map(({ label, body }) => {
    if (/ENCRYPTED/.test(label + body)) refuseEncrypted()
    return { label, bytes: decodeBase64(body) ?? bad() }
  })
  const some = (end: string): readonly Uint8Array[] =>
    all.filter(({ label }) => label.endsWith(end)).map(({ bytes }) => bytes)
  const [key, ...others] = some('PRIVATE KEY')
  if (others.length > 0) refuse('KEY_PEM_BAD', `holds ${others.length + 1} private keys. Keep one.`)
  if (all.length === 0) bad()
  if (all.some(({ label }) => /PUBLIC KEY|CERTIFICATE/.test(label)) && key === undefined) refusePublic()
  if (key === undefined)
    return refuse('KEY_PEM_BAD', 'is PEM that holds no private key that is read. Store the block "PRIVATE KEY".')
  return { jwk: jwkOfDer(key), certificates: some('CERTIFICATE') }
}

/** By position: a pattern over the whole text takes time that grows with the square of its length. */
function blocksOf(text: string): readonly { readonly label: string; readonly body: string }[] {
  const blocks: { label: string; body: string }[] = []
  let end = 0
  for (let at = text.indexOf(BEGIN); at >= 0; at = text.indexOf(BEGIN, at + BEGIN.length)) {
    const from = at + BEGIN.length
    if (end < from) end = text.indexOf(END, from)
    if (end < 0) break
    const label = /^[A-Z0-9 ]+(?=-----)/.exec(text.slice(from, from + LONGEST_LABEL))?.[0]
    if (label === undefined || !text.startsWith(`${label}-----`, end + END.length)) continue
    blocks.push({ label, body: text.slice(from + label.length + 5, end) })
  }
  return blocks
}
