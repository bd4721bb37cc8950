import { inspect } from 'node:util'
import { afterEach, describe, expect, it, vi } from 'vitest'
import {
  type AccessToken,
  type ResolvedSettings,
  type SettingsEvent,
  createAccessToken,
  isMaskinportenError,
} from '@maskinporten-kit/core'
import { holdToken } from '../../src/tokens/held-token.ts'
import { settle } from './virtual-time.ts'
import { UNKNOWN_KID, World, fakeKey, refusal } from './world.ts'

let world: World
const open = (settings = {}): World => (world = new World(settings))
afterEach(() => world[Symbol.dispose]())

/** Runs time on until the promise has settled. */
async function inTime<T>(promise: Promise<T>): Promise<T> {
  const state = { done: false }
  promise.catch(() => {}).finally(() => (state.done = true))
  for (let passed = 0; passed < 60_000; passed += 50) {
    await settle()
    if (state.done) break
    await world.time.advance(50)
  }
  return promise
}

const raise = (): never => {
  throw new Error('no settings')
}

async function failure(promise: Promise<unknown>): Promise<unknown> {
  return inTime(
    promise.then(
      () => undefined,
      (error: unknown) => error,
    ),
  )
}

describe('serving', () => {
  it('returns the same promise while the token is fresh, for one request to the server', async () => {
    const maskinporten = open().create()
    await inTime(maskinporten.getToken())
    expect(maskinporten.getToken()).toBe(maskinporten.getToken())
    expect(world.tokenCalls).toHaveLength(1)
  })

  it('makes one token request and one exchange for ten thousand callers on a cold cache', async () => {
    const maskinporten = open().create()
    const tokens = await inTime(
      // A list takes the long way: only the flight is shared.
      Promise.all(
        Array.from({ length: 10_000 }, (_, n) =>
          maskinporten.getToken(n % 10 === 0 ? { kind: 'altinn', scopes: ['a:b'] } : { kind: 'altinn' }),
        ),
      ),
    )
    expect(new Set(tokens.map((token) => token.value)).size).toBe(1)
    expect([world.tokenCalls.length, world.exchangeCalls.length]).toEqual([1, 1])
  })

  it('renews behind the callers’ backs, and never before a quarter of the life remains', async () => {
    const maskinporten = open().create()
    const first = await inTime(maskinporten.getToken())
    await world.time.advance(120_000 * 0.72)
    await maskinporten.getToken()
    expect(world.tokenCalls).toHaveLength(1)
    await world.time.advance(120_000 * 0.06)
    expect((await maskinporten.getToken()).value).toBe(first.value)
    await settle()
    expect(world.tokenCalls).toHaveLength(2)
    await world.time.advance(100)
    expect((await maskinporten.getToken()).value).not.toBe(first.value)
  })

  it('never serves a token past its expiry, on either clock', async () => {
    const maskinporten = open().create()
    const first = await inTime(maskinporten.getToken())
    world.time.wallShift += 121_000
    const second = await inTime(maskinporten.getToken())
    expect(second.value).not.toBe(first.value)
    await world.time.advance(121_000)
    world.time.wallShift -= 121_000
    expect((await inTime(maskinporten.getToken())).value).not.toBe(second.value)
  })

  it('never serves a token that ended during a short wait for its successor', async () => {
    const maskinporten = open().create()
    const first = await inTime(maskinporten.getToken())
    await world.time.advance(116_000)
    world.onToken = () => ({ delayMs: 4_000 })
    const waiting = maskinporten.getToken()
    await settle()
    world.time.wallShift += 130_000
    await world.time.advance(10_000)
    expect((await waiting).value).not.toBe(first.value)
  })

  it('hands over a token that was sent for while the wall clock was set back: on the line of time its life has not ended', async () => {
    const maskinporten = open().create()
    world.onToken = () => ({ status: 503 })
    const waiting = maskinporten.getToken()
    await world.time.advance(500)
    // The flight begins and ends by the right clock, and only its second request is sent by the wrong one.
    world.time.wallShift = -130_000
    world.onToken = () => ({ delayMs: 1_000 })
    await world.time.advance(1_000)
    expect(world.tokenCalls).toHaveLength(2)
    world.time.wallShift = 0
    await world.time.advance(5_000)
    const { expiresAt } = await inTime(waiting)
    expect(expiresAt).toBeGreaterThan(world.time.now())
    expect(expiresAt).toBeLessThanOrEqual(world.time.now() + 120_000)
    expect(world.tokenCalls).toHaveLength(2)
  })

  it('never hands over a token whose life ended while the process was suspended', async () => {
    const maskinporten = open().create({ timeoutMs: 100_000 })
    world.onToken = () => ({ delayMs: 500 })
    const waiting = maskinporten.getToken()
    await world.time.advance(100)
    // Longer than a token lives, and no longer than two deadlines.
    world.time.freeze(150_000)
    await world.time.advance(5_000)
    expect((await inTime(waiting)).expiresAt).toBeGreaterThan(world.time.now())
    expect(world.tokenCalls).toHaveLength(2)
  })

  it('ends one caller’s wait with its signal, and nobody else’s', async () => {
    const maskinporten = open().create()
    const abort = new AbortController()
    const calls = [undefined, { scopes: 'c:d' }].map((request) => ({
      aborted: maskinporten.getToken(request, { signal: abort.signal }),
      other: maskinporten.getToken(request),
    }))
    await settle()
    const ended = Promise.allSettled(calls.map(({ aborted }) => aborted))
    abort.abort('mine')
    expect(await ended).toEqual(calls.map(() => ({ status: 'rejected', reason: 'mine' })))
    for (const { other } of calls) {
      expect((await inTime(other)).value).toMatch(/^mp-/)
    }
    expect(world.tokenCalls).toHaveLength(2)
  })
})

