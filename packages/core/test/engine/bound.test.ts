import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { type Maskinporten, isMaskinportenError } from '@maskinporten-kit/core'
import { Directory } from '../../src/tokens/directory.ts'
import { Entry } from '../../src/tokens/entry.ts'
import { RecentRequests } from '../../src/tokens/recent-requests.ts'
import { seedRandom } from './drive.ts'
import { FakeSettings, World } from './world.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

const settings = new FakeSettings({}).current()
const resource = (n: number): { resource: string } => ({ resource: `https://api.example/${n}` })

describe('a hundred thousand identities', () => {
  it('leave as many entries as the bound, the latest ones', () => {
    if (settings === undefined) throw new Error('no settings')
    const directory = new Directory(1_000)
    directory.adopt(settings)
    for (let n = 0; n < 100_000; n++) directory.find(resource(n), settings)
    let entries = 0
    let latest = 0
    directory.some(({ key }) => {
      entries++
      latest += Number(/(\d+)"[^"]*$/.exec(key)?.[1]) >= 99_000 ? 1 : 0
      return false
    })
    expect([entries, latest]).toEqual([1_000, 1_000])
  })

  it('are remembered by their requests within the bound too', () => {
    if (settings === undefined) throw new Error('no settings')
    const directory = new Directory(1_000)
    const recent = new RecentRequests(1_000)
    const { entry } = directory.find(resource(0), settings)
    for (let n = 0; n < 100_000; n++) recent.remember(resource(n), entry, 1)
    const found = Array.from({ length: 100_000 }, (_, n) => recent.find(resource(n))).filter(
      (known) => known !== undefined,
    )
    expect(found.length).toBeGreaterThan(0)
    expect(found.length).toBeLessThanOrEqual(1_000)
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
  const text = fc.constantFrom('a', 'b', '__proto__')
  const fields = fc.uniqueArray(fc.constantFrom('scopes', 'resource', 'consumerOrg', 'pid'), { minLength: 1 })
  const request = fields.chain((names) => fc.record(Object.fromEntries(names.map((name) => [name, text]))))

  it('whatever its fields and their order', () => {
    const entry = new Entry('', '', 'maskinporten')
    fc.assert(
      fc.property(fc.array(request, { maxLength: 20 }), (requests) => {
        const recent = new RecentRequests(100)
        const known = new Map<string, number>()
        for (const [revision, one] of requests.entries()) {
          const content = JSON.stringify(Object.entries(one))
          expect(recent.find({ ...one })?.revision).toBe(known.get(content))
          known.set(content, revision)
          recent.remember(one, entry, revision)
        }
        for (const one of requests) {
          expect(recent.find({ ...one })?.revision).toBe(known.get(JSON.stringify(Object.entries(one))))
        }
      }),
    )
  })
})

describe('callers of one moment', () => {
  const inWorld = async (test: (world: World) => Promise<void>): Promise<void> => {
    seedRandom()
    const world = new World()
    try {
      await test(world)
    } finally {
      world[Symbol.dispose]()
    }
  }

  it('share one promise until it is settled, and those of a later one the same flight', () =>
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
