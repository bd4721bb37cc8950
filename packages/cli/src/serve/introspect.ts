/** Verifies a token of Maskinporten's with its published keys ([RFC 7662 §2.2](https://www.rfc-editor.org/rfc/rfc7662#section-2.2)), in Texas' words. */
import type { ResolvedSettings } from '@maskinporten-kit/core'
import {
  type JWTPayload,
  type JWTVerifyGetKey,
  createRemoteJWKSet,
  decodeProtectedHeader,
  errors,
  jwtVerify,
} from 'jose'

export type Introspection = { readonly active: true } & JWTPayload
export type Inactive = { readonly active: false; readonly error: string }

/** Seconds. */
const LEEWAY = 60
const TIMEOUT_MS = 5_000

interface Issuer {
  readonly issuer: string
  readonly keys: JWTVerifyGetKey
}

/** Reads the issuer's metadata once; its keys are read again when a token names an unknown one. */
export class Introspector {
  readonly #settings: () => Promise<ResolvedSettings>
  #known: { readonly authority: string; readonly issuer: Promise<Issuer> } | undefined

  constructor(settings: () => Promise<ResolvedSettings>) {
    this.#settings = settings
  }

  async inspect(token: string): Promise<Introspection | Inactive> {
    try {
      const { kid } = decodeProtectedHeader(token)
      if (kid === undefined) return inactive('missing key id from token header')
    } catch {
      return inactive('invalid token header: InvalidToken')
    }
    try {
      const { issuer, keys } = await this.#issuer()
      const { payload } = await jwtVerify(token, keys, {
        algorithms: ['RS256'],
        issuer,
        clockTolerance: LEEWAY,
        requiredClaims: ['iss', 'exp', 'iat'],
      })
      // jose compares `iat` with a greatest age only.
      if ((payload.iat ?? 0) > Date.now() / 1000 + LEEWAY) return inactive('invalid token: ImmatureSignature')
      return { ...payload, active: true }
    } catch (error) {
      return inactive(told(error))
    }
  }

  async #issuer(): Promise<Issuer> {
    const { authority, metadataUrl } = await this.#settings()
    if (this.#known?.authority !== authority) {
      const issuer = discover(authority, metadataUrl)
      this.#known = { authority, issuer }
      issuer.catch(() => (this.#known = undefined))
    }
    return this.#known.issuer
  }
}

async function discover(authority: string, metadataUrl: string | undefined): Promise<Issuer> {
  const [first, second] = metadataUrl === undefined ? metadataUrls(authority) : [metadataUrl]
  let answer = await askFor(first)
  if (!answer.ok && second !== undefined) answer = await askFor(second)
  const { issuer, jwks_uri: keys } = (await answer.json()) as Readonly<Record<string, unknown>>
  const plain = (text: unknown): string => String(text).replace(/\/+$/, '')
  // RFC 8414 §3.3 (https://www.rfc-editor.org/rfc/rfc8414#section-3.3). Foreign keys would make foreign tokens valid.
  if (typeof issuer !== 'string' || plain(issuer) !== plain(authority)) throw new Error('metadata of another issuer')
  if (typeof keys !== 'string' || new URL(keys).origin !== new URL(issuer).origin) throw new Error('keys elsewhere')
  return { issuer, keys: createRemoteJWKSet(new URL(keys), { timeoutDuration: TIMEOUT_MS }) }
}

const askFor = (url: string): Promise<Response> =>
  fetch(url, { redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) })

/** Between host and path ([RFC 8414 §3.1](https://www.rfc-editor.org/rfc/rfc8414#section-3.1)); many servers have it after the path. */
function metadataUrls(authority: string): readonly [string, string?] {
  const { origin, pathname } = new URL(authority)
  const path = pathname.replace(/\/+$/, '')
  const wellKnown = '/.well-known/oauth-authorization-server'
  return path === '' ? [origin + wellKnown] : [origin + wellKnown + path, origin + path + wellKnown]
}

const inactive = (error: string): Inactive => ({ active: false, error })

function told(error: unknown): string {
  if (error instanceof errors.JWKSNoMatchingKey) return 'token can not be validated with this identity provider'
  if (error instanceof errors.JWTExpired) return 'invalid token: ExpiredSignature'
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'invalid token: InvalidSignature'
  if (error instanceof errors.JOSEAlgNotAllowed || error instanceof errors.JOSENotSupported)
    return 'invalid token: InvalidAlgorithm'
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.reason === 'missing') return `invalid token: Missing required claim: ${error.claim}`
    return `invalid token: ${error.claim === 'iss' ? 'InvalidIssuer' : 'ImmatureSignature'}`
  }
  if (error instanceof errors.JWSInvalid || error instanceof errors.JWTInvalid) return 'invalid token: InvalidToken'
  return 'fetch: the keys of the identity provider cannot be read'
}
