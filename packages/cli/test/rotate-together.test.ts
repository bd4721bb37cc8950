// What changes while `keys rotate` is at work, or since it last was: another run, another person, another key.
import type { LoggedRequest } from '@maskinporten-kit/emulator'
import { SecretClient } from '@azure/keyvault-secrets'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { type RotateFlags, rotateKey } from '../src/rotate/rotate-key.ts'
import { Spoken } from './spoken.ts'
import { SCOPE, type TestKey, type World, newKey, startWorld } from './world.ts'

const KEY = 'MaskinportenSettings--EncodedJwk'

let world: World
let vault: SecretClient
let first: TestKey
let other: TestKey
let late: TestKey
let pushed: TestKey
beforeAll(async () => {
  world = await startWorld()
  ;[first, other, late, pushed] = (await Promise.all(['first', 'other', 'late', 'pushed'].map(newKey))) as [
    TestKey,
    TestKey,
    TestKey,
    TestKey,
  ]
  const { credential, clientOptions } = world.emulator.keyVault
  vault = new SecretClient('https://observer.vault.azure.net', credential, clientOptions)
  world.useHere()
})
afterAll(() => world[Symbol.asyncDispose]())

let client = ''
let count = 0
let stopWatching = (): void => undefined
beforeEach(async () => {
  client = `together-${++count}`
  await world.emulator.registerClient({ scopes: [SCOPE], clientId: client, jwk: first.publicJwk })
  world.emulator.maskinporten.setKeys(client, [first.publicJwk, other.publicJwk])
  for (const name of [KEY, `${KEY}-next`]) world.emulator.keyVault.deleteSecret(name)
  world.emulator.keyVault.setSecret(KEY, first.encoded)
  world.emulator.keyVault.setSecret('MaskinportenSettings--ClientId', client)
  await world.settings()
  world.emulator.clearRequests()
})
afterEach(() => stopWatching())

interface Rotated {
  readonly kid: string
  readonly published: readonly string[]
  readonly steps: readonly string[]
}

async function rotate(flags: RotateFlags = {}): Promise<Rotated> {
  const terminal = new Spoken({ isJson: true })
  await rotateKey(
    { settings: world.folder, admin: world.adminFile, selfService: world.emulator.selfService.url, ...flags },
    terminal,
  )
  return JSON.parse(terminal.out) as Rotated
}

/** Acts once, when the request of that number that fits has been answered. */
function after(number: number, fits: (entry: LoggedRequest) => boolean, act: (entry: LoggedRequest) => void): void {
  let left = number
  stopWatching = world.emulator.log((entry) => {
    if (entry.kind === 'request' && fits(entry) && --left === 0) act(entry)
  })
}

const ofVault = ({ target, method, path }: LoggedRequest, name: string): boolean =>
  target === 'key-vault' && method === 'PUT' && path.endsWith(`/${name}`)

const postedKeys = (): readonly TestKey['publicJwk'][] => {
  const { body = '{"keys":[]}' } =
    world.emulator
      .requests('self-service')
      .findLast(({ method, path }) => method === 'POST' && path.includes(client)) ?? {}
  return (JSON.parse(body) as { keys: TestKey['publicJwk'][] }).keys
}

const kidIn = async (name: string): Promise<string> => {
  const { value = '' } = await vault.getSecret(name)
  return (JSON.parse(Buffer.from(value, 'base64').toString()) as { kid: string }).kid
}

test('after the switch the waiting secret has no key, and a key that is pushed later is not replaced by it', async () => {
  const { kid } = await rotate()
  expect(await kidIn(KEY)).toBe(kid)
  expect((await vault.getSecret(`${KEY}-next`)).value).toBe('taken over')
  world.emulator.keyVault.setSecret(KEY, pushed.encoded)
  expect((await rotate({ dryRun: true })).steps).toEqual(['make', 'publish', 'switch', 'wait'])
})

test('a key that waits for another one than that in use is left where it is, also after a kill', async () => {
  const { kid } = await rotate()
  const used = await vault.getSecret(KEY)
  // As a run leaves it that is killed right after its switch.
  await vault.setSecret(`${KEY}-next`, used.value ?? '', { tags: { ...used.properties.tags } })
  world.emulator.keyVault.setSecret(KEY, pushed.encoded)
  expect((await rotate({ dryRun: true })).steps).toEqual(['make', 'publish', 'switch', 'wait'])
  // The one that it was made for is put back: it is newer than the waiting key.
  await new Promise((resolve) => setTimeout(resolve, 1_100))
  world.emulator.keyVault.setSecret(KEY, first.encoded)
  expect((await rotate({ dryRun: true })).steps).toEqual(['make', 'publish', 'switch', 'wait'])
  expect(await kidIn(`${KEY}-next`)).toBe(kid)
})

