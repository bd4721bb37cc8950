import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Entry } from '../../src/cache/entry.ts'
import { Flight } from '../../src/cache/flight.ts'
import { TokenTable } from '../../src/cache/token-table.ts'
import { Time } from '../../src/time.ts'
import { VirtualTime } from './virtual-time.ts'

const CLIENTS = ['one', 'two']

describe('the table of tokens', () => {
  it('lets the least recently used go, whatever was used, added or taken out before', () => {
    const action = fc.record({
      do: fc.constantFrom('use', 'use', 'use', 'add', 'remove'),
      client: fc.constantFrom(...CLIENTS),
      grant: fc.integer({ min: 0, max: 12 }).map(String),
    })
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), fc.array(action, { maxLength: 60 }), (max, actions) => {
        const table = new TokenTable(max)
        // The least recently used first.
        let model: string[] = []
        for (const { do: what, client, grant } of actions) {
          const entry = table.get(client, grant)
          const key = `${client} ${grant}`
          if (what !== 'add' && entry === undefined) continue
          model = model.filter((one) => one !== key)
          if (what === 'remove' && entry !== undefined) table.remove(entry)
          else model = [...model, key].slice(-max)
          if (what === 'use' && entry !== undefined) table.touch(entry)
          if (what === 'add' && entry === undefined) table.add(new Entry(client, grant, 'maskinporten'))
          if (what === 'add' && entry !== undefined) table.touch(entry)
          const held = CLIENTS.flatMap((one) => table.entries(one)).map((one) => `${one.client} ${one.grant}`)
          expect(held.toSorted()).toEqual(model.toSorted())
        }
      }),
      { numRuns: 500, seed: 20261127 },
    )
  })

  it('holds those in flight beyond its bound, and looks at a few of them only each time', () => {
    const table = new TokenTable(10)
    const time = new Time(new VirtualTime())
    const land: Array<() => void> = []
    for (let n = 0; n < 20_000; n++) {
      const entry = new Entry('one', String(n), 'maskinporten')
      table.add(entry)
      entry.flight = new Flight({ why: 'missing' }, time, 10_000)
      land.push(() => (entry.flight = undefined))
    }
    expect(table.entries()).toHaveLength(20_000)
    for (const one of land) {
      one()
      table.trim()
    }
    expect(table.entries()).toHaveLength(10)
    expect(table.entries().map((entry) => entry.grant)).toEqual(
      Array.from({ length: 10 }, (_, n) => String(19_990 + n)),
    )
  }, 2_000)
})
