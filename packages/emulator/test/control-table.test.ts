import { SecretClient } from '@azure/keyvault-secrets'
import { type Emulator, startEmulator } from '@maskinporten-kit/emulator'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Control } from '../src/control/control.ts'
import { openApi } from '../src/control/openapi.ts'
import { controlRows, membersOf } from '../src/control/table.ts'
import { type Case, cases } from './control-cases.ts'
import { readJson } from './sign-grant.ts'

let emulator: Emulator
beforeAll(async () => {
  emulator = await startEmulator({ clock: { startAt: 1_900_000_000_000, stopped: true } })
})
afterAll(() => emulator.close())
beforeEach(() => emulator.reset())

const caseOf = (name: string): Case => {
  const found = Object.entries(cases).find(([one]) => one === name)
  if (!found) throw new Error(`no case for ${name}`)
  return found[1]
}

async function overHttp(control: Control, input: Readonly<Record<string, unknown>>): Promise<Response> {
  const rest = { ...input }
  const path = control.path.replaceAll(/\{(\w+)\}/g, (_whole, name: string) => {
    const value = String(rest[name])
    delete rest[name]
    return encodeURIComponent(value)
  })
  const url = new URL(`${emulator.control.url}/__emulator${path}`)
  const inQuery = control.method === 'GET'
  if (inQuery) for (const [name, value] of Object.entries(rest)) url.searchParams.set(name, String(value))
  const body = inQuery || Object.keys(rest).length === 0 ? {} : { body: JSON.stringify(rest) }
  return fetch(url, { method: control.method, headers: { 'x-maskinporten-emulator': '1' }, ...body })
}

async function inProcess(name: string, control: Control, input: Readonly<Record<string, unknown>>): Promise<unknown> {
  const [holder, method] = name.includes('.') ? name.split('.') : [undefined, name]
  const object: unknown = holder === undefined ? emulator : Reflect.get(emulator, holder)
  const call: unknown = Reflect.get(Object(object), method ?? '')
  if (typeof call !== 'function') throw new Error(`no ${name}`)
  const positional = Object.keys(control.positional ?? {})
  const options = Object.fromEntries(Object.entries(input).filter(([member]) => !positional.includes(member)))
  const args = positional.map((member) => input[member])
  const withOptions = control.options && Object.keys(options).length > 0
  return Reflect.apply(call, undefined, withOptions ? [...args, options] : args)
}

const problemOf = async (response: Response): Promise<unknown> => [
  response.status,
  (await readJson(response))['detail'],
]
const thrown = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'nothing',
    (error: unknown) => (error instanceof TypeError || error instanceof RangeError ? error.message : error),
  )

describe.each(controlRows)('%s', (name, control) => {
  const { before, input, effect, expected } = caseOf(name)

  test('has the same effect in process and over HTTP', async () => {
    await before?.(emulator)
    expect(await effect(emulator, await inProcess(name, control, input))).toEqual(expected)
    await emulator.reset()
    await before?.(emulator)
    const response = await overHttp(control, input)
    expect(response.status).toBe(control.answer?.status ?? 204)
    const result: unknown = control.answer ? await response.json() : undefined
    expect(await effect(emulator, result)).toEqual(expected)
  })

  test('refuses a member that it does not know, naming it', async () => {
    await before?.(emulator)
    const refused = [400, expect.stringMatching(new RegExp(`^${name} has no member "stauts"\\.`))]
    expect(await problemOf(await overHttp(control, { ...input, stauts: 1 }))).toEqual(refused)
    if (control.options) {
      expect(await thrown(inProcess(name, control, { ...input, stauts: 1 }))).toMatch(/has no member "stauts"\./)
    }
  })

  test('refuses each member of a wrong kind, and each that is missing, naming it', async () => {
    await before?.(emulator)
    for (const [member, { type, optional }] of Object.entries(membersOf(control))) {
      const inPath = control.path.includes(`{${member}}`)
      if (type !== 'any' && !inPath) {
        const wrong = { ...input, [member]: type === 'object' || type === 'record' || type === 'map' ? [] : {} }
        expect.soft(await problemOf(await overHttp(control, wrong))).toEqual([400, expect.stringContaining(member)])
        if (member !== 'vault') expect.soft(await thrown(inProcess(name, control, wrong))).toContain(member)
      }
      if (optional === true || inPath) continue
      const { [member]: _left, ...less } = input
      expect.soft(await problemOf(await overHttp(control, less))).toEqual([400, expect.stringContaining(member)])
      expect.soft(await thrown(inProcess(name, control, less))).toContain(member)
    }
  })
})

test('a vault by its name is guarded as the common one, and reached over HTTP by `vault`', async () => {
  const vault = emulator.keyVault.vault('own-kv')
  const misspelt: object = { siez: 1 }
  expect(() => vault.setPaging(misspelt)).toThrow('`size`?')
  const control = controlRows.find(([name]) => name === 'keyVault.deny')?.[1]
  if (!control) throw new Error('no deny')
  expect((await overHttp(control, { error: 'AccessDenied', vault: 'own-kv' })).status).toBe(204)
  vault.setSecret('Name', 'x')
  const { credential, clientOptions } = emulator.keyVault
  const read = (): Promise<unknown> => new SecretClient(vault.url, credential, clientOptions).getSecret('Name')
  await expect(read()).rejects.toMatchObject({ code: 'Forbidden' })
  await emulator.reset()
  await expect(read()).rejects.toMatchObject({ code: 'SecretNotFound' })
  vault.setSecret('Name', 'y')
  expect(await read()).toMatchObject({ value: 'y' })
})

test('the published description is the one of the table: `vitest -u` writes it anew', async () => {
  const description = `${JSON.stringify(openApi('http://127.0.0.1:8055'), undefined, 2)}\n`
  await expect(description).toMatchFileSnapshot('../src/openapi.json')
})

test('the description is served at the address of the controls, to whoever asks', async () => {
  const served = await readJson(await fetch(`${emulator.control.url}/__emulator/openapi.json`))
  expect(served).toEqual(openApi(emulator.control.url))
  const operations = Object.values(served['paths'] ?? {}).flatMap((path) => Object.values(Object(path)))
  expect(operations.length).toBe(controlRows.length + 6)
})

test('health, readiness and version are told without the header, under any name', async () => {
  const ask = async (path: string): Promise<unknown> => {
    const response = await fetch(`${emulator.control.url}${path}`)
    return [response.status, await readJson(response)]
  }
  expect(await ask('/health')).toEqual([200, { status: 'ok' }])
  expect(await ask('/ready')).toEqual([200, { status: 'ok' }])
  expect(await ask('/version')).toEqual([200, { version: expect.stringMatching(/^\d+\.\d+\.\d+/) }])
})
