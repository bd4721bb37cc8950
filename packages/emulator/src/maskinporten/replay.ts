/** Grants that were used, until they could not be used any more (MP-012). */

export interface UsedGrants {
  /** False when it was used before. `until`: seconds since the epoch. */
  use(key: string, until: number, now: number): boolean
  clear(): void
}

const bucketSeconds = 60

export function createUsedGrants(): UsedGrants {
  const used = new Set<string>()
  // By the minute in which they end, so that forgetting costs nothing per request.
  const buckets = new Map<number, string[]>()
  let swept = 0
  return {
    use(key, until, now) {
      const minute = Math.floor(now / bucketSeconds)
      if (minute !== swept) {
        swept = minute
        for (const [end, keys] of buckets) {
          if (end >= minute) continue
          for (const old of keys) used.delete(old)
          buckets.delete(end)
        }
      }
      if (used.has(key)) return false
      used.add(key)
      const end = Math.floor(until / bucketSeconds)
      const bucket = buckets.get(end)
      if (bucket) bucket.push(key)
      else buckets.set(end, [key])
      return true
    },
    clear() {
      used.clear()
      buckets.clear()
    },
  }
}
