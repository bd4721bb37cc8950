import { typeErrorsIn } from '../../conformance/test/in-tree/index.ts'
import { expect, it } from 'vitest'

it('types `maskinporten` for CommonJS too, where axios has other declarations', async () => {
  expect(await typeErrorsIn(new URL('fixtures/commonjs/', import.meta.url))).toEqual([])
})
