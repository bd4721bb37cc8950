/** The limits that a client has of its own: they also end the wait for a token. */
import { MaskinportenError } from '../errors.ts'

export interface CallLimits {
  readonly signal?: LimitingSignal | null | undefined
  /** In milliseconds; 0 and undefined: none. */
  readonly timeout?: number | undefined
  /** As axios has it, beside its signal. */
  readonly cancelToken?:
    | { subscribe?(listener: () => void): void; unsubscribe?(listener: () => void): void }
    | undefined
}

/** As little of an AbortSignal as clients ask of one. */
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
        new MaskinportenError('timeout', `no token within the timeout of ${timeout} ms: raise it`, {
          hint: 'raise it',
          retryable: true,
        }),
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
