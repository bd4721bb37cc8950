import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { seedRandom } from './drive.ts'
import { settle } from './virtual-time.ts'
import { World } from './world.ts'

/** Next.js ends the rendering of a page by an error out of its `fetch`. */
let world: World
beforeEach(() => {
  seedRandom()
  world = new World()
})
afterEach(() => {
  world[Symbol.dispose]()
  vi.restoreAllMocks()
})

const DIGESTS = [
  'DYNAMIC_SERVER_USAGE',
  'BAILOUT_TO_CLIENT_SIDE_RENDERING',
  'HANGING_PROMISE_REJECTION',
  'NEXT_PRERENDER_INTERRUPTED',
  'NEXT_NOT_FOUND',
  'NEXT_HTTP_ERROR_FALLBACK;404',
  'NEXT_REDIRECT;replace;/login;307;',
]
const interruption = (digest = 'DYNAMIC_SERVER_USAGE'): Error => Object.assign(new Error('a page'), { digest })

/** Its first requests are interrupted, in the place that is told by the address. */
function interrupted(place: RegExp, errors: readonly unknown[]): World['fetch'] {
  let n = 0
  return (url, init) => {
    if (place.test(url) && n < errors.length) return Promise.reject(errors[n++])
    return world.fetch(url, init)
  }
}

const outcome = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'token',
    (error: unknown) => error,
  )

describe('an error by which a host ends a page', () => {
  for (const error of [
    ...DIGESTS.map(interruption),
    Object.assign(new Error('static'), { code: 'NEXT_STATIC_GEN_BAILOUT' }),
    Object.assign(new Error('postponed'), { $$typeof: Symbol.for('react.postpone') }),
  ]) {
    it(`goes as it is to the caller whose call began the flight: ${JSON.stringify(Object.entries(error))} ${error.message}`, async () => {
      const maskinporten = world.create({ fetch: interrupted(/token/, [error]) })
      const first = outcome(maskinporten.getToken())
      expect(await first).toBe(error)
      const next = outcome(maskinporten.getToken())
      await world.time.advance(100)
      expect(await next).toBe('token')
      expect(maskinporten.health().status).toBe('ok')
    })
  }

  for (const digest of ['2837465928', 'NEXT', 'next_redirect', '', 5]) {
    it(`is another error with the digest ${JSON.stringify(digest)}: a failure like any`, async () => {
      const error = Object.assign(new Error('render'), { digest })
      const maskinporten = world.create({ fetch: interrupted(/token/, Array(9).fill(error)) })
      const failed = outcome(maskinporten.getToken())
      await world.time.advance(9_000)
      expect(await failed).toMatchObject({ code: 'token_unavailable' })
    })
  }

  it('is the first caller’s alone: others of the same moment, and later ones, begin anew', async () => {
    const error = interruption()
    const maskinporten = world.create({
      fetch: async (url, init) => {
        await world.time.after(100)
        return fetch(url, init)
      },
    })
    const fetch = interrupted(/token/, [error])
    const sameMoment = [maskinporten.getToken(), maskinporten.getToken(), maskinporten.getToken()].map(outcome)
    await world.time.advance(50)
    const later = [maskinporten.getToken(), maskinporten.with({ scopes: 'a:b' }).getToken()].map(outcome)
    await world.time.advance(400)
    expect(await Promise.all([...sameMoment, ...later])).toEqual([error, 'token', 'token', 'token', 'token'])
    expect(world.tokenCalls).toHaveLength(1)
    expect(maskinporten.health().status).toBe('ok')
  })

  it('from the exchange, and from the Maskinporten token’s flight, reaches who began them', async () => {
    const errors = [interruption(), interruption()]
    for (const [n, place] of [/exchange/, /token/].entries()) {
      const maskinporten = world.create({ fetch: interrupted(place, [errors[n]]) })
      const first = outcome(maskinporten.getToken({ kind: 'altinn' }))
      await world.time.advance(100)
      expect(await first).toBe(errors[n])
      const next = outcome(maskinporten.getToken({ kind: 'altinn' }))
      await world.time.advance(200)
      expect(await next).toBe('token')
    }
  })

  it('from a Maskinporten token’s flight that another call began is not the exchange’s', async () => {
    const error = interruption()
    const fetch = interrupted(/token/, [error])
    const maskinporten = world.create({
      fetch: async (url, init) => {
        await world.time.after(100)
        return fetch(url, init)
      },
    })
    const raw = outcome(maskinporten.getToken())
    await settle()
    const altinn = outcome(maskinporten.getToken({ kind: 'altinn' }))
    await world.time.advance(600)
    expect([await raw, await altinn]).toEqual([error, 'token'])
  })

  it('from discovery reaches who asked, and another identity asks anew', async () => {
    world[Symbol.dispose]()
    world = new World({ tokenEndpoint: undefined })
    const error = interruption()
    const fetch = interrupted(/well-known/, [error])
    const maskinporten = world.create({
      fetch: async (url, init) => {
        await world.time.after(100)
        return fetch(url, init)
      },
    })
    const [one, two] = [outcome(maskinporten.getToken()), outcome(maskinporten.getToken({ scopes: 'c:d' }))]
    await world.time.advance(1_000)
    expect([await one, await two]).toEqual([error, 'token'])
  })

  it('in a background renewal leaves the valid token in use', async () => {
    let isInterrupted = false
    const maskinporten = world.create({
      fetch: (url, init) => (isInterrupted ? Promise.reject(interruption()) : world.fetch(url, init)),
    })
    const first = maskinporten.getToken()
    await world.time.advance(100)
    await first
    await world.time.advance(100_000)
    isInterrupted = true
    expect(await maskinporten.getToken()).toBe(await first)
    await settle()
    isInterrupted = false
    await maskinporten.getToken()
    await world.time.advance(100)
    expect(await maskinporten.getToken()).not.toBe(await first)
    expect(maskinporten.health().status).toBe('ok')
  })
})
