/** Tells the pages that something is new, by server-sent events (WHATWG HTML §9.2). A page then asks for itself again. */

export interface LiveParts {
  /** Another text when the page would show anything else. Asked for each second, so it must cost less than the page does. */
  readonly state: () => string
  /** Calls the listener when something may have changed. Returns what ends it. */
  readonly listen: (listener: () => void) => () => void
}

export interface Live {
  /** `undefined` when there are as many as there may be. Ends when its reader goes. */
  stream(): ReadableStream<Uint8Array> | undefined
}

/** A burst of requests becomes one event; milliseconds. */
const pauseMs = 150
/** Clients, keys and the clock are looked at so often; milliseconds. */
const lookMs = 1000
/** What a browser waits before it connects again; milliseconds. */
const retryMs = 1000
/** More than anybody has pages. */
const mostStreams = 20

const encoder = new TextEncoder()

export function createLive({ state, listen }: LiveParts): Live {
  const streams = new Set<ReadableStreamDefaultController<Uint8Array>>()
  let shown = ''
  let end = (): void => undefined
  const look = (): void => {
    const now = state()
    if (now === shown) return
    shown = now
    for (const one of streams) one.enqueue(encoder.encode('event: changed\ndata:\n\n'))
  }
  /** One for all streams. It runs in timers, where an error would end the process. */
  const lookSafely = (): void => {
    try {
      look()
    } catch (error) {
      process.emitWarning(error instanceof Error ? error : String(error))
    }
  }
  const begin = (): void => {
    let soon: NodeJS.Timeout | undefined
    const stop = listen(() => {
      soon ??= setTimeout(() => {
        soon = undefined
        lookSafely()
      }, pauseMs).unref()
    })
    const looking = setInterval(lookSafely, lookMs).unref()
    end = () => {
      stop()
      clearTimeout(soon)
      clearInterval(looking)
    }
  }
  return {
    stream() {
      if (streams.size >= mostStreams) return undefined
      let own: ReadableStreamDefaultController<Uint8Array> | undefined
      return new ReadableStream<Uint8Array>({
        start(controller) {
          own = controller
          // What is new until now is told to the others, and this page asks for itself when its stream opens.
          if (streams.size === 0) shown = state()
          else lookSafely()
          streams.add(controller)
          if (streams.size === 1) begin()
          controller.enqueue(encoder.encode(`retry: ${retryMs}\n\n`))
        },
        cancel() {
          if (own && streams.delete(own) && streams.size === 0) end()
        },
      })
    },
  }
}
