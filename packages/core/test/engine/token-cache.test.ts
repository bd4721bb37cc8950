import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fault } from '../../src/errors.ts'
import { BackOff } from '../../src/tokens/back-off.ts'
import { Flight } from '../../src/tokens/flight.ts'
import { Rejections } from '../../src/tokens/rejection.ts'
import { type CacheEntry, TokenCache } from '../../src/tokens/token-cache.ts'
import { Time } from '../../src/time.ts'
import { VirtualTime } from './virtual-time.ts'

const time = new Time(new VirtualTime())
const fly = (entry: CacheEntry): void => void (entry.flight = new Flight({ why: 'missing' }, time, 10_000))
const open = (max: number): TokenCache => {
  const cache = new TokenCache(max)
  cache.useClient('client')
  return cache
}
const add = (cache: TokenCache, grant: string): CacheEntry => cache.entry('client', grant, 'maskinporten')
const grants = (cache: TokenCache): readonly string[] => cache.entries().map(({ grant }) => grant)

/** What the cache promises, the slow way: in turn, who was used is passed over once, and who is in flight always. */
class Model {
  readonly #max: number
  all: { grant: string; used: boolean; flying: boolean }[] = []

  constructor(max: number) {
    this.#max = max
  }

  add(grant: string): void {
    this.trim(this.#max - 1)
    this.all.push({ grant, used: false, flying: false })
  }

  trim(size = this.#max): void {
    let passed = 0
    while (this.all.length > size && passed <= 16) {
      const [first, ...rest] = this.all
      if (first === undefined) return
      if (first.flying) passed++
      this.all = first.flying || first.used ? [...rest, { ...first, used: false }] : rest
    }
  }
}

describe('the token cache', () => {
  it('lets go who was not used since, in turn, never one in flight', () => {
    const what = fc.constantFrom('use', 'use', 'add', 'add', 'add', 'fly', 'fly', 'land', 'clear')
    const actions = fc.array(fc.tuple(what, fc.nat(99)), { minLength: 20, maxLength: 80, size: 'max' })
    const sameAsModel = (max: number, all: ReadonlyArray<readonly [string, number]>): void => {
      const cache = open(max)
      const model = new Model(max)
      for (const [step, [action, n]] of all.entries()) {
        const held = cache.entries()
        const entry = held[n % held.length]
        const twin = model.all.find(({ grant }) => grant === entry?.grant)
        if (action === 'add' || entry === undefined || twin === undefined) {
          add(cache, String(step))
          model.add(String(step))
        } else if (action === 'use') {
          entry.wasUsed = twin.used = true
        } else if (action === 'fly' && model.all.filter(({ flying }) => flying).length < 5) {
          fly(entry)
          twin.flying = true
        } else if (action === 'land') {
          entry.flight = undefined
          twin.flying = false
          cache.landed()
          model.trim()
        } else if (action === 'clear' && n < 10) {
          cache.clear()
          model.all = []
        }
        expect(grants(cache).toSorted()).toEqual(model.all.map(({ grant }) => grant).toSorted())
      }
    }
    fc.assert(fc.property(fc.integer({ min: 1, max: 6 }), actions, sameAsModel), { numRuns: 2_000, seed: 1 })
  })

  it('keeps who is used, and lets go who is not', () => {
    const cache = open(100)
    const used = Array.from({ length: 50 }, (_, n) => add(cache, `used ${n}`))
    for (let n = 0; n < 10_000; n++) {
      for (const entry of used) entry.wasUsed = true
      add(cache, `once ${n}`)
    }
    expect(grants(cache).filter((grant) => grant.startsWith('used'))).toHaveLength(50)
    expect(grants(cache)).toHaveLength(100)
  })

  it('holds those in flight beyond its bound, and looks at a few of them only each time', () => {
    const cache = open(10)
    const land: (() => void)[] = []
    let looks = 0
    for (let n = 0; n < 20_000; n++) {
      const entry = add(cache, String(n))
      fly(entry)
      const { flight } = entry
      let isFlying = true
      const look = (): Flight | undefined => {
        looks++
        return isFlying ? flight : undefined
      }
      Object.defineProperty(entry, 'flight', { get: look })
      land.push(() => (isFlying = false))
    }
    expect(grants(cache)).toHaveLength(20_000)
    for (const one of land) {
      one()
      cache.landed()
    }
    expect(grants(cache)).toHaveLength(10)
    expect(looks).toBeLessThan(40_000 * 20)
  })

  it('passes sixteen that are in flight to let one go that is not, and no more', () => {
    for (const [flying, isKept] of [
      [16, false],
      [17, true],
    ] as const) {
      const cache = open(flying + 1)
      for (let n = 0; n < flying; n++) fly(add(cache, String(n)))
      add(cache, 'idle')
      add(cache, 'new')
      expect(grants(cache).includes('idle')).toBe(isKept)
    }
  })

  it('drops the tokens of another client, and keeps none that its flights still bring', () => {
    const cache = open(10)
    const entry = add(cache, 'a')
    expect(cache.useClient('client')).toBe(false)
    expect(cache.useClient('another')).toBe(true)
    expect([cache.entries(), cache.current(entry)]).toEqual([[], undefined])
    expect(add(cache, 'a').clientIdentity).toBe('client')
    expect(cache.entries()).toEqual([])
  })

  it('leaves nothing on what it has let go: a bound source may hold it for long', () => {
    const cache = open(10)
    const entry = add(cache, 'grant')
    entry.rejections = new Rejections(time)
    entry.rejections.report('a bearer token')
    entry.backOff = new BackOff(time)
    entry.backOff.fail({ error: fault('timeout', 'late', 'wait'), retryAfterMs: 0, lasting: false }, 1)
    cache.clear()
    expect(entry).toMatchObject({ held: undefined, rejections: undefined, backOff: undefined })
  })
})
