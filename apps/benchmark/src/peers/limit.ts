/** The least that gets a token by hand: one key, one cached promise, no features. */
import { type Client, type GetToken } from './client.ts'

const encoder = new TextEncoder()
const encode = (part: string | Uint8Array): string => Buffer.from(part).toString('base64url')

/** A signed grant, hand-built on WebCrypto. */
export async function grantSigner({ id, kid, jwk, scope }: Client, audience: string): Promise<() => Promise<string>> {
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
  const key = await crypto.subtle.importKey('jwk', jwk, algorithm, false, ['sign'])
  const header = encode(JSON.stringify({ alg: 'RS256', kid }))
  return async () => {
    const iat = Math.floor(Date.now() / 1000)
    const claims = { aud: audience, iss: id, scope, iat, exp: iat + 120, jti: crypto.randomUUID() }
    const input = `${header}.${encode(JSON.stringify(claims))}`
    return `${input}.${encode(new Uint8Array(await crypto.subtle.sign(algorithm.name, key, encoder.encode(input))))}`
  }
}

export interface Granted {
  readonly access_token: string
  readonly expires_in: number
}

export async function requestToken(base: string, assertion: string): Promise<Granted> {
  const answer = await fetch(`${base}/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: `grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer&assertion=${assertion}`,
  })
  const body: unknown = await answer.json()
  if (!isGranted(body)) throw new TypeError('no token')
  return body
}

const isGranted = (body: unknown): body is Granted =>
  typeof body === 'object' && body !== null && 'access_token' in body && 'expires_in' in body

/** Renewed in the background in the last quarter of its life. */
export async function limit(client: Client, base: string): Promise<GetToken> {
  const sign = await grantSigner(client, base)
  let token: Promise<string> | undefined
  let renewAt = 0
  let endsAt = 0
  let flight: Promise<string> | undefined
  const renew = async (): Promise<string> => {
    try {
      const sentAt = performance.now()
      const { access_token: value, expires_in: seconds } = await requestToken(base, await sign())
      token = Promise.resolve(value)
      renewAt = sentAt + seconds * 750
      endsAt = sentAt + seconds * 1000
      return value
    } finally {
      flight = undefined
    }
  }
  return () => {
    const now = performance.now()
    if (token !== undefined && now < renewAt) return token
    flight ??= renew()
    return token !== undefined && now < endsAt ? token : flight
  }
}
