/** Steps 7 to 9: which key the grant must be signed with, whether it is still good, and the signature. */
import { compactVerify, importSPKI } from 'jose'
import type { CertificateAuthority } from '../certificates.ts'
import type { Client } from './clients.ts'
import { type Grant, grantAlgorithms } from './grant.ts'
import { TokenRefusal } from './refusal.ts'
import type { Rules } from './rules.ts'

export type ClientAuthentication = 'private_key_jwt' | 'virksomhetssertifikat'

/** @throws TokenRefusal kid_required, kid_unknown, MP-120, MP-121, MP-122, MP-123, MP-124 */
export async function checkKey(
  grant: Grant,
  client: Client,
  { authority, rules, now }: { readonly authority: CertificateAuthority; readonly rules: Rules; readonly now: number },
): Promise<ClientAuthentication> {
  if (grant.kid !== undefined || client.keys.size > 0) {
    if (grant.kid === undefined) throw new TokenRefusal('kid_required')
    const key = client.keys.get(grant.kid)
    if (!key || key.visibleFrom > now) throw new TokenRefusal('kid_unknown')
    if (key.expiresAt <= now) throw new TokenRefusal('MP-121')
    await checkSignature(grant, await key.verifier(grant.alg))
    return 'private_key_jwt'
  }
  // No key on the client and neither kid nor chain in the header: there is nothing to verify with.
  if (!grant.x5c) throw new TokenRefusal('MP-123')
  const chain = authority.verifyChain(grant.x5c, now)
  if (!chain || (grant.x5c.length < 2 && !rules.acceptLeafOnlyChain)) throw new TokenRefusal('MP-120')
  if (chain.orgNumber !== client.orgNumber) throw new TokenRefusal('MP-122')
  await checkSignature(grant, await importSPKI(chain.publicKeyPem, grant.alg))
  return 'virksomhetssertifikat'
}

async function checkSignature(grant: Grant, key: CryptoKey | Uint8Array): Promise<void> {
  try {
    await compactVerify(grant.assertion, key, { algorithms: [...grantAlgorithms] })
  } catch {
    throw new TokenRefusal('MP-124')
  }
}
