/** JSON that is nested so deeply that nobody could write it again: JSON.parse takes it, JSON.stringify does not. */
import { type EmulatedClient, type Emulator, startEmulator } from '@maskinporten-kit/emulator'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { exchange, postGrant, readJson, tokenFor } from './sign-grant.ts'

const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth)
const part = (text: string): string => Buffer.from(text).toString('base64url')
const jws = (claims: string, header = '{"alg":"RS256","kid":"one"}'): string => `${part(header)}.${part(claims)}.AAAA`

let emulator: Emulator
let client: EmulatedClient
beforeAll(async () => {
  emulator = await startEmulator()
})
afterAll(() => emulator.close())
beforeEach(async () => {
  await emulator.reset()
  client = await emulator.registerClient({ scopes: ['altinn:serviceowner/instances.read'] })
})

const control = (path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(`${emulator.control.url}${path}`, { ...init, headers: { 'x-maskinporten-emulator': '1' } })

describe.each([900, 20_000, 300_000])('JSON that is nested %i deep', (depth) => {
  test.each([
    ['a claim that is read', () => jws(`{"scope":${nested(depth)}}`)],
    ['a claim that nobody reads', () => jws(`{"mine":${nested(depth)}}`)],
    ['a header', () => jws('{}', `{"alg":${nested(depth)}}`)],
    ['a kid', () => jws('{}', `{"alg":"RS256","kid":${nested(depth)}}`)],
    ['authorization_details', () => jws(`{"authorization_details":[{"type":${nested(depth)}}]}`)],
  ])('in %s is refused, and what arrived can be looked at', async (_where, assertion) => {
    const answer = await postGrant(emulator, assertion())
    expect([answer.status, (await readJson(answer))['error']]).toEqual([400, 'invalid_request'])
    const shown = await fetch(`${emulator.control.url}/`)
    expect(shown.status).toBe(200)
    expect((await shown.text()).length).toBeLessThan(200_000)
    expect((await control('/__emulator/requests')).status).toBe(200)
  })

  test.each([
    ['the exchange', () => exchange(emulator, jws(`{"exp":${nested(depth)}}`, '{"alg":"RS256","kid":{}}'))],
    [
      'Texas',
      () =>
        texas(`{"identity_provider":"maskinporten","target":"a:b","authorization_details":[{"a":${nested(depth)}}]}`),
    ],
    [
      'Texas, in a text',
      () =>
        texas(
          JSON.stringify({
            identity_provider: 'maskinporten',
            target: 'a:b',
            authorization_details: `[{"a":${nested(depth)}}]`,
          }),
        ),
    ],
    ['introspection', () => introspect(jws(`{"exp":${nested(depth)}}`))],
    ['a control', () => control('/__emulator/submissions', { method: 'POST', body: `{"data":${nested(depth)}}` })],
    ['a fault', () => control('/__emulator/faults/register', { method: 'POST', body: `{"body":${nested(depth)}}` })],
    ['self-service', async () => selfService(`{"client_name":${nested(depth)}}`)],
  ])('is refused by %s, and not with a 500', async (_where, act) => {
    const { status } = await act()
    expect(status).toBeLessThan(500)
    emulator.faults.clear()
    expect((await control('/__emulator/requests')).status).toBe(200)
    expect((await fetch(`${emulator.control.url}/`)).status).toBe(200)
  })
})

const texas = (body: string): Promise<Response> =>
  fetch(emulator.texas.tokenEndpoint, { method: 'POST', body, headers: { 'content-type': 'application/json' } })
const introspect = (token: string): Promise<Response> =>
  fetch(emulator.texas.introspectionEndpoint, {
    method: 'POST',
    body: JSON.stringify({ identity_provider: 'maskinporten', token }),
    headers: { 'content-type': 'application/json' },
  })
async function selfService(body: string): Promise<Response> {
  const admin = await emulator.registerClient({ scopes: ['idporten:dcr.write'] })
  const authorization = `Bearer ${await tokenFor(emulator, admin)}`
  const headers = { authorization, 'content-type': 'application/json' }
  return fetch(`${emulator.selfService.url}/api/v1/clients`, { method: 'POST', body, headers })
}

test.each([
  ['wide', `{"scope":[${'[],'.repeat(100_000)}[]]}`],
  ['long', `{"scope":["${'x'.repeat(500_000)}"]}`],
  ['many', `{${Array.from({ length: 20_000 }, (_, at) => `"m${at}":[[]]`).join(',')}}`],
])('a %s claim set is cut where it is shown', async (_what, claims) => {
  await postGrant(emulator, jws(claims))
  const shown = await (await fetch(`${emulator.control.url}/`)).text()
  expect(shown).toContain('…')
  expect(shown.length).toBeLessThan(200_000)
})

test('a member of any name is shown as it came', async () => {
  await postGrant(emulator, jws('{"__proto__":{"polluted":true},"constructor":[1]}'))
  const shown = await (await fetch(`${emulator.control.url}/`)).text()
  expect(shown).toContain('__proto__&quot;: {\n    &quot;polluted')
  expect(Reflect.get({}, 'polluted')).toBeUndefined()
})

test('a page that follows what arrives is told of a deeply nested grant, and the emulator goes on', async () => {
  const ending = new AbortController()
  const response = await fetch(`${emulator.control.url}/page/events`, { signal: ending.signal })
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  await postGrant(emulator, jws(`{"scope":${nested(20_000)}}`))
  let heard = ''
  await vi.waitFor(async () => {
    heard += (await reader?.read())?.value ?? ''
    expect(heard).toContain('event: changed')
  })
  ending.abort()
  expect(await tokenFor(emulator, client)).toMatch(/^ey/)
})
