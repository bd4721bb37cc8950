// At which millisecond a call is served, waits, renews or gives up.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type AccessToken, type Maskinporten, createMaskinporten, settingsFrom } from '@maskinporten-kit/core'
import { MemoryStore } from './memory-store.ts'
import { settle } from './virtual-time.ts'
import { World, fakeKey } from './world.ts'

const HANGS = { hang: true, status: 599 } as const
const DEADLINE_MS = 10_000
/** Of a token of two minutes: the last quarter, and in it the last five seconds. */
const RENEWAL_MS = 90_000
const LAST_MOMENTS_MS = 115_000
const END_MS = 120_000

let world: World
beforeEach(() => {
  // The jitter is 1.
  vi.spyOn(Math, 'random').mockReturnValue(0.5)
  world = new World()
})
afterEach(() => {
  world[Symbol.dispose]()
  vi.restoreAllMocks()
})

interface Seen {
  /** The token, or the error's code. */
  readonly outcome: unknown
  /** When it came, milliseconds. */
  readonly at: number
}
const seen = (promise: Promise<AccessToken>): Promise<Seen> =>
  promise.then(
    ({ value }) => ({ outcome: value, at: world.time.monotonic() }),
    (error: unknown) => ({
      outcome: error instanceof Error && 'code' in error ? error.code : error,
      at: world.time.monotonic(),
    }),
  )

const until = (ms: number): Promise<void> => world.time.advance(ms - world.time.monotonic())

/** An instance with a token that was asked for at 0 ms. */
async function warm(at: number): Promise<{ readonly maskinporten: Maskinporten; readonly first: AccessToken }> {
  const maskinporten = world.create()
  const token = maskinporten.getToken()
  await until(at)
  return { maskinporten, first: await token }
}

describe('a token', () => {
  it('is renewed from the first call in its last quarter, which it still serves', async () => {
    const { maskinporten, first } = await warm(RENEWAL_MS - 1)
    expect(await maskinporten.getToken()).toBe(first)
    expect(maskinporten.stats()).toMatchObject({ hits: 1, renewals: 0, stale: 0 })
    await until(RENEWAL_MS)
    expect(await maskinporten.getToken()).toBe(first)
    expect(maskinporten.stats()).toMatchObject({ hits: 1, renewals: 1, stale: 1 })
  })

  it('is served at once until its last five seconds, and waits a little for its successor from then on', async () => {
    for (const [at, waits] of [
      [LAST_MOMENTS_MS - 1, false],
      [LAST_MOMENTS_MS, true],
    ] as const) {
      world[Symbol.dispose]()
      world = new World()
      const { maskinporten, first } = await warm(at)
      const call = seen(maskinporten.getToken())
      await world.time.advance(100)
      expect((await call).at - at).toBe(waits ? 50 : 0)
      expect((await call).outcome === first.value).toBe(!waits)
    }
  })

  it('waits only for a renewal that is younger than a second', async () => {
    for (const [ageMs, waits] of [
      [999, true],
      [1_000, false],
    ] as const) {
      world[Symbol.dispose]()
      world = new World()
      const { maskinporten, first } = await warm(LAST_MOMENTS_MS - ageMs)
      world.onToken = () => HANGS
      expect(await maskinporten.getToken()).toBe(first)
      await until(LAST_MOMENTS_MS)
      const call = seen(maskinporten.getToken())
      await world.time.advance(4_000)
      expect(await call).toEqual({ outcome: first.value, at: LAST_MOMENTS_MS + (waits ? 2_500 : 0) })
    }
  })

  it('is served after half of what is left, if no successor came; nobody waits then, and nothing more is asked', async () => {
    const { maskinporten, first } = await warm(116_000)
    world.onToken = () => HANGS
    const calls = [seen(maskinporten.getToken()), seen(maskinporten.getToken({ scopes: ['a:b'] }))]
    await until(119_900)
    for (const call of calls) expect(await call).toEqual({ outcome: first.value, at: 118_000 })
    // Two attempts overlap only while somebody waits.
    expect(world.tokenCalls).toHaveLength(2)
  })

  it('is over at its end', async () => {
    const { maskinporten, first } = await warm(END_MS)
    const call = seen(maskinporten.getToken())
    await world.time.advance(100)
    expect((await call).outcome).not.toBe(first.value)
    expect(maskinporten.stats()).toMatchObject({ misses: 2, stale: 0 })
  })

  it('that is valid makes the health degraded, not failing, while another cannot be had', async () => {
    const { maskinporten } = await warm(100)
    world.onToken = () => ({ status: 503 })
    const other = seen(maskinporten.getToken({ scopes: 'c:d' }))
    await world.time.advance(DEADLINE_MS)
    expect(await other).toMatchObject({ outcome: 'token_unavailable' })
    expect(maskinporten.health().status).toBe('degraded')
    await until(END_MS - 1)
    expect(maskinporten.health().status).toBe('degraded')
    await until(END_MS)
    expect(maskinporten.health().status).toBe('failing')
  })
})

