/** What the page's events cost, and who may ask for them. */
import { request } from 'node:http'
import { type Emulator, startEmulator } from '@maskinporten-kit/emulator'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { postGrant } from './sign-grant.ts'

let emulator: Emulator
const open: AbortController[] = []
beforeAll(async () => {
  emulator = await startEmulator()
})
afterAll(() => emulator.close())
afterEach(() => {
  vi.restoreAllMocks()
  for (const one of open.splice(0)) one.abort()
})

const events = (): string => `${emulator.control.url}/page/events`

async function follow(): Promise<Response> {
  const ending = new AbortController()
  open.push(ending)
  return fetch(events(), { signal: ending.signal })
}

async function hears(response: Response, words: string): Promise<string> {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  let heard = ''
  while (!heard.includes(words)) heard += (await reader?.read())?.value ?? ''
  return heard
}

test('HEAD says what a stream would say, and begins none', async () => {
  const timers = vi.spyOn(globalThis, 'setInterval')
  const head = await fetch(events(), { method: 'HEAD' })
  expect(head.status).toBe(200)
  expect(head.headers.get('content-type')).toBe('text/event-stream')
  expect(timers).not.toHaveBeenCalled()
})

// Node's fetch writes its own Sec-Fetch headers.
const statusFor = (method: string, site: string): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const sent = request(events(), { method, headers: { 'sec-fetch-site': site } }, (response) => {
      response.destroy()
      resolve(response.statusCode)
    })
    sent.on('error', reject)
    sent.end()
  })

test.each(['cross-site', 'same-site', 'none'])('a page that is %s gets no stream', async (site) => {
  expect(await statusFor('GET', site)).toBe(403)
  expect(await statusFor('HEAD', site)).toBe(403)
  expect(await statusFor('GET', 'same-origin')).toBe(200)
})

test('are told under the policy of the page', async () => {
  const { headers } = await follow()
  expect(headers.get('cross-origin-resource-policy')).toBe('same-origin')
  expect(headers.get('x-content-type-options')).toBe('nosniff')
  expect(headers.get('cache-control')).toBe('no-store')
})

test('have twenty streams at most, and one that ended makes room', async () => {
  const streams = await Promise.all(Array.from({ length: 20 }, follow))
  expect(streams.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200))
  expect((await follow()).status).toBe(503)
  for (const one of open.splice(0)) one.abort()
  await vi.waitFor(async () => expect((await follow()).status).toBe(200))
})

test('share one timer, and render nothing', async () => {
  const timers = vi.spyOn(globalThis, 'setInterval')
  const asked = vi.spyOn(emulator, 'requests')
  const streams = await Promise.all([follow(), follow(), follow()])
  const heard = Promise.all(streams.map((one) => hears(one, 'event: changed')))
  await new Promise((resolve) => setTimeout(resolve, 1200))
  await postGrant(emulator, 'x')
  await heard
  expect(timers.mock.calls.length).toBeLessThanOrEqual(1)
  expect(asked).not.toHaveBeenCalled()
})

test.each([
  ['its reader goes', async (_own: Emulator, ending: AbortController) => ending.abort()],
  ['the emulator closes', (own: Emulator) => own.close()],
])('leave no timer when %s', async (_what, act) => {
  await using own = await startEmulator()
  const begun = vi.spyOn(globalThis, 'setInterval')
  const ended = vi.spyOn(globalThis, 'clearInterval')
  const ending = new AbortController()
  const { body } = await fetch(`${own.control.url}/page/events`, { signal: ending.signal })
  expect(begun).toHaveBeenCalledOnce()
  const rest = body?.pipeTo(new WritableStream()).catch(() => undefined)
  await act(own, ending)
  await vi.waitFor(() => expect(ended).toHaveBeenCalledWith(begun.mock.results[0]?.value))
  await rest
})

test('tell of the answer to a request that was there before the stream', async () => {
  emulator.faults.next('token', { delayMs: 600 })
  const answer = postGrant(emulator, 'x')
  await vi.waitFor(() => expect(emulator.requests({ target: 'token' }).at(-1)?.refusal).toBeUndefined())
  const stream = await follow()
  expect(emulator.requests({ target: 'token' }).at(-1)?.status).toBeUndefined()
  expect(await hears(stream, 'event: changed')).toContain('event: changed')
  expect((await answer).status).toBe(400)
})

test.each([
  [
    'a system user',
    () => void emulator.maskinporten.addSystemUser({ orgNumber: '310702641', clientIds: ['x'], systemId: 'x' }),
  ],
  ['a client that is there no more', async () => emulator.reset()],
])('tell of %s', async (_what, act) => {
  await emulator.registerClient({ scopes: ['a:b'] })
  const stream = await follow()
  await act()
  expect(await hears(stream, 'event: changed')).toContain('event: changed')
})
