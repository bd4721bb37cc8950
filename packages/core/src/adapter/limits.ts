/** A client's own limits (signal, timeout, cancel token) also end the wait for a token. */
import { fault } from '../errors.ts'

/** Core itself waits for `timeoutMs`, and its error then names the step that was awaited. */
const HINT = 'raise the timeout of the call, or lower timeoutMs of createMaskinporten to see which step takes so long'

export interface CallLimits {
  readonly signal?: LimitingSignal | null | undefined
  /** In milliseconds; 0 and undefined: no timeout. */
  readonly timeout?: number | undefined
  /** The older way of axios to cancel, beside `signal`. */
  readonly cancelToken?:
    | { subscribe?(listener: () => void): void; unsubscribe?(listener: () => void): void }
    | undefined
}

/** The part of an AbortSignal that clients use. */
interface LimitingSignal {
  readonly aborted: boolean
  addEventListener?(type: 'abort', listener: () => void): unknown
  removeEventListener?(type: 'abort', listener: () => void): unknown
}

/** @throws {MaskinportenError} `timeout`, by way of the signal that `wait` is given. */
export async function withinLimits<T>(limits: CallLimits, wait: (signal?: AbortSignal) => Promise<T>): Promise<T> {
  const { signal, cancelToken, timeout } = limits
  if (!signal && !cancelToken && !timeout) return wait()
  const controller = new AbortController()
  const abort = (): void => controller.abort()
  const timer =
    timeout &&
    setTimeout(() => {
      controller.abort(
        fault('timeout', `no token within ${timeout} ms, the timeout of this call`, HINT, { retryable: true }),
      )
    }, timeout)
  try {
    if (signal?.aborted) abort()
    signal?.addEventListener?.('abort', abort)
    cancelToken?.subscribe?.(abort)
    return await wait(controller.signal)
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener?.('abort', abort)
    cancelToken?.unsubscribe?.(abort)
  }
}
