/**
 * One application's way through the component, as Altinn's guide for service owners has it: the event is a signal, the
 * instance is read from Storage, and its receipt is confirmed.
 */
import type { ResolvedSettings } from '@maskinporten-kit/core'
import { readInstance, readInstances, readPersons } from './answers.ts'
import { type Api, call, json } from './call.ts'
import type { Component } from './component.ts'
import { StepFailure } from './step-failure.ts'
import { takeSteps } from './take-steps.ts'
import { exchangeToken, getToken, loadSettings } from './token-steps.ts'
import type { Step, Trace } from './trace.ts'

export interface App {
  /** The service owner's short name. */
  readonly org: string
  readonly app: string
}

export interface Application extends App {
  /** Origin of the register. */
  readonly register: string
  /** The citizen's part; resolves with what the event says. */
  submit(): Promise<{ readonly instance: string; readonly event: string }>
  readonly onStep?: ((step: Step) => void) | undefined
}

const storage = '/storage/api/v1/instances'

export function handleApplication(component: Component, application: Application): Promise<Trace> {
  return takeSteps(component, application.onStep, async (take) => {
    const signal = await take('form', async () => {
      const started = performance.now()
      const value = await application.submit()
      return { value, step: { id: 'form', ms: performance.now() - started, ...value } }
    })
    const settings = await take('settings', () => loadSettings(component))
    const raw = await take('token', () => getToken(component))
    await take('exchange', () => exchangeToken(component, raw))

    const altinn: Api = { kind: 'altinn', origin: platformOf(settings) }
    const register: Api = { kind: 'maskinporten', origin: application.register }
    const path = `${storage}/${signal.instance}`
    await take('list', async () => {
      const taken = await listInstances(component, altinn, application)
      if (taken.value.includes(signal.instance)) return taken
      throw new StepFailure(
        `Storage does not list ${signal.instance}, which the event named; see whether it was confirmed before`,
      )
    })
    const instance = await take('instance', () =>
      call(
        component,
        altinn,
        'instance',
        { method: 'GET', path },
        json((value) => {
          const found = readInstance(value)
          return { value: found, count: found.data.length }
        }),
      ),
    )
    for (const data of instance.data) {
      await take('data', () =>
        call(component, altinn, 'data', { method: 'GET', path: `${path}/data/${data}` }, (text) => ({
          value: undefined,
          count: Buffer.byteLength(text),
        })),
      )
    }
    // An organisation is not in the register of persons.
    const { personNumber } = instance
    if (personNumber !== undefined) {
      const request = {
        method: 'POST',
        path: '/rest/v2/personer',
        json: { personidentifikatorer: [personNumber] },
      } as const
      await take('register', () =>
        call(
          component,
          register,
          'register',
          request,
          json((value) => {
            const { count, notification } = readPersons(value)
            return { value: undefined, count, word: notification }
          }),
        ),
      )
    }
    await take('complete', () =>
      call(
        component,
        altinn,
        'complete',
        { method: 'POST', path: `${path}/complete` },
        json((value) => ({
          value: undefined,
          count: readInstance(value).confirmations,
        })),
      ),
    )
  })
}

/** Without the emulator: the same up to the list, and nothing is changed there. */
export function readOnly(component: Component, app: App, onStep?: (step: Step) => void): Promise<Trace> {
  return takeSteps(component, onStep, async (take) => {
    const settings = await take('settings', () => loadSettings(component))
    const raw = await take('token', () => getToken(component))
    await take('exchange', () => exchangeToken(component, raw))
    await take('list', () => listInstances(component, { kind: 'altinn', origin: platformOf(settings) }, app))
  })
}

function listInstances(
  component: Component,
  altinn: Api,
  { org, app }: App,
): ReturnType<typeof call<readonly string[]>> {
  const query = new URLSearchParams({
    org,
    appId: `${org}/${app}`,
    'process.isComplete': 'true',
    excludeConfirmedBy: org,
  })
  return call(
    component,
    altinn,
    'list',
    { method: 'GET', path: `${storage}?${query.toString()}` },
    json((value) => {
      const instances = readInstances(value)
      return { value: instances.map(({ id }) => id), count: instances.length }
    }),
  )
}

/** Storage is where the exchange is. @throws StepFailure for settings without an exchange. */
function platformOf({ exchange }: ResolvedSettings): string {
  if (exchange === undefined) {
    throw new StepFailure(
      'the settings name no exchange at Altinn; set TokenExchangeEnvironment in the section MaskinportenSettings',
    )
  }
  return new URL(exchange.url).origin
}
