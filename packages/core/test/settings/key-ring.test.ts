/** The ring of keys over time: which key signs first, which ones stay, and what is told of them. */
import { type SettingsEvent, type SettingsProvider, settingsFrom } from '@maskinporten-kit/core'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { certificate, certificatePem } from './der-writer.ts'
import type { Tree } from './load.ts'
import { type TestKey, pem, rsaKey } from './rsa-keys.ts'
import { type MovedClock, type ScriptedSource, movedClock, scriptedSource } from './scripted-source.ts'

const DAY_MS = 24 * 60 * 60 * 1000
let one: TestKey
let two: TestKey
beforeAll(async () => {
  ;[one, two] = await Promise.all([rsaKey('k1'), rsaKey('k2')])
})

const section = (fields: Tree): Tree => ({ MaskinportenSettings: { Environment: 'test', ClientId: 'c', ...fields } })
const chainOf = ({ key }: TestKey): Tree =>
  section({ EncodedJwk: certificatePem(certificate({ subject: 'V', issuer: 'V', key })) + pem(key) })

interface Ring {
  readonly source: ScriptedSource
  readonly settings: SettingsProvider
  readonly clock: MovedClock
  readonly events: SettingsEvent[]
}
const open: SettingsProvider[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((settings) => settings.close()))
})

/** After the first load, whose events are not among `events`. */
async function ringOf(tree: Tree): Promise<Ring> {
  const clock = movedClock()
  const source = scriptedSource(tree)
  const settings = settingsFrom([source], { clock })
  open.push(settings)
  const events: SettingsEvent[] = []
  await settings.get()
  settings.subscribe((event) => events.push(event))
  return { source, settings, clock, events }
}
const keysOf = ({ settings }: Ring): unknown => settings.current()?.keys.map(({ kid, alg }) => `${kid} ${alg}`)

describe('the same key', () => {
  it('under another kid replaces itself', async () => {
    const ring = await ringOf(section({ Jwk: one.jwk }))
    ring.source.tree = section({ Jwk: { ...one.jwk, kid: 'k9' } })
    expect(await ring.settings.refresh('poll')).toBe(true)
    expect(keysOf(ring)).toEqual(['k9 RS256'])
    expect(ring.events.map(({ type }) => type)).toEqual(['settings.changed'])
  })

  it('with another algorithm signs with that one', async () => {
    const ring = await ringOf(section({ Jwk: one.jwk }))
    ring.source.tree = section({ Jwk: { ...one.jwk, alg: 'RS512' } })
    expect(await ring.settings.refresh('poll')).toBe(true)
    expect(keysOf(ring)).toEqual(['k1 RS512'])
  })

  it('with another start of its life has that one', async () => {
    const ring = await ringOf(section({ Jwk: { ...one.jwk, iat: 1_700_000_000, exp: 1_900_000_000 } }))
    ring.source.tree = section({ Jwk: { ...one.jwk, iat: 1_790_000_000, exp: 1_900_000_000 } })
    expect(await ring.settings.refresh('poll')).toBe(true)
    expect(ring.settings.current()?.keyLife?.startsAt).toBe(1_790_000_000_000)
  })
})

describe('two keys', () => {
  it('that change places are still two', async () => {
    const ring = await ringOf(section({ Jwks: { keys: [one.jwk, two.jwk] } }))
    ring.source.tree = section({ Jwks: { keys: [two.jwk, one.jwk] } })
    expect(await ring.settings.refresh('poll')).toBe(true)
    expect(keysOf(ring)).toEqual(['k2 RS256', 'k1 RS256'])
  })

  it('with certificates, which have no kid, are both kept, without an alarm', async () => {
    const ring = await ringOf(chainOf(one))
    ring.source.tree = chainOf(two)
    expect(await ring.settings.refresh('poll')).toBe(true)
    expect(ring.settings.current()?.keys).toHaveLength(2)
    expect(ring.events.map(({ type }) => type)).toEqual(['settings.changed', 'key.changed'])
  })

  it('of two clients have nothing to do with each other', async () => {
    const ring = await ringOf(section({ Jwk: one.jwk }))
    ring.source.tree = section({ Jwk: two.jwk, ClientId: 'd' })
    await ring.settings.refresh('poll')
    expect(ring.events.map(({ type }) => type)).toEqual(['settings.changed'])
  })
})

describe('a key that ends soon', () => {
  const ending = (clock: MovedClock): Tree => section({ Jwk: { ...one.jwk, exp: clock.now() / 1000 + 5 * 86_400 } })

  it('is told of once, also while an older key is kept', async () => {
    const ring = await ringOf(section({ Jwk: two.jwk }))
    ring.source.tree = ending(ring.clock)
    for (let polls = 0; polls < 3; polls++) {
      await ring.settings.refresh('poll')
      ring.clock.advance(1000)
    }
    expect(keysOf(ring)).toEqual(['k1 RS256', 'k2 RS256'])
    expect(ring.events.filter(({ type }) => type === 'key.expires-soon')).toHaveLength(1)
  })

  it('is told of again, if it comes back when it was gone', async () => {
    const clock = movedClock()
    const ring = await ringOf(ending(clock))
    ring.source.tree = section({ Jwk: two.jwk })
    await ring.settings.refresh('poll')
    ring.clock.advance(DAY_MS)
    await ring.settings.refresh('poll')
    expect(keysOf(ring)).toEqual(['k2 RS256'])
    ring.source.tree = ending(clock)
    await ring.settings.refresh('poll')
    expect(ring.events.filter(({ type }) => type === 'key.expires-soon')).toHaveLength(1)
  })
})
