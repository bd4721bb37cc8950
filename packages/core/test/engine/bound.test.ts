import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { type Maskinporten, type TokenRequest, isMaskinportenError } from '@maskinporten-kit/core'
import { RecentRequests } from '../../src/recent-requests.ts'
import { TokenCache } from '../../src/tokens/token-cache.ts'
import { seedRandom } from './drive.ts'
import { World } from './world.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

const resource = (n: number): { resource: string } => ({ resource: `https://api.example/${n}` })

describe('a hundred thousand identities', () => {
  it('leave as many entries as the bound, the latest ones', () => {
    const cache = new TokenCache(1_000)
    cache.useClient('client')
    for (let n = 0; n < 100_000; n++) cache.entry('client', String(n), 'maskinporten')
    const left = cache.entries().map(({ grant }) => Number(grant))
    expect(left).toEqual(Array.from({ length: 1_000 }, (_, n) => 99_000 + n))
  })

  it('that were evicted are asked for anew, also through a source bound to one', async () => {
    seedRandom()
    const world = new World()
    try {
      const maskinporten = world.create({ maxTokens: 3 })
      const bound = maskinporten.with(resource(0))
      const call = async (n: number): Promise<string> => {
        const token = n === 0 ? bound.getToken() : maskinporten.getToken(resource(n))
        await world.time.advance(100)
        return (await token).value
      }
      const first = await call(0)
      expect(await call(0)).toBe(first)
      for (const n of [1, 2]) await call(n)
      expect(await call(0)).toBe(first)
      for (const n of [1, 2, 3]) await call(n)
      expect(await call(0)).not.toBe(first)
      expect(world.tokenCalls).toHaveLength(5)
    } finally {
      world[Symbol.dispose]()
    }
  })

  it('that are served while their renewal is due count as used', async () => {
    seedRandom()
    const world = new World()
    try {
      const maskinporten = world.create({ maxTokens: 3 })
      const call = async (n: number): Promise<unknown> => {
        const token = maskinporten.getToken(resource(n))
        await world.time.advance(100)
        return token
      }
      // The fourth drives the first out, and then nobody counts as used.
      for (const n of [1, 2, 3, 4]) await call(n)
      await world.time.advance(98_000)
      await call(2)
      await call(5)
      const before = world.tokenCalls.length
      await call(2)
      expect(world.tokenCalls).toHaveLength(before)
      await call(3)
      expect(world.tokenCalls).toHaveLength(before + 1)
    } finally {
      world[Symbol.dispose]()
    }
  })

  it('that were in flight together are let go when they have landed', async () => {
    seedRandom()
    const world = new World()
    try {
      const maskinporten = world.create({ maxTokens: 10 })
      const all = Array.from({ length: 500 }, (_, n) => maskinporten.getToken(resource(n)))
      await world.time.advance(100)
      await Promise.all(all)
      const before = world.tokenCalls.length
      for (let n = 0; n < 500; n++) {
        const again = maskinporten.getToken(resource(n))
        await world.time.advance(n % 50 === 0 ? 100 : 60)
        await again
      }
      expect(world.tokenCalls.length - before).toBeGreaterThanOrEqual(480)
    } finally {
      world[Symbol.dispose]()
    }
  })
})

describe('a request is found by its content of now', () => {
  const separators = [
    '"',
    "'",
    ',',
    ':',
    '{',
    '}',
    '[',
    ']',
    '\\',
    '\0',
    '\n',
    ' ',
    '=',
    '&',
    ';',
    '|',
    '__proto__',
    '',
  ]
  const text = fc.oneof(
    fc
      .array(fc.constantFrom(...separators, 'a', 'consumerOrg', 'pid'), { maxLength: 6 })
      .map((parts) => parts.join('')),
    fc.string({ maxLength: 6 }),
  )
  const fields = fc.uniqueArray(fc.constantFrom('scopes', 'resource', 'consumerOrg', 'pid', 'kind'))
  const request = fields
    .chain((names) => fc.record(Object.fromEntries(names.map((name) => [name, text]))))
    .map((one) => ({ ...one }))
  const contentOf = (one: TokenRequest): string =>
    Object.entries(one)
      .map(([name, value]) => `${name} ${value.length} ${value}`)
      .join()

  it('and two customers never share what is known, whatever stands in their values', () => {
    fc.assert(
      fc.property(request, request, (one, other) => {
        const known = new RecentRequests(100)
        const first = known.add(one)
        expect(known.find({ ...one })).toBe(first)
        expect(known.add(other) === first).toBe(contentOf(one) === contentOf(other))
        expect(known.find({ ...one })).toBe(first)
      }),
      { numRuns: 5_000 },
    )
  })

  it('also among many, of which some are the beginning of others', () => {
    fc.assert(
      fc.property(fc.array(request, { maxLength: 20 }), (requests) => {
        const known = new RecentRequests(100)
        const byContent = new Map<string, unknown>()
        for (const one of requests) {
          const found = known.add(one)
          expect(byContent.get(contentOf(one)) ?? found).toBe(found)
          byContent.set(contentOf(one), found)
        }
        expect(new Set(byContent.values()).size).toBe(byContent.size)
        for (const one of requests) expect(known.find({ ...one })).toBe(byContent.get(contentOf(one)))
      }),
    )
  })

  it('within a bound', () => {
    const known = new RecentRequests(1_000)
    for (let n = 0; n < 100_000; n++) known.add(resource(n))
    const left = Array.from({ length: 100_000 }, (_, n) => known.find(resource(n))).filter((one) => one !== undefined)
    expect(left.length).toBeGreaterThan(0)
    expect(left.length).toBeLessThanOrEqual(1_000)
  })

  it('and is not found when the long way must read it', () => {
    const known = new RecentRequests(100)
    const plain = known.add({ scopes: 'a:b' })
    known.add({})
    known.add({ scopes: 'a:b', consumerOrg: '310702641' })
    class Inherited {
      scopes = 'a:b'
      get consumerOrg(): string {
        return '310702641'
      }
    }
    const hidden = Object.defineProperty({ scopes: 'a:b' }, 'consumerOrg', { value: '310702641', enumerable: false })
    for (const one of [
      null,
      'a:b',
      new Inherited(),
      hidden,
      Object.assign(Object.create({ consumerOrg: '310702641' }), { scopes: 'a:b' }),
      Object.assign(Object.create(null), { scopes: 'a:b' }),
      { scopes: ['a:b'] },
      { scopes: 'a:b', claims: {} },
      { scopes: 'a:b', systemUser: { org: '310702641' } },
      { scopes: 'a:b', consumerorg: '310702641' },
      { scopes: 'a:b', toJSON: () => 'x' },
      { pid: 5 },
    ]) {
      expect(known.find(one as never)).toBeUndefined()
    }
    expect(known.find({ scopes: 'a:b', consumerOrg: undefined })).toBe(plain)
  })

  it('and a thousand customers each have their own token, again and again', async () => {
    seedRandom()
    const world = new World()
    try {
      const maskinporten = world.create()
      const ask = async (n: number): Promise<string> => {
        const token = maskinporten.getToken({ scopes: 'a:b', ...resource(n) })
        if (world.tokenCalls.length <= n) await world.time.advance(100)
        return (await token).value
      }
      const first: string[] = []
      for (let n = 0; n < 1_000; n++) first.push(await ask(n))
      expect(new Set(first).size).toBe(1_000)
      for (let n = 0; n < 1_000; n++) expect(await ask(n)).toBe(first[n])
    } finally {
      world[Symbol.dispose]()
    }
  })
})

