// What the token endpoint and the exchange may answer, and what of it a token or an error is made of.
import { inspect } from 'node:util'
import { type AccessToken, type TokenRequest, isMaskinportenError } from '@maskinporten-kit/core'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { seedRandom } from '../engine/drive.ts'
import { type Reply, World } from '../engine/world.ts'

const CANARY = 'canary-9f2b7c41'

let world: World
beforeEach(() => {
  seedRandom()
  world = new World()
})
afterEach(() => {
  world[Symbol.dispose]()
  vi.restoreAllMocks()
})

async function outcome(request: TokenRequest = {}): Promise<unknown> {
  const answer = world
    .create()
    .getToken(request)
    .catch((error: unknown) => error)
  await world.time.advance(10_100)
  return answer
}

async function tokenOf(request: TokenRequest = {}): Promise<AccessToken> {
  const token = await outcome(request)
  if (typeof token === 'object' && token !== null && 'value' in token) return token as AccessToken
  throw token
}

/** Every way to print an error and the events that led to it. */
function printOf(error: unknown): string {
  const stack = error instanceof Error ? error.stack : undefined
  return [
    String(error),
    stack,
    JSON.stringify([error, world.events]),
    inspect([error, world.events], { depth: 9 }),
  ].join()
}

const jwt = (payload: unknown): string => `e30.${Buffer.from(JSON.stringify(payload)).toString('base64url')}.c2ln`

/** The same answer of either endpoint. */
const endpoints: readonly (readonly [string, 'token' | 'exchange', TokenRequest])[] = [
  ['the token endpoint', 'token', {}],
  ['the exchange', 'exchange', { kind: 'altinn' }],
]
function answerWith(gives: 'token' | 'exchange', reply: Reply): void {
  if (gives === 'token') world.onToken = () => reply
  else world.onExchange = () => reply
}

describe.each(endpoints)('%s', (_, gives, request) => {
  it.each([201, 202, 203, 206])(
    'that answers %i with a token gives none, and nothing of it in the error',
    async (status) => {
      answerWith(gives, { status, body: { access_token: CANARY, token_type: 'Bearer' } })
      const error = await outcome(request)
      expect(error).toMatchObject({ code: `${gives}_unavailable`, status, detail: 'NO_TOKEN', retryable: true })
      expect(error).not.toHaveProperty('description')
      expect(printOf(error)).not.toContain(CANARY)
    },
  )

  it.each([0, 300, 304, 399])('that answers %i redirects, which is refused', async (status) => {
    answerWith(gives, { status })
    expect(await outcome(request)).toMatchObject({
      code: `${gives}_refused`,
      status,
      detail: 'REDIRECT',
      retryable: false,
    })
  })

  it.each([
    ['a line break', `${CANARY}\n`],
    ['a space', `${CANARY} x`],
    ['a letter beyond ASCII', `${CANARY}ø`],
    ['a quote', `${CANARY}"x`],
    ['nothing', ''],
  ])('that gives a token with %s gives none that a header may carry', async (_name, value) => {
    answerWith(gives, {
      status: 200,
      body: gives === 'token' ? { access_token: value } : `"${value}"`,
    })
    const error = await outcome(request)
    expect(error).toMatchObject({ code: `${gives}_unavailable`, status: 200, detail: 'NO_TOKEN' })
    expect(printOf(error)).not.toContain(CANARY)
  })

  it('whose address has a query is named without it: a gateway’s key may stand there', async () => {
    const address = `https://gateway.example/${gives}?code=${CANARY}`
    world.settings.change(
      gives === 'token' ? { tokenEndpoint: address } : { exchange: { url: address, testOrg: true } },
    )
    const replies: Reply[] = [
      { status: 400 },
      { status: 503 },
      { status: 204 },
      { status: 302 },
      { networkError: true },
    ]
    for (const reply of replies) {
      answerWith(gives, reply)
      const error = await outcome(request)
      expect(error).toMatchObject({ message: expect.stringContaining(`https://gateway.example/${gives}`) })
      expect(printOf(error)).not.toContain(CANARY)
    }
  })
})

describe('a 401', () => {
  it('of the token endpoint is a refusal that time does not mend', async () => {
    world.onToken = () => ({ status: 401, body: { error: 'invalid_client' } })
    expect(await outcome()).toMatchObject({ code: 'token_refused', oauthError: 'invalid_client', retryable: false })
  })

  it('of the exchange may be an outage', async () => {
    world.onExchange = () => ({ status: 401 })
    expect(await outcome({ kind: 'altinn' })).toMatchObject({ code: 'exchange_refused', retryable: true })
  })
})

