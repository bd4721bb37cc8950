/** A token for a request to Texas: from its cache, or from Maskinporten with a grant that it signs. */
import { randomUUID } from 'node:crypto'
import type { EmulatorClock } from '../clock.ts'
import { isJsonObject, type JsonObject, parseJsonObject } from '../json.ts'
import { signCompactJws, signerOf } from '../tokens/jws.ts'
import { privateKeyOf } from '../tokens/rsa-key.ts'
import type { TexasClient, TexasClients } from './clients.ts'
import { TexasRefusal } from './refusal.ts'
import type { TexasToken } from './token-cache.ts'
import type { Upstream, UpstreamAnswer } from './upstream.ts'

export interface TokenRequest {
  /** Scopes, separated by spaces. */
  readonly target: string
  readonly resource: string | undefined
  readonly authorizationDetails: readonly JsonObject[] | undefined
  /** No part of the cache key. */
  readonly skipCache: boolean
}

export interface TokenParts {
  /** Maskinporten's. */
  readonly issuer: string
  readonly clients: TexasClients
  readonly clock: EmulatorClock
  readonly upstream: Upstream
}

/** @throws TexasRefusal with the words and the status of Maskinporten, or 500 when it does not answer. */
export function requestToken(request: TokenRequest, client: TexasClient, parts: TokenParts): Promise<TexasToken> {
  const { tokens } = parts.clients
  const { target, resource, authorizationDetails } = request
  const key = JSON.stringify([target, resource ?? null, sorted(authorizationDetails ?? null)])
  if (request.skipCache) tokens.forget(key)
  return tokens.get(key, async () => {
    const assertion = await signAssertion(request, client, parts).catch(unsigned)
    return tokenIn(await parts.upstream(assertion).catch(unanswered))
  })
}

/** Seconds: the life of a grant. */
const grantSeconds = 30

async function signAssertion(
  { target, resource, authorizationDetails }: TokenRequest,
  { clientId, jwk }: TexasClient,
  { issuer, clock }: TokenParts,
): Promise<string> {
  const now = Math.floor(clock.now() / 1000)
  const claims: JsonObject = {
    exp: now + grantSeconds,
    iat: now,
    nbf: now,
    jti: randomUUID(),
    scope: target,
    iss: clientId,
    aud: issuer,
    ...(resource === undefined ? {} : { resource }),
    ...(authorizationDetails ? { authorization_details: authorizationDetails } : {}),
  }
  const { kid = '', alg = 'RS256' } = jwk
  return signCompactJws({ typ: 'JWT', alg, kid }, claims, signerOf(privateKeyOf(jwk), alg))
}

function tokenIn({ status, body }: UpstreamAnswer): TexasToken {
  const answer = parseJsonObject(body)
  if (status >= 400) {
    const { error, error_description: description = '' } = answer ?? {}
    if (typeof error === 'string' && typeof description === 'string') {
      throw new TexasRefusal(status, error, description, 'texas_upstream')
    }
    const reason = 'identity provider returned an invalid error response'
    throw new TexasRefusal(status, 'server_error', reason, 'texas_upstream')
  }
  const { access_token: token, expires_in: seconds } = answer ?? {}
  if (status >= 300 || typeof token !== 'string' || typeof seconds !== 'number') {
    throw unreadable(`HTTP ${status} without a token response`)
  }
  return { access_token: token, expires_in: seconds, token_type: 'Bearer' }
}

/** For a key that was given and is not one. */
function unsigned(): never {
  throw new TexasRefusal(500, 'server_error', 'Failed to sign assertion', 'texas_sign')
}

function unanswered(error: unknown): never {
  throw unreadable(error instanceof Error ? error.message : 'no answer')
}

function unreadable(reason: string): TexasRefusal {
  return new TexasRefusal(500, 'server_error', `Identity provider request failed: ${reason}`, 'texas_upstream')
}

/** The order of members makes no other request. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (!isJsonObject(value)) return value
  const members = Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1))
  return members.map(([name, member]) => [name, sorted(member)])
}
