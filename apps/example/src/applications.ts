/** The applications that were sent on the page, and their traces. */
import { type AdapterName, adapterNames } from './arguments.ts'
import { type Component, openComponent } from './component.ts'
import type { Form } from './form.ts'
import { handleApplication } from './journey.ts'
import type { Stage } from './stage.ts'
import type { Trace } from './trace.ts'

export interface Applications {
  /** The same id again: the same application, which is not handled twice. */
  handle(id: string, adapter: AdapterName, form: Form): Promise<Trace>
  find(id: string): Promise<Trace> | undefined
  close(): Promise<void>
}

/** How many are kept; the oldest go first. */
const kept = 100

export function openApplications(stage: Stage): Applications {
  // One for each adapter as long as the page is there, so that the second application finds the first one's tokens.
  const components = new Map<AdapterName, Component>(
    adapterNames.map((adapter) => [adapter, openComponent(adapter, stage.settings())]),
  )
  const traces = new Map<string, Promise<Trace>>()
  let last: Promise<unknown> = Promise.resolve()
  return {
    handle(id, adapter, form) {
      const known = traces.get(id)
      if (known) return known
      const component = components.get(adapter) ?? openComponent(adapter, stage.settings())
      // One after the other: what a component reports must belong to one application.
      const trace = last.then(() => handleApplication(component, stage.application(form)))
      last = trace
      traces.set(id, trace)
      const [oldest] = traces.keys()
      if (traces.size > kept && oldest !== undefined) traces.delete(oldest)
      return trace
    },
    find: (id) => traces.get(id),
    async close() {
      await Promise.all([...components.values()].map((component) => component[Symbol.asyncDispose]()))
    },
  }
}
