// vitest starts the compiler only where it finds a file like this one. With it, a type error in any source of the
// workspace fails `npm test`, whichever packages have type tests of their own.
import { expectTypeOf, test } from 'vitest'
import type { PublicPackage } from '../workspace.ts'

test('a package is known by its name', () => {
  expectTypeOf<PublicPackage['name']>().toEqualTypeOf<string>()
})