describe('failing', () => {
  it('keeps serving the valid token while renewals fail', async () => {
    const maskinporten = open().create()
    const first = await inTime(maskinporten.getToken())
    world.onToken = () => ({ status: 503 })
    await world.time.advance(95_000)
    for (let second = 0; second < 24; second++) {
      expect((await maskinporten.getToken()).value).toBe(first.value)
      await world.time.advance(1_000)
    }
    expect(maskinporten.health()).toMatchObject({ status: 'degraded', reason: 'token_unavailable' })
  })

  it('tries a fault again with another jti, and throws the last error at once while it backs off', async () => {
    const maskinporten = open().create()
    world.onToken = () => ({ status: 503 })
    const error = await failure(maskinporten.getToken())
    expect(isMaskinportenError(error, 'token_unavailable')).toBe(true)
    expect(new Set(world.tokenCalls.map((call) => call.claims['jti'])).size).toBe(3)
    await expect(maskinporten.getToken()).rejects.toBe(error)
    expect(world.tokenCalls).toHaveLength(3)
    expect(maskinporten.health().status).toBe('failing')
  })

  it('lets nobody wait longer than the deadline, and keeps the late answer', async () => {
    const maskinporten = open().create()
    world.onToken = () => ({ delayMs: 12_000 })
    const started = world.time.monotonic()
    const error = await failure(maskinporten.getToken())
    expect(isMaskinportenError(error, 'timeout')).toBe(true)
    expect(world.time.monotonic() - started).toBeLessThanOrEqual(10_050)
    await world.time.advance(2_100)
    expect((await maskinporten.getToken()).value).toMatch(/^mp-/)
  })

  it('lets a second attempt join one that does not answer', async () => {
    const maskinporten = open().create()
    world.onToken = () => (world.tokenCalls.length === 1 ? { hang: true } : {})
    await inTime(maskinporten.getToken())
    expect(world.time.monotonic()).toBeLessThan(5_000)
  })
})