describe('callers of one turn of the event loop', () => {
  const inWorld = async (test: (world: World) => Promise<void>): Promise<void> => {
    seedRandom()
    const world = new World()
    try {
      await test(world)
    } finally {
      world[Symbol.dispose]()
    }
  }

  it('share one promise, and those of a later one the same flight', () =>
    inWorld(async (world) => {
      const bound = world.create().with({ scopes: 'a:b' })
      // The first one's own may be interrupted by its host; all others share one.
      const [one, two, three] = [bound.getToken(), bound.getToken(), bound.getToken()]
      expect(three).toBe(two)
      await world.time.advance(20)
      const later = bound.getToken()
      expect(later).not.toBe(one)
      await world.time.advance(100)
      expect((await later).value).toBe((await one).value)
      expect((await two).value).toBe((await one).value)
      expect(world.tokenCalls).toHaveLength(1)
    }))

  it('each end their own wait: one that aborts leaves the others theirs', () =>
    inWorld(async (world) => {
      const maskinporten = world.create()
      const controller = new AbortController()
      const [first, aborted, last] = [
        maskinporten.getToken(),
        maskinporten.getToken(undefined, { signal: controller.signal }),
        maskinporten.getToken(),
      ]
      controller.abort('enough')
      await expect(aborted).rejects.toBe('enough')
      await world.time.advance(100)
      expect((await first).value).toBe((await last).value)
    }))

  it('are refused together, and one who comes after that is not', () =>
    inWorld(async (world) => {
      const maskinporten = world.create()
      world.onToken = () => ({ status: 400, body: { error: 'invalid_scope' } })
      const refused = Promise.allSettled([maskinporten.getToken(), maskinporten.getToken()])
      await world.time.advance(100)
      expect((await refused).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
      world.onToken = () => undefined
      world.settings.change({})
      const after = maskinporten.getToken()
      await world.time.advance(100)
      expect(await after).toHaveProperty('kind', 'maskinporten')
    }))

  it('are not given what one of them says was rejected', () =>
    inWorld(async (world) => {
      const maskinporten = world.create()
      const cold = maskinporten.getToken()
      await world.time.advance(100)
      const rejected = await cold
      await world.time.advance(11_000)
      const [renewed, served] = [maskinporten.getToken(undefined, { rejected }), maskinporten.getToken()]
      await world.time.advance(100)
      expect((await renewed).value).not.toBe(rejected.value)
      expect((await served).value).toBe(rejected.value)
    }))

  it.each<[string, (world: World, maskinporten: Maskinporten) => unknown]>([
    ['the settings changed', ({ settings: provider }) => provider.change({ clientId: 'another' })],
    ['the wall clock was set on', ({ time }) => (time.wallShift += 300_000)],
    ['all was closed', (_, maskinporten) => maskinporten.close()],
  ])('share nothing across it when %s between them', (_, happens) =>
    inWorld(async (world) => {
      const maskinporten = world.create()
      const before = maskinporten.getToken()
      void Promise.allSettled([before])
      void happens(world, maskinporten)
      const after = maskinporten.getToken()
      expect(after).not.toBe(before)
      await Promise.allSettled([after, world.time.advance(20_000)])
    }),
  )

  it('are told at once that all is closed', () =>
    inWorld(async (world) => {
      const maskinporten = world.create()
      const pending = Promise.allSettled([maskinporten.getToken(), maskinporten.getToken()])
      await maskinporten.close()
      for (const outcome of [...(await pending), ...(await Promise.allSettled([maskinporten.getToken()]))]) {
        expect(outcome.status === 'rejected' && isMaskinportenError(outcome.reason) && outcome.reason.code).toBe(
          'closed',
        )
      }
    }))
})
