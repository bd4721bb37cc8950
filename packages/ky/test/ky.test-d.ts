import type { TokenRequest, TokenSource } from '@maskinporten-kit/core'
import { maskinportenKy } from '@maskinporten-kit/ky'
import ky from 'ky'
import type { KyInstance, Options } from 'ky'
import { expectTypeOf, test } from 'vitest'

declare const tokens: TokenSource

test('what comes back fits `ky.create()` and `ky.extend()`', () => {
  const options = maskinportenKy(tokens, { allow: 'https://a.no' })
  expectTypeOf(ky.create(options)).toEqualTypeOf<KyInstance>()
  expectTypeOf(ky.extend(options)).toEqualTypeOf<KyInstance>()
})

test('each call takes a token request or false', () => {
  expectTypeOf<Options['maskinporten']>().toEqualTypeOf<TokenRequest | false | undefined>()
  void ky.get('https://a.no', { maskinporten: { scopes: ['a'] } })
  // @ts-expect-error misspelt
  void ky.get('https://a.no', { maskinporten: { consumerorg: '991825827' } })
})
