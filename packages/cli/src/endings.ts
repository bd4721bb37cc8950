/** How the process ends when others end it: Ctrl-C, and a reader who has read enough. */
import { constants } from 'node:os'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
const SHOW_CURSOR = '\u001b[?25h'

/**
 * Ends as a shell expects it, 128 and the number of the signal, with the cursor of the terminal back. A command that
 * listens to a signal itself ends by itself, too.
 */
export function endOnSignals(): void {
  for (const signal of SIGNALS)
    process.on(signal, () => {
      if (process.listenerCount(signal) > 1) return
      if (process.stderr.isTTY) process.stderr.write(SHOW_CURSOR)
      process.exit(128 + constants.signals[signal])
    })
}

/** `maskinporten … | head` is no failure: what is not read is not written. */
export function endWithReader(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    process.exit(process.exitCode ?? 0)
  })
  // Nobody is left to be told.
  process.stderr.on('error', () => undefined)
}
