import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  type ConfigLayer,
  type LoadContext,
  type SigningKey,
  createMaskinporten,
  fromObject,
  settingsFrom,
} from '@maskinporten-kit/core'
import { Discovery } from '../../src/grant/metadata.ts'
import { Time } from '../../src/time.ts'
import { seedRandom } from './drive.ts'
import { settle } from './virtual-time.ts'
import { UNKNOWN_KID, World, fakeKey } from './world.ts'

/** Cloudflare Workers: what a request began ends with it. Its promises never settle, and its timers never fire. */
let world: World
beforeEach(() => {
  seedRandom()
  world = new World()
})
afterEach(() => {
  world[Symbol.dispose]()
  vi.restoreAllMocks()
})

const DEADLINE_MS = 10_000
const outcome = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'token',
    (error: unknown) => error,
  )

async function endRequest(): Promise<void> {
  await settle()
  world.time.drop()
}

describe('a flight whose request has ended', () => {
  for (const kind of ['maskinporten', 'altinn'] as const) {
    it(`is left after one deadline, by those who wait and by the next caller: ${kind}`, async () => {
      const maskinporten = world.create()
      void outcome(maskinporten.getToken({ kind }))
      await endRequest()
      await world.time.advance(6_000)
      const waiting = outcome(maskinporten.getToken({ kind }))
      await world.time.advance(4_300)
      expect(await waiting).toBe('token')
      expect(await maskinporten.getToken({ kind })).toHaveProperty('kind', kind)
    })

    it(`holds nobody who comes after its deadline: ${kind}`, async () => {
      const maskinporten = world.create()
      void outcome(maskinporten.getToken({ kind }))
      await endRequest()
      await world.time.advance(DEADLINE_MS + 1)
      const next = outcome(maskinporten.getToken({ kind }))
      await world.time.advance(200)
      expect(await next).toBe('token')
    })
  }

  it('holds no Altinn token up for longer, when its Maskinporten token’s flight is the dead one', async () => {
    const maskinporten = world.create()
    void outcome(maskinporten.getToken())
    await endRequest()
    await world.time.advance(5_000)
    const waiting = outcome(maskinporten.getToken({ kind: 'altinn' }))
    await world.time.advance(5_400)
    expect(await waiting).toBe('token')
  })

  it('in which discovery was asked holds nobody again and again', async () => {
    world[Symbol.dispose]()
    world = new World({ tokenEndpoint: undefined })
    const maskinporten = world.create()
    void outcome(maskinporten.getToken())
    await endRequest()
    await world.time.advance(DEADLINE_MS + 1)
    const next = outcome(maskinporten.getToken())
    await world.time.advance(200)
    expect(await next).toBe('token')
  })

  it('in which the settings were refreshed holds no later refresh back', async () => {
    const maskinporten = world.create()
    world.onToken = () => UNKNOWN_KID
    world.settings.onRefresh = () => new Promise(() => {})
    void outcome(maskinporten.getToken())
    await world.time.advance(100)
    await endRequest()
    await world.time.advance(DEADLINE_MS + 1)
    world.settings.onRefresh = async () => false
    const next = outcome(maskinporten.getToken())
    await world.time.advance(200)
    expect(await next).toMatchObject({ code: 'token_refused' })
    expect(world.settings.refreshes).toBe(2)
  })

  it('lets another identity’s attempts overlap after its deadline', async () => {
    const maskinporten = world.create()
    world.onToken = () => ({ hang: true, status: 599 })
    void outcome(maskinporten.getToken())
    await world.time.advance(3_500)
    await endRequest()
    await world.time.advance(DEADLINE_MS)
    world.onToken = () => (world.tokenCalls.length === 3 ? { hang: true, status: 599 } : undefined)
    const other = outcome(maskinporten.getToken({ scopes: 'c:d' }))
    await world.time.advance(3_200)
    expect(await other).toBe('token')
  })
})

describe('settings whose load never ends', () => {
  it('are loaded anew after one deadline, for those who wait and for the next caller', async () => {
    const maskinporten = world.create()
    world.settings.loadMs = () => new Promise(() => {})
    void outcome(maskinporten.getToken())
    await endRequest()
    await world.time.advance(6_000)
    const waiting = outcome(maskinporten.getToken())
    await settle()
    world.settings.loadMs = async () => {}
    await world.time.advance(4_300)
    expect(await waiting).toBe('token')
  })

  it('of sources: the next get() asks them again', async () => {
    let asked = 0
    const source = { ...fromObject({}), name: 'mine', load: () => (++asked, new Promise<never>(() => {})) }
    const provider = settingsFrom([source], { clock: world.time })
    void outcome(provider.get())
    await endRequest()
    await world.time.advance(DEADLINE_MS + 200)
    const again = outcome(provider.get())
    await world.time.advance(DEADLINE_MS + 200)
    expect(await again).toMatchObject({ code: 'timeout' })
    expect(asked).toBe(2)
    await provider.close()
  })
})

