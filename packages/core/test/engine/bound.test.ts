import { afterEach, describe, expect, it, vi } from 'vitest'
import { Directory } from '../../src/cache/directory.ts'
import { RecentRequests } from '../../src/cache/recent-requests.ts'
import { Time } from '../../src/time.ts'
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
    const directory = new Directory(new Time({ now: () => 0, monotonic: () => 0 }), 1_000)
    directory.adopt(settings)
    for (let n = 0; n < 100_000; n++) directory.entryOf(resource(n), settings)
    let entries = 0
    let latest = 0
    directory.some(({ grant }) => {
      entries++
      latest += Number(String(grant.claims['resource']).split('/').at(-1)) >= 99_000 ? 1 : 0
      return false
    })
    expect([entries, latest]).toEqual([1_000, 1_000])
  })

  it('are remembered by their requests within the bound too', () => {
    if (settings === undefined) throw new Error('no settings')
    const directory = new Directory(new Time({ now: () => 0, monotonic: () => 0 }), 1_000)
    const recent = new RecentRequests(1_000)
    const entry = directory.entryOf(resource(0), settings)
    for (let n = 0; n < 100_000; n++) recent.remember(resource(n), { entry, revision: 1 })
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
