/** Where a run took place: without it a figure means nothing. */
import { cpus, loadavg } from 'node:os'

export interface Surroundings {
  readonly date: string
  readonly node: string
  readonly platform: string
  readonly processor: string
  /** Of the last minute, before the first measure. */
  readonly load: number
}

export function surroundings(): Surroundings {
  const all = cpus()
  return {
    date: new Date().toISOString().slice(0, 10),
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
    processor: `${all.length} × ${all[0]?.model.trim() ?? 'unknown'}`,
    load: Number((loadavg()[0] ?? 0).toFixed(2)),
  }
}
