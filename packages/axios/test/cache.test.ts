import { readFileSync } from 'node:fs'
import { inspect } from 'node:util'
import { maskinportenAxios } from '@maskinporten-kit/axios'
import { startRecordingServer } from '../../conformance/test/in-tree/index.ts'
import type { RecordingServer } from '../../conformance/test/in-tree/index.ts'
import { createAccessToken } from '@maskinporten-kit/core'
import type { TokenSource } from '@maskinporten-kit/core'
import { create } from 'axios'
import { buildKeyGenerator, setupCache } from 'axios-cache-interceptor'
import type { AxiosCacheInstance, CacheOptions } from 'axios-cache-interceptor'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

let api: RecordingServer
beforeEach(async () => {
  // Each customer's answer is its own, and says so.
  api = await startRecordingServer(({ headers }) => ({
    headers: { vary: 'Authorization', 'cache-control': 'max-age=60' },
    body: String(headers.authorization).slice(-9),
  }))
})
afterEach(() => api[Symbol.asyncDispose]())

/** A token for each customer: `canary-` and its number. */
const tokens: TokenSource = {
  getToken: (request) =>
    Promise.resolve(createAccessToken({ value: `canary-${JSON.stringify(request?.consumerOrg)?.slice(1, -1)}` })),
}
const [A, B] = ['991825827', '889640782']

// As the README has it, word for word.
const generateKey = buildKeyGenerator(({ baseURL, url, method, params, data, maskinporten }) => {
  return { baseURL, url, method, params, data, maskinporten }
})

function cachingClient(options: CacheOptions, cacheFirst: boolean): AxiosCacheInstance {
  const instance = create({ baseURL: api.origin })
  const attach = (): unknown => maskinportenAxios(instance, tokens, { allow: api.origin })
  if (!cacheFirst) attach()
  const cached = setupCache(instance, options)
  if (cacheFirst) attach()
  return cached
}

it('the recipe is the README’s', () => {
  const [here, readme] = ['cache.test.ts', '../README.md'].map((path) =>
    readFileSync(new URL(path, import.meta.url), 'utf8'),
  )
  const recipe = /^const generateKey = [^]*?\n}\)$/m
  expect(recipe.exec(here ?? '')?.[0]).toBe(recipe.exec(readme ?? '')?.[0])
  expect(readme).toMatch(recipe)
})

describe.each([
  ['before', true],
  ['after', false],
])('with axios-cache-interceptor set up %s ours', (_name, cacheFirst) => {
  it('one customer gets another’s answer, as the cache sees no Authorization', async () => {
    const client = cachingClient({}, cacheFirst)
    await client.get('/x', { maskinporten: { consumerOrg: A } })
    expect((await client.get('/x', { maskinporten: { consumerOrg: B } })).data).toBe(Number(A))
  })

  it('each customer gets its own by the recipe, and a second call is answered by the cache', async () => {
    const client = cachingClient({ generateKey }, cacheFirst)
    for (const consumerOrg of [A, B, A, B]) {
      const answers = await Promise.all([1, 2].map(() => client.get('/x', { maskinporten: { consumerOrg } })))
      expect(answers.map(({ data }) => String(data))).toEqual([consumerOrg, consumerOrg])
    }
    expect(api.arrived.map(({ headers }) => headers.authorization)).toEqual([
      `Bearer canary-${A}`,
      `Bearer canary-${B}`,
    ])
  })

  it('no token is kept by the cache', async () => {
    const client = cachingClient({ generateKey }, cacheFirst)
    const { config, id } = await client.get('/x', { maskinporten: { consumerOrg: A } })
    const stored = await client.storage.get(id, config)
    expect(stored.state).toBe('cached')
    const kept = [stored, config, client.storage, client.defaults]
    expect(inspect(kept, { depth: Infinity, showHidden: true })).not.toContain('canary')
  })
})
