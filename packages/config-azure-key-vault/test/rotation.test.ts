/** A key is replaced while 50 calls a second ask for tokens, each for another resource, so that each needs a grant. */
import { setTimeout as wait } from 'node:timers/promises'
import { mkdtempSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fromAzureKeyVault } from '@maskinporten-kit/config-azure-key-vault'
import { fromJsonFile } from '@maskinporten-kit/config-json'
import {
  type ConfigSource,
  type Maskinporten,
  type MaskinportenEvent,
  createMaskinporten,
  fromObject,
  settingsFrom,
} from '@maskinporten-kit/core'
import { type EmulatedClient, type Emulator, startEmulator } from '@maskinporten-kit/emulator'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { clientOf } from './vault.ts'

const CALL_EVERY_MS = 20
const SCOPE = 'altinn:serviceowner/instances.read'
const QUARANTINE_MS = 15_000

let emulator: Emulator
let client: EmulatedClient
beforeEach(async () => {
  emulator = await startEmulator()
  client = await emulator.registerClient({ scopes: [SCOPE], kid: 'old' })
  put('ClientId', client.clientId)
  put('EncodedJwk', client.settings.encodedJwk)
})
afterEach(() => emulator.close())

const put = (name: string, value: string, options: object = {}): void =>
  emulator.keyVault.setSecret(`MaskinportenSettings--${name}`, value, options)

interface NewKey {
  readonly encoded: string
  readonly register: () => Promise<unknown>
  readonly registerAlone: () => void
}

/** Made for a client of no account, so that the one under test does not have it yet. */
async function newKey(kid: string): Promise<NewKey> {
  const { jwk } = await emulator.registerClient({ scopes: [SCOPE], kid })
  const { kty, n, e, alg, use } = jwk
  return {
    encoded: Buffer.from(JSON.stringify(jwk)).toString('base64'),
    register: () => emulator.maskinporten.addKey(client.clientId, { kid, jwk }),
    registerAlone: () => emulator.maskinporten.setKeys(client.clientId, [{ kty, kid, n, e, alg, use }]),
  }
}

interface Run {
  readonly maskinporten: Maskinporten
  readonly events: readonly MaskinportenEvent[]
  readonly failures: readonly unknown[]
  readonly calls: number
  /** kid of each grant, with whether it was accepted. */
  readonly grants: () => readonly (readonly [kid: unknown, accepted: boolean])[]
}

/** Under load from before `rotate` until `after` more calls have been answered. */
async function underLoad(source: ConfigSource, rotate: (maskinporten: Maskinporten) => Promise<unknown>): Promise<Run> {
  const { authority } = client.settings
  const { clock } = emulator
  const file = fromObject({ MaskinportenSettings: { Authority: authority, Scope: SCOPE } })
  const maskinporten = createMaskinporten(settingsFrom([file, source], { clock }), { clock })
  const events: MaskinportenEvent[] = []
  const failures: unknown[] = []
  const pending: Promise<unknown>[] = []
  maskinporten.subscribe((event) => events.push(event))
  await maskinporten.getToken()
  const timer = setInterval(() => {
    const call = maskinporten.getToken({ resource: `https://api-${pending.length}.example.no` })
    pending.push(call.catch((error: unknown) => failures.push(error)))
  }, CALL_EVERY_MS)
  try {
    await someCalls(pending)
    await rotate(maskinporten)
    await someCalls(pending)
  } finally {
    clearInterval(timer)
    await Promise.all(pending)
    await maskinporten.close()
  }
  const grants: Run['grants'] = () =>
    emulator.requests('token').map(({ grant, status }) => [grant?.header['kid'], status === 200] as const)
  // Each call needed one of its own, and so did the first token.
  const resources = emulator.requests('token').map(({ grant }) => String(grant?.claims['resource']))
  expect(new Set(resources).size).toBe(pending.length + 1)
  return { maskinporten, events, failures, calls: pending.length, grants }
}

/** Ten grants later. */
async function someGrants(): Promise<void> {
  const goal = emulator.requests('token').length + 10
  while (emulator.requests('token').length < goal) await wait(CALL_EVERY_MS)
}

