/**
 * One application's way through the component, as Altinn's guide for service owners has it: the event is a signal, the
 * instance is read from Storage, and its receipt is confirmed.
 */
import type { ResolvedSettings } from '@maskinporten-kit/core'
import type { Component } from './component.ts'
import { lookUp } from './register.ts'
import { StepFailure } from './step-failure.ts'
import { type App, openStorage, type Storage } from './storage.ts'
import { type Take, type Taken, takeSteps } from './take-steps.ts'
import { exchangeToken, getToken, loadSettings } from './token-steps.ts'
import type { Step, Trace } from './trace.ts'

/** What the event says. */
export interface Arrival {
  /** `{partyId}/{guid}` */
  readonly instance: string
  readonly event: string
}

export interface Application extends App {
  /** Origin of the register. */
  readonly register: string
  /** The citizen's part. */
  submit(): Promise<Arrival>
  readonly onStep?: ((step: Step) => void) | undefined
}

export function handleApplication(component: Component, application: Application): Promise<Trace> {
  return takeSteps(component, application.onStep, async (take) => {
    const { instance: id } = await take('form', () => submitForm(application))
    const storage = await authorise(component, take)
    await take('list', () => storage.list(application, id))
    const { data, personNumber } = await take('instance', () => storage.instance(id))
    for (const element of data) await take('data', () => storage.data(id, element))
    // An organisation is not in the register of persons.
    if (personNumber !== undefined) await take('register', () => lookUp(component, application.register, personNumber))
    await take('complete', () => storage.complete(id))
  })
}

/** The same up to the list, and nothing is changed there. */
export function readOnly(component: Component, app: App): Promise<Trace> {
  return takeSteps(component, undefined, async (take) => {
    const storage = await authorise(component, take)
    await take('list', () => storage.list(app))
  })
}

async function submitForm(application: Application): Promise<Taken<Arrival>> {
  const started = performance.now()
  const value = await application.submit()
  return { value, step: { id: 'form', ms: performance.now() - started, ...value } }
}

async function authorise(component: Component, take: Take): Promise<Storage> {
  const settings = await take('settings', () => loadSettings(component))
  const raw = await take('token', () => getToken(component))
  await take('exchange', () => exchangeToken(component, raw))
  return openStorage(component, platformOf(settings))
}

/** Storage is where the exchange is. @throws StepFailure for settings without an exchange. */
function platformOf({ exchange }: ResolvedSettings): string {
  if (exchange !== undefined) return new URL(exchange.url).origin
  throw new StepFailure(
    'the settings name no exchange at Altinn; set TokenExchangeEnvironment in the section MaskinportenSettings',
  )
}