describe('keys and clocks', () => {
  it('falls back to the previous key in the same call', async () => {
    const maskinporten = open({ keys: [fakeKey('new'), fakeKey('old')] }).create()
    world.onToken = (call) => (call.header['kid'] === 'new' ? UNKNOWN_KID : {})
    expect((await inTime(maskinporten.getToken())).value).toMatch(/^mp-/)
    expect(world.events).toContainEqual(
      expect.objectContaining({ type: 'key.rejected', kid: 'new', fallbackKid: 'old' }),
    )
  })

  it('repairs the clock after one refusal, and says by how much', async () => {
    const maskinporten = open().create()
    world.serverShift = -300_000
    world.onToken = (call) =>
      Number(call.claims['iat']) * 1000 > world.serverNow + 10_000
        ? refusal('Invalid assertion. Client authentication failed. Issue time is in the future.')
        : {}
    await inTime(maskinporten.getToken())
    expect(world.tokenCalls).toHaveLength(2)
    const repaired = world.events.find((event) => event.type === 'clock.repaired')
    expect(Math.abs((repaired?.skewMs ?? 0) + 300_000)).toBeLessThan(1_500)
  })
})

describe('rejected by an API', () => {
  it('renews once for a hundred callers', async () => {
    const maskinporten = open().create()
    const first = await inTime(maskinporten.getToken())
    const again = await inTime(
      Promise.all(Array.from({ length: 100 }, () => maskinporten.getToken(undefined, { rejected: first }))),
    )
    expect(new Set(again.map((token: AccessToken) => token.value))).not.toContain(first.value)
    expect(world.tokenCalls).toHaveLength(2)
  })
})

describe('a rejection of a token that is no longer cached', () => {
  it('gets the cached one, without a request', async () => {
    const maskinporten = open().create()
    const first = await inTime(maskinporten.getToken())
    const second = await inTime(maskinporten.getToken(undefined, { rejected: first }))
    await world.time.advance(11_000)
    expect((await inTime(maskinporten.getToken(undefined, { rejected: first }))).value).toBe(second.value)
    expect(world.tokenCalls).toHaveLength(2)
  })
})

describe('options', () => {
  for (const options of [
    { timeoutMs: 0 },
    { timeoutMs: Number.NaN },
    { timeoutMs: 2 ** 31 },
    { timeoutMs: Infinity },
    { maxTokens: 0 },
    { maxTokens: Number.NaN },
  ]) {
    it(`that are no numbers to count with are refused: ${inspect(options)}`, () => {
      open()
      expect(() => world.create(options)).toThrow(TypeError)
    })
  }
})

describe('options of another type', () => {
  it('a store of null is no store', async () => {
    const token = open()
      .create({ store: null as never })
      .getToken()
    await world.time.advance(200)
    expect(await token).toHaveProperty('value')
  })

  it('are refused, not counted with', () => {
    open()
    for (const name of ['timeoutMs', 'maxTokens']) {
      for (const value of ['5000', [5_000], true, 5n])
        expect(() => world.create({ [name]: value }), `${name} ${String(value)}`).toThrow(TypeError)
    }
  })
})

describe('a signer', () => {
  for (const [name, answer] of Object.entries({
    text: 'signature',
    nothing: undefined,
    'a list of numbers': [1, 2, 3],
    'an ArrayBuffer': new ArrayBuffer(256),
    'no bytes': new Uint8Array(),
  })) {
    it(`that gives ${name} instead of bytes is named, and nothing is sent`, async () => {
      const key = { ...fakeKey('mine'), sign: async () => answer as never }
      const maskinporten = open({ keys: [key] }).create()
      expect(await failure(maskinporten.getToken())).toMatchObject({
        code: 'token_unavailable',
        detail: 'SIGNER',
        retryable: false,
      })
      expect(world.tokenCalls).toEqual([])
    })
  }
})

