import {
  type EmulatedClient,
  type Emulator,
  type RecordedRequest,
  type RequestFilter,
  startEmulator,
} from '@maskinporten-kit/emulator'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { altinnTokenFor, exchange, jwtBearer, postGrant, readJson, signGrant, tokenFor } from './sign-grant.ts'

const start = 1_900_000_000_000
let emulator: Emulator
beforeAll(async () => {
  emulator = await startEmulator({ clock: { startAt: start, stopped: true } })
})
afterAll(() => emulator.close())
beforeEach(() => emulator.reset())

const last = (): RecordedRequest | undefined => emulator.requests().at(-1)
const overHttp = async (query: string): Promise<unknown> => {
  const headers = { 'x-maskinporten-emulator': '1' }
  const response = await fetch(`${emulator.control.url}/__emulator/requests${query}`, { headers })
  return response.json()
}
const idsOf = (requests: unknown): unknown =>
  Array.isArray(requests) ? requests.map((one: unknown) => Reflect.get(Object(one), 'id')) : requests

describe('the answer of a success', () => {
  test.each(['token', 'exchange', 'texas', 'entra'] as const)(
    'has header and claims of the token, of %s',
    async (target) => {
      const client = await emulator.registerClient({ scopes: ['altinn:serviceowner/instances.read'] })
      const token = await issueBy[target](client)
      const [request] = emulator.requests({ target, limit: 1 })
      expect(request?.answer?.token).toEqual({ header: decodeProtectedHeader(token), claims: decodeJwt(token) })
      const told = JSON.stringify([request, await overHttp(`?target=${target}`)])
      expect(told).not.toContain(token)
      expect(told).not.toContain(token.split('.')[2])
    },
  )

  const issueBy: Readonly<
    Record<'token' | 'exchange' | 'texas' | 'entra', (client: EmulatedClient) => Promise<string>>
  > = {
    token: (client) => tokenFor(emulator, client),
    exchange: async (client) => (await exchange(emulator, await tokenFor(emulator, client))).text(),
    texas: async () => {
      const body = new URLSearchParams({
        identity_provider: 'maskinporten',
        target: 'altinn:serviceowner/instances.read',
      })
      return String(
        (await readJson(await fetch(emulator.texas.tokenEndpoint, { method: 'POST', body })))['access_token'],
      )
    },
    entra: async () => {
      const { clientId, clientSecret, tenantId } = emulator.entra.registerApplication()
      const { credentialOptions } = emulator.entra
      const { ClientSecretCredential } = await import('@azure/identity')
      const credential = new ClientSecretCredential(tenantId, clientId, clientSecret, credentialOptions)
      return (await credential.getToken('https://vault.azure.net/.default')).token
    },
  }

  test('has no body, and one that was cut has no answer', async () => {
    await fetch(`${emulator.maskinporten.url}/jwk`)
    expect(last()?.answer).toEqual({})
    emulator.faults.next('jwk', { reset: true })
    await fetch(`${emulator.maskinporten.url}/jwk`).catch(() => undefined)
    expect([last()?.status, last()?.answer]).toEqual([undefined, undefined])
  })
})

describe('the answer of a refusal', () => {
  test('is its body as it was sent', async () => {
    const response = await postGrant(emulator, 'x')
    expect(last()?.answer).toEqual({ body: await response.text() })
  })

  test('has no token in it, and is cut after 4,096 characters', async () => {
    const client = await emulator.registerClient({ scopes: ['a:b'] })
    const token = await tokenFor(emulator, client)
    emulator.faults.next('jwk', { status: 500, body: `${token} ${'x'.repeat(10_000)}` })
    await fetch(`${emulator.maskinporten.url}/jwk`)
    const body = last()?.answer?.body ?? ''
    expect(body).toMatch(/^JWT x+$/)
    expect(body.length).toBeLessThanOrEqual(4096)
    expect(JSON.stringify(last())).not.toContain(token.split('.')[1])
  })
})

describe('every status of 400 or more has a rule', () => {
  test.each([
    ['an address that is not there', (): string => `${emulator.maskinporten.url}/nothing`, 'address_unknown'],
    ['another method', () => `${emulator.maskinporten.url}/token`, 'token_405'],
    ['a tenant that is not there', () => `${emulator.entra.url}/x/discovery/v2.0/keys`, 'AADSTS90002'],
    ['an operation that is not there', () => `${emulator.selfService.url}/x`, 'operation_unknown'],
    ['Texas without a body', () => `${emulator.texas.url}/api/v1/token`, 'address_unknown'],
  ])('%s', async (_what, url, rule) => {
    await emulator.fetch(url())
    expect(last()?.refusal?.rule).toBe(rule)
  })

  test('but for the challenge of a vault, which refuses nothing', async () => {
    await emulator.fetch(`${emulator.keyVault.url}/secrets/x?api-version=7.5`)
    expect([last()?.status, last()?.refusal]).toEqual([401, undefined])
    const headers = { authorization: `Bearer ${(await emulator.keyVault.credential.getToken('any')).token}` }
    await emulator.fetch(`${emulator.keyVault.url}/secrets/x?api-version=7.5`, { headers })
    expect([last()?.status, last()?.refusal?.rule]).toEqual([404, 'SecretNotFound'])
  })

  test('of Storage, the words of the answer are the reason', async () => {
    const owner = await emulator.registerClient({ scopes: ['altinn:serviceowner/instances.read'] })
    const headers = { authorization: `Bearer ${await altinnTokenFor(emulator, owner)}` }
    const response = await fetch(`${emulator.altinn.url}/storage/api/v1/instances`, { headers })
    expect(last()?.refusal).toEqual({ rule: 'storage_400', reason: await response.text() })
  })
})