/** Ten calls later: real sockets, so real time. */
async function someCalls(pending: readonly unknown[]): Promise<void> {
  const goal = pending.length + 10
  while (pending.length < goal) await wait(CALL_EVERY_MS)
}

const vault = (): ConfigSource => fromAzureKeyVault({ client: clientOf(emulator) })
const poll = (maskinporten: Maskinporten): Promise<boolean> => maskinporten.settings.refresh('poll')
const last = <T>(all: readonly T[]): T | undefined => all.at(-1)

describe('a new key in the vault is picked up without one failed call', () => {
  it('1: registered first, then stored: no rejection at all', async () => {
    const key = await newKey('new')
    const { failures, grants, events } = await underLoad(vault(), async (maskinporten) => {
      await key.register()
      put('EncodedJwk', key.encoded)
      expect(await poll(maskinporten)).toBe(true)
    })
    expect(failures).toEqual([])
    expect(grants().filter(([, accepted]) => !accepted)).toEqual([])
    expect(last(grants())).toEqual(['new', true])
    expect(events.find(({ type }) => type === 'key.changed')).toMatchObject({ kid: 'new', previousKid: 'old' })
  })

  it('2: stored before it is registered: the old key covers in the same call, the new one signs when its quarantine ends', async () => {
    const key = await newKey('new')
    let registered = 0
    const { failures, grants } = await underLoad(vault(), async (maskinporten) => {
      put('EncodedJwk', key.encoded)
      await poll(maskinporten)
      await someGrants()
      await key.register()
      registered = emulator.requests('token').length
      await someGrants()
      emulator.clock.advance(QUARANTINE_MS)
    })
    expect(failures).toEqual([])
    const rejected = grants().filter(([, accepted]) => !accepted)
    expect(rejected.length).toBeGreaterThan(0)
    expect(rejected.every(([kid]) => kid === 'new')).toBe(true)
    // Known by then, and not tried: one rejection was enough.
    expect(grants()[registered + 1]).toEqual(['old', true])
    expect(last(grants())).toEqual(['new', true])
  })

  it('3: the old key revoked before any poll: one forced refresh, at once', async () => {
    const key = await newKey('new')
    const { failures, grants, events } = await underLoad(vault(), async () => {
      put('EncodedJwk', key.encoded)
      key.registerAlone()
    })
    expect(failures).toEqual([])
    expect(last(grants())).toEqual(['new', true])
    expect(events.filter(({ type }) => type === 'key.changed')).toHaveLength(1)
  })

  it('4: after an outage of the vault: the change is still noticed', async () => {
    const key = await newKey('new')
    const { failures, grants, events } = await underLoad(vault(), async (maskinporten) => {
      emulator.faults.next('key-vault', { status: 503 })
      expect(await poll(maskinporten)).toBe(false)
      await key.register()
      put('EncodedJwk', key.encoded)
      expect(await poll(maskinporten)).toBe(true)
    })
    expect(failures).toEqual([])
    expect(last(grants())).toEqual(['new', true])
    expect(events.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['settings.failed', 'settings.recovered', 'key.changed']),
    )
  })

  it('5: garbage, later mended: the old key until then', async () => {
    const key = await newKey('new')
    const { failures, grants, events } = await underLoad(vault(), async (maskinporten) => {
      put('EncodedJwk', 'garbage')
      expect(await poll(maskinporten)).toBe(false)
      expect(last(maskinporten.settings.current()?.keys ?? [])?.kid).toBe('old')
      await key.register()
      put('EncodedJwk', key.encoded)
      expect(await poll(maskinporten)).toBe(true)
    })
    expect(failures).toEqual([])
    expect(last(grants())).toEqual(['new', true])
    expect(events.find(({ type }) => type === 'settings.failed')).toMatchObject({ error: { detail: 'KEY_TOO_SHORT' } })
  })

  it('6: disabled: the old key stays, with a warning', async () => {
    const { failures, grants, events } = await underLoad(vault(), async (maskinporten) => {
      put('EncodedJwk', 'whatever', { enabled: false })
      expect(await poll(maskinporten)).toBe(false)
    })
    expect(failures).toEqual([])
    expect(new Set(grants().map(([kid]) => kid))).toEqual(new Set(['old']))
    expect(events.filter((event) => event.type === 'settings.warning')).toMatchObject([{ code: 'KV_SECRET_DISABLED' }])
  })

  it('7: two versions within a second: the second is seen', async () => {
    const [first, second] = await Promise.all([newKey('first'), newKey('second')])
    const { failures, grants } = await underLoad(vault(), async (maskinporten) => {
      await Promise.all([first.register(), second.register()])
      put('EncodedJwk', first.encoded)
      await poll(maskinporten)
      put('EncodedJwk', second.encoded)
      expect(await poll(maskinporten)).toBe(true)
      expect(maskinporten.settings.current()?.keys.map(({ kid }) => kid)).toEqual(['second', 'first', 'old'])
    })
    expect(failures).toEqual([])
    expect(last(grants())).toEqual(['second', true])
  })
})

