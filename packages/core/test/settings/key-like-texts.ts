/** Texts as long and as mixed as those of real keys, and the same in each run: what is tried is where they are cut. */
import { createHash } from 'node:crypto'
import { base64, encoded } from './rsa-keys.ts'

/** What stands before the integers of a 2048-bit key: PKCS#8 around PKCS#1 (RFC 5958 §2, RFC 8017 A.1.2). */
const PKCS8 = '308204bd020100300d06092a864886f70d0101010500048204a7'
const PKCS1 = '308204a3020100'
const INTEGERS = 1184
const MEMBERS = { n: 256, e: 3, d: 256, p: 128, q: 128, dp: 128, dq: 128, qi: 128 }

function bytesOf(seed: string, length: number): Buffer {
  const blocks = Array.from({ length: Math.ceil(length / 64) }, (_, at) =>
    createHash('sha512').update(`${seed} ${at}`).digest(),
  )
  return Buffer.concat(blocks).subarray(0, length)
}

/** What people store, of one key. */
export function textsOf(seed: string): readonly string[] {
  const members = Object.entries(MEMBERS).map(([name, length]) => [
    name,
    bytesOf(`${seed} ${name}`, length).toString('base64url'),
  ])
  const jwk = { kty: 'RSA', kid: seed, ...Object.fromEntries(members) } as Record<string, string>
  const integers = bytesOf(seed, INTEGERS)
  const pkcs1 = Buffer.concat([Buffer.from(PKCS1, 'hex'), integers])
  const pkcs8 = Buffer.concat([Buffer.from(PKCS8, 'hex'), pkcs1])
  const pem = `-----BEGIN PRIVATE KEY-----\n${base64(pkcs8).replaceAll(/.{64}/g, '$&\n')}\n-----END PRIVATE KEY-----\n`
  return [
    encoded(jwk),
    encoded(jwk).replaceAll('+', '-').replaceAll('/', '_'),
    encoded(jwk).replaceAll(/.{64}/g, '$& '),
    JSON.stringify(jwk),
    JSON.stringify(JSON.stringify(jwk)),
    JSON.stringify(jwk, undefined, 2),
    `{"keys": [${JSON.stringify(jwk)}]}`,
    base64(JSON.stringify(jwk, undefined, 2)),
    base64(`{ ${JSON.stringify(jwk).slice(1)}`),
    encoded([jwk]),
    base64(encoded(jwk)),
    base64(`\uFEFF${JSON.stringify(jwk)}`),
    base64(Buffer.from(JSON.stringify(jwk), 'utf16le')),
    pem,
    pem.replaceAll('\n', ' '),
    pem.replaceAll('\n', '\\n'),
    base64(pem),
    base64(base64(pem)),
    base64(pkcs8),
    base64(base64(pkcs1)),
  ]
}
