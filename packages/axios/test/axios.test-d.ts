import { maskinportenAxios } from '@maskinporten-kit/axios'
import type { TokenRequest, TokenSource } from '@maskinporten-kit/core'
import type { AxiosInstance, AxiosRequestConfig } from 'axios'
import oldest from 'axios-floor'
import { expectTypeOf, test } from 'vitest'

declare const tokens: TokenSource
declare const instance: AxiosInstance

test('an axios instance fits, and what comes back detaches', () => {
  expectTypeOf(maskinportenAxios(instance, tokens, { allow: 'https://a.no' })).toEqualTypeOf<() => void>()
  maskinportenAxios(oldest.create(), tokens, { allow: 'https://a.no' })
})

test('each call takes a token request or false', () => {
  expectTypeOf<AxiosRequestConfig['maskinporten']>().toEqualTypeOf<TokenRequest | false | undefined>()
  void instance.get('/', { maskinporten: { scopes: ['a'] } })
  // @ts-expect-error misspelt
  void instance.get('/', { maskinporten: { consumerorg: '991825827' } })
})
