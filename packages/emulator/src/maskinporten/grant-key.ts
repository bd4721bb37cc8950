/** Steps 7 to 9: which key the grant must be signed with, whether it is still good, and the signature. */
import { createPublicKey, type KeyObject } from 'node:crypto'
import type { CertificateAuthority } from '../tokens/certificates.ts'
import type { Client } from './clients.ts'
import { verifyCompactJws } from '../tokens/jws.ts'
import type { Grant } from './grant.ts'
import { TokenRefusal } from './refusal.ts'
import type { Rules } from './rules.ts'

export type ClientAuthentication = 'private_key_jwt' | 'virksomhetssertifikat'

interface KeyFacts {
  readonly authority: CertificateAuthority
  readonly rules: Rules
  /** Milliseconds since the epoch. */
  readonly now: number
  readonly monotonic: number
}

/** @throws TokenRefusal kid_required, kid_unknown, MP-120, MP-121, MP-122, MP-123, MP-124 */
export function checkKey(
  grant: Grant,
  client: Client,
  { authority, rules, now, monotonic }: KeyFacts,
): ClientAuthentication {
  if (grant.kid !== undefined || client.keys.size > 0) {
    if (grant.kid === undefined) throw new TokenRefusal('kid_required')
    const key = client.keys.get(grant.kid)
    if (!key || key.visibleFrom > monotonic) throw new TokenRefusal('kid_unknown')
    if (key.expiresAt <= now) throw new TokenRefusal('MP-121')
    checkSignature(grant, key.publicKey)
    return 'private_key_jwt'
  }
  // No key on the client and neither kid nor chain in the header: there is nothing to verify with.
  if (!grant.x5c) throw new TokenRefusal('MP-123')
  const chain = authority.verifyChain(grant.x5c, now)
  if ('distrusted' in chain) throw new TokenRefusal('MP-120', {}, chain.distrusted)
  if (grant.x5c.length < 2 && !rules.acceptLeafOnlyChain) {
    throw new TokenRefusal('MP-120', {}, 'x5c has the leaf only, and the whole chain is wanted.')
  }
  if (chain.orgNumber !== client.orgNumber) {
    const detail = `The certificate is one of ${chain.orgNumber ?? 'nobody'}, and the client is one of ${client.orgNumber}.`
    throw new TokenRefusal('MP-122', {}, detail)
  }
  const key = createPublicKey(chain.publicKeyPem)
  // With another kind of key, or a short one, `alg` would promise what the signature does not hold (RFC 7518 §3.3).
  const { modulusLength = 0 } = key.asymmetricKeyDetails ?? {}
  if (key.asymmetricKeyType !== 'rsa' || modulusLength < 2048) throw new TokenRefusal('MP-124')
  checkSignature(grant, key)
  return 'virksomhetssertifikat'
}

function checkSignature({ assertion, jws, alg }: Grant, key: KeyObject): void {
  if (!verifyCompactJws(assertion, jws, key, alg)) throw new TokenRefusal('MP-124')
}