describe('a caller', () => {
  it('who waits for settings that do not load gives up at the deadline, and is told what it waited for', async () => {
    world.settings.loadMs = () => new Promise(() => {})
    const call = world.create().getToken()
    const outcome = seen(call)
    await world.time.advance(DEADLINE_MS + 1_000)
    expect(await outcome).toEqual({ outcome: 'timeout', at: DEADLINE_MS })
    await expect(call).rejects.toThrow(
      /^no token within 10 s, while waiting for the settings; check that it answers, or raise timeoutMs$/,
    )
  })

  it('is told the name of the source that did not answer', async () => {
    const load = (): Promise<never> => new Promise(() => {})
    const provider = settingsFrom([{ name: 'mine', load }], { clock: world.time })
    const maskinporten = createMaskinporten(provider, { fetch: world.fetch, clock: world.time, timeoutMs: 2_000 })
    const call = maskinporten.getToken()
    void seen(call)
    await world.time.advance(2_000)
    await expect(call).rejects.toThrow(/^no token within 2 s, while waiting for the settings of "mine"; /)
    await maskinporten.close()
  })

  it('who joins a load that another began has ten seconds too, and no more', async () => {
    const maskinporten = world.create()
    world.settings.loadMs = () => new Promise(() => {})
    void seen(maskinporten.getToken())
    await world.time.advance(5_000)
    const later = seen(maskinporten.getToken())
    await world.time.advance(15_000)
    expect(await later).toEqual({ outcome: 'timeout', at: 15_000 })
  })

  it('who was suspended until its deadline while the settings loaded has its time once more', async () => {
    const maskinporten = world.create()
    world.settings.loadMs = () => world.time.after(500)
    const call = seen(maskinporten.getToken())
    await world.time.advance(100)
    world.time.wallShift += DEADLINE_MS - 500
    await world.time.advance(1_000)
    expect(await call).toMatchObject({ at: 550, outcome: expect.stringMatching(/^mp-/) })
  })

  it('who was suspended past its deadline has no more time when the client changed too', async () => {
    const maskinporten = world.create()
    world.onToken = () => ({ delayMs: 500 })
    const call = seen(maskinporten.getToken())
    await world.time.advance(100)
    world.time.freeze(15_000)
    world.settings.change({ clientId: 'client-2' })
    await world.time.advance(1_000)
    expect((await call).outcome).toBe('timeout')
  })

  it('of a former client has the new client’s token at once when another call comes, though its own request hangs', async () => {
    const maskinporten = world.create()
    world.onToken = ({ claims }) => (claims['iss'] === 'client-1' ? HANGS : undefined)
    const former = seen(maskinporten.getToken())
    await world.time.advance(500)
    world.settings.change({ clientId: 'client-2' })
    const other = seen(maskinporten.getToken())
    await world.time.advance(100)
    expect([await former, await other]).toMatchObject([{ at: 550 }, { at: 550 }])
    expect((await former).outcome).toContain('client-2')
  })

  it('loses nothing when only the key changes: its request goes on', async () => {
    const maskinporten = world.create()
    const call = seen(maskinporten.getToken())
    await world.time.advance(20)
    world.settings.change({ keys: [fakeKey('key-2'), fakeKey('key-1')] })
    const other = seen(maskinporten.getToken())
    await world.time.advance(200)
    expect([await call, await other]).toMatchObject([{ at: 50 }, { at: 50 }])
    expect(world.tokenCalls).toHaveLength(1)
  })

  it('after the deadline of a flight that never ended shares one new flight with all others', async () => {
    const maskinporten = world.create()
    world.onToken = () => HANGS
    void seen(maskinporten.getToken())
    await settle()
    world.time.drop()
    await world.time.advance(DEADLINE_MS + 1)
    const before = world.tokenCalls.length
    const one = seen(maskinporten.getToken())
    await settle()
    const two = seen(maskinporten.getToken())
    await settle()
    expect(world.tokenCalls.length - before).toBe(1)
    await world.time.advance(DEADLINE_MS)
    expect([await one, await two]).toMatchObject([{ outcome: 'timeout' }, { outcome: 'timeout' }])
  })
})

describe('settings of a provider made by hand', () => {
  it('that come by themselves after a failed load end the alarm', async () => {
    const maskinporten = world.create()
    world.settings.loadMs = () => Promise.reject(new Error('vault'))
    expect(await seen(maskinporten.getToken())).toMatchObject({ outcome: 'settings_unavailable' })
    expect(maskinporten.health().status).toBe('failing')
    world.settings.loadMs = undefined
    const token = seen(maskinporten.getToken())
    await world.time.advance(100)
    expect((await token).outcome).toMatch(/^mp-/)
    expect(maskinporten.health().status).toBe('ok')
  })

  it('that are gone for a moment cost no token that is under way', async () => {
    const maskinporten = world.create()
    const current = world.settings.current.bind(world.settings)
    const token = seen(maskinporten.getToken())
    await settle()
    world.settings.current = () => undefined
    await world.time.advance(60)
    world.settings.current = current
    await world.time.advance(1_000)
    expect(await token).toMatchObject({ at: 50, outcome: expect.stringMatching(/^mp-/) })
  })

  it('without a revision are refused', async () => {
    const settings = world.settings.current()
    world.settings.current = () => ({ ...settings, revision: undefined }) as never
    expect(await seen(world.create().getToken())).toMatchObject({ outcome: 'settings_invalid' })
  })

  it('without an exchange refuse an Altinn token, and say what to set', async () => {
    world.settings.change({ exchange: undefined })
    await expect(world.create().getToken({ kind: 'altinn' })).rejects.toMatchObject({
      code: 'request_invalid',
      detail: 'kind',
      message:
        'token request: kind is altinn, but the settings name no exchange; set TokenExchangeEnvironment, which a custom Authority needs, or give the option exchange of createTokenEngine',
    })
  })
})

