// A `fetch` of the caller's own, with rules of its own: Node's elder ones, and one that keeps cookies.
import { resolveLoopbackNames, scriptedTokens, startRecordingServer } from '../../conformance/test/in-tree/index.ts'
import type { RecordingServer, ScriptedTokens } from '../../conformance/test/in-tree/index.ts'
import { maskinportenFetch } from '@maskinporten-kit/fetch'
import type { MaskinportenFetch } from '@maskinporten-kit/fetch'
import crossFetch from 'cross-fetch'
import cookieFetch from 'fetch-cookie'
import nodeFetch, { Request as NodeRequest } from 'node-fetch'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

let api: RecordingServer
let elsewhere: RecordingServer
let tokens: ScriptedTokens

beforeEach(async () => {
  ;[api, elsewhere] = await Promise.all([startRecordingServer(), startRecordingServer()])
  tokens = scriptedTokens()
})
afterEach(async () => {
  await Promise.all([api[Symbol.asyncDispose](), elsewhere[Symbol.asyncDispose]()])
})

// Their types are not fetch's: the caller says so, as in its own code.
const fetches: readonly (readonly [string, unknown])[] = [
  ['node-fetch', nodeFetch],
  ['cross-fetch', crossFetch],
  ['fetch-cookie over the global one', cookieFetch(globalThis.fetch)],
]
const over = (fetch: unknown, allow: string): MaskinportenFetch =>
  maskinportenFetch(tokens, { allow, fetch: fetch as typeof globalThis.fetch })

describe.each(fetches)('%s', (_name, own) => {
  it('gets through a 401, however large its body, and closes nothing that is needed', async () => {
    const fetch = over(own, api.origin)
    api.reply = (_, nth) => ({ status: nth % 2 === 1 ? 401 : 200, body: 'x'.repeat(200_000) })
    for (const init of [{}, { method: 'POST', body: 'text' }]) {
      const answer = await fetch(api.origin, init)
      expect([answer.status, (await answer.text()).length]).toEqual([200, 200_000])
    }
    expect(api.arrived.map(({ headers }) => headers.authorization)).toEqual(
      [0, 1, 1, 2].map((nth) => `Bearer ${tokens.values[nth]}`),
    )
  })

  it('hands a second 401 over whole', async () => {
    api.reply = () => ({ status: 401, body: 'no' })
    const answer = await over(own, api.origin)(api.origin)
    expect([answer.status, await answer.text(), api.arrived.length]).toEqual([401, 'no', 2])
  })

  // What the README says of redirects. The global fetch keeps the token at home in all three.
  it.each<[string, string, boolean]>([
    ['the same host at another port', 'localhost', true],
    ['a subdomain', 'sub.localhost', true],
    ['another host', '127.0.0.1', false],
  ])('follows a redirect to %s by its own rule', async (_to, host, keeps) => {
    using _ = resolveLoopbackNames()
    const home = `http://localhost:${api.port}`
    api.reply = () => ({ status: 307, headers: { location: `http://${host}:${elsewhere.port}/` } })
    await over(own, home)(home)
    expect(elsewhere.arrived.map(({ headers }) => headers.authorization)).toEqual([
      keeps ? `Bearer ${tokens.values[0]}` : undefined,
    ])
  })
})

it('a Request of node-fetch’s own arrives as it is, with the token', async () => {
  api.reply = (_, nth) => ({ status: nth === 1 ? 401 : 200 })
  const request: unknown = new NodeRequest(api.origin, { headers: { 'x-own': '1' } })
  expect((await over(nodeFetch, api.origin)(request as Request)).status).toBe(200)
  expect(api.arrived.map(({ headers }) => [headers['x-own'], headers.authorization])).toEqual(
    tokens.values.map((value) => ['1', `Bearer ${value}`]),
  )
})
