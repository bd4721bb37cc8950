import { type EmulatedClient, type Emulator, startEmulator } from '@maskinporten-kit/emulator'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { altinnTokenFor, exchange, readJson, tokenFor } from './sign-grant.ts'

let emulator: Emulator
let client: EmulatedClient
beforeAll(async () => {
  emulator = await startEmulator()
  client = await emulator.registerClient({ scopes: ['altinn:serviceowner/instances.read'] })
})
afterAll(() => emulator.close())

const url = (provider: string): string => `${emulator.altinn.url}/authentication/api/v1/exchange/${provider}`

test('answers a quoted string to Accept: application/json, and the bare token to everything else', async () => {
  const token = await tokenFor(emulator, client)
  const quoted = await exchange(emulator, token, '', { accept: 'application/json' })
  expect(quoted.headers.get('content-type')).toContain('application/json')
  expect(await quoted.text()).toMatch(/^"ey[^"]+"$/)
  const bare = await exchange(emulator, token, '', { accept: '*/*' })
  expect(bare.headers.get('content-type')).toContain('text/plain')
  expect(await bare.text()).toMatch(/^ey[^"]+$/)
})

test.each([
  ['no header', undefined],
  ['another scheme', 'Basic abc'],
  ['no JWT', 'Bearer abc'],
])('refuses %s with a bare 401', async (_what, authorization) => {
  const response = await fetch(url('maskinporten'), { headers: authorization === undefined ? {} : { authorization } })
  expect([response.status, await readJson(response)]).toEqual([401, { title: 'Unauthorized', status: 401 }])
})

test('refuses a token of another Maskinporten, one that was changed, and one of its own', async () => {
  await using other = await startEmulator()
  const foreign = await tokenFor(other, await other.registerClient({ scopes: ['altinn:serviceowner'] }))
  const [head = '', , signature = ''] = (await tokenFor(emulator, client)).split('.')
  const changed = [head, Buffer.from('{"exp":9999999999}').toString('base64url'), signature].join('.')
  const tokens = [foreign, changed, await altinnTokenFor(emulator, client)]
  const answers = await Promise.all(tokens.map((token) => exchange(emulator, token)))
  expect(answers.map(({ status }) => status)).toEqual([401, 401, 401])
})

test('takes a token until 10 seconds after its end', async () => {
  await using later = await startEmulator()
  const token = await tokenFor(later, await later.registerClient({ scopes: ['altinn:serviceowner'] }))
  later.clock.advance(128_000)
  expect((await exchange(later, token)).status).toBe(200)
  later.clock.advance(3000)
  expect((await exchange(later, token)).status).toBe(401)
})

test('knows the providers of the real one, in any case, and names them to whoever asks for another', async () => {
  const headers = { authorization: `Bearer ${await tokenFor(emulator, client)}` }
  expect((await fetch(url('MaskinPorten'), { headers })).status).toBe(200)
  const unknown = await fetch(url('other'), { headers })
  expect([unknown.status, await unknown.text()]).toEqual([
    400,
    "Invalid token provider: other. Trusted token providers are 'Maskinporten', 'Id-porten' and 'AltinnStudio'.",
  ])
})

test('answers 410 to an enterprise user', async () => {
  const token = await tokenFor(emulator, client)
  const response = await exchange(emulator, token, '', { 'x-altinn-enterpriseuser-authentication': 'dXNlcjpwYXNz' })
  expect([response.status, (await readJson(response))['title']]).toEqual([
    410,
    'Virksomhetsbruker is no longer available',
  ])
})
