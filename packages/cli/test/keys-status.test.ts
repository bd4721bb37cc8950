import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { levelOf } from '../src/rotate/key-life.ts'
import { type StatusFlags, keyStatus } from '../src/rotate/key-status.ts'
import { Spoken } from './spoken.ts'
import { SCOPE, type TestKey, type World, leaks, newKey, startWorld } from './world.ts'

const DAY = 86_400
const KEY = 'MaskinportenSettings--EncodedJwk'

let world: World
let current: TestKey
let other: TestKey
beforeAll(async () => {
  world = await startWorld()
  ;[current, other] = [await newKey('current'), await newKey('other')]
  await world.emulator.registerClient({ scopes: [SCOPE], clientId: 'watched', jwk: current.publicJwk })
  world.emulator.keyVault.setSecret('MaskinportenSettings--ClientId', 'watched')
  world.useHere()
})
afterAll(() => world[Symbol.asyncDispose]())
beforeEach(async () => {
  world.emulator.keyVault.deleteSecret(`${KEY}-next`)
  world.emulator.keyVault.setSecret(KEY, current.encoded)
  await world.settings()
})

interface Shown {
  readonly selfService: string | null
  readonly keys: readonly {
    readonly kid: string
    readonly level: string
    readonly daysLeft: number | null
    readonly isEstimate: boolean
    readonly inUse: string | null
    readonly waiting: string | null
    readonly isPublished: boolean | null
  }[]
}

async function status(
  flags: StatusFlags = {},
  terminal: Spoken = new Spoken({ isJson: true }),
): Promise<{ said: Spoken; error: unknown }> {
  const where = { settings: world.folder, admin: world.adminFile, selfService: world.emulator.selfService.url }
  const error: unknown = await keyStatus({ ...where, ...flags }, terminal).catch((reason: unknown) => reason)
  return { said: terminal, error }
}

const publish = (...ends: readonly (readonly [TestKey, number])[]): void => {
  const now = Math.floor(Date.now() / 1000)
  const keys = ends.map(([{ publicJwk }, days]) => ({ ...publicJwk, exp: now + days * DAY + 3600 }))
  world.emulator.maskinporten.setKeys('watched', keys)
}

test('it goes by the end that Maskinporten has, and says where each key is', async () => {
  publish([current, 300], [other, 20])
  world.emulator.keyVault.setSecret(`${KEY}-next`, other.encoded)
  const { said, error } = await status()
  expect(error).toBeUndefined()
  const shown = JSON.parse(said.out) as Shown
  expect(shown.keys).toMatchObject([
    {
      kid: 'current',
      level: 'ok',
      daysLeft: 300,
      isEstimate: false,
      inUse: expect.stringMatching(new RegExp(`^Key Vault .*${KEY}`)),
      waiting: null,
      isPublished: true,
    },
    {
      kid: 'other',
      level: 'ok',
      daysLeft: 20,
      inUse: null,
      waiting: expect.stringContaining('-next'),
      isPublished: true,
    },
  ])
  expect(leaks(said.out + said.err, current, other)).toBe(false)
})

test('a waiting secret that cannot be read is told, and not taken for none', async () => {
  publish([current, 300])
  world.emulator.keyVault.setSecret(`${KEY}-next`, 'not a key')
  expect((await status()).error).toMatchObject({
    exitCode: 3,
    message: expect.stringMatching(/-next holds something that is not a private key/),
  })
})

test('without an administration client it goes by the dates of the key and its store, and says so', async () => {
  const { said, error } = await status({ admin: undefined }, new Spoken({ language: 'nb' }))
  expect(error).toBeUndefined()
  expect(said.out).toMatch(
    /^current {2}ok +~\d{4}-\d\d-\d\d \(36\d dager igjen, 0 dager gammel\)\n {2}i bruk: Key Vault /,
  )
  expect(said.err).toContain('ikke kjent')
})

test('a key in use that ends now, has ended, or is not published exits 1', async () => {
  const iat = Math.floor(Date.now() / 1000) - 300 * DAY
  const old = Buffer.from(JSON.stringify({ ...current.privateJwk, iat })).toString('base64')
  world.emulator.keyVault.setSecret(KEY, old)
  publish([current, 0])
  expect((await status()).error).toMatchObject({ exitCode: 1, message: expect.stringMatching(/current, ends now/) })
  publish([current, -1])
  expect((await status()).error).toMatchObject({ exitCode: 1, message: expect.stringMatching(/current, has ended/) })
  publish([other, 300])
  const { said, error } = await status({}, new Spoken())
  expect(error).toMatchObject({ exitCode: 1, message: expect.stringMatching(/current, is not published/) })
  expect(said.out).toMatch(/NOT published/)
})

test.each([
  ['a year', 365, [364, 62, 60, 31, 30, 8, 7, 0.5, 0], 'ok ok soon soon sooner sooner critical critical ended'],
  ['30 days', 30, [29, 7, 4.9, 2.4, 0.5, -1], 'ok ok soon sooner critical ended'],
])('of a key of %s the levels are shares of its life', (_, life, left, levels) => {
  const day = 86_400_000
  const now = Date.now()
  const seen = left.map((days) => levelOf({ startsAt: now - (life - days) * day, endsAt: now + days * day }, now))
  expect(seen.join(' ')).toBe(levels)
})

test('of a key whose start is not known they are days, and without an end there is none', () => {
  const day = 86_400_000
  expect([8, 6, 2, 0.5, -1].map((days) => levelOf({ endsAt: days * day }, 0)).join(' ')).toBe(
    'ok soon sooner critical ended',
  )
  expect(levelOf({}, 0)).toBe('unknown')
})
