/** `npm start`: one application through each adapter, the trace, then the page. */
import { ArgumentsError, readArguments, usage } from './arguments.ts'
import { paintFor } from './print-trace.ts'
import { untilStopped } from './until-stopped.ts'

process.exitCode = await main(process.argv.slice(2))

async function main(words: readonly string[]): Promise<number> {
  try {
    const options = readArguments(words)
    if (options.help) {
      process.stdout.write(usage)
      return 0
    }
    const io = {
      write: (text: string): void => void process.stdout.write(`${text}\n`),
      complain: (text: string): void => void process.stderr.write(`${text}\n`),
      paint: paintFor(process.stdout),
      stopped: untilStopped(),
    }
    // Not before it is known what is wanted: the emulator and three SDKs take longer to load than --help to read.
    if (options.real) return await (await import('./run-real.ts')).runReal(options, io)
    return await (await import('./run-offline.ts')).runOffline(options, io)
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : 'something failed'}\n`)
    return error instanceof ArgumentsError ? 2 : 1
  }
}