test('a waiting key of a killed run that is in use already is emptied by the next run that changes something', async () => {
  await rotate()
  const used = await vault.getSecret(KEY)
  await vault.setSecret(`${KEY}-next`, used.value ?? '')
  await rotate({ dryRun: true })
  expect((await vault.getSecret(`${KEY}-next`)).value).toBe(used.value)
  await rotate({ prune: true })
  expect((await vault.getSecret(`${KEY}-next`)).value).toBe('taken over')
})

test('in files, too, a waiting key is taken for the one it was made for only, and a dry run writes nothing', async () => {
  for (const name of ['ClientId', 'EncodedJwk']) world.emulator.keyVault.deleteSecret(`MaskinportenSettings--${name}`)
  await world.settings({ ClientId: client, EncodedJwk: first.encoded }, {})
  await rotate()
  const note = JSON.parse(await world.read('appsettings.EncodedJwk-next.json')) as object
  const { MaskinportenSettings: used } = JSON.parse(await world.read('appsettings.json')) as {
    MaskinportenSettings: { EncodedJwk: string }
  }
  // As a run leaves it that is killed right after its switch.
  const left = JSON.stringify({ key: used.EncodedJwk, ...note })
  await world.write('appsettings.EncodedJwk-next.json', left)
  expect((await rotate({ dryRun: true })).steps).toEqual(['wait'])
  expect(await world.read('appsettings.EncodedJwk-next.json')).toBe(left)
  for (const key of [pushed, first]) {
    await world.settings({ ClientId: client, EncodedJwk: key.encoded }, {})
    expect((await rotate({ dryRun: true })).steps).toEqual(['make', 'publish', 'switch', 'wait'])
  }
})

test('a key that somebody registers while the run waits stays registered', async () => {
  const { kid } = await rotate()
  const [next] = postedKeys()
  after(
    2,
    ({ target, status }) => target === 'token' && status === 200,
    () => {
      world.emulator.maskinporten.setKeys(client, [next as never, first.publicJwk, other.publicJwk, late.publicJwk])
    },
  )
  expect((await rotate({ prune: true })).published).toEqual([kid, 'other', 'late'])
})

test('a key that another run has taken off the list before the switch is not in use until it is there again', async () => {
  let isRemoved = false
  let wasUsedUnregistered = false
  after(
    1,
    (entry) => entry.target === 'self-service' && entry.method === 'POST' && entry.path.endsWith('/jwks'),
    () => {
      let tokens = 0
      stopWatching()
      stopWatching = world.emulator.log((entry) => {
        if (entry.kind !== 'request') return
        if (entry.target === 'token' && entry.status === 200 && ++tokens === 2) {
          isRemoved = true
          world.emulator.maskinporten.setKeys(client, [late.publicJwk, first.publicJwk, other.publicJwk])
        }
        if (entry.target === 'self-service' && entry.method === 'POST') isRemoved = false
        if (ofVault(entry, KEY) && isRemoved) wasUsedUnregistered = true
      })
    },
  )
  const { kid, published } = await rotate()
  expect(wasUsedUnregistered).toBe(false)
  expect(published).toEqual([kid, 'late', 'first', 'other'])
})

test('a key that another run takes off the list at the moment of the switch is registered again', async () => {
  after(
    1,
    (entry) => ofVault(entry, KEY),
    () => world.emulator.maskinporten.setKeys(client, [late.publicJwk, first.publicJwk, other.publicJwk]),
  )
  const { kid, published } = await rotate()
  expect(await kidIn(KEY)).toBe(kid)
  expect(published).toEqual([kid, 'late', 'first', 'other'])
})

test.each([0, 20, 60, 120, 200])(
  'of two runs at once, %i ms apart, each ends with a key in use that is registered',
  async (apartMs) => {
    const ended = await Promise.all([
      rotate(),
      new Promise((resolve) => setTimeout(resolve, apartMs)).then(() => rotate()),
    ])
    const used = await kidIn(KEY)
    expect(used).not.toBe('first')
    expect(ended.map(({ kid }) => kid)).toEqual([used, used])
    const kids = ended[1]?.published
    expect(kids).toEqual(expect.arrayContaining([used, 'first', 'other']))
  },
  60_000,
)
