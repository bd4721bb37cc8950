/** The ids of access tokens: 43 characters, as the real ones have. */
import { randomFillSync } from 'node:crypto'

const bytesOfOne = 32
const drawnAtOnce = 128

/** Draws its randomness for many at once: a draw costs as much for one as for all of them. */
export function createTokenIds(): () => string {
  const drawn = Buffer.alloc(bytesOfOne * drawnAtOnce)
  let used = drawn.length
  return () => {
    if (used === drawn.length) {
      randomFillSync(drawn)
      used = 0
    }
    used += bytesOfOne
    return drawn.toString('base64url', used - bytesOfOne, used)
  }
}
