/** What the page's events cost, and who may ask for them. */
import { request } from 'node:http'
import { type Emulator, startEmulator } from '@maskinporten-kit/emulator'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'

let emulator: Emulator
beforeAll(async () => {
  emulator = await startEmulator()
})
afterAll(() => emulator.close())
afterEach(() => {
  vi.restoreAllMocks()
})

const events = (): string => `${emulator.control.url}/page/events`

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

