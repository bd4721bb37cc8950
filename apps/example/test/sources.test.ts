import { describe, expect, test } from 'vitest'
import { adapterNames, sourceNames } from '../src/arguments.ts'
import type { Step, Trace } from '../src/trace.ts'
import { openScene, send } from './scene.ts'

const origins = {
  json: /^appsettings\.json:\d+$/,
  env: /^env MaskinportenSettings__\w+; hidden: "" appsettings\.json:\d+$/,
  'key-vault': /^Key Vault soknad-kv, MaskinportenSettings--\w+ \(\w+\); hidden: "" appsettings\.json:\d+$/,
}
const credential = ['MaskinportenSettings:ClientId', 'MaskinportenSettings:EncodedJwk']
const scenes = sourceNames.map((source) => ({ source, scene: openScene(source) }))

const times = ['exp', 'iat', 'nbf']

/** A step without what may differ: origins, ids, times, and the ports of this emulator. */
function outcome(step: Step): unknown {
  const text = JSON.stringify(step, (name, value: unknown) => {
    // Whether the exchange changes or keeps a time depends on the second it falls in.
    if (times.includes(name) && typeof value === 'object') return undefined
    if (name === 'kept' && Array.isArray(value)) return value.filter((claim) => !times.includes(claim))
    if (['ms', 'remainingMs', ...times].includes(name)) return typeof value
    return ['jti', 'sid', 'kid', 'client_id', 'settings'].includes(name) ? typeof value : value
  })
  return text
    .replaceAll(/127\.0\.0\.1:\d+/g, 'host')
    .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'guid')
    .replaceAll(/"(before|after)":\d+/g, '"$1":0')
}

describe('client id and key from json, env or the key vault', () => {
  test('through each adapter: the same steps with the same outcomes', async () => {
    const traces: Trace[] = []
    for (const { scene } of scenes) {
      for (const adapter of adapterNames) traces.push(await send(scene, await scene.component(adapter)))
    }
    expect(traces.map(({ failure }) => failure)).toEqual(traces.map(() => undefined))
    const [first, ...others] = traces.map(({ steps }) => steps.map(outcome))
    expect(first).toHaveLength(9)
    expect(others).toHaveLength(8)
    for (const other of others) expect(other).toEqual(first)
  })

  test.each(scenes)(
    '$source is named as the origin of the two, and appsettings.json as that of the rest',
    async ({ source, scene }) => {
      const { steps } = await send(scene, await scene.component('fetch'))
      const read = steps.find((step) => step.id === 'settings')
      if (read === undefined || !('settings' in read)) throw new Error('no settings in the trace')
      expect(read.settings).toHaveLength(8)
      for (const { key, origin } of read.settings) {
        expect(origin).toMatch(credential.includes(key) ? origins[source] : origins.json)
      }
      const values = new Map(read.settings.map(({ key, value }) => [key, value]))
      expect(values.get('MaskinportenSettings:EncodedJwk')).toMatch(/^\[RSA 2048, kid [\w-]+\]$/)
    },
  )
})

describe('client id and key in several places', () => {
  const both = openScene('json', 'env')

  test('the last one wins, and the trace says what it hides', async () => {
    const { steps, failure } = await send(both, await both.component('ky'))
    expect(failure).toBeUndefined()
    const read = steps.find((step) => step.id === 'settings')
    const clientId = read && 'settings' in read ? read.settings.find(({ key }) => key === credential[0]) : undefined
    expect(clientId?.origin).toMatch(/^env MaskinportenSettings__ClientId; hidden: "[\w-]+" appsettings\.json:\d+$/)
  })
})
