/** A client's keys as the self-service API reads and shows them: the whole set at once (protocol reference §5, §7.4). */
import { createPublicKey } from 'node:crypto'
import { isJsonObject, type JsonObject } from '../json.ts'
import { type Client, maxKeys, type PublicRsaJwk } from '../maskinporten/clients.ts'
import { grantAlgorithms } from '../maskinporten/grant.ts'
import type { Rules } from '../maskinporten/rules.ts'
import { type Fields, readFields } from './fields.ts'

const privateMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k']

/** @throws SelfServiceRefusal 400 */
export function readKeySet(text: string, rules: Rules): readonly PublicRsaJwk[] {
  const fields = readFields(text, 'Jwks')
  const given = fields.body['keys']
  const keys: readonly unknown[] = Array.isArray(given) ? given : []
  if (!Array.isArray(given)) fields.wrong('keys', 'keys must be a list of keys')
  else if (keys.length === 0) fields.wrong('keys', 'keys must not be empty; delete the key set instead')
  else if (keys.length > maxKeys) fields.wrong('keys', `keys must be ${maxKeys} at most`)
  const read = keys.slice(0, maxKeys).flatMap((key, at) => readKey(key, `keys[${at}]`, fields, rules) ?? [])
  const twice = read.find(({ kid }, at) => read.findIndex((other) => other.kid === kid) !== at)
  if (twice) fields.wrong('keys', `kid ${twice.kid} stands there twice`)
  fields.end()
  return read
}

function readKey(
  key: unknown,
  at: string,
  fields: Fields,
  { maxKidLength, minimumKeyBits }: Rules,
): PublicRsaJwk | undefined {
  const wrong = (field: string, message: string): void => fields.wrong(field, message)
  if (!isJsonObject(key)) {
    wrong(at, `${at} must be a JWK`)
    return undefined
  }
  const { kty, alg, use, kid, n, e, exp, x5c } = key
  const secret = privateMembers.find((name) => Object.hasOwn(key, name))
  if (secret !== undefined) wrong(`${at}.${secret}`, `${at} has the private member ${secret}`)
  if (kty !== 'RSA') wrong(`${at}.kty`, `${at}.kty must be RSA`)
  if (typeof alg !== 'string' || !grantAlgorithms.includes(alg)) {
    wrong(`${at}.alg`, `${at}.alg must be one of ${grantAlgorithms.join(', ')}`)
  }
  if (use !== 'sig') wrong(`${at}.use`, `${at}.use must be sig`)
  if (typeof kid !== 'string' || !/^[A-Za-z0-9._-]+$/.test(kid) || kid.length > maxKidLength) {
    wrong(`${at}.kid`, `${at}.kid must be 1 to ${maxKidLength} characters of A-Z, a-z, 0-9, ".", "_" and "-"`)
  }
  if (exp !== undefined && typeof exp !== 'number') wrong(`${at}.exp`, `${at}.exp must be seconds since the epoch`)
  const bits = modulusBits(n, e)
  if (bits === undefined) wrong(`${at}.n`, `${at}.n and ${at}.e must be an RSA key in base64url`)
  else if (bits < minimumKeyBits) wrong(`${at}.n`, `${at} must have ${minimumKeyBits} bits or more`)
  const fits = kty === 'RSA' && typeof kid === 'string' && typeof n === 'string' && typeof e === 'string'
  if (!fits || bits === undefined || typeof alg !== 'string' || typeof use !== 'string') return undefined
  const jwk = { kty, alg, use, kid, e, n, ...(typeof exp === 'number' ? { exp } : {}) } as const
  const withChain = { ...jwk, x5c }
  return x5c === undefined ? jwk : withChain
}

function modulusBits(n: unknown, e: unknown): number | undefined {
  const base64url = /^[A-Za-z0-9_-]+$/
  if (typeof n !== 'string' || typeof e !== 'string' || !base64url.test(n) || !base64url.test(e)) return undefined
  try {
    return createPublicKey({ key: { kty: 'RSA', n, e }, format: 'jwk' }).asymmetricKeyDetails?.modulusLength
  } catch {
    return undefined
  }
}

export function keySetBody({ keys, keysChanged }: Client): JsonObject {
  return {
    keys: [...keys.values()].map(({ jwk, expiresAt }) => ({
      kty: jwk.kty,
      alg: jwk.alg ?? 'RS256',
      use: jwk.use ?? 'sig',
      kid: jwk.kid,
      e: jwk.e,
      n: jwk.n,
      ...('x5c' in jwk ? { x5c: jwk.x5c } : {}),
      exp: Math.floor(expiresAt / 1000),
    })),
    ...(keysChanged
      ? {
          created: new Date(keysChanged.createdAt).toISOString(),
          last_updated: new Date(keysChanged.updatedAt).toISOString(),
        }
      : {}),
  }
}
