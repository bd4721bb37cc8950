/** Steps 1 to 4 of the token endpoint: from form parameters to a grant with the right shape. Judges no value. */
import { isJsonObject, isStringArray, type JsonObject } from '../json.ts'
import { type CompactJws, readCompactJws } from '../tokens/jws.ts'
import { TokenRefusal } from './refusal.ts'

export const jwtBearer = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
export const grantAlgorithms: readonly string[] = ['RS256', 'RS384', 'RS512']

export interface Grant {
  readonly assertion: string
  /** The same, decoded. */
  readonly jws: CompactJws
  readonly alg: string
  readonly kid: string | undefined
  readonly x5c: readonly string[] | undefined
  readonly iss: string
  readonly aud: readonly string[]
  /** Seconds since the epoch, as `exp`. */
  readonly iat: number
  readonly exp: number
  readonly jti: string | undefined
  readonly scopes: readonly string[]
  readonly resource: string | readonly string[] | undefined
  readonly consumerOrg: string | undefined
  readonly pid: string | undefined
  /** `iss_onbehalfof`: the name of a registration of the client. */
  readonly onBehalfOf: string | undefined
  readonly authorizationDetails: readonly JsonObject[] | undefined
  readonly claimNames: readonly string[]
}

/** @throws TokenRefusal missing_parameter, unsupported_grant_type, MP-011, MP-123 */
export function readGrant(parameters: URLSearchParams): Grant {
  const grantType = parameter(parameters, 'grant_type')
  if (grantType !== jwtBearer) {
    // Both must be there before either is judged.
    parameter(parameters, 'assertion')
    throw new TokenRefusal('unsupported_grant_type')
  }
  const assertion = parameter(parameters, 'assertion')
  const jws = readCompactJws(assertion)
  if (!jws) throw new TokenRefusal('MP-011')
  const { header, claims } = jws
  const { alg, kid } = header
  if (typeof alg !== 'string' || !grantAlgorithms.includes(alg)) throw new TokenRefusal('MP-011')
  if (kid !== undefined && typeof kid !== 'string') throw new TokenRefusal('MP-011')
  const scopes = text(claims, 'scope')
    .split(' ')
    .filter((scope) => scope !== '')
  if (scopes.length === 0) throw new TokenRefusal('MP-011')
  const grant = {
    assertion,
    jws,
    alg,
    kid,
    iss: text(claims, 'iss'),
    aud: audience(claims['aud']),
    iat: seconds(claims, 'iat'),
    exp: seconds(claims, 'exp'),
    jti: optionalText(claims, 'jti'),
    scopes: [...new Set(scopes)],
    resource: resource(claims['resource']),
    consumerOrg: optionalText(claims, 'consumer_org', /^\d{9}$/),
    pid: optionalText(claims, 'pid', /^\d{11}$/),
    onBehalfOf: optionalText(claims, 'iss_onbehalfof'),
    authorizationDetails: details(claims['authorization_details']),
    claimNames: Object.keys(claims),
  }
  return { ...grant, x5c: chain(header['x5c']) }
}

function parameter(parameters: URLSearchParams, name: string): string {
  const value = parameters.get(name)
  if (value === null || value === '') throw new TokenRefusal('missing_parameter', { name })
  return value
}

function text(claims: JsonObject, name: string): string {
  const value = claims[name]
  if (typeof value !== 'string' || value === '') throw new TokenRefusal('MP-011')
  return value
}

function optionalText(claims: JsonObject, name: string, form = /./): string | undefined {
  const value = claims[name]
  if (value === undefined) return undefined
  if (typeof value !== 'string' || !form.test(value)) throw new TokenRefusal('MP-011')
  return value
}

function seconds(claims: JsonObject, name: string): number {
  const value = claims[name]
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new TokenRefusal('MP-011')
  return value
}

function audience(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value]
  if (isStringArray(value)) return value
  throw new TokenRefusal('MP-011')
}

function resource(value: unknown): string | readonly string[] | undefined {
  if (value === undefined || typeof value === 'string' || isStringArray(value)) return value
  throw new TokenRefusal('MP-011')
}

function details(value: unknown): readonly JsonObject[] | undefined {
  if (value === undefined) return undefined
  if (Array.isArray(value) && value.length > 0 && value.every(isJsonObject)) return value
  throw new TokenRefusal('MP-011')
}

/** RFC 7515 §4.1.6: base64, not base64url. */
const base64 = /^(?:[A-Za-z0-9+/]{4})+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

function chain(value: unknown): readonly string[] | undefined {
  if (value === undefined) return undefined
  if (isStringArray(value) && value.length > 0 && value.every((one) => base64.test(one))) return value
  throw new TokenRefusal('MP-123', {}, 'x5c is not a list of certificates in standard base64.')
}
