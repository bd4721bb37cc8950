/** The register of contact information: an API that takes Maskinporten's token as it is. */
import { readPersons } from './answers.ts'
import { call, parseJson } from './call.ts'
import type { Component } from './component.ts'
import type { Taken } from './take-steps.ts'

export function lookUp(component: Component, origin: string, person: string): Promise<Taken<undefined>> {
  const body = { personidentifikatorer: [person] }
  const request = { id: 'register', method: 'POST', path: '/rest/v2/personer', json: body } as const
  return call(component, { kind: 'maskinporten', origin }, request, (text) => {
    const { count, notification } = readPersons(parseJson(text))
    return { value: undefined, count, word: notification }
  })
}
