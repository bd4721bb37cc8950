/** Signing a grant: how many a second, and for how long it holds the main thread. */
import { createPrivateKey, randomUUID, sign as signSync } from 'node:crypto'
import { createAppAuth } from '@octokit/auth-app'
import { parseSigningKey } from '@maskinporten-kit/core'
import { JWT } from 'google-auth-library'
import { importJWK } from 'jose/key/import'
import { SignJWT } from 'jose/jwt/sign'
import { createAssertion } from '../../../../packages/core/src/grant/assertion.ts'
import type { Measure } from '../measure.ts'
import { type Client, newClient } from '../peers/client.ts'
import { grantSigner } from '../peers/limit.ts'
import { type Round, interleave } from '../rounds.ts'

const AUDIENCE = 'https://maskinporten.example/'
const IN_FLIGHT = 8

type Sign = () => Promise<unknown>

/** Nothing but the signature, of a text made before. */
async function raw({ jwk }: Client): Promise<Sign> {
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
  const key = await crypto.subtle.importKey('jwk', jwk, algorithm, false, ['sign'])
  const input = new TextEncoder().encode('a'.repeat(400))
  return () => crypto.subtle.sign(algorithm.name, key, input)
}

/** Core's inner file: its face signs only on the way to a token. */
async function ours({ id, jwk, scope }: Client): Promise<Sign> {
  const key = await parseSigningKey(JSON.stringify(jwk))
  const grant = { kind: 'maskinporten', scopes: [scope], claims: {} } as const
  const { signal } = new AbortController()
  return () => createAssertion(key, { issuer: AUDIENCE, clientId: id, grant, issuedAt: Date.now() }, signal)
}

async function jose({ id, jwk, kid, scope }: Client): Promise<Sign> {
  const key = await importJWK(jwk, 'RS256')
  return () =>
    new SignJWT({ scope, jti: randomUUID() })
      .setProtectedHeader({ alg: 'RS256', kid })
      .setAudience(AUDIENCE)
      .setIssuer(id)
      .setIssuedAt()
      .setExpirationTime('120s')
      .sign(key)
}

async function sync({ id, pem, kid, scope }: Client): Promise<Sign> {
  const key = createPrivateKey(pem)
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  const header = encode({ alg: 'RS256', kid })
  return async () => {
    const iat = Math.floor(Date.now() / 1000)
    const input = `${header}.${encode({ aud: AUDIENCE, iss: id, scope, iat, exp: iat + 120, jti: randomUUID() })}`
    return `${input}.${signSync('sha256', Buffer.from(input), key).toString('base64url')}`
  }
}

/** Its JWT for the app itself, which it signs anew each time. */
async function octokit({ pem }: Client): Promise<Sign> {
  const auth = createAppAuth({ appId: 1, privateKey: pem })
  return () => auth({ type: 'app' })
}

/** Its self-signed JWT for an address, another one each time, since it caches them. */
async function google({ id, pem, kid }: Client): Promise<Sign> {
  const jwt = new JWT({ email: id, key: pem, keyId: kid })
  let count = 0
  return () => jwt.getRequestHeaders(new URL(`https://api-${++count}.example.no/`))
}

const systems: Readonly<Record<string, (client: Client) => Promise<Sign>>> = {
  'raw WebCrypto': raw,
  limit: (client) => grantSigner(client, AUDIENCE),
  ours,
  'jose SignJWT': jose,
  'crypto.sign, sync': sync,
  '@octokit/auth-app': octokit,
  'google-auth-library': google,
}

export const signing: Measure = {
  name: 'signing',
  title: 'Signing a grant, RS256 with 2,048 bits, eight in flight',
  figures: [
    { name: 'grants a second', unit: '', against: 'raw WebCrypto', better: 'more' },
    { name: 'main thread', unit: 'µs' },
  ],
  budget: [
    { system: 'ours', figure: 'grants a second', atLeast: 0.9 },
    { system: 'ours', figure: 'main thread', atMost: 100 },
  ],
  systems: Object.keys(systems),
  async run(effort) {
    const client = newClient()
    const rounds: Record<string, Round> = {}
    for (const [name, make] of Object.entries(systems)) {
      const sign = await make(client)
      await batch(sign, 200)
      rounds[name] = () => batch(sign, 100)
    }
    return { samples: await interleave(rounds, effort.pick(5, 16)) }
  },
}

async function batch(sign: Sign, grants: number): Promise<Record<string, number>> {
  let left = grants
  const lane = async (): Promise<void> => {
    while (left-- > 0) await sign()
  }
  const start = performance.now()
  const before = process.threadCpuUsage()
  await Promise.all(Array.from({ length: IN_FLIGHT }, lane))
  const { user, system } = process.threadCpuUsage(before)
  const seconds = (performance.now() - start) / 1000
  return { 'grants a second': grants / seconds, 'main thread': (user + system) / grants }
}
