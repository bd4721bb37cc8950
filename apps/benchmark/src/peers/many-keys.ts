/** Sources with many identities, whose tokens come at once: no network, no signature. For measures of the cache alone. */
import { type FetchFunction, type Maskinporten, createMaskinporten } from '@maskinporten-kit/core'

const LIFE_SECONDS = 36_000
const HOST = 'https://tokens.example.no'

/** As long as a real one, and another one each time. */
export function newToken(index: number): string {
  return Buffer.from(`${index}`.padEnd(820, 'eyJ')).toString('base64url')
}

/** A token that is there as soon as it is asked for. */
function instantFetch(): FetchFunction {
  let count = 0
  return async () => ({
    status: 200,
    headers: { get: () => null },
    text: async () => JSON.stringify({ access_token: newToken(++count), expires_in: LIFE_SECONDS, scope: 'a:b' }),
  })
}

export function instantMaskinporten(maxTokens?: number): Maskinporten {
  const signature = new Uint8Array(256)
  const signer = { alg: 'RS256', kid: 'benchmark', sign: async () => signature } as const
  return createMaskinporten(
    { authority: HOST, tokenEndpoint: `${HOST}/token`, clientId: 'benchmark', scope: 'a:b', signer },
    { fetch: instantFetch(), maxTokens },
  )
}

const WEIGHTS = [3, 2, 7, 6, 5, 4, 3, 2]

/** Nine digits each, with a valid check digit (modulus 11). */
export function organisationNumbers(count: number): readonly string[] {
  const found: string[] = []
  for (let base = 91_000_000; found.length < count; base++) {
    const sum = WEIGHTS.reduce((total, weight, at) => total + weight * Number(String(base)[at]), 0)
    const check = (11 - (sum % 11)) % 11
    if (check < 10) found.push(`${base}${check}`)
  }
  return found
}