describe('a provider made by hand', () => {
  for (const [name, wrong] of Object.entries({
    revision: { revision: '1' },
    authority: { authority: 5 },
    tokenEndpoint: { tokenEndpoint: new URL('https://issuer.example/token') },
    clientId: { clientId: ['client-1'] },
    keys: { keys: 'key-1' },
    request: { request: 'a:b' },
    exchange: { exchange: { url: 'https://platform.example/exchange', testOrg: 'false' } },
  })) {
    it(`that gives another type of ${name} is told so`, async () => {
      open()
      world.settings.change(wrong as never)
      if (name === 'revision') world.settings.current = () => ({ ...({} as ResolvedSettings), ...wrong }) as never
      expect(await failure(world.create().getToken())).toMatchObject({ code: 'settings_invalid', detail: 'PROVIDER' })
      expect(world.tokenCalls).toEqual([])
    })
  }

  it('that gives nothing is told so', async () => {
    open()
    world.settings.current = () => undefined
    world.settings.get = async () => null as never
    expect(await failure(world.create().getToken())).toMatchObject({ code: 'settings_invalid', detail: 'PROVIDER' })
  })

  it('whose refresh throws costs the call nothing but its keys’ refusal', async () => {
    const maskinporten = open().create()
    world.onToken = () => UNKNOWN_KID
    world.settings.refresh = () => {
      throw new Error('canary')
    }
    expect(await failure(maskinporten.getToken())).toMatchObject({ code: 'token_refused' })
  })

  it('that tells of a change with settings that are not valid is heard by listeners, and is thrown nothing', async () => {
    open()
    const told: ((event: SettingsEvent) => void)[] = []
    Object.assign(world.settings, { subscribe: (listener: (event: SettingsEvent) => void) => told.push(listener) })
    const maskinporten = world.create()
    await inTime(maskinporten.getToken())
    world.settings.change({ keys: 'none' as never })
    const event: SettingsEvent = {
      type: 'settings.changed',
      level: 'info',
      at: 0,
      revision: 2,
      keys: [],
      why: 'poll',
      durationMs: 1,
    }
    expect(() => told[0]?.(event)).not.toThrow()
    expect(world.events).toContainEqual(event)
    await expect(maskinporten.getToken()).rejects.toMatchObject({ code: 'settings_invalid', detail: 'PROVIDER' })
  })

  it('may give a copy of its settings each time', async () => {
    open()
    const current = world.settings.current.bind(world.settings)
    world.settings.current = () => ({ ...(current() ?? raise()) })
    const maskinporten = world.create()
    await inTime(maskinporten.getToken())
    expect(maskinporten.getToken()).toBe(maskinporten.getToken())
  })
})

describe('an Altinn token that an API rejected', () => {
  it('is exchanged anew from a young Maskinporten token, also when a renewal from an old one is under way', async () => {
    const maskinporten = open().create()
    world.lifetimeSeconds = 7_200
    const request = { kind: 'altinn' } as const
    const first = await inTime(maskinporten.getToken(request))
    await world.time.advance(1_800_000 * 0.78)
    world.onExchange = () => ({ delayMs: 1_000 })
    await maskinporten.getToken(request)
    await world.time.advance(100)
    expect(world.exchangeCalls).toHaveLength(2)
    await inTime(maskinporten.getToken(request, { rejected: first }))
    expect(world.exchangeCalls.at(-1)?.bearer).not.toBe(world.exchangeCalls[0]?.bearer)
  })

  it('may be renewed at once after a renewal that failed', async () => {
    const maskinporten = open().create()
    const first = await inTime(maskinporten.getToken())
    world.onToken = () => ({ status: 400, body: { error: 'invalid_request' } })
    expect(await failure(maskinporten.getToken(undefined, { rejected: first }))).toMatchObject({
      code: 'token_refused',
    })
    world.onToken = () => undefined
    await world.time.advance(1_200)
    expect((await inTime(maskinporten.getToken(undefined, { rejected: first }))).value).not.toBe(first.value)
  })
})