describe('a caller just after the request that ended', () => {
  it('leaves a dead load of the settings, and has its own time for the next: so have those after it', async () => {
    const signer = fakeKey('key-1')
    const source = fromObject({ MaskinportenSettings: { environment: 'test', clientId: 'c', scope: 'a:b' } })
    let isDead = true
    const load = async (context: LoadContext): Promise<ConfigLayer> =>
      isDead ? new Promise<never>(() => {}) : source.load(context)
    const provider = settingsFrom([{ name: 'mine', load }], { clock: world.time, signer })
    const maskinporten = createMaskinporten(provider, { fetch: world.fetch, clock: world.time })
    void outcome(maskinporten.getToken())
    await endRequest()
    isDead = false
    await world.time.advance(100)
    world.latencyMs = 500
    const next = outcome(maskinporten.getToken())
    await world.time.advance(5_000)
    const later = outcome(maskinporten.getToken())
    await world.time.advance(4_915)
    // The signer's key is read off the event loop, in real time.
    await vi.waitUntil(() => provider.current() !== undefined)
    await world.time.advance(2_000)
    expect([await next, await later]).toEqual(['token', 'token'])
    await maskinporten.close()
  })

  it('leaves a dead flight, and has its own time for the next', async () => {
    const maskinporten = world.create()
    void outcome(maskinporten.getToken())
    await endRequest()
    await world.time.advance(100)
    world.latencyMs = 500
    const next = outcome(maskinporten.getToken())
    await world.time.advance(DEADLINE_MS + 600)
    expect(await next).toBe('token')
  })

  it('begins anew when another’s flight rejects with an error of the runtime', async () => {
    // Workers since 2024-10-14: a promise of a request that has ended rejects for those of other requests.
    const ended = new Error('This promise was created by a request that has since ended')
    let n = 0
    const filter = (test: (key: SigningKey) => boolean): SigningKey[] => {
      if (n++ === 0) throw ended
      return [fakeKey('key-1')].filter(test)
    }
    world.settings.change({ keys: Object.assign([fakeKey('key-1')], { filter }) })
    const maskinporten = world.create()
    const first = outcome(maskinporten.getToken())
    const others = [
      maskinporten.getToken(),
      maskinporten.getToken({ scopes: 'a:b' }),
      maskinporten.getToken({ kind: 'altinn' }),
    ].map(outcome)
    await world.time.advance(200)
    expect(await first).toBe(ended)
    expect(await Promise.all(others)).toEqual(['token', 'token', 'token'])
    expect(world.tokenCalls).toHaveLength(1)
  })

  it('asks for metadata anew when another’s question rejects with an error of the runtime', async () => {
    const ended = new Error('This promise was created by a request that has since ended')
    const asked: string[] = []
    const discovery = new Discovery({
      time: new Time(world.time),
      fetch: async (url, init) => {
        asked.push(url)
        const answer = await world.fetch(url, init)
        // Not a failure of the network: it is thrown by what the runtime does to the promise.
        if (asked.length === 1) throw Object.assign(ended, { digest: 'NEXT_NOT_FOUND' })
        return answer
      },
    })
    const { signal } = new AbortController()
    const both = [1, 2].map(() =>
      discovery.find('https://issuer.example/', signal).then(
        () => 'metadata',
        (e: unknown) => e,
      ),
    )
    await world.time.advance(200)
    expect(await Promise.all(both)).toEqual([ended, 'metadata'])
  })
})

describe('construction', () => {
  it('makes no AbortController, starts no timer and draws nothing at random', async () => {
    const made = vi.spyOn(globalThis, 'AbortController')
    const drawn = [vi.spyOn(crypto, 'randomUUID'), vi.spyOn(crypto, 'getRandomValues')]
    const provider = settingsFrom([fromObject({})])
    createMaskinporten(provider)
    createMaskinporten({ clientId: 'x', encodedJwk: 'x' }).with({ scopes: 'a:b' })
    const maskinporten = world.create()
    expect(maskinporten.health().status).toBe('ok')
    expect(made).not.toHaveBeenCalled()
    for (const one of drawn) expect(one).not.toHaveBeenCalled()
    expect(world.time.armed).toBe(0)
  })

  it('where the clock shows 0 (Workers’ global scope) leaves health to the first look', async () => {
    const time = { now: () => 0, monotonic: () => 0 }
    const maskinporten = createMaskinporten({ clientId: 'x', encodedJwk: 'x' }, { clock: time })
    time.now = () => 1_800_000_000_000
    expect(maskinporten.health().since).toBe(1_800_000_000_000)
  })
})