describe('of what Maskinporten refuses', () => {
  it.each(['MP-120', 'MP-121', 'MP-122', 'MP-124'])(
    '%s is the key’s fault: the vault is asked at once, once, and the new key does',
    async (error) => {
      let asked = 0
      const key = await newKey('new')
      const { failures, grants, events } = await underLoad(vault(), async () => {
        await key.register()
        put('EncodedJwk', key.encoded)
        asked = emulator.requests('key-vault').length
        emulator.faults.next('token', { error })
      })
      expect(failures).toEqual([])
      expect(grants().filter(([, accepted]) => !accepted)).toEqual([['old', false]])
      expect(last(grants())).toEqual(['new', true])
      // Its four names.
      expect(emulator.requests('key-vault')).toHaveLength(asked + 4)
      expect(events.filter(({ type }) => type === 'key.changed')).toHaveLength(1)
    },
  )

  it.each(['MP-012', 'MP-100', 'MP-110', 'MP-200'])(
    '%s is not: the caller hears of it, and the vault is not asked',
    async (error) => {
      let asked = 0
      const key = await newKey('new')
      const { failures, grants } = await underLoad(vault(), async () => {
        await key.register()
        put('EncodedJwk', key.encoded)
        asked = emulator.requests('key-vault').length
        emulator.faults.next('token', { error })
      })
      expect(failures).toMatchObject([{ code: 'token_refused', mpCode: error }])
      expect(emulator.requests('key-vault')).toHaveLength(asked)
      expect(new Set(grants().map(([kid]) => kid))).toEqual(new Set(['old']))
    },
  )
})

describe('a new key in a file is picked up without one failed call', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'rotation-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  const content = (encodedJwk: string): string =>
    JSON.stringify({ MaskinportenSettings: { ClientId: client.clientId, EncodedJwk: encodedJwk } })

  it('by an atomic rename', async () => {
    const path = join(folder, 'settings.json')
    writeFileSync(path, content(client.settings.encodedJwk ?? ''))
    const key = await newKey('new')
    const { failures, grants } = await underLoad(fromJsonFile(path), async (maskinporten) => {
      await key.register()
      writeFileSync(`${path}.tmp`, content(key.encoded))
      renameSync(`${path}.tmp`, path)
      expect(await poll(maskinporten)).toBe(true)
    })
    expect(failures).toEqual([])
    expect(last(grants())).toEqual(['new', true])
  })

  it('by a Kubernetes ..data swap', async () => {
    const mount = (version: string, encodedJwk: string): void => {
      mkdirSync(join(folder, version))
      writeFileSync(join(folder, version, 'settings.json'), content(encodedJwk))
      symlinkSync(version, join(folder, '..data_tmp'))
      renameSync(join(folder, '..data_tmp'), join(folder, '..data'))
    }
    mount('..v1', client.settings.encodedJwk ?? '')
    symlinkSync('..data/settings.json', join(folder, 'settings.json'))
    const key = await newKey('new')
    const { failures, grants } = await underLoad(fromJsonFile(join(folder, 'settings.json')), async (maskinporten) => {
      await key.register()
      mount('..v2', key.encoded)
      expect(await poll(maskinporten)).toBe(true)
    })
    expect(failures).toEqual([])
    expect(last(grants())).toEqual(['new', true])
  })
})
