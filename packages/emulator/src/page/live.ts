/** Tells a page that something is new, by server-sent events (WHATWG HTML §9.2). The page then asks for itself again. */

export interface LiveParts {
  /** What the page would show; another text when anything differs. */
  readonly content: () => string
  /** Calls the listener when something may have changed. Returns what ends it. */
  readonly listen: (listener: () => void) => () => void
}

/** A burst of requests becomes one event; milliseconds. */
const pauseMs = 150
/** Clients, keys and the clock are looked at so often; milliseconds. */
const lookMs = 1000
/** What a browser waits before it connects again; milliseconds. */
const retryMs = 1000

export function liveEvents({ content, listen }: LiveParts): Response {
  let end = (): void => undefined
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      const encoder = new TextEncoder()
      const send = (text: string): void => controller.enqueue(encoder.encode(text))
      let shown = content()
      const look = (): void => {
        const now = content()
        if (now === shown) return
        shown = now
        send('event: changed\ndata:\n\n')
      }
      let soon: NodeJS.Timeout | undefined
      const stop = listen(() => {
        soon ??= setTimeout(() => {
          soon = undefined
          look()
        }, pauseMs).unref()
      })
      const looking = setInterval(look, lookMs).unref()
      end = () => {
        stop()
        clearTimeout(soon)
        clearInterval(looking)
      }
      send(`retry: ${retryMs}\n\n`)
    },
    cancel: () => end(),
  })
  return new Response(stream, { headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store' } })
}
