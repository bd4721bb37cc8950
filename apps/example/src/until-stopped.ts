/** Ctrl-C and SIGTERM, as a signal that code can look at and wait for. */

/** Further ones change nothing: npm passes on a Ctrl-C that the terminal has sent already. */
export function untilStopped(): AbortSignal {
  const stop = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => stop.abort(name))
  return stop.signal
}

export function whenAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
