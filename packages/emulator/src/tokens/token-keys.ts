/** The three sets of keys that sign tokens, each named as its owner names them. */
import { createHash } from 'node:crypto'
import type { Certificate, CertificateAuthority } from './certificates.ts'
import type { EmulatorOptions } from '../options.ts'
import { thumbprintOf } from './rsa-key.ts'
import { createSigningKeys, type SigningKeys } from './signing-keys.ts'

export interface TokenKeys {
  readonly maskinporten: SigningKeys
  readonly altinn: SigningKeys
  readonly entra: SigningKeys
}

/** @throws TypeError for a key of `options` that cannot sign. */
export async function createTokenKeys(authority: CertificateAuthority, options: EmulatorOptions): Promise<TokenKeys> {
  const { signingKeyBits: bits = 2048, signingKeys = {} } = options
  const maskinporten = createSigningKeys({
    bits,
    jwk: signingKeys.maskinporten,
    certify: (key) => authority.issueForKey('Maskinporten Kit emulator, Maskinporten', key),
    nameKey: thumbprintOf,
  })
  const altinn = createSigningKeys({
    bits,
    jwk: signingKeys.altinn,
    certify: (key) => authority.issueForKey('Maskinporten Kit emulator, Altinn', key),
    nameKey: (_jwk, certificate) => sha1(certificate).toString('hex').toUpperCase(),
  })
  const entra = createSigningKeys({
    bits: 2048,
    certify: (key) => authority.issueForKey('Maskinporten Kit emulator, Entra ID', key),
    nameKey: (_jwk, certificate) => sha1(certificate).toString('base64url'),
  })
  // Those that were given are judged here, so that a wrong one fails the start.
  if (signingKeys.maskinporten !== undefined) await maskinporten.current()
  if (signingKeys.altinn !== undefined) await altinn.current()
  return { maskinporten, altinn, entra }
}

function sha1({ base64 }: Certificate): Buffer {
  return createHash('sha1').update(Buffer.from(base64, 'base64')).digest()
}
