/** Takes steps until one fails, and keeps what they say. */
import type { Component } from './component.ts'
import { sentenceOf } from './step-failure.ts'
import type { Step, StepId, Trace } from './trace.ts'

export interface Taken<T> {
  readonly step: Step
  readonly value: T
}

export type Take = <T>(id: StepId, work: () => Promise<Taken<T>>) => Promise<T>

export async function takeSteps(
  { adapter }: Component,
  onStep: ((step: Step) => void) | undefined,
  journey: (take: Take) => Promise<void>,
): Promise<Trace> {
  const steps: Step[] = []
  let latest: StepId = 'form'
  try {
    await journey(async (id, work) => {
      latest = id
      const { step, value } = await work()
      steps.push(step)
      onStep?.(step)
      return value
    })
    return { adapter, steps, failure: undefined }
  } catch (error) {
    return { adapter, steps, failure: { id: latest, sentence: sentenceOf(error) } }
  }
}
