// For clients that send grants and sign none: RFC 7523 §3 by jose.
import { randomUUID } from 'node:crypto'
import { createLocalJWKSet, importJWK, jwtVerify, SignJWT } from 'jose'

const { env } = process

export async function signGrant() {
  const jwk = JSON.parse(env.MASKINPORTEN_CLIENT_JWK)
  return new SignJWT({ scope: env.MASKINPORTEN_SCOPES })
    .setProtectedHeader({ alg: 'RS256', kid: jwk.kid })
    .setAudience(env.MASKINPORTEN_ISSUER)
    .setIssuer(env.MASKINPORTEN_CLIENT_ID)
    .setIssuedAt()
    .setExpirationTime('100 s')
    .setJti(randomUUID())
    .sign(await importJWK(jwk, 'RS256'))
}

/** `published`: the key set, fetched by the client that is tried. */
export async function verifyToken(token, issuer, published) {
  const { payload } = await jwtVerify(token, createLocalJWKSet(published), { issuer, algorithms: ['RS256'] })
  return payload
}

export function show({ iss: issuer, scope, consumer }, { instances }) {
  const told = { issuer, scope, consumer: consumer.ID, instances: instances.map(({ id }) => id) }
  process.stdout.write(`${JSON.stringify(told)}\n`)
}
