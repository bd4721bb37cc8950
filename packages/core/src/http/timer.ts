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
