// vitest starts the compiler only where it finds a file like this one. With it, a type error in any source of the
// workspace fails `npm test`, whichever packages have type tests of their own.
import { expectTypeOf, test } from 'vitest'
import type { Room } from '../structure/arrows.ts'

test('the map of the house names packages, nothing else', () => {
  expectTypeOf<Room['knows']>().toEqualTypeOf<readonly string[]>()
})
