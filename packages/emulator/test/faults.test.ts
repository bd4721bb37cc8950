import { connect } from 'node:net'
import { type EmulatedClient, type Emulator, startEmulator } from '@maskinporten-kit/emulator'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { exchange, postGrant, readJson, signGrant, tokenFor } from './sign-grant.ts'

let emulator: Emulator
let client: EmulatedClient
beforeAll(async () => {
  emulator = await startEmulator()
  client = await emulator.registerClient({ scopes: ['test:one'] })
})
afterAll(() => emulator.close())

const ask = async (): Promise<Response> => postGrant(emulator, await signGrant(emulator, client))

test('a fault is met as often as it was ordered, in the order of ordering, and only by its target', async () => {
  emulator.faults.next('token', { status: 503, times: 2, headers: { 'retry-after': '7' } })
  emulator.faults.next('token', { status: 500, body: 'down' })
  expect((await fetch(`${emulator.maskinporten.url}/jwk`)).status).toBe(200)
  const first = await ask()
  expect([first.status, first.headers.get('retry-after'), await first.text()]).toEqual([503, '7', ''])
  expect((await ask()).status).toBe(503)
  expect(await (await ask()).text()).toBe('down')
  expect((await ask()).status).toBe(200)
})

test('a body alone is sent with 200, as JSON when it is not a string', async () => {
  emulator.faults.next('metadata', { body: { issuer: 'https://evil.example.test/' } })
  const response = await fetch(`${emulator.maskinporten.issuer}.well-known/oauth-authorization-server`)
  expect([response.status, await response.json()]).toEqual([200, { issuer: 'https://evil.example.test/' }])
})

test('headers alone are put on the real answer', async () => {
  emulator.faults.next('token', { headers: { 'x-test': 'yes' } })
  const response = await ask()
  expect([response.status, response.headers.get('x-test')]).toEqual([200, 'yes'])
})

test('a row of the error table can be ordered', async () => {
  emulator.faults.next('token', { error: 'MP-121' })
  const response = await ask()
  const body = await readJson(response)
  expect([response.status, body['error_uri']]).toEqual([400, 'https://maskinporten.no/errors/MP-121'])
  expect(body['error_description']).toMatch(/Expired key\. \(trace_id: [0-9a-f]{32}\)$/)
})

test('an error or a target that does not exist is refused at once, naming those that do', () => {
  expect(() => emulator.faults.next('token', { error: 'MP-999' })).toThrow(/MP-999.*MP-121/)
  expect(() => emulator.faults.next('exchange', { error: 'MP-121' })).toThrow(/none/)
  expect(() => emulator.faults.next('token', { times: 0 })).toThrow(/times/)
})

test.each([{ 'x-y': 'a\nb' }, { 'x-y': 'a\u2028' }, { 'x y': 'a' }, { '': 'a' }])(
  'headers that cannot be sent are refused when they are ordered: %j',
  async (headers) => {
    expect(() => emulator.faults.next('token', { headers })).toThrow(
      `faults.next: the header ${JSON.stringify(Object.keys(headers)[0])} cannot be sent; correct its name or its value`,
    )
    expect((await ask()).status).toBe(200)
  },
)

test('a delay is waited, and the request then handled', async () => {
  emulator.faults.next('token', { delayMs: 80 })
  const start = performance.now()
  expect((await ask()).status).toBe(200)
  expect(performance.now() - start).toBeGreaterThan(75)
})

test('a reset cuts the connection, and the grant stays unused', async () => {
  const grant = await signGrant(emulator, client)
  emulator.faults.next('token', { reset: true })
  await expect(postGrant(emulator, grant)).rejects.toThrow('fetch failed')
  expect((await postGrant(emulator, grant)).status).toBe(200)
})

test('a lost answer leaves the grant used', async () => {
  const grant = await signGrant(emulator, client)
  emulator.faults.next('token', { loseAnswer: true })
  await expect(postGrant(emulator, grant)).rejects.toThrow('fetch failed')
  expect((await readJson(await postGrant(emulator, grant)))['error_uri']).toBe('https://maskinporten.no/errors/MP-012')
})

test('a request that hangs ends with the emulator', async () => {
  const hanging = await startEmulator()
  const holder = await hanging.registerClient({ scopes: ['test:one'] })
  hanging.faults.next('token', { hang: true })
  const answer = postGrant(hanging, await signGrant(hanging, holder))
  const ended = answer.then(
    () => 'answered',
    (error: unknown) => String(error),
  )
  await expect.poll(() => hanging.requests('token')).toHaveLength(1)
  expect(hanging.requests('token')[0]?.status).toBeUndefined()
  await hanging.close()
  expect(await ended).toContain('fetch failed')
})

test('faults are forgotten by target, and all together', async () => {
  emulator.faults.next('token', { status: 503, times: Infinity })
  emulator.faults.next('exchange', { status: 503 })
  emulator.faults.clear('token')
  const token = await tokenFor(emulator, client)
  emulator.faults.clear()
  expect((await exchange(emulator, token)).status).toBe(200)
})

test('a body of more than 10 MiB is refused, and one that ends too early is no request', async () => {
  const large = await fetch(`${emulator.maskinporten.url}/token`, {
    method: 'POST',
    body: 'x'.repeat(11 * 1024 * 1024),
  })
  expect(large.status).toBe(413)
  emulator.clearRequests()
  const socket = connect(Number(new URL(emulator.maskinporten.url).port), '127.0.0.1')
  const gone = new Promise((resolve) => socket.once('close', resolve))
  socket.end('POST /token HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 10\r\n\r\nhalf')
  socket.resume()
  await gone
  expect((await ask()).status).toBe(200)
  expect(emulator.requests('token').map(({ status }) => status)).toEqual([200])
})
