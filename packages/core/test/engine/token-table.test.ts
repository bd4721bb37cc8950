import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fault } from '../../src/errors.ts'
import { BackOff } from '../../src/tokens/back-off.ts'
import { Entry } from '../../src/tokens/entry.ts'
import { Flight } from '../../src/tokens/flight.ts'
import { Rejections } from '../../src/tokens/rejection.ts'
import { TokenTable } from '../../src/tokens/token-table.ts'
import { Time } from '../../src/time.ts'
import { VirtualTime } from './virtual-time.ts'

const CLIENTS = ['one', 'two']
const time = new Time(new VirtualTime())
const fly = (entry: Entry): void => void (entry.flight = new Flight({ why: 'missing' }, time, 10_000))

/** What the table promises, the slow way: the least recently used first. */
class Model {
  readonly #max: number
  keys: string[] = []
  flying = new Set<string>()
  /** Used last of all: it was just added, and its flight is about to begin. It may be gone since. */
  #last = ''

  constructor(max: number) {
    this.#max = max
  }

  used(key: string): void {
    this.keys = [...this.keys.filter((one) => one !== key), key]
    this.#last = key
  }

  trim(): void {
    while (this.keys.length > this.#max) {
      const goes = this.keys.findIndex((key) => !this.flying.has(key) && key !== this.#last)
      if (goes < 0) return
      this.keys.splice(goes, 1)
    }
  }
}

describe('the table of tokens', () => {
  it('lets the least recently used go, whatever was used, added, in flight or taken out before', () => {
    const what = fc.constantFrom('use', 'use', 'add', 'add', 'add', 'fly', 'fly', 'land', 'clear')
    const actions = fc.array(fc.tuple(what, fc.nat(99)), { minLength: 20, maxLength: 80, size: 'max' })
    const sameAsModel = (max: number, all: ReadonlyArray<readonly [string, number]>): void => {
      const table = new TokenTable(max)
      const model = new Model(max)
      const keyOf = ({ client, grant }: Entry): string => `${client} ${grant}`
      for (const [step, [action, n]] of all.entries()) {
        const held = table.entries()
        const entry = held[n % held.length]
        if (action === 'add' || entry === undefined) {
          const added = new Entry(CLIENTS[n % 2] ?? '', String(step), 'maskinporten')
          table.add(added)
          model.used(keyOf(added))
          model.trim()
        } else if (action === 'use') {
          table.touch(entry)
          model.used(keyOf(entry))
        } else if (action === 'fly' && model.flying.size < 5) {
          fly(entry)
          model.flying.add(keyOf(entry))
        } else if (action === 'land') {
          entry.flight = undefined
          model.flying.delete(keyOf(entry))
          table.trim()
          model.trim()
        } else if (action === 'clear' && n < 10) {
          table.removeAll(entry.client)
          const isOthers = (key: string): boolean => !key.startsWith(entry.client)
          model.keys = model.keys.filter(isOthers)
          model.flying = new Set([...model.flying].filter(isOthers))
        }
        expect(table.entries().map(keyOf).toSorted()).toEqual(model.keys.toSorted())
      }
    }
    fc.assert(fc.property(fc.integer({ min: 1, max: 6 }), actions, sameAsModel), { numRuns: 2_000, seed: 1 })
  })

  it('holds those in flight beyond its bound, and looks at a few of them only each time', () => {
    const table = new TokenTable(10)
    const landing: Entry[] = []
    for (let n = 0; n < 20_000; n++) {
      const entry = new Entry('one', String(n), 'maskinporten')
      table.add(entry)
      fly(entry)
      landing.push(entry)
    }
    expect(table.entries()).toHaveLength(20_000)
    for (const entry of landing) {
      entry.flight = undefined
      table.trim()
    }
    expect(table.entries().map((entry) => entry.grant)).toEqual(
      Array.from({ length: 10 }, (_, n) => String(19_990 + n)),
    )
  }, 2_000)

  it('leaves nothing on what it has let go: a bound source may hold it for long', () => {
    const table = new TokenTable(10)
    const entry = new Entry('one', 'grant', 'maskinporten')
    table.add(entry)
    entry.rejections = new Rejections(time)
    entry.rejections.report('a bearer token')
    entry.backOff = new BackOff(time)
    entry.backOff.fail({ error: fault('timeout', 'late', 'wait'), retryAfterMs: 0, lasting: false }, 1)
    table.removeAll()
    expect(entry).toMatchObject({ listed: false, held: undefined, rejections: undefined, backOff: undefined })
  })
})
