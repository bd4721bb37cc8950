import { typeErrorsIn } from '@maskinporten-kit/conformance'
import { expect, it } from 'vitest'

it('types `maskinporten` for CommonJS too, where axios has other declarations', async () => {
  expect(await typeErrorsIn(new URL('fixtures/commonjs/', import.meta.url))).toEqual([])
})
