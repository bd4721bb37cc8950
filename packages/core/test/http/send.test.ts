import { afterEach, expect, it, vi } from 'vitest'
import type { FetchFunction } from '../../src/fetch-function.ts'
import { Time } from '../../src/time.ts'
import { send } from '../../src/http/send.ts'

afterEach(() => {
  vi.unstubAllGlobals()
})

/** The init of one request, sent by the `fetch` given or by the global one. */
async function initBy(place: 'global' | 'given'): Promise<object> {
  const inits: object[] = []
  const fetch: FetchFunction = async (_, init) => {
    inits.push(init)
    return new Response('{}')
  }
  if (place === 'global') vi.stubGlobal('fetch', fetch)
  const sender = {
    fetch: place === 'given' ? fetch : undefined,
    time: new Time({ now: Date.now, monotonic: Date.now }),
  }
  await send(
    sender,
    'https://test.maskinporten.no/token',
    { method: 'POST', headers: {}, body: 'grant' },
    { signal: new AbortController().signal, limitMs: 1000, failure: 'token_unavailable' },
  )
  return inits[0] ?? {}
}

it('asks the global fetch, which Next.js replaces, to keep nothing of its answer', async () => {
  expect(await initBy('global')).toMatchObject({ method: 'POST', redirect: 'manual', next: { internal: true } })
})

it('gives a fetch of the caller’s own the standard options only', async () => {
  expect(Object.keys(await initBy('given')).toSorted()).toEqual(['body', 'headers', 'method', 'redirect', 'signal'])
})

it('never sets `cache`, which would make static pages of Next.js fail', async () => {
  expect(await initBy('global')).not.toHaveProperty('cache')
})

/** What comes of an answer made by hand. */
async function outcomeOf(answer: object): Promise<unknown> {
  return send(
    { fetch: async () => answer as Response, time: new Time({ now: Date.now, monotonic: Date.now }) },
    'https://test.maskinporten.no/token',
    { method: 'POST', headers: {}, body: 'grant' },
    { signal: new AbortController().signal, limitMs: 1000, failure: 'token_unavailable' },
  ).then(
    ({ status, header }) => ({ status, date: header('date') }),
    (error: unknown) => error,
  )
}

it.each([
  ['no headers', {}],
  ['headers of another kind', { headers: { date: 'x' } }],
  ['headers that throw', { headers: { get: () => expect.fail('CANARY') } }],
  ['a header that is a list', { headers: { get: () => ['x'] } }],
])('an answer with %s has none', async (_name, part) => {
  expect(await outcomeOf({ status: 400, text: async () => '', ...part })).toEqual({ status: 400, date: null })
})

it('says of an answer without text that the fetch is at fault', async () => {
  const answer = { status: 200, headers: new Headers(), text: async () => ({ access_token: 'CANARY' }) }
  expect(await outcomeOf(answer)).toMatchObject({ code: 'token_unavailable', detail: 'FETCH' })
})
