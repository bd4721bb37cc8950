/** A JWT for reading: header and claims, never the signature. */

export interface Jwt {
  readonly header: Readonly<Record<string, unknown>>
  readonly claims: Readonly<Record<string, unknown>>
}

/** `undefined` for what is no JWT: Maskinporten's access tokens are officially opaque. */
export function decodeJwt(text: string): Jwt | undefined {
  const [head, body] = text.split('.')
  const header = objectOf(head)
  const claims = objectOf(body)
  return header && claims ? { header, claims } : undefined
}

function objectOf(part = ''): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString())
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
