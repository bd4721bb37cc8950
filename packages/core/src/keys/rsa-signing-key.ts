/** A key that signs, of members that fit together. */
import { encode } from 'jose/base64url'
import type { CertificateChain } from './certificate-chain.ts'
import type { RsaJwk } from './jwk.ts'
import { refuse } from './key-refusal.ts'
import type { SigningAlgorithm, SigningKey } from './signer.ts'

/** What `describe()` says of a key. */
export interface RsaSigningKey extends SigningKey {
  readonly bits: number
}

const RSA = 'RSASSA-PKCS1-v1_5'

/** The private half is not exportable, and the text it came from is dropped. @throws KeyRefusal when a test signature does not verify. */
export async function rsaSigningKey(
  jwk: RsaJwk,
  chain: CertificateChain | undefined,
  addedAt: number,
  expiresAt: number | undefined,
): Promise<RsaSigningKey> {
  const { n = '', e = '' } = jwk.members
  // Some runtimes notice at the import that the members are not of one key, others sign nonsense with them.
  const key = await cryptoKey(jwk.members, jwk.alg).catch(() => undefined)
  const sign = async (input: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> =>
    new Uint8Array(key === undefined ? [] : await crypto.subtle.sign(RSA, key, input))
  const input = new Uint8Array(32)
  const signature = await sign(input).catch(() => new Uint8Array())
  if (!(await crypto.subtle.verify(RSA, await cryptoKey({ n, e }, jwk.alg), signature, input))) {
    refuse(
      'KEY_PAIR_MISMATCH',
      'does not fit together: a test signature did not verify. Was the public part of another key pasted in?',
    )
  }
  const ends = [chain ? chain.expiresAt : jwk.expiresAt, expiresAt].filter((end) => end !== undefined)
  return {
    id: await thumbprint(n, e),
    alg: jwk.alg,
    kid: chain ? undefined : jwk.kid,
    x5c: chain?.x5c,
    bits: jwk.bits,
    addedAt,
    issuedAt: chain ? chain.issuedAt : jwk.issuedAt,
    expiresAt: ends.length > 0 ? Math.min(...ends) : undefined,
    sign,
  }
}

// By the platform's own import: jose's brings ASN.1 and the other key types with it, which costs each start of a process.
async function cryptoKey(members: RsaJwk['members'], alg: SigningAlgorithm): Promise<CryptoKey> {
  const usage = members['d'] === undefined ? 'verify' : 'sign'
  const hash = `SHA-${alg.slice(2)}`
  return crypto.subtle.importKey('jwk', { kty: 'RSA', ...members }, { name: RSA, hash }, false, [usage])
}

/** RFC 7638: the members that make the key, by name, without blanks. */
async function thumbprint(n: string, e: string): Promise<string> {
  const members = new TextEncoder().encode(JSON.stringify({ e, kty: 'RSA', n }))
  return encode(new Uint8Array(await crypto.subtle.digest('SHA-256', members)))
}