describe('a client that changes', () => {
  it('works when the former settings had no scope for the request', async () => {
    const maskinporten = open({ request: {} }).create()
    await inTime(maskinporten.getToken({ scopes: 'a:b' }))
    world.settings.change({ clientId: 'client-2', request: { scopes: ['a:b'] } })
    expect((await inTime(maskinporten.getToken())).value).toContain('client-2')
  })
})

describe('attempts that overlap', () => {
  it('are no longer one flight’s right once it is over', async () => {
    const maskinporten = open().create()
    world.onToken = () => (world.tokenCalls.length <= 4 ? { hang: true, status: 599 } : undefined)
    const first = failure(maskinporten.getToken({ scopes: 'a:a' }))
    await world.time.advance(10_100)
    expect(await first).toMatchObject({ code: 'timeout' })
    const started = world.time.monotonic()
    await inTime(maskinporten.getToken({ scopes: 'b:b' }))
    expect(world.time.monotonic() - started).toBeLessThan(5_000)
  })
})

describe('requests', () => {
  it('are copied: changing one later changes nothing for the call, and the next call gets the new content’s token', async () => {
    const maskinporten = open().create()
    const scopes = ['a:b']
    const request = { scopes, claims: { iss_onbehalfof: 'one' } }
    const call = maskinporten.getToken(request)
    const bound = maskinporten.with(request)
    scopes.push('c:d')
    request.claims.iss_onbehalfof = 'two'
    await inTime(call)
    await inTime(bound.getToken())
    expect(world.tokenCalls.map(({ claims }) => [claims['scope'], claims['iss_onbehalfof']])).toEqual([['a:b', 'one']])
    await inTime(maskinporten.getToken(request))
    expect(world.tokenCalls.at(-1)?.claims).toMatchObject({ scope: 'a:b c:d', iss_onbehalfof: 'two' })
  })

  it('are looked up by their content of now, however often the object was used before', async () => {
    const maskinporten = open().create()
    const request: { consumerOrg?: string; scopes?: string } = { consumerOrg: '991825827' }
    const first = await inTime(maskinporten.getToken(request))
    expect(maskinporten.getToken({ consumerOrg: '991825827' })).toBe(maskinporten.getToken(request))
    request.consumerOrg = '310702641'
    const second = await inTime(maskinporten.getToken(request))
    request.scopes = 'c:d'
    const third = await inTime(maskinporten.getToken(request))
    delete request.scopes
    expect((await maskinporten.getToken(request)).value).toBe(second.value)
    expect(new Set([first.value, second.value, third.value]).size).toBe(3)
    const misspelt: object = { consumerOrg: '991825827', consumerorg: 'x' }
    await expect(maskinporten.getToken(misspelt)).rejects.toMatchObject({
      code: 'request_invalid',
    })
  })

  it('with a getter are refused, also when one without fields was asked for before', async () => {
    const maskinporten = open().create()
    class Customer {
      get consumerOrg(): string {
        return '991825827'
      }
    }
    await inTime(maskinporten.getToken({}))
    await expect(maskinporten.getToken(new Customer())).rejects.toMatchObject({ code: 'request_invalid' })
  })

  it('are remembered within the bound', async () => {
    const maskinporten = open().create({ maxTokens: 5 })
    for (let n = 0; n < 40; n++) await inTime(maskinporten.getToken({ resource: `https://api.example/${n}` }))
    await inTime(maskinporten.getToken({ resource: 'https://api.example/0' }))
    await inTime(maskinporten.getToken({ resource: 'https://api.example/39' }))
    expect(world.tokenCalls).toHaveLength(41)
  })

  it('merge field by field, settings under with() under the call, a field replaced whole', async () => {
    const maskinporten = open({ request: { scopes: ['a:b'], resource: 'https://settings.example' } }).create()
    const bound = maskinporten.with({ scopes: 'c:d', consumerOrg: '991825827' })
    await inTime(bound.getToken({ scopes: ['e:f'], consumerOrg: undefined }))
    expect(world.tokenCalls[0]?.claims).toMatchObject({
      scope: 'e:f',
      resource: ['https://settings.example'],
      consumer_org: '991825827',
    })
  })
})

