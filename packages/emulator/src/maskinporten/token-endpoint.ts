/** `POST /token`: the checks in their order, then the token (RFC 6749 §5). */
import type { Context } from 'hono'
import type { JsonObject } from '../json.ts'
import { signCompactJws } from '../tokens/jws.ts'
import { answerPlainly, because, issued, type ServiceEnv } from '../http/service.ts'
import type { SigningKeys } from '../tokens/signing-keys.ts'
import { resolveAuthorizationDetails } from './authorization-details.ts'
import { accessTokenClaims, lifetimeOf } from './claims.ts'
import { comparedBy } from './compared.ts'
import { readGrant } from './grant.ts'
import { type AcceptedGrant, checkGrant, type Judge } from './grant-checks.ts'
import { refusalAnswer, refusalText, TokenRefusal } from './refusal.ts'
import type { Rules } from './rules.ts'
import type { AuthorizationRegistry } from './system-users.ts'

export interface TokenEndpoint {
  readonly judge: Judge
  readonly keys: SigningKeys
  readonly authorizations: AuthorizationRegistry
  readonly delegationSource: string
  /** A new one at each call. */
  readonly newTokenId: () => string
  /** Maskinporten for clouds: `resource` is mandatory, and the token has a `sub`. */
  readonly skyporten: boolean
}

export async function answerTokenRequest(c: Context<ServiceEnv>, endpoint: TokenEndpoint): Promise<Response> {
  try {
    const accepted = checkGrant(readGrant(parametersOf(c, endpoint.judge.rules)), endpoint.judge)
    const answer = await issue(accepted, endpoint)
    issued(c, answer.access_token)
    const body = JSON.stringify(answer)
    const headers = {
      'content-type': 'application/json',
      'cache-control': 'no-store',
      'content-length': String(Buffer.byteLength(body)),
    }
    return answerPlainly(c, { status: 200, headers, body })
  } catch (error) {
    if (error instanceof TokenRefusal) {
      const { rules } = endpoint.judge
      const compared = comparedBy(error, allParameters(c), endpoint.judge)
      const text = refusalText(error, rules)
      because(c, { rule: error.id, reason: error.detail === undefined ? text : `${text}. ${error.detail}`, compared })
      return refusalAnswer(error, rules)
    }
    throw error
  }
}

/** Of the body, when it counts, and of the query. */
export function allParameters(c: Context<ServiceEnv>, body = true): URLSearchParams {
  const all = new URLSearchParams(body ? c.get('body') : '')
  const query = c.req.url.indexOf('?')
  // Behind the body's, which are the ones that count.
  if (query >= 0) for (const [name, value] of new URLSearchParams(c.req.url.slice(query))) all.append(name, value)
  return all
}

// Altinn's Go operator sends both parameters in the query of an empty POST, and the real server takes it.
function parametersOf(c: Context<ServiceEnv>, { strictForm }: Rules): URLSearchParams {
  // Of Node's own headers: those of the web's Request are made of them at the first look, which costs as much as the parameters.
  const type = c.env.incoming.headers['content-type'] ?? ''
  const isForm = /^application\/x-www-form-urlencoded *(?:;|$)/i.test(type)
  const all = allParameters(c, isForm || !strictForm)
  const repeated = ['grant_type', 'assertion'].find((name) => all.getAll(name).length > 1)
  if (strictForm && repeated !== undefined) throw new TokenRefusal('repeated_parameter', { name: repeated })
  return all
}

async function issue(
  accepted: AcceptedGrant,
  endpoint: TokenEndpoint,
): Promise<{ readonly access_token: string } & JsonObject> {
  const { judge, keys, authorizations, delegationSource, newTokenId, skyporten } = endpoint
  if (skyporten && accepted.grant.resource === undefined) {
    throw new TokenRefusal('invalid_target', {}, 'Skyporten wants `resource`, which becomes the `aud` of the token.')
  }
  const now = judge.clock.now()
  const authorizationDetails = resolveAuthorizationDetails(accepted, {
    registry: authorizations,
    rules: judge.rules,
    now,
  })
  const iat = Math.floor(now / 1000)
  const lifetime = lifetimeOf(accepted, judge.scopes)
  const claims = accessTokenClaims(accepted, {
    issuer: judge.issuer,
    delegationSource,
    iat,
    lifetime,
    authorizationDetails,
    legacy: judge.rules.legacyClaims,
    audienceForm: judge.rules.audienceForm,
    jti: newTokenId(),
    skyporten,
  })
  const key = await keys.current()
  return {
    access_token: await signCompactJws({ kid: key.kid, alg: 'RS256' }, claims, key),
    token_type: 'Bearer',
    // What is left when it is sent, in whole seconds: 119 or 120 of a 120 s token, as the real one answers.
    expires_in: judge.rules.expiresIn === 'lifetime' ? lifetime : Math.floor(iat + lifetime - judge.clock.now() / 1000),
    scope: accepted.grant.scopes.join(' '),
  }
}
