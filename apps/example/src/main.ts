/** `npm start`: one application through each adapter, the trace, then the page. */
import { ArgumentsError, readArguments, usage } from './arguments.ts'
import { paintFor } from './print-trace.ts'
import { runOffline } from './run-offline.ts'
import { runReal } from './run-real.ts'
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
    return options.real ? await runReal(options, io) : await runOffline(options, io)
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : 'something failed'}\n`)
    return error instanceof ArgumentsError ? 2 : 1
  }
}
