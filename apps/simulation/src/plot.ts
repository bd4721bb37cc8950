/** Requests, failed calls and faults over time, as SVG. */
import { scaleLinear } from 'd3-scale'
import { curveStepAfter, line } from 'd3-shape'
import { type Fault, faultKinds } from './faults.ts'
import type { World } from './world.ts'

const WIDTH = 1_200
const LEFT = 190
const CHART = 160
const GAP = 36
const ROW = 11
const BUCKETS = 400
const HOUR_MS = 3_600_000

export class Plot {
  readonly #bucketMs: number
  readonly #hours: number
  readonly #counts = { call: zeros(), request: zeros(), failure: zeros() }

  constructor(hours: number) {
    this.#hours = hours
    this.#bucketMs = (hours * HOUR_MS) / BUCKETS
  }

  watch(world: World): void {
    world.referee.tick = (what) => {
      const bucket = Math.min(BUCKETS - 1, Math.floor(world.timeline.now / this.#bucketMs))
      this.#counts[what][bucket] = (this.#counts[what][bucket] ?? 0) + 1
    }
  }

  /** @param title what was run. */
  toSvg(title: string, faults: readonly Fault[]): string {
    const kinds = faultKinds.filter((kind) => faults.some((fault) => fault.kind === kind))
    const top = 30 + 2 * (CHART + GAP)
    const height = top + kinds.length * ROW + 40
    const x = scaleLinear([0, this.#hours], [LEFT, WIDTH - 20])
    const rows = kinds.map((kind, row) => {
      const y = top + row * ROW
      const bars = faults
        .filter((fault) => fault.kind === kind)
        .map(({ at, forMs }) =>
          rect(x(at / HOUR_MS), y, Math.max(1, x((at + forMs) / HOUR_MS) - x(at / HOUR_MS)), ROW - 3),
        )
      return `<text x="${LEFT - 6}" y="${y + 8}" text-anchor="end">${kind}</text>${bars.join('')}`
    })
    const ticks = x
      .ticks(12)
      .map((hour) => `<text x="${x(hour)}" y="${height - 14}" text-anchor="middle">${hour} h</text>`)
    return [
      `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="10">`,
      `<rect width="100%" height="100%" fill="#fff"/><text x="${LEFT}" y="18" font-size="13">${title}</text>`,
      this.#chart('requests', this.#counts.request, 30, x, '#1f5fa8'),
      this.#chart('failed calls', this.#counts.failure, 30 + CHART + GAP, x, '#b3261e'),
      ...rows,
      ...ticks,
      '</svg>\n',
    ].join('\n')
  }

  #chart(name: string, counts: readonly number[], top: number, x: (hour: number) => number, colour: string): string {
    const y = scaleLinear([0, Math.max(1, ...counts)], [top + CHART, top]).nice(4)
    const path =
      line<number>(
        (_, index) => x((index * this.#bucketMs) / HOUR_MS),
        (count) => y(count),
      ).curve(curveStepAfter)(counts) ?? ''
    const minutes = (this.#bucketMs / 60_000).toFixed(1)
    const ticks = y
      .ticks(4)
      .map(
        (count) =>
          `<text x="${LEFT - 6}" y="${y(count) + 3}" text-anchor="end">${count}</text><path d="M${LEFT} ${y(count)}H${WIDTH - 20}" stroke="#ddd"/>`,
      )
    return `${ticks.join('')}<path d="${path}" fill="none" stroke="${colour}"/><text x="10" y="${top + 10}">${name},</text><text x="10" y="${top + 22}">per ${minutes} min</text>`
  }
}

const zeros = (): number[] => Array.from({ length: BUCKETS }, () => 0)
const rect = (x: number, y: number, width: number, height: number): string =>
  `<rect x="${x.toFixed(1)}" y="${y}" width="${width.toFixed(1)}" height="${height}" fill="#c77700"/>`
