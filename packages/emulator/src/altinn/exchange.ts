/** `GET /authentication/api/v1/exchange/{provider}`: a Maskinporten token becomes an Altinn token. Checks in the order of Altinn's controller. */
import { randomUUID } from 'node:crypto'
import type { Context } from 'hono'
import type { EmulatorClock } from '../clock.ts'
import type { JsonObject } from '../json.ts'
import { readCompactJws } from '../tokens/jws.ts'
import type { Names } from '../network/names.ts'
import { problem } from '../http/problem.ts'
import { because, issued, type ServiceEnv } from '../http/service.ts'
import type { SigningKeys } from '../tokens/signing-keys.ts'
import { bearerToken, consumerOf, judgeToken, oneOf, type Refusal, shortly } from '../tokens/verify-token.ts'
import type { Rules } from '../maskinporten/rules.ts'
import { lifetimeSeconds, signAltinnToken } from './altinn-token.ts'
import type { Organisations } from './organisations.ts'

const providers: readonly string[] = ['maskinporten', 'id-porten', 'altinnstudio']

export interface Exchange {
  readonly names: Names
  readonly clock: EmulatorClock
  readonly maskinportenKeys: SigningKeys
  readonly altinnKeys: SigningKeys
  readonly organisations: Organisations
  readonly rules: Pick<Rules, 'exchangeErrorBody'>
}

export async function exchange(c: Context<ServiceEnv>, parts: Exchange): Promise<Response> {
  const token = bearerToken(c.req.header('authorization'))
  const judged = await judgeToken(token, parts.maskinportenKeys, { now: parts.clock.now(), skewSeconds: 10 })
  if (token === undefined || !readCompactJws(token)) return unauthorized(c, judged, parts.rules)
  const provider = c.req.param('provider') ?? ''
  if (!providers.includes(provider.toLowerCase())) {
    const trusted = "Trusted token providers are 'Maskinporten', 'Id-porten' and 'AltinnStudio'."
    const compared = { of: 'provider', expected: oneOf(providers), received: shortly(provider) }
    because(c, { rule: 'provider_unknown', reason: 'The address names no token provider.', compared })
    return new Response(`Invalid token provider: ${provider}. ${trusted}`, { status: 400 })
  }
  // The two other providers trust issuers that are not emulated, so that no token of theirs can be verified.
  if (provider.toLowerCase() !== 'maskinporten') {
    const reason = `Tokens of ${provider} are not emulated, so that none can be exchanged.`
    return unauthorized(c, { refusal: { rule: 'provider_not_emulated', reason } }, parts.rules)
  }
  if ('refusal' in judged) return unauthorized(c, judged, parts.rules)
  const { claims } = judged
  const orgNumber = claims['iss'] === parts.names.issuer ? consumerOf(claims) : undefined
  if (orgNumber === undefined) {
    const { issuer } = parts.names
    const reason = `The token has another iss than ${issuer}, or no consumer by ISO 6523.`
    const consumer = { of: 'consumer', expected: 'iso6523-actorid-upis', received: shortly(claims['consumer']) }
    const compared =
      claims['iss'] === issuer ? consumer : { of: 'iss', expected: issuer, received: shortly(claims['iss']) }
    return unauthorized(c, { refusal: { rule: 'token_claims', reason, compared } }, parts.rules)
  }
  const org = serviceOwner(claims, orgNumber, parts.organisations, c.req.query('test')?.toLowerCase() === 'true')
  if (c.req.header('x-altinn-enterpriseuser-authentication')) return enterpriseUserIsGone(c)
  const altinnToken = await signAltinnToken(exchangedClaims(claims, { orgNumber, org, ...parts }), parts.altinnKeys)
  issued(c, altinnToken)
  return c.req.header('accept')?.toLowerCase().includes('application/json') === true
    ? Response.json(altinnToken)
    : new Response(altinnToken, { headers: { 'content-type': 'text/plain; charset=utf-8' } })
}

/** Altinn looks for the substring, so that any scope beginning so counts. An unknown organisation is no error. */
function serviceOwner(claims: JsonObject, orgNumber: string, known: Organisations, test: boolean): string | undefined {
  if (!String(claims['scope']).includes('altinn:serviceowner')) return undefined
  const org = known.find(orgNumber)
  return test && org === 'digdir' ? 'ttd' : org
}

function exchangedClaims(
  claims: JsonObject,
  facts: {
    readonly orgNumber: string
    readonly org: string | undefined
    readonly names: Names
    readonly clock: EmulatorClock
  },
): JsonObject {
  const now = Math.floor(facts.clock.now() / 1000)
  const { aud: _aud, iss: _iss, client_amr: _amr, sid: _sid, ...copied } = claims
  const details = copied['authorization_details']
  return {
    ...copied,
    ...(Array.isArray(details) && details.length === 1 ? { authorization_details: details[0] } : {}),
    exp: now + lifetimeSeconds,
    iat: now,
    ...(facts.org === undefined ? {} : { 'urn:altinn:org': facts.org }),
    'urn:altinn:orgNumber': facts.orgNumber,
    'urn:altinn:authenticatemethod': 'maskinporten',
    'urn:altinn:authlevel': 3,
    iss: facts.names.platformIssuer,
    sid: randomUUID(),
    nbf: now,
  }
}

/** Altinn gives no reason, and answers its own outages so, too. */
function unauthorized(
  c: Context<ServiceEnv>,
  judged: { readonly refusal: Refusal } | { readonly claims: JsonObject },
  { exchangeErrorBody }: Exchange['rules'],
): Response {
  if ('refusal' in judged) because(c, judged.refusal)
  return exchangeErrorBody === 'empty' ? new Response(null, { status: 401 }) : problem(401, 'Unauthorized')
}

function enterpriseUserIsGone(c: Context<ServiceEnv>): Response {
  because(c, {
    rule: 'enterprise_user_gone',
    reason: 'The request has the header X-Altinn-EnterpriseUser-Authentication.',
  })
  const body = {
    type: 'https://docs.altinn.studio',
    title: 'Virksomhetsbruker is no longer available',
    status: 410,
    detail:
      'Virksomhetsbruker (enterprise user) is no longer available. It has been replaced by Systembruker (system user) or ID-porten, depending on the use case. See https://docs.altinn.studio for migration guidance.',
  }
  return Response.json(body, { status: 410, headers: { 'content-type': 'application/problem+json' } })
}
