/** Altinn Storage, as far as the component needs it: with the exchanged token. */
import { readInstance, readInstances, type Instance } from './answers.ts'
import { type Api, call, parseJson } from './call.ts'
import type { Component } from './component.ts'
import { StepFailure } from './step-failure.ts'
import type { Taken } from './take-steps.ts'

export interface App {
  /** The service owner's short name. */
  readonly org: string
  readonly app: string
}

export interface Storage {
  /** The finished instances that the service owner has not confirmed, newest first. @throws StepFailure when `expected` is not among them. */
  list(app: App, expected?: string): Promise<Taken<undefined>>
  instance(id: string): Promise<Taken<Instance>>
  data(id: string, element: string): Promise<Taken<undefined>>
  /** The service owner has what it needs. */
  complete(id: string): Promise<Taken<undefined>>
}

const base = '/storage/api/v1/instances'

export function openStorage(component: Component, origin: string): Storage {
  const altinn: Api = { kind: 'altinn', origin }
  return {
    list: ({ org, app }, expected) => {
      const wanted = { org, appId: `${org}/${app}`, 'process.isComplete': 'true', excludeConfirmedBy: org }
      const path = `${base}?${new URLSearchParams(wanted).toString()}`
      return call(component, altinn, { id: 'list', method: 'GET', path }, (text) => {
        const instances = readInstances(parseJson(text))
        if (expected !== undefined && !instances.some(({ id }) => id === expected)) {
          throw new StepFailure(
            `Storage does not list ${expected}, which the event named; see whether it was confirmed before`,
          )
        }
        return { value: undefined, count: instances.length }
      })
    },
    instance: (id) =>
      call(component, altinn, { id: 'instance', method: 'GET', path: `${base}/${id}` }, (text) => {
        const instance = readInstance(parseJson(text))
        return { value: instance, count: instance.data.length }
      }),
    data: (id, element) =>
      call(component, altinn, { id: 'data', method: 'GET', path: `${base}/${id}/data/${element}` }, (text) => ({
        value: undefined,
        count: Buffer.byteLength(text),
      })),
    complete: (id) =>
      call(component, altinn, { id: 'complete', method: 'POST', path: `${base}/${id}/complete` }, (text) => ({
        value: undefined,
        count: readInstance(parseJson(text)).confirmations,
      })),
  }
}
