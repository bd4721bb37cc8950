// Given to a client as its `fetch`: what the client does by itself stays as it is.
import { scriptedTokens, startRecordingServer } from '../../conformance/test/in-tree/index.ts'
import type { RecordingServer, ScriptedTokens } from '../../conformance/test/in-tree/index.ts'
import { maskinportenFetch } from '@maskinporten-kit/fetch'
import type { MaskinportenFetch } from '@maskinporten-kit/fetch'
import ky from 'ky'
import createClient from 'openapi-fetch'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

let api: RecordingServer
let tokens: ScriptedTokens
let fetch: MaskinportenFetch

beforeEach(async () => {
  api = await startRecordingServer()
  tokens = scriptedTokens()
  fetch = maskinportenFetch(tokens, { allow: api.origin })
})
afterEach(() => api[Symbol.asyncDispose]())

const bodies = (): string[] => api.arrived.map(({ body }) => String(body))
const json = { headers: { 'content-type': 'application/json' }, body: '{"a":1}' }

describe('openapi-fetch', () => {
  interface paths {
    '/things/{id}': {
      get: {
        parameters: { path: { id: string } }
        responses: { 200: { content: { 'application/json': { a: number } } } }
      }
      post: {
        parameters: { path: { id: string } }
        requestBody: { content: { 'application/json': { b: number } } }
        responses: { 200: { content: { 'application/json': { a: number } } } }
      }
    }
  }
  const things = (): ReturnType<typeof createClient<paths>> => createClient<paths>({ baseUrl: api.origin, fetch })
  const path = { params: { path: { id: '7' } } }

  it('sends the token, and the one that a call asks for', async () => {
    api.reply = () => json
    expect((await things().GET('/things/{id}', path)).data).toEqual({ a: 1 })
    await things().GET('/things/{id}', { ...path, maskinporten: { consumerOrg: '991825827' } })
    await things().GET('/things/{id}', { ...path, maskinporten: false })
    expect(tokens.asked.map(({ request }) => request)).toEqual([undefined, { consumerOrg: '991825827' }])
    expect(api.arrived.map(({ path: at, headers }) => [at, headers.authorization])).toEqual([
      ['/things/7', `Bearer ${tokens.values[0]}`],
      ['/things/7', `Bearer ${tokens.values[0]}`],
      ['/things/7', undefined],
    ])
  })

  it('gets through a 401 with a GET and with a POST', async () => {
    api.reply = (_, nth) => (nth % 2 === 1 ? { ...json, status: 401 } : json)
    expect((await things().GET('/things/{id}', path)).data).toEqual({ a: 1 })
    const posted = await things().POST('/things/{id}', { ...path, body: { b: 2 } })
    expect([posted.response.status, posted.data]).toEqual([200, { a: 1 }])
    expect(bodies()).toEqual(['', '', '{"b":2}', '{"b":2}'])
  })
})

describe('ky', () => {
  it('sends json, forms and streams, and reads answers', async () => {
    api.reply = () => json
    const client = ky.create({ fetch, retry: 0 })
    expect(await client.post(api.origin, { json: { b: 2 } }).json()).toEqual({ a: 1 })
    await client.post(api.origin, { body: new URLSearchParams({ c: '3' }) }).text()
    await client.post(api.origin, { body: new Blob(['a stream']).stream() }).bytes()
    const form = new FormData()
    form.set('navn', 'Kari')
    await client.post(api.origin, { body: form }).blob()
    expect(bodies().slice(0, 3)).toEqual(['{"b":2}', 'c=3', 'a stream'])
    expect(bodies()[3]).toContain('Kari')
    expect(new Set(api.arrived.map(({ headers }) => headers.authorization))).toEqual(
      new Set([`Bearer ${tokens.values[0]}`]),
    )
  })

  it('retries, times out, aborts and follows redirects as ever', async () => {
    const client = ky.create({ fetch })
    api.reply = (_, nth) =>
      nth === 1 ? { status: 503 } : nth === 2 ? { status: 302, headers: { location: '/there' } } : {}
    expect(await client.get(api.origin, { retry: { limit: 1, delay: () => 1 } }).text()).toBe('ok')
    expect(api.arrived.map(({ path }) => path)).toEqual(['/', '/', '/there'])
    api.reply = () => new Promise(() => {})
    await expect(client.get(api.origin, { timeout: 20, retry: 0 })).rejects.toMatchObject({ name: 'TimeoutError' })
    const controller = new AbortController()
    const aborted = client.get(api.origin, { signal: controller.signal, retry: 0 })
    controller.abort()
    await expect(aborted).rejects.toMatchObject({ name: 'AbortError' })
  })
})

describe('on its own', () => {
  it('streams with duplex, follows redirects or not, and gives a whole Response', async () => {
    api.reply = ({ path }) => (path === '/from' ? { status: 307, headers: { location: '/to' } } : json)
    const stream = { method: 'POST', body: new Blob(['a stream']).stream(), duplex: 'half' }
    expect(await (await fetch(api.origin, stream)).json()).toEqual({ a: 1 })
    const followed = await fetch(`${api.origin}/from`)
    expect([followed.redirected, followed.url, followed.status]).toEqual([true, `${api.origin}/to`, 200])
    expect(await followed.clone().text()).toBe('{"a":1}')
    expect((await fetch(`${api.origin}/from`, { redirect: 'manual' })).status).toBe(307)
    await expect(fetch(`${api.origin}/from`, { redirect: 'error' })).rejects.toThrow(TypeError)
  })
})
