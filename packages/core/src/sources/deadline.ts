import { MaskinportenError } from '../errors.ts'
import { startTimer } from '../http/timer.ts'

/** A signal that ends after its time, with an error that says so, or with its parent. */
export function startDeadline(
  ms: number,
  parent: AbortSignal,
  keepAlive: boolean,
): { readonly signal: AbortSignal; readonly stop: () => void } {
  const deadline = new AbortController()
  const seconds = Number((ms / 1000).toPrecision(2))
  const stopTimer = startTimer(
    ms,
    () => deadline.abort(new MaskinportenError('timeout', `the settings did not load within ${seconds} s`)),
    keepAlive,
  )
  const end = (): void => deadline.abort(parent.reason)
  parent.addEventListener('abort', end)
  if (parent.aborted) end()
  const stop = (): void => {
    stopTimer()
    parent.removeEventListener('abort', end)
  }
  return { signal: deadline.signal, stop }
}
