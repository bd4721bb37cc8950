import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { MaskinportenEvent } from '@maskinporten-kit/core'
import { seedRandom } from './drive.ts'
import { MemoryStore } from './memory-store.ts'
import { UNKNOWN_KID, World, fakeKey, refusal } from './world.ts'

let world: World
beforeEach(() => {
  seedRandom()
  world = new World()
})
afterEach(() => {
  world[Symbol.dispose]()
  vi.restoreAllMocks()
})

const of = <T extends MaskinportenEvent['type']>(type: T): Extract<MaskinportenEvent, { type: T }>[] =>
  world.events.filter((event): event is Extract<MaskinportenEvent, { type: T }> => event.type === type)

async function call(request = {}): Promise<unknown> {
  const maskinporten = world.create()
  const answer = maskinporten.getToken(request).catch((error: unknown) => error)
  await world.time.advance(10_100)
  return answer
}

describe('subscribe', () => {
  it('reports start and end of a token and its exchange under one id each, with kind, scopes and durations', async () => {
    await call({ kind: 'altinn' })
    expect(of('token.start')).toMatchObject([
      { kind: 'altinn', scopes: ['a:b'], why: 'missing', level: 'debug' },
      { kind: 'maskinporten', scopes: ['a:b'], why: 'missing' },
    ])
    const [outer, inner] = of('token.start')
    expect([outer?.id, inner?.id, of('exchange.start')[0]?.id]).toEqual([1, 2, 3])
    expect([...of('exchange.start'), ...of('exchange.end'), ...of('token.end')].map(({ level }) => level)).toEqual(
      Array(4).fill('debug'),
    )
    expect(of('token.end').map(({ id }) => id)).toEqual([inner?.id, outer?.id])
    expect(of('token.end')[0]?.durationMs).toBeGreaterThanOrEqual(50)
    expect(of('exchange.end')).toMatchObject([{ id: of('exchange.start')[0]?.id, durationMs: 50 }])
    expect(of('token.end').every((event) => event.error === undefined)).toBe(true)
  })

  it('says of a token where it came from and how long it lives, and what an exchange and a parent are for', async () => {
    await call({ kind: 'altinn' })
    const [outer, inner] = of('token.start')
    expect([outer?.parentId, inner?.parentId]).toEqual([undefined, outer?.id])
    expect(of('exchange.start')).toMatchObject([{ parentId: outer?.id }])
    const [innerEnd, outerEnd] = of('token.end')
    expect(innerEnd).toMatchObject({ from: 'server', lifetimeMs: 120_000 })
    expect(outerEnd).toMatchObject({ from: 'server', lifetimeMs: 1_800_000 })
    expect(innerEnd?.expiresAt).toBe((inner?.at ?? 0) + 120_000)
  })

  it('says of a token that came out of the shared store that it did', async () => {
    const store = new MemoryStore(world.time)
    const first = world.create({ store }).getToken()
    await world.time.advance(1_000)
    await first
    const second = world.create({ store }).getToken()
    await world.time.advance(1_000)
    await second
    expect(of('token.end').map(({ from }) => from)).toEqual(['server', 'store'])
  })

  it('names the organisations that a token is for, and no person', async () => {
    await call({ consumerOrg: '0192:310702641', systemUser: { org: '311169963' }, pid: '20914695016' })
    expect(of('token.start')).toMatchObject([{ consumerOrg: '310702641', systemUserOrg: '311169963' }])
    expect(JSON.stringify(world.events)).not.toContain('20914695016')
  })

  it('tells a token that was given up from one that came, and says at last that all is closed', async () => {
    world.onToken = () => ({ hang: true })
    const maskinporten = world.create()
    const waiting = maskinporten.getToken().catch(() => {})
    await world.time.advance(100)
    await maskinporten.close()
    await waiting
    expect(of('token.end')).toHaveLength(1)
    const [end] = of('token.end')
    expect([end?.error, end?.expiresAt]).toEqual([undefined, undefined])
    expect(world.events.at(-1)).toMatchObject({ type: 'closed', level: 'debug' })
    await maskinporten.close()
    expect(of('closed')).toHaveLength(1)
  })

  it('reports what a flight failed with, as the caller sees it', async () => {
    world.onExchange = () => ({ status: 401 })
    const error = await call({ kind: 'altinn' })
    expect(of('exchange.end')[0]?.error).toMatchObject({ code: 'exchange_refused', status: 401 })
    expect(of('token.end').at(-1)?.error).toBe(error)
  })

  it('reports a repaired clock and a rejected key', async () => {
    world.settings.change({ keys: [fakeKey('new'), fakeKey('old')] })
    let asked = 0
    world.onToken = ({ header }) =>
      header['kid'] === 'new' ? UNKNOWN_KID : ++asked === 1 ? refusal('JWT has expired.', 'MP-130') : undefined
    await call()
    expect(of('key.rejected')).toMatchObject([{ kid: 'new', fallbackKid: 'old', level: 'warn' }])
    expect(of('clock.repaired')).toHaveLength(1)
  })

  it('goes on when a listener throws, and ends with what it returned', async () => {
    const maskinporten = world.create()
    const seen: string[] = []
    maskinporten.subscribe(() => {
      throw new Error('listener')
    })
    const end = maskinporten.subscribe((event) => seen.push(event.type))
    const token = maskinporten.getToken()
    await world.time.advance(100)
    await token
    end()
    const before = seen.length
    const other = maskinporten.getToken({ scopes: 'c:d' })
    await world.time.advance(100)
    await other
    expect(before).toBeGreaterThan(0)
    expect(seen).toHaveLength(before)
  })

  it('never holds a token, an assertion or a claim', async () => {
    world.onExchange = ({ bearer = '' }) => ({ status: 403, body: `the token ${bearer} was not accepted` })
    const error = await call({ kind: 'altinn' })
    const printed = JSON.stringify([world.events, error]) + String(error)
    expect(world.exchangeCalls[0]?.bearer).toMatch(/^mp-/)
    expect(printed).not.toContain(world.exchangeCalls[0]?.bearer)
  })
})

describe('health', () => {
  it('is not touched by the refusal of one request', async () => {
    const maskinporten = world.create()
    world.onToken = () => refusal('Token request contains invalid scopes for client, a:b', 'MP-200', 'invalid_scope')
    const refused = maskinporten.getToken().catch(() => {})
    await world.time.advance(100)
    await refused
    expect(maskinporten.health().status).toBe('ok')
  })

  it('says failing with the reason when no token can be had, and ok again with the first', async () => {
    const maskinporten = world.create()
    world.onToken = () => UNKNOWN_KID
    const refused = maskinporten.getToken().catch(() => {})
    await world.time.advance(100)
    await refused
    expect(maskinporten.health()).toMatchObject({
      status: 'failing',
      reason: 'token_refused',
      since: world.time.now() - 50,
    })
    world.onToken = () => undefined
    await world.time.advance(6_000)
    const token = maskinporten.getToken()
    await world.time.advance(100)
    await token
    expect(maskinporten.health().status).toBe('ok')
  })

  it('counts settings that cannot be loaded', async () => {
    world.settings.loadMs = () => Promise.reject(new Error('vault'))
    const maskinporten = world.create()
    const failed = maskinporten.getToken().catch((error: unknown) => error)
    await world.time.advance(100)
    expect(await failed).toMatchObject({ code: 'settings_unavailable' })
    expect(maskinporten.health()).toMatchObject({ status: 'failing', reason: 'settings_unavailable' })
  })
})
