import type { MaskinportenEvent } from '@maskinporten-kit/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { World } from './engine/world.ts'

const unhandled: unknown[] = []
const note = (reason: unknown): void => void unhandled.push(reason)
beforeEach(() => {
  unhandled.length = 0
  process.on('unhandledRejection', note)
})
afterEach(() => {
  process.off('unhandledRejection', note)
})

describe('a listener', () => {
  it('that is async and rejects breaks nothing, and ends no process', async () => {
    using world = new World()
    const maskinporten = world.create()
    const seen: MaskinportenEvent['type'][] = []
    // As JavaScript has it, and TypeScript without a linter.
    const listener: () => unknown = () => Promise.reject(new Error('listener'))
    maskinporten.subscribe(listener)
    maskinporten.subscribe((event) => void seen.push(event.type))
    const token = maskinporten.getToken()
    await world.time.advance(100)
    expect((await token).value).toMatch(/^mp-/)
    await new Promise((resolve) => setImmediate(resolve))
    expect(seen).toEqual(['token.start', 'token.end'])
    expect(unhandled).toEqual([])
  })
})
