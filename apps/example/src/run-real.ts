/** Without the emulator: the settings that are here, the real servers, and nothing changed there. */
import { fromAzureKeyVault } from '@maskinporten-kit/config-azure-key-vault'
import { fromEnv } from '@maskinporten-kit/config-env'
import { fromAppSettings } from '@maskinporten-kit/config-json'
import { settingsFrom } from '@maskinporten-kit/core'
import type { Arguments } from './arguments.ts'
import { openComponent } from './component.ts'
import { readOnly } from './journey.ts'
import { failureText, settingsText, traceText } from './print-trace.ts'
import type { InputOutput } from './run-offline.ts'
import type { Trace } from './trace.ts'

/** The exit code. */
export async function runReal({ adapters, org = '', app = '' }: Arguments, io: InputOutput): Promise<number> {
  const traces: Trace[] = []
  for (const adapter of adapters) {
    const settings = settingsFrom([fromAppSettings(), fromEnv(), fromAzureKeyVault()])
    const component = openComponent(adapter, settings)
    io.stopped.addEventListener('abort', () => void component[Symbol.asyncDispose](), { once: true })
    const trace = await readOnly(component, { org, app })
    await component[Symbol.asyncDispose]()
    if (io.stopped.aborted) return 130
    traces.push(trace)
    io.write(traceText(trace, io.paint))
    if (trace.failure !== undefined) {
      io.complain(failureText(trace))
      return 1
    }
  }
  io.write(settingsText(traces, io.paint))
  return 0
}
