/** When this process got nothing done at all: a busy machine is not a slow call. */
export interface Span {
  readonly began: number
  readonly ended: number
}

const TICK_MS = 5
/** A longer gap between two ticks is a stall. */
const STALL_MS = 10

export function watchStalls(): {
  /** How long a call took, less the stalls in it, milliseconds. */
  durationOf(span: Span): number
  end(): void
} {
  const stalls: Span[] = []
  let last = performance.now()
  const timer = setInterval(() => {
    const now = performance.now()
    if (now - last > STALL_MS) stalls.push({ began: last, ended: now })
    last = now
  }, TICK_MS)
  return {
    durationOf: ({ began, ended }) =>
      stalls.reduce(
        (left, stall) => left - Math.max(0, Math.min(ended, stall.ended) - Math.max(began, stall.began)),
        ended - began,
      ),
    end: () => clearInterval(timer),
  }
}
