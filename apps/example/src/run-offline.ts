/** With the emulator: the trace, and then the page. */
import type { Arguments } from './arguments.ts'
import { openComponent } from './component.ts'
import { sampleForm } from './form.ts'
import { handleApplication } from './journey.ts'
import { failureText, type Paint, settingsText, traceText } from './print-trace.ts'
import { startServer } from './server.ts'
import { openStage, type Stage } from './stage.ts'
import type { Trace } from './trace.ts'
import { whenAborted } from './until-stopped.ts'

export interface InputOutput {
  readonly write: (text: string) => void
  readonly complain: (text: string) => void
  readonly paint: Paint
  readonly stopped: AbortSignal
}

/** The exit code. */
export async function runOffline(options: Arguments, io: InputOutput): Promise<number> {
  const stage = await openStage(options.sources)
  try {
    const traces = await traceEach(stage, options, io)
    const stopped = io.stopped.aborted
    if (traces.some(({ failure }) => failure !== undefined)) return 1
    if (options.once || stopped) return options.once && traces.length < options.adapters.length ? 130 : 0
    const server = await startServer(stage, options.port, io.complain)
    try {
      io.write(`${io.paint('bold', 'The form and its trace:')} ${server.url}  (Ctrl-C ends it)`)
      await whenAborted(io.stopped)
    } finally {
      await server.close()
    }
    return 0
  } finally {
    await stage[Symbol.asyncDispose]()
  }
}

async function traceEach(stage: Stage, { adapters }: Arguments, io: InputOutput): Promise<readonly Trace[]> {
  const traces: Trace[] = []
  for (const adapter of adapters) {
    if (io.stopped.aborted) break
    // A component of its own, so that none has the tokens of the one before.
    const component = openComponent(adapter, stage.settings())
    const trace = await handleApplication(component, stage.application(sampleForm))
    await component[Symbol.asyncDispose]()
    traces.push(trace)
    io.write(traceText(trace, io.paint))
    if (trace.failure !== undefined) io.complain(failureText(trace))
  }
  io.write(settingsText(traces, io.paint))
  return traces
}
