import type { TokenSource } from '@maskinporten-kit/core'
import { maskinportenFetch } from '@maskinporten-kit/fetch'
import type { MaskinportenFetch } from '@maskinporten-kit/fetch'
import ky from 'ky'
import createClient from 'openapi-fetch'
import { expectTypeOf, test } from 'vitest'

declare const tokens: TokenSource
declare const fetch: MaskinportenFetch

test('it is a fetch, and fits where ky and openapi-fetch take one', () => {
  expectTypeOf(maskinportenFetch(tokens, { allow: 'https://a.no', fetch: globalThis.fetch })).toExtend<
    typeof globalThis.fetch
  >()
  void ky.create({ fetch })
  void createClient({ fetch })
})

test('each call takes a token request or false', () => {
  expectTypeOf(fetch).toBeCallableWith('https://a.no', { method: 'POST', maskinporten: { consumerOrg: '991825827' } })
  expectTypeOf(fetch).toBeCallableWith(new URL('https://a.no'), { maskinporten: false })
  expectTypeOf(fetch).toBeCallableWith(new Request('https://a.no'), { maskinporten: undefined })
  // @ts-expect-error misspelt
  void fetch('https://a.no', { maskinporten: { consumerorg: '991825827' } })
})
