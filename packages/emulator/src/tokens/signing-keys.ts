/** The keys with which a service signs its tokens: made when they are first needed, since an RSA key takes 20 to 200 ms. */
import { createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto'
import { promisify } from 'node:util'
import { generateRsaKey, jwkOf, privateKeyOf, type RsaJwk, type RsaKeyPair } from './rsa-key.ts'
import type { Certificate } from './certificates.ts'

export interface SigningKey {
  readonly kid: string
  /** RS256, on the thread pool: a signature takes a quarter of a millisecond, which the event loop has other use for. */
  sign(input: string): Promise<Buffer>
  readonly publicKey: KeyObject
  /** Public members only: kty, n, e. */
  readonly jwk: { readonly kty: string; readonly n: string; readonly e: string }
  readonly certificate: Certificate
}

export interface SigningKeys {
  current(): Promise<SigningKey>
  /** Newest first; all of them are published. */
  published(): Promise<readonly SigningKey[]>
  find(kid: string): Promise<SigningKey | undefined>
  /** Signs with a new key from now on; the former ones stay published. */
  rotate(): Promise<SigningKey>
  /** Signs with the first key again; those of `rotate` are known no more. */
  reset(): void
}

export interface SigningKeyOptions {
  /** RSA modulus, bits. */
  readonly bits: number
  /** A private RSA JWK of your own instead of a new one. */
  readonly jwk?: object | undefined
  readonly certify: (publicKey: KeyObject) => Promise<Certificate>
  readonly nameKey: (jwk: SigningKey['jwk'], certificate: Certificate) => string
}

export function createSigningKeys(options: SigningKeyOptions): SigningKeys {
  const keys: Promise<SigningKey>[] = []
  const add = (pair: Promise<RsaKeyPair>): Promise<SigningKey> => {
    const key = pair.then((made) => describe(made, options))
    // Begun ahead of need, it may have no asker yet: a failure is the next asker's, and no unhandled rejection.
    key.catch(() => undefined)
    keys.unshift(key)
    return key
  }
  const first = (): Promise<SigningKey> =>
    add(options.jwk === undefined ? generateRsaKey(options.bits) : readPair(options.jwk))
  const current = (): Promise<SigningKey> => keys[0] ?? first()
  return {
    current,
    async published() {
      await current()
      return Promise.all(keys)
    },
    find: async (kid) => (await Promise.all(keys)).find((key) => key.kid === kid),
    async rotate() {
      await current()
      return add(generateRsaKey(options.bits))
    },
    reset: () => void keys.splice(0, keys.length - 1),
  }
}

/** Async, as a new one: what is wrong with it rejects. */
async function readPair(jwk: RsaJwk): Promise<RsaKeyPair> {
  if (jwk.kty !== 'RSA' || jwk.n === undefined || jwk.e === undefined || jwk.d === undefined) {
    throw new TypeError('a signing key is a private RSA JWK; leave it out to have one made')
  }
  const privateKey = privateKeyOf(jwk)
  return { privateKey, publicKey: createPublicKey(privateKey) }
}

async function describe({ publicKey, privateKey }: RsaKeyPair, options: SigningKeyOptions): Promise<SigningKey> {
  const { kty, n, e } = jwkOf(publicKey)
  if (kty === undefined || n === undefined || e === undefined) throw new TypeError('a signing key must be an RSA key')
  const certificate = await options.certify(publicKey)
  const jwk = { kty, n, e }
  return { sign: signer(privateKey), publicKey, jwk, certificate, kid: options.nameKey(jwk, certificate) }
}

const signOnPool = promisify(sign)

/** As many as the thread pool has threads: node:crypto locks a key while it signs, and the event loop would wait for the lock. */
const copies = 4

function signer(key: KeyObject): SigningKey['sign'] {
  const pem = key.export({ type: 'pkcs8', format: 'pem' })
  const ring = Array.from({ length: copies }, () => createPrivateKey(pem))
  let turn = 0
  return (input) => signOnPool('sha256', Buffer.from(input), ring[turn++ % copies] ?? key)
}
