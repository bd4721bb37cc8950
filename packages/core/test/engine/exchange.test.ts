// Altinn tokens: which Maskinporten token is exchanged, when a fresh one is asked for, and what is told of it.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { AccessToken, Maskinporten, MaskinportenEvent } from '@maskinporten-kit/core'
import { World } from './world.ts'

const ALTINN = { kind: 'altinn' } as const
const HANGS = { hang: true, status: 599 } as const

let world: World
beforeEach(() => {
  // The jitter is 1.
  vi.spyOn(Math, 'random').mockReturnValue(0.5)
  world = new World()
  world.lifetimeSeconds = 7_200
})
afterEach(() => {
  world[Symbol.dispose]()
  vi.restoreAllMocks()
})

const inTime = async <T>(promise: Promise<T>, ms = 200): Promise<T> => {
  void promise.catch(() => undefined)
  await world.time.advance(ms)
  return promise
}
const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'token',
    (error: unknown) => error,
  )
const asked = (): readonly [tokens: number, exchanges: number] => [world.tokenCalls.length, world.exchangeCalls.length]
const of = <T extends MaskinportenEvent['type']>(type: T): Extract<MaskinportenEvent, { type: T }>[] =>
  world.events.filter((event): event is Extract<MaskinportenEvent, { type: T }> => event.type === type)

/** An instance with a Maskinporten token, which was asked for at 0 ms. */
async function withParent(ageMs: number): Promise<Maskinporten> {
  const maskinporten = world.create()
  await inTime(maskinporten.getToken())
  await world.time.advance(ageMs - world.time.monotonic())
  return maskinporten
}

describe('an Altinn token', () => {
  it('comes from the Maskinporten token that is there, however old, and has its scopes', async () => {
    const maskinporten = await withParent(3_600_000)
    const token = await inTime(maskinporten.getToken(ALTINN))
    expect(token.scopes).toEqual(['a:b'])
    expect(asked()).toEqual([1, 1])
  })

  it('that an API rejected comes from a Maskinporten token of at most ten seconds', async () => {
    for (const [ageMs, tokens] of [
      [10_000, 1],
      [10_001, 2],
    ] as const) {
      world[Symbol.dispose]()
      world = new World()
      world.lifetimeSeconds = 7_200
      const maskinporten = await withParent(1_000)
      const rejected = await inTime(maskinporten.getToken(ALTINN))
      await world.time.advance(ageMs - world.time.monotonic())
      await inTime(maskinporten.getToken(ALTINN, { rejected }))
      expect(asked()).toEqual([tokens, 2])
    }
  })

  it('is renewed early enough for both requests together', async () => {
    world.latencyMs = 2_500
    world.altinnLifetimeSeconds = 20
    const maskinporten = world.create()
    await inTime(maskinporten.getToken(ALTINN), 5_000)
    // Twice what both took is half of its life, which began when the exchange was sent.
    await world.time.advance(2_500 + 10_000 - 1 - world.time.monotonic())
    await maskinporten.getToken(ALTINN)
    expect(maskinporten.stats()).toMatchObject({ hits: 1, renewals: 0 })
    await world.time.advance(1)
    await maskinporten.getToken(ALTINN)
    expect(maskinporten.stats()).toMatchObject({ hits: 1, renewals: 1 })
  })

  it('waits for no timer of its Maskinporten token’s flight once it is there', async () => {
    const maskinporten = world.create()
    await inTime(maskinporten.getToken(ALTINN))
    expect(world.time.armed).toBe(0)
  })
})

describe('an exchange that Altinn refuses with 401', () => {
  it('is tried once more with a fresh Maskinporten token, if the last one is older than ten seconds', async () => {
    for (const [ageMs, all] of [
      [9_950, [1, 1]],
      [9_951, [2, 2]],
    ] as const) {
      world[Symbol.dispose]()
      world = new World()
      world.lifetimeSeconds = 7_200
      world.onExchange = () => (world.exchangeCalls.length === 1 ? { status: 401 } : undefined)
      const maskinporten = await withParent(ageMs)
      // The refusal comes 50 ms later.
      const outcome = await inTime(failure(maskinporten.getToken(ALTINN)))
      expect(asked()).toEqual(all)
      expect(outcome === 'token').toBe(all[1] === 2)
    }
  })

  it('gets no second fresh token in the same outage, and one in the next', async () => {
    let isOut = true
    world.onExchange = () => (isOut ? { status: 401 } : undefined)
    const maskinporten = await withParent(20_000)
    const call = (): Promise<unknown> => inTime(failure(maskinporten.getToken(ALTINN)), 15_000)
    for (let n = 0; n < 3; n++) expect(await call()).toMatchObject({ status: 401 })
    expect(world.tokenCalls).toHaveLength(2)
    isOut = false
    expect(await call()).toBe('token')
    expect(world.tokenCalls).toHaveLength(2)
    await world.time.advance(1_800_000)
    isOut = true
    await call()
    expect(world.tokenCalls).toHaveLength(3)
  })

  it('asks for no fresh token after the deadline', async () => {
    world.onExchange = () => ({ status: 401, delayMs: 12_000 })
    const maskinporten = await withParent(20_000)
    expect(await inTime(failure(maskinporten.getToken(ALTINN)), 20_000)).toMatchObject({ code: 'timeout' })
    expect(world.tokenCalls).toHaveLength(1)
  })
})

