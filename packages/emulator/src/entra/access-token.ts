/** Entra ID's access tokens (version 1, which Azure's own services take), and what Key Vault reads in them. */
import { randomBytes } from 'node:crypto'
import { signCompactJws } from '../tokens/jws.ts'
import { entraTokenIssuer } from '../network/names.ts'
import type { SigningKeys } from '../tokens/signing-keys.ts'
import type { RegisteredApplication } from './applications.ts'

/** Seconds, as Entra ID answers for an hour less what was used of it. */
export const entraLifetimeSeconds = 3599

export async function issueEntraToken(
  { tenantId, clientId, objectId }: RegisteredApplication,
  resource: string,
  keys: SigningKeys,
): Promise<string> {
  // The machine's clock, not the emulator's: MSAL knows no other, and would go on sending what has expired here.
  const now = Math.floor(Date.now() / 1000)
  const claims = {
    aud: resource,
    iss: entraIssuer(tenantId),
    iat: now,
    nbf: now,
    exp: now + entraLifetimeSeconds,
    appid: clientId,
    appidacr: '1',
    idp: entraIssuer(tenantId),
    idtyp: 'app',
    oid: objectId,
    sub: objectId,
    tid: tenantId,
    uti: randomBytes(16).toString('base64url'),
    ver: '1.0',
  }
  const key = await keys.current()
  return signCompactJws({ typ: 'JWT', alg: 'RS256', x5t: key.kid, kid: key.kid }, claims, key)
}

export function entraIssuer(tenantId: string): string {
  return `${entraTokenIssuer}${tenantId}/`
}
