// Work that keeps two cores busy, and no more: this must pass in time on a machine with two.
const AT_ONCE = 2

/** What the tasks resolve to, in their order. */
export async function inTurn<T>(tasks: readonly (() => Promise<T>)[]): Promise<readonly T[]> {
  const results: T[] = []
  const waiting = [...tasks.entries()]
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) results[next[0]] = await next[1]()
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  return results
}