describe('the renewal window', () => {
  for (const [lifetime, window] of [
    [5, 1.25],
    [10, 2.5],
    [120, 30],
    [600, 150],
    [7200, 600],
  ] as const) {
    it(`of a token of ${lifetime} s begins ${window} s before expiry, within 10 %`, () => {
      const obtained = {
        token: createAccessToken({ value: 'x' }),
        lifetimeMs: lifetime * 1000,
        sentAt: 0,
        durationMs: 0,
      }
      const starts = [0, 0.999_999_9].map((draw) => {
        vi.spyOn(Math, 'random').mockReturnValue(draw)
        return (lifetime * 1000 - holdToken(obtained).renewAfterMs) / 1000 / window
      })
      vi.restoreAllMocks()
      open()
      expect(starts[0]).toBeCloseTo(0.9, 5)
      expect(starts[1]).toBeCloseTo(1.1, 5)
    })
  }

  it('is at least twice the last answer’s duration, and at most half the life', () => {
    open()
    const obtained = { token: createAccessToken({ value: 'x' }), lifetimeMs: 120_000, sentAt: 0 }
    expect(holdToken({ ...obtained, durationMs: 25_000 }).renewAfterMs).toBe(70_000)
    expect(holdToken({ ...obtained, durationMs: 50_000 }).renewAfterMs).toBe(60_000)
  })
})

describe('closing', () => {
  it('rejects who waits and who comes later, at once', async () => {
    const maskinporten = open().create()
    world.onToken = () => ({ hang: true })
    const pending = Array.from({ length: 150 }, () => maskinporten.getToken())
    await settle()
    await maskinporten.close()
    for (const result of await Promise.allSettled([...pending, maskinporten.getToken()])) {
      expect(result).toMatchObject({ status: 'rejected', reason: { code: 'closed' } })
    }
    await settle()
    expect(world.time.armed).toBe(0)
  })

  it('serves no cached token afterwards', async () => {
    const maskinporten = open().create()
    await inTime(maskinporten.getToken())
    await inTime(maskinporten.getToken({ consumerOrg: '991825827' }))
    await maskinporten.close()
    await expect(maskinporten.getToken()).rejects.toMatchObject({ code: 'closed' })
    await expect(maskinporten.getToken({ consumerOrg: '991825827' })).rejects.toMatchObject({ code: 'closed' })
  })

  it('sends nothing more: no attempt is begun after it', async () => {
    const maskinporten = open().create()
    world.onToken = () => ({ status: 503 })
    const pending = maskinporten.getToken().catch((error: unknown) => error)
    await world.time.advance(200)
    await maskinporten.close()
    await world.time.advance(30_000)
    expect(await pending).toMatchObject({ code: 'closed' })
    expect(world.tokenCalls).toHaveLength(1)
  })

  it('rejects who waits in a token’s last moments too', async () => {
    const maskinporten = open().create()
    await inTime(maskinporten.getToken())
    world.onToken = () => ({ delayMs: 5_000 })
    await world.time.advance(117_000)
    const pending = maskinporten.getToken()
    await settle()
    await maskinporten.close()
    await expect(pending).rejects.toMatchObject({ code: 'closed' })
  })

  it('rejects who waits for the settings, at once', async () => {
    const maskinporten = open().create()
    world.settings.loadMs = () => new Promise(() => {})
    const pending = maskinporten.getToken()
    await settle()
    await maskinporten.close()
    await expect(pending).rejects.toMatchObject({ code: 'closed' })
  })
})
