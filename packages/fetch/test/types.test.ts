import { typeErrorsIn } from '../../conformance/test/in-tree/index.ts'
import { expect, it } from 'vitest'

it.each(['node', 'workers'])('is assignable to `typeof fetch` under the types of %s, without DOM', async (globals) => {
  expect(await typeErrorsIn(new URL(`fixtures/${globals}/`, import.meta.url))).toEqual([])
})
