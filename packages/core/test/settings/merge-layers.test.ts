import { createConfigLayer } from '@maskinporten-kit/core'
import { expect, it } from 'vitest'
import { mergeLayers } from '../../src/sources/config-layer.ts'

const layer = (values: Readonly<Record<string, unknown>>): ReturnType<typeof createConfigLayer> =>
  createConfigLayer(values, { origin: 'test' })

it('a null for a section leaves what is in it, however deep; a null for a value replaces it', () => {
  const merged = mergeLayers([layer({ A: { b: { c: 'kept' } }, AB: 'x' }), layer({ A: null, 'A:b': null, AB: null })])
  expect([...merged].map(([key, entry]) => [key, entry.reveal()])).toEqual([
    ['a:b:c', 'kept'],
    ['ab', null],
  ])
})

it('many nulls are merged in one pass, not one for each', () => {
  const many = layer(Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`A:k${index}`, null])))
  const before = process.cpuUsage()
  expect(mergeLayers([many]).size).toBe(20_000)
  // Processor time, in microseconds: a busy machine does not stretch it.
  expect(process.cpuUsage(before).user).toBeLessThan(1_000_000)
})
