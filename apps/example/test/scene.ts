/** A stage for one test file, opened when it is needed and closed afterwards. */
import { afterAll } from 'vitest'
import type { AdapterName, SourceName } from '../src/arguments.ts'
import { type Component, openComponent } from '../src/component.ts'
import { sampleForm } from '../src/form.ts'
import { handleApplication } from '../src/journey.ts'
import { openStage, type Stage } from '../src/stage.ts'
import type { Step, Trace } from '../src/trace.ts'

export interface Scene {
  stage(): Promise<Stage>
  component(adapter: AdapterName): Promise<Component>
}

export function openScene(...places: SourceName[]): Scene {
  let opened: Promise<Stage> | undefined
  const components: Component[] = []
  const stage = (): Promise<Stage> => (opened ??= openStage(places))
  afterAll(async () => {
    for (const component of components) await component[Symbol.asyncDispose]()
    await (await opened)?.[Symbol.asyncDispose]()
  })
  return {
    stage,
    async component(adapter) {
      const component = openComponent(adapter, (await stage()).settings())
      components.push(component)
      return component
    },
  }
}

export async function send(scene: Scene, component: Component, onStep?: (step: Step) => void): Promise<Trace> {
  return handleApplication(component, { ...(await scene.stage()).application(sampleForm), onStep })
}
