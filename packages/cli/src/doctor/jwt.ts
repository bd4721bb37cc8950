/** Header and claims of a JWT, to look at: nothing is verified, and the signature is not kept. */

export interface DecodedJwt {
  readonly header: Readonly<Record<string, unknown>>
  readonly claims: Readonly<Record<string, unknown>>
}

/** `undefined` for what is not a JWT: an access token may be opaque. */
export function decodeJwt(token: string): DecodedJwt | undefined {
  const [header, claims, signature] = token.split('.').map((part, index) => (index < 2 ? objectIn(part) : part))
  return typeof header === 'object' && typeof claims === 'object' && typeof signature === 'string'
    ? { header, claims }
    : undefined
}

function objectIn(part: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : undefined
  } catch {
    return undefined
  }
}