describe('a Maskinporten token that no header may carry', () => {
  it('is not exchanged', async () => {
    world.onToken = () => ({ status: 200, body: { access_token: `a\r\nx-injected: ${CANARY}` } })
    expect(isMaskinportenError(await outcome({ kind: 'altinn' }), 'token_unavailable')).toBe(true)
    expect(world.exchangeCalls).toEqual([])
  })
})

describe('the life of a token', () => {
  it.each([
    [90, 90],
    [0.5, 0.5],
    ['90', 90],
    [1e308, 86_400],
    [86_401, 86_400],
    ['99999999999999999999', 86_400],
    ['', 120],
    ['1e308', 120],
    [' 90', 120],
    [[], 120],
    [[90], 120],
    [true, 120],
    [null, 120],
    [{}, 120],
    [-1, 120],
  ])('for which the token endpoint says %j is %s s', async (said, seconds) => {
    const sentAt = world.time.now()
    world.onToken = () => ({ status: 200, body: { access_token: 'token', expires_in: said } })
    expect((await tokenOf()).expiresAt - sentAt).toBe(seconds * 1000)
  })

  it.each([
    [{ exp: 1_000, iat: 400 }, 600],
    [{ exp: '1000', iat: '400' }, 600],
    [{ exp: 1e308, iat: 0 }, 86_400],
    [{ exp: 1e9, iat: 0 }, 86_400],
    [{ exp: '', iat: 0 }, 60],
    [{ exp: [1_000], iat: [400] }, 60],
    [{ exp: true, iat: false }, 60],
    [{ exp: null, iat: null }, 60],
    [{ exp: 1_000 }, 60],
    [{ exp: 400, iat: 1_000 }, 60],
  ])('that the exchange gave with %j is %i s', async (payload, seconds) => {
    world.onExchange = () => ({ status: 200, body: `"${jwt(payload)}"` })
    const token = await tokenOf({ kind: 'altinn' })
    expect(token.expiresAt - (world.exchangeCalls[0]?.at ?? 0)).toBe(
      world.time.now() - world.time.monotonic() + seconds * 1000,
    )
  })
})

describe('a server that echoes', () => {
  const echoed = (error: unknown, sent: string): string[] => {
    const print = printOf(error)
    return Array.from({ length: Math.max(0, sent.length - 11) }, (_, at) => sent.slice(at, at + 12)).filter((piece) =>
      print.includes(piece),
    )
  }

  it.each([
    ['cut short', (sent: string): string => sent.slice(0, 150)],
    ['without its beginning', (sent: string): string => sent.slice(33)],
    ['glued to other text', (sent: string): string => `Bearer%20${sent}x`],
    ['in two lines', (sent: string): string => `${sent.slice(0, 90)}\n${sent.slice(90)}`],
  ])('the assertion %s gets no piece of it into an error', async (_name, echo) => {
    let sent = ''
    const { fetch } = world
    const maskinporten = world.create({
      fetch: (url, init) => {
        sent = new URLSearchParams(init.body).get('assertion') ?? ''
        return fetch(url, init)
      },
    })
    world.onToken = () => ({
      status: 400,
      body: {
        error: 'invalid_grant',
        error_description: `cannot read ${echo(sent)}`,
        error_uri: `https://x.example/${echo(sent)}`,
      },
    })
    const answer = maskinporten.getToken().catch((error: unknown) => error)
    await world.time.advance(10_100)
    const error = await answer
    expect(sent.length).toBeGreaterThan(200)
    expect(error).toMatchObject({ code: 'token_refused', description: expect.stringContaining('cannot read') })
    expect(echoed(error, sent)).toEqual([])
  })

  it.each([
    ['as JSON with escapes', String.raw`{"title":"no: abcdefghijkl\/mnopqrstuvwx\u002Byz0123456789"}`],
    ['as text', 'no: abcdefghijkl/mnopqrstuvwx+yz0123456789'],
  ])('an opaque token %s gets no piece of it into an error', async (_name, body) => {
    const sent = 'abcdefghijkl/mnopqrstuvwx+yz0123456789=='
    world.onToken = () => ({ status: 200, body: { access_token: sent } })
    world.onExchange = () => ({ status: 403, body })
    const error = await outcome({ kind: 'altinn' })
    expect(error).toMatchObject({ code: 'exchange_refused', description: expect.stringContaining('no: [left out]') })
    expect(echoed(error, sent)).toEqual([])
  })
})