describe('filters', () => {
  const asked: readonly (readonly [string, RequestFilter, string, readonly number[]])[] = [
    ['nothing', {}, '', [1, 2, 3, 4]],
    ['target', { target: 'token' }, '?target=token', [2, 3]],
    ['status', { status: 200 }, '?status=200', [1, 4]],
    ['since a number', { since: start + 1000 }, `?since=${start + 1000}`, [3, 4]],
    ['since a Date', { since: new Date(start + 1000) }, `?since=${new Date(start + 1000).toISOString()}`, [3, 4]],
    ['refused', { refused: true }, '?refused=true', [2, 3]],
    ['not refused', { refused: false }, '?refused=false', [1, 4]],
    ['limit', { limit: 3 }, '?limit=3', [2, 3, 4]],
    ['limit after the others', { limit: 1, target: 'token' }, '?limit=1&target=token', [3]],
    [
      'all of them',
      { target: 'token', status: 400, since: start, limit: 9 },
      `?target=token&status=400&since=${start}&limit=9`,
      [2, 3],
    ],
    ['nothing left', { status: 418 }, '?status=418', []],
  ]
  test.each(asked)('%s', async (_what, filter, query, places) => {
    await fetch(`${emulator.maskinporten.url}/jwk`)
    await postGrant(emulator, 'x')
    emulator.clock.advance(1000)
    await postGrant(emulator, 'x')
    await fetch(`${emulator.maskinporten.url}/jwk`)
    const all = emulator.requests().map(({ id }) => id)
    const wanted = places.map((place) => all[place - 1])
    expect(idsOf(emulator.requests(filter))).toEqual(wanted)
    expect(idsOf(await overHttp(query))).toEqual(wanted)
  })

  test.each([
    [{ limit: 0 }, '?limit=0', 'limit'],
    [{ limit: 1.5 }, '?limit=1.5', 'limit'],
    [{ status: 42 }, '?status=42', 'status'],
    [{ status: Number.NaN }, '?status=x', 'status'],
    [{ since: 'soon' }, '?since=soon', 'since'],
    [{ since: Number.NaN }, '?since=', 'since'],
    [{ since: new Date(Number.NaN) }, '?since=1e99', 'since'],
  ])('%j is refused, naming the member', async (filter, query, member) => {
    expect(() => emulator.requests(filter)).toThrow(`\`${member}\``)
    expect(await overHttp(query)).toMatchObject({ status: 400, detail: expect.stringContaining(`\`${member}\``) })
  })

  test('a target that is mistyped is refused, naming the nearest', () => {
    const misspelt: object = { target: 'tokn' }
    expect(() => emulator.requests(misspelt)).toThrow('token')
  })
})

describe('what is kept', () => {
  test('is bounded by bytes: of large bodies the newest few are left, and all they hold is at most 64 MiB', async () => {
    const body = 'x'.repeat(9 * 1024 * 1024)
    for (let sent = 0; sent < 6; sent++) await fetch(`${emulator.register.url}/big/${sent}`, { method: 'POST', body })
    const kept = emulator.requests()
    expect(kept.length).toBeGreaterThan(0)
    expect(2 * kept.reduce((sum, request) => sum + request.body.length, 0)).toBeLessThanOrEqual(64 * 1024 * 1024)
    expect(kept.at(-1)?.path).toBe('/big/5')
    // What comes after it is kept beside it.
    await fetch(`${emulator.maskinporten.url}/jwk`)
    expect(emulator.requests().map(({ path }) => path)).toEqual([...kept.map(({ path }) => path), '/jwk'])
  })

  test('gives back the room of what is cleared', async () => {
    const body = 'x'.repeat(9 * 1024 * 1024)
    for (let round = 0; round < 4; round++) {
      await fetch(`${emulator.register.url}/big`, { method: 'POST', body })
      emulator.clearRequests('register')
    }
    await fetch(`${emulator.maskinporten.url}/jwk`)
    for (let sent = 0; sent < 2; sent++) await fetch(`${emulator.register.url}/big`, { method: 'POST', body })
    expect(emulator.requests().length).toBe(3)
  })
})

test('a hanging request that was cleared meanwhile is answered, and disturbs nothing', async () => {
  emulator.faults.next('token', { delayMs: 200 })
  const sent = fetch(`${emulator.maskinporten.url}/token`, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: jwtBearer, assertion: 'x' }),
  })
  await expect.poll(() => emulator.requests('token').length).toBe(1)
  emulator.clearRequests()
  expect((await sent).status).toBe(400)
  expect(emulator.requests()).toEqual([])
})

test('the grant of a refused request is told as before', async () => {
  const client = await emulator.registerClient({ scopes: ['a:b'] })
  await postGrant(emulator, await signGrant(emulator, client, { claims: { aud: 'https://else.test/' } }))
  expect(last()).toMatchObject({
    status: 400,
    refusal: { rule: 'MP-110' },
    grant: { claims: { iss: client.clientId } },
  })
})
