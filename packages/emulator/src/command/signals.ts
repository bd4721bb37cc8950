/** The signals that end this process, caught from its first file on: what it wrote is removed before it ends. */

const ending = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

export interface Signals {
  /** Aborted by the first of them. */
  readonly stopped: AbortSignal
  /** That first one. `undefined`: none came. */
  readonly first: () => NodeJS.Signals | undefined
  /** Resolves with the first of them. */
  readonly stop: () => Promise<void>
  /** Hears each of them that comes from now on. */
  readonly forward: (to: (signal: NodeJS.Signals) => void) => void
  /** From now on, they end the process as they would. */
  readonly release: () => void
}

export function catchSignals(): Signals {
  const stop = new AbortController()
  let first: NodeJS.Signals | undefined
  let forwardTo: ((signal: NodeJS.Signals) => void) | undefined
  const hear = (signal: NodeJS.Signals): void => {
    first ??= signal
    stop.abort()
    forwardTo?.(signal)
  }
  for (const signal of ending) process.on(signal, hear)
  return {
    stopped: stop.signal,
    first: () => first,
    stop: () =>
      new Promise((resolve) => {
        if (stop.signal.aborted) resolve()
        else stop.signal.addEventListener('abort', () => resolve(), { once: true })
      }),
    forward: (to) => {
      forwardTo = to
    },
    release: () => {
      for (const signal of ending) process.off(signal, hear)
    },
  }
}