describe('an exchange that fails otherwise', () => {
  it.each([403, 503])('with %i asks for no fresh Maskinporten token', async (status) => {
    world.onExchange = () => ({ status })
    const maskinporten = await withParent(20_000)
    expect(await inTime(failure(maskinporten.getToken(ALTINN)), 12_000)).toMatchObject({ status })
    expect(world.tokenCalls).toHaveLength(1)
  })

  it('is not asked again in its pause', async () => {
    world.onExchange = () => ({ status: 403 })
    const maskinporten = await withParent(1_000)
    const error = await inTime(failure(maskinporten.getToken(ALTINN)))
    expect(await failure(maskinporten.getToken(ALTINN))).toBe(error)
    expect(asked()).toEqual([1, 1])
  })

  it('tells how long it took, and warns', async () => {
    world.onExchange = () => ({ status: 403, delayMs: 70 })
    const maskinporten = await withParent(1_000)
    await inTime(failure(maskinporten.getToken(ALTINN)))
    expect(of('exchange.start')).toMatchObject([{ level: 'debug' }])
    expect(of('exchange.end')).toMatchObject([{ level: 'warn', durationMs: 70, error: { status: 403 } }])
    expect(of('token.end').at(-1)).toMatchObject({ level: 'warn', durationMs: 70, error: { status: 403 } })
  })

  it('by the network is tried again after a second, and beside that after three more', async () => {
    world.onExchange = () =>
      world.exchangeCalls.length === 1
        ? { networkError: true, status: 599 }
        : world.exchangeCalls.length === 2
          ? HANGS
          : undefined
    const maskinporten = await withParent(1_000)
    await inTime(maskinporten.getToken(ALTINN), 5_000)
    expect(world.exchangeCalls.map(({ at }) => at - 1_000)).toEqual([0, 1_050, 4_050])
  })

  it('slowly gives the next one as much time, twice, before another is sent beside it', async () => {
    for (const [reply, code] of [
      [{ delayMs: 2_000 }, 'token'],
      [{ delayMs: 2_000, status: 403 }, 'refusal'],
    ] as const) {
      world[Symbol.dispose]()
      world = new World()
      world.lifetimeSeconds = 7_200
      const maskinporten = await withParent(1_000)
      const other = { ...ALTINN, resource: 'https://api.example' }
      await inTime(maskinporten.getToken({ resource: other.resource }))
      world.onExchange = () => (world.exchangeCalls.length === 1 ? reply : HANGS)
      const first = await inTime(failure(maskinporten.getToken(ALTINN)), 2_100)
      expect(first === 'token').toBe(code === 'token')
      const began = world.time.monotonic()
      await inTime(failure(maskinporten.getToken(other)), 11_000)
      expect(world.exchangeCalls.slice(1).map(({ at }) => at - began)).toEqual([0, 4_000])
    }
  })

  it('by time says which address it waited for, and not what stands after its question mark', async () => {
    world.settings.change({ exchange: { url: 'https://platform.example/exchange?secret=canary', testOrg: false } })
    world.onExchange = () => HANGS
    const maskinporten = await withParent(1_000)
    const error = await inTime(failure(maskinporten.getToken(ALTINN)), 11_000)
    expect(error).toHaveProperty(
      'message',
      'no token within 10 s, while waiting for Altinn at https://platform.example/exchange; check that it answers, or raise timeoutMs',
    )
  })
})

describe('the Maskinporten token of an exchange', () => {
  it('is tried again, in the pause after its failure, by nobody: not even a flight begins', async () => {
    const maskinporten = world.create()
    world.onToken = () => ({ status: 400, body: { error: 'invalid_scope' } })
    const error = await inTime(failure(maskinporten.getToken(ALTINN)))
    const before = of('token.start').length
    expect(await failure(maskinporten.getToken(ALTINN))).toBe(error)
    expect(of('token.start')).toHaveLength(before)
    expect(world.tokenCalls).toHaveLength(1)
  })

  it('serves while its own renewal fails', async () => {
    world.lifetimeSeconds = 120
    const maskinporten = await withParent(95_000)
    world.onToken = () => ({ status: 503 })
    await maskinporten.getToken()
    await world.time.advance(4_000)
    expect(await inTime(maskinporten.getToken(ALTINN))).toHaveProperty('kind', 'altinn')
  })

  it('says why it is asked for: there is none, or an older one will not do', async () => {
    const maskinporten = world.create()
    const rejected = await inTime(maskinporten.getToken(ALTINN))
    await world.time.advance(60_000)
    await inTime(maskinporten.getToken(ALTINN, { rejected }))
    expect(of('token.start').map(({ kind, why }) => `${kind} ${why}`)).toEqual([
      'altinn missing',
      'maskinporten missing',
      'altinn rejected',
      'maskinporten renewal',
    ])
  })

  it('that takes two and a half seconds gives the next request five before another is sent beside it', async () => {
    const maskinporten = world.create()
    world.onToken = () => (world.tokenCalls.length === 1 ? { delayMs: 2_500 } : HANGS)
    await inTime(maskinporten.getToken(), 3_000)
    await inTime(failure(maskinporten.getToken({ scopes: 'c:d' })), 11_000)
    expect(world.tokenCalls.map(({ at }) => at)).toEqual([0, 3_000, 8_000])
  })
})

describe('the scopes of a token', () => {
  it('are its own, and one list for all tokens of the same scopes', async () => {
    const maskinporten = world.create()
    const get = (scopes: string, resource = 'https://api.example'): Promise<AccessToken> =>
      inTime(maskinporten.getToken({ scopes, resource }))
    const one = await get('a:b c:d')
    const two = await get('a:b c:d', 'https://other.example')
    const joined = await get('a:bc:d')
    expect(one.scopes).toEqual(['a:b', 'c:d'])
    expect(two.scopes).toBe(one.scopes)
    expect(joined.scopes).toEqual(['a:bc:d'])
  })
})
