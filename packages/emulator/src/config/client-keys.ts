/** The keys of a configured client, in whatever form they are written. */
import { createPrivateKey, createPublicKey, type KeyObject, X509Certificate } from 'node:crypto'
import { isJsonObject, parseJsonObject } from '../json.ts'
import { jwkOf, type RsaJwk, thumbprintOf } from '../tokens/rsa-key.ts'
import type { ConfiguredKey } from './configuration.ts'

/** `exp`: where the key ends before its year does, seconds since the Unix epoch. */
type EndingKey = RsaJwk & { readonly exp?: unknown }

export type ReadKey = EndingKey & { readonly kid: string }

/** `readFile` reads `file`. @throws TypeError, without a word of the key. */
export async function readClientKey(key: ConfiguredKey, readFile: (file: string) => Promise<string>): Promise<ReadKey> {
  const given = [key.jwk, key.pem, key.certificate, key.file].filter((form) => form !== undefined)
  if (given.length !== 1) {
    throw new TypeError('a key has one of `jwk`, `pem`, `certificate` and `file`; give exactly one')
  }
  const jwk = key.file === undefined ? ofMember(key) : ofText((await readFile(key.file)).trim())
  if (jwk.kty !== 'RSA' || typeof jwk.n !== 'string' || typeof jwk.e !== 'string') {
    throw new TypeError('a client signs with an RSA key; give one, with n and e where it is a JWK')
  }
  const kid = key.kid ?? jwk.kid ?? thumbprintOf(jwk)
  const expiresOn = key.expiresOn === undefined ? undefined : new Date(key.expiresOn).getTime() / 1000
  return { ...jwk, kid, ...(expiresOn === undefined ? {} : { exp: expiresOn }) }
}

function ofMember({ jwk, pem, certificate }: ConfiguredKey): EndingKey {
  if (jwk !== undefined) return ofJwk(jwk)
  return certificate === undefined ? ofPem(pem ?? '') : ofCertificate(certificate)
}

function ofText(text: string): EndingKey {
  if (text.startsWith('{')) return ofJwk(parseJsonObject(text))
  return text.includes('KEY-----') ? ofPem(text) : ofCertificate(text)
}

function ofJwk(jwk: unknown): EndingKey {
  if (!isJsonObject(jwk)) throw new TypeError('this is not a JWK; give a JSON object with kty, n and e')
  if (Array.isArray(jwk['keys'])) throw new TypeError('this is a set of JWKs; give each of them as a key of its own')
  return jwk
}

function ofPem(pem: string): RsaJwk {
  return exported('a private or public RSA key in PEM, without a password', () =>
    pem.includes('PRIVATE KEY') ? createPrivateKey(pem) : createPublicKey(pem),
  )
}

function ofCertificate(text: string): EndingKey {
  const bytes = text.includes('-----') ? text : Buffer.from(text, 'base64')
  let end = 0
  const jwk = exported('a certificate in PEM, or base64 of its DER', () => {
    const certificate = new X509Certificate(bytes)
    end = Math.floor(new Date(certificate.validTo).getTime() / 1000)
    return certificate.publicKey
  })
  return { ...jwk, exp: end }
}

/** OpenSSL's own words speak of its insides. */
function exported(what: string, read: () => KeyObject): RsaJwk {
  try {
    return jwkOf(read())
  } catch {
    throw new TypeError(`this cannot be read as ${what}; correct it`)
  }
}
