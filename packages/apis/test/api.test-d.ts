import type { AdapterOptions } from '@maskinporten-kit/core/adapter'
import type { TokenRequest } from '@maskinporten-kit/core'
import { api, type ApiAccess } from '@maskinporten-kit/apis'
import { expectTypeOf, test } from 'vitest'

test('adapters take it as their options, and with() takes its request', () => {
  expectTypeOf(api('altinn/storage', 'test')).toExtend<AdapterOptions>()
  expectTypeOf(api('altinn/storage', 'test').request).toExtend<TokenRequest>()
  expectTypeOf(api('altinn/storage', 'test')).toEqualTypeOf<ApiAccess<'altinn/storage'>>()
})

test('a wrong id, environment, level or option does not compile', () => {
  expectTypeOf(api).parameter(0).extract<'altinn/storag'>().toBeNever()
  // @ts-expect-error misspelt
  void (() => api('altinn/storag', 'test'))
  // @ts-expect-error the environment is `test`
  void (() => api('altinn/storage', 'tt02'))
  // @ts-expect-error no such level
  void (() => api('altinn/storage', 'test', { access: 'all' }))
  // @ts-expect-error misspelt
  void (() => api('altinn/app', 'test', { organisation: 'ttd' }))
})
