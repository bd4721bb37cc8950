/** Timers looked up per call, so that a test's own clock may stand in. Returns what stops it. */
export function startTimer(ms: number, then: () => void, keepAlive = false): () => void {
  const timer = setTimeout(then, ms)
  // Background work must not keep a process alive; a waiting caller may.
  if (!keepAlive && isNodeTimer(timer)) timer.unref()
  return () => clearTimeout(timer)
}

function isNodeTimer(timer: unknown): timer is { unref(): void } {
  return typeof timer === 'object' && timer !== null && 'unref' in timer
}

/** @throws what `signal` was aborted with. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (then: () => void): void => {
      stop()
      signal.removeEventListener('abort', abort)
      then()
    }
    const abort = (): void => end(() => reject(signal.reason))
    const stop = startTimer(ms, () => end(resolve))
    if (signal.aborted) abort()
    else signal.addEventListener('abort', abort, { once: true })
  })
}
