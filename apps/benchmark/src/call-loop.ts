/** Nanoseconds of one awaited call, in batches of a millisecond or two. */
import { runInThisContext } from 'node:vm'
import type { Round } from './rounds.ts'

export type Call = (index: number) => Promise<unknown>

const BATCH_MS = 2
const WARM_UP_MS = 60

/**
 * A loop for each system, compiled for it alone: in one that they shared the compiler would see ten kinds of calls in one
 * place, which no user's code has, and all would come out slower and closer together.
 */
function loopFor(name: string): (call: Call, times: number) => Promise<number> {
  const source = `(async (call, times) => {
    // ${name}
    const start = performance.now()
    for (let index = 0; index < times; index++) await call(index)
    return performance.now() - start
  })`
  const loop: unknown = runInThisContext(source)
  if (!isLoop(loop)) throw new TypeError('the loop did not compile')
  return loop
}

const isLoop = (value: unknown): value is (call: Call, times: number) => Promise<number> => typeof value === 'function'

/** Rounds of figure `time`, in ns a call. The batch grows until the calls are compiled and it fills its milliseconds. */
export async function timedCalls(name: string, call: Call): Promise<Round> {
  const loop = loopFor(name)
  let times = 8
  const end = performance.now() + WARM_UP_MS
  while (performance.now() < end) {
    const ms = await loop(call, times)
    if (ms < BATCH_MS) times *= 2
    else if (ms > 2 * BATCH_MS) times = Math.max(1, times >> 1)
  }
  return async () => ({ time: ((await loop(call, times)) / times) * 1e6 })
}