describe('a token that an API rejects', () => {
  it('has a successor at once, and that one only after ten seconds', async () => {
    const { maskinporten, first } = await warm(1_000)
    const second = maskinporten.getToken(undefined, { rejected: first })
    await world.time.advance(100)
    const again = maskinporten.getToken(undefined, { rejected: await second })
    await expect(again).rejects.toMatchObject({ code: 'token_unavailable', detail: 'REJECTED_AGAIN' })
    expect(world.tokenCalls).toHaveLength(2)
  })

  it('while its renewal is under way has that renewal’s token, without another request', async () => {
    const { maskinporten, first } = await warm(95_000)
    expect(await maskinporten.getToken()).toBe(first)
    const renewed = seen(maskinporten.getToken(undefined, { rejected: first }))
    await world.time.advance(100)
    expect((await renewed).at).toBe(95_050)
    expect(world.tokenCalls).toHaveLength(2)
  })

  it('and is not renewed, since the server is down, is tried again every five seconds, not every thirty', async () => {
    world.lifetimeSeconds = 7_200
    const { maskinporten, first } = await warm(6_650_000)
    world.onToken = () => ({ status: 503 })
    void seen(maskinporten.getToken(undefined, { rejected: first }))
    for (let second = 0; second < 300; second++) {
      expect(await maskinporten.getToken()).toBe(first)
      await world.time.advance(1_000)
    }
    const times = world.tokenCalls.map(({ at }) => at).slice(-12)
    const longest = Math.max(...times.map((at, index) => at - (times[index - 1] ?? at)))
    expect(longest).toBeLessThanOrEqual(6_000)
  })
})

describe('the looks into a shared store', () => {
  /** When the store was asked for a token by a call that waits for its deadline. */
  async function looks(settingsMs: number): Promise<number[]> {
    const store = new MemoryStore(world.time)
    const asked: number[] = []
    const get = store.get.bind(store)
    store.get = (key) => {
      asked.push(world.time.monotonic())
      return get(key)
    }
    if (settingsMs > 0) world.settings.loadMs = () => world.time.after(settingsMs)
    world.onToken = () => HANGS
    const call = seen(world.create({ store }).getToken())
    await world.time.advance(DEADLINE_MS + settingsMs + 200)
    expect(await call).toEqual({ outcome: 'timeout', at: DEADLINE_MS })
    return asked
  }

  it.each([
    [0, [0, 0, 9_900]],
    [10, [10, 10, 9_910]],
    // Looks of one slot of 50 ms are one.
    [49, [49, 49, 9_949]],
    [50, [50, 50, 9_900, 9_950]],
    [500, [500, 500, 9_900, 10_400]],
  ])(
    'are the first, one under the lease, and one before the deadlines that are close together: settings took %i ms',
    async (ms, times) => {
      expect(await looks(ms)).toEqual(times)
    },
  )

  it('have their place in a short deadline too: in its middle', async () => {
    const store = new MemoryStore(world.time)
    const asked: number[] = []
    store.get = async () => void asked.push(world.time.monotonic()) as never
    world.onToken = () => HANGS
    const call = seen(world.create({ store, timeoutMs: 120 }).getToken())
    await world.time.advance(500)
    expect(await call).toEqual({ outcome: 'timeout', at: 120 })
    expect(asked).toEqual([0, 0, 60])
  })
})

describe('a process', () => {
  it('is kept alive while a caller waits, and not by what goes on in the background', async () => {
    const alive = new Set<object>()
    const arm = globalThis.setTimeout
    const disarm = globalThis.clearTimeout
    const ids = new Map<object, unknown>()
    Object.assign(globalThis, {
      setTimeout: (run: () => void, ms: number) => {
        const timer = { unref: () => alive.delete(timer) }
        alive.add(timer)
        ids.set(
          timer,
          arm(() => {
            alive.delete(timer)
            run()
          }, ms),
        )
        return timer
      },
      clearTimeout: (timer: object) => {
        alive.delete(timer)
        disarm(ids.get(timer) as never)
      },
    })
    const { maskinporten, first } = await warm(100_000)
    world.onToken = () => HANGS
    alive.clear()
    expect(await maskinporten.getToken()).toBe(first)
    expect(alive.size).toBe(0)
    const waiting = seen(maskinporten.getToken({ scopes: 'c:d' }))
    await settle()
    expect(alive.size).toBe(1)
    await world.time.advance(DEADLINE_MS)
    await waiting
    expect(alive.size).toBe(0)
  })
})
