/** Memory is swept at once, so that a test sees what only a weak reference held. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

export async function collectGarbage(): Promise<void> {
  setFlagsFromString('--expose-gc')
  const sweep: unknown = runInNewContext('gc')
  if (typeof sweep !== 'function') throw new Error('this runtime has no gc()')
  for (let round = 0; round < 5; round += 1) {
    // What the last turn still held is let go of between two sweeps.
    await new Promise((resolve) => setTimeout(resolve, 5))
    Reflect.apply(sweep, undefined, [])
  }
}
