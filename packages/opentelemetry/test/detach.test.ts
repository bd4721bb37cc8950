import { type MeterProvider, type TracerProvider, metrics, trace } from '@opentelemetry/api'
import { type Maskinporten, type MaskinportenEvent, createMaskinporten } from '@maskinporten-kit/core'
import { type EmulatedClient, type Emulator, startEmulator } from '@maskinporten-kit/emulator'
import { instrumentMaskinporten } from '@maskinporten-kit/opentelemetry'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { Telemetry } from './telemetry.ts'

let emulator: Emulator
let client: EmulatedClient
let telemetry: Telemetry
let maskinporten: Maskinporten
beforeAll(async () => {
  emulator = await startEmulator()
  client = await emulator.registerClient({ scopes: ['a:b', 'a:c', 'a:d'] })
})
afterAll(() => emulator.close())
beforeEach(() => {
  telemetry = new Telemetry()
  maskinporten = createMaskinporten({ ...client.settings, exchangeToAltinnToken: false })
})
afterEach(() => maskinporten.close())

const requests = async (): Promise<number | undefined> =>
  (await telemetry.read('maskinporten.token.requests'))['from=server kind=maskinporten outcome=success why=missing']

/** How many listen: an instance calls each of its listeners for each event. */
function countListeners(of: Maskinporten): () => number {
  let listening = 0
  const subscribe = of.subscribe.bind(of)
  of.subscribe = (listener: (event: MaskinportenEvent) => void) => {
    const end = subscribe(listener)
    listening++
    let hasEnded = false
    return () => {
      if (!hasEnded) listening--
      hasEnded = true
      end()
    }
  }
  return () => listening
}

it('ends with what it returned, and twice is harmless', async () => {
  const listening = countListeners(maskinporten)
  const end = instrumentMaskinporten(maskinporten, telemetry)
  expect(listening()).toBe(2)
  await maskinporten.getToken({ scopes: 'a:b' })
  end()
  end()
  expect(listening()).toBe(0)
  const { length } = telemetry.spans
  await maskinporten.getToken({ scopes: 'a:c' })
  expect(telemetry.spans).toHaveLength(length)
  expect(await requests()).toBe(1)
  expect(await telemetry.read('maskinporten.calls')).toMatchObject({ 'result=miss': 1 })
})

it('begins again after its end, and what was counted stays counted once', async () => {
  instrumentMaskinporten(maskinporten, telemetry)()
  const end = instrumentMaskinporten(maskinporten, telemetry)
  await maskinporten.getToken({ scopes: 'a:b' })
  await maskinporten.getToken({ scopes: 'a:b' })
  end()
  await maskinporten.getToken({ scopes: 'a:b' })
  instrumentMaskinporten(maskinporten, telemetry)
  await maskinporten.getToken({ scopes: 'a:b' })
  expect(await telemetry.read('maskinporten.calls')).toEqual({ 'result=hit': 2, 'result=stale': 0, 'result=miss': 1 })
})

it('a second one on the same instance counts nothing twice, and the last to end ends both', async () => {
  const first = instrumentMaskinporten(maskinporten, telemetry)
  const second = instrumentMaskinporten(maskinporten, telemetry)
  await maskinporten.getToken({ scopes: 'a:b' })
  expect(telemetry.named('maskinporten.token')).toHaveLength(1)
  expect(await requests()).toBe(1)
  first()
  first()
  await maskinporten.getToken({ scopes: 'a:c' })
  expect(await requests()).toBe(2)
  expect(await telemetry.read('maskinporten.calls')).toMatchObject({ 'result=miss': 2 })
  second()
  await maskinporten.getToken({ scopes: 'a:d' })
  expect(await requests()).toBe(2)
})

it('tells two SDKs of the same instance, each of everything', async () => {
  const other = new Telemetry()
  instrumentMaskinporten(maskinporten, telemetry)
  const end = instrumentMaskinporten(maskinporten, other)
  await maskinporten.getToken({ scopes: 'a:b' })
  end()
  await maskinporten.getToken({ scopes: 'a:c' })
  expect([telemetry, other].map((one) => one.named('maskinporten.token').length)).toEqual([2, 1])
})

it('leaves no listener behind when the instance is closed', async () => {
  const listening = countListeners(maskinporten)
  const end = instrumentMaskinporten(maskinporten, telemetry)
  await maskinporten.close()
  expect(listening()).toBe(0)
  end()
})

const failing = new Proxy(
  {},
  {
    get: () => () => {
      throw new Error('telemetry is down')
    },
  },
)
/** Gives instruments, all of which throw. */
const halfFailing = {
  getMeter: () => new Proxy({}, { get: () => () => failing }),
  getTracer: () => ({ startSpan: () => failing }),
}
it.each([
  ['at once', failing],
  ['at each measurement', halfFailing],
])('a provider that throws %s breaks no call', async (_, provider) => {
  const providers = { meterProvider: provider as MeterProvider, tracerProvider: provider as TracerProvider }
  const end = instrumentMaskinporten(maskinporten, providers)
  await expect(maskinporten.getToken({ scopes: 'a:b' })).resolves.toMatchObject({ kind: 'maskinporten' })
  end()
})

it('metrics go on when the spans fail', async () => {
  instrumentMaskinporten(maskinporten, { meterProvider: telemetry.meterProvider, tracerProvider: halfFailing as never })
  await maskinporten.getToken({ scopes: 'a:b' })
  expect(await requests()).toBe(1)
})

it('takes the global providers when none are given', async () => {
  trace.setGlobalTracerProvider(telemetry.tracerProvider)
  metrics.setGlobalMeterProvider(telemetry.meterProvider)
  try {
    instrumentMaskinporten(maskinporten)
    await maskinporten.getToken({ scopes: 'a:b' })
    expect(telemetry.named('maskinporten.token')).toHaveLength(1)
    expect(await requests()).toBe(1)
  } finally {
    trace.disable()
    metrics.disable()
  }
})

it.each([[undefined], [null], [{}], [{ getToken: async () => ({}) }]])('refuses what is no instance: %j', (other) => {
  expect(() => instrumentMaskinporten(other as never)).toThrow(TypeError)
})

it('a cached call makes no event, and reads the clock no more often with telemetry than without', async () => {
  let events = 0
  let clockReads = 0
  const clock = { now: () => (clockReads++, Date.now()), monotonic: () => performance.now() }
  const counted = createMaskinporten({ ...client.settings, exchangeToAltinnToken: false }, { clock })
  const readsOfAHit = async (): Promise<number> => {
    const before = clockReads
    for (let call = 0; call < 100; call++) await counted.getToken({ scopes: 'a:b' })
    return clockReads - before
  }
  await counted.getToken({ scopes: 'a:b' })
  await readsOfAHit()
  const without = await readsOfAHit()
  instrumentMaskinporten(counted, telemetry)
  counted.subscribe(() => events++)
  expect(await readsOfAHit()).toBe(without)
  expect(events).toBe(0)
  await counted.close()
})
