/** Who calls the self-service API: a Maskinporten token of an administration client, and what its scopes allow (protocol reference §7.2). */
import type { EmulatorClock } from '../clock.ts'
import type { JsonObject } from '../json.ts'
import type { SigningKeys } from '../tokens/signing-keys.ts'
import { bearerToken, consumerOf, judgeToken, oneOf, scopesOf, shortly } from '../tokens/verify-token.ts'
import { SelfServiceRefusal } from './refusal.ts'

export interface Caller {
  /** The consumer of its token: nine digits. */
  readonly orgNumber: string
  readonly scopes: readonly string[]
}

export interface CallerRules {
  /** Maskinporten's. */
  readonly issuer: string
  /** The API's own address, which a token with `aud` must name; an origin without final slash. */
  readonly origin: string
  readonly keys: SigningKeys
  readonly clock: EmulatorClock
}

type Operation = 'read' | 'create' | 'change' | 'readOnBehalfOf' | 'onBehalfOf' | 'altinn' | 'scopes' | 'own'

/** Scopes of an administration client; one of a list is enough. */
export const allowed: Readonly<Record<Operation, readonly string[]>> = {
  read: ['idporten:dcr.read', 'idporten:dcr.supplier'],
  create: ['idporten:dcr.write', 'idporten:dcr.supplier'],
  // Okdata deactivates clients and writes keys with `write` alone.
  change: ['idporten:dcr.modify', 'idporten:dcr.write', 'idporten:dcr.supplier'],
  // Digdir's page gives all three of `dcr` the right to read these, and only one scope the right to write them.
  readOnBehalfOf: ['idporten:dcr/onbehalfof:write', 'idporten:dcr.read', 'idporten:dcr.modify', 'idporten:dcr.write'],
  onBehalfOf: ['idporten:dcr/onbehalfof:write'],
  altinn: ['idporten:dcr.altinn'],
  scopes: ['idporten:scopes.write'],
  own: ['idporten:dcr.read', 'idporten:scopes.write'],
}

/** @throws SelfServiceRefusal 401 for a token that is not taken, 403 for one without any of the scopes. */
export async function callerOf(
  authorization: string | undefined,
  needed: readonly string[],
  { issuer, origin, keys, clock }: CallerRules,
): Promise<Caller> {
  const judged = await judgeToken(bearerToken(authorization), keys, { now: clock.now(), skewSeconds: 10 })
  if ('refusal' in judged) {
    const { rule, reason, compared } = judged.refusal
    throw new SelfServiceRefusal(401, rule, 'Token', reason, compared)
  }
  const { claims } = judged
  const orgNumber = consumerOf(claims)
  if (claims['iss'] !== issuer || orgNumber === undefined) {
    const reason = `The token is not of ${issuer}: its iss or consumer is another one.`
    const compared = { of: 'iss', expected: issuer, received: shortly(claims['iss']) }
    throw new SelfServiceRefusal(401, 'token_claims', 'Token', reason, compared)
  }
  if (!isForUs(claims, origin)) {
    const reason = `The aud of the token names another API than ${origin}.`
    const compared = { of: 'aud', expected: origin, received: shortly(claims['aud']) }
    throw new SelfServiceRefusal(401, 'token_audience', 'Token', reason, compared)
  }
  const scopes = scopesOf(claims)
  if (!needed.some((scope) => scopes.includes(scope))) {
    const reason = `One of these scopes is needed: ${needed.join(', ')}.`
    const compared = { of: 'scope', expected: oneOf(needed), received: shortly(scopes.join(' ')) }
    throw new SelfServiceRefusal(403, 'self_service_scope', 'Token', reason, compared)
  }
  return { orgNumber, scopes }
}

/** Without `aud`, or with the one that tokens had until 2024, a token is for every API. */
function isForUs(claims: JsonObject, origin: string): boolean {
  const aud = claims['aud']
  if (aud === undefined || aud === 'unspecified') return true
  return [aud].flat().some((one) => typeof one === 'string' && (one === origin || one.startsWith(`${origin}/`)))
}
