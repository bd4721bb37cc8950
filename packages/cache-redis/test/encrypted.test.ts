/** What stands in the store says nothing, and what somebody changed there is a miss. */
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { connect as connectSocket } from 'node:net'
import { join } from 'node:path'
import { redisTokenStore } from '@maskinporten-kit/cache-redis'
import { type MaskinportenEvent, type StoredToken, type TokenStore, createMaskinporten } from '@maskinporten-kit/core'
import { startEmulator } from '@maskinporten-kit/emulator'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { type Connected, clients } from './clients.ts'
import { type RedisServer, describeServer, startServer } from './redis-server.ts'

const { signal } = new AbortController()
const token: StoredToken = {
  value: 'canary-token',
  kind: 'maskinporten',
  scopes: ['canary:scope'],
  lifetimeMs: 60_000,
  remainingMs: 60_000,
}

describeServer('what redisTokenStore keeps', () => {
  let server: RedisServer
  let connected: Connected
  let store: TokenStore
  const [key, newKey] = [randomBytes(32), randomBytes(32)]
  const storeOf = (...encryptionKeys: readonly Uint8Array[]): TokenStore =>
    redisTokenStore(connected.client, { encryptionKeys, timeoutMs: 5_000 })

  beforeAll(async () => {
    server = await startServer()
    connected = await (clients['ioredis'] ?? expect.fail())(server.port)
  })
  afterAll(async () => {
    connected.close()
    await server.stop()
  })
  beforeEach(async () => {
    await server.command('flushall')
    store = storeOf(key)
  })

  const keys = async (): Promise<readonly string[]> => (await server.command('keys', '*')).split('\n').filter(Boolean)
  const onlyKey = async (): Promise<string> => {
    const all = await keys()
    expect(all).toHaveLength(1)
    return all[0] ?? ''
  }
  const valueIn = async (one: TokenStore, identity = 'a'): Promise<string | undefined> => {
    const found = await one.get(identity, { signal })
    return typeof found === 'object' ? found.value : found
  }

  it('holds no token, client id, scope or organisation number in clear, neither in a dump nor on its wire', async () => {
    await using emulator = await startEmulator()
    const [scope, shared, customer] = ['altinn:serviceowner/instances.read', 'canary:shared', '310702641']
    emulator.maskinporten.defineScope({ name: shared, delegable: true })
    emulator.maskinporten.grantAccess(shared, customer)
    const { settings, clientId } = await emulator.registerClient({ scopes: [scope, shared], orgNumber: '991825827' })
    emulator.maskinporten.delegate({ scope: shared, from: customer, to: '991825827' })
    const wire = await monitored(server)
    const values: string[] = []
    const forCustomer = { kind: 'maskinporten', scopes: shared, consumerOrg: customer } as const
    await using maskinporten = createMaskinporten({ ...settings, scope }, { store })
    for (const request of [{}, { kind: 'altinn' }, forCustomer] as const)
      values.push((await maskinporten.getToken(request)).value)
    await maskinporten.close()
    await using second = createMaskinporten({ ...settings, scope }, { store: storeOf(key) })
    expect((await second.getToken({ kind: 'altinn' })).value).toBe(values[1])
    expect(await keys()).toHaveLength(3)
    const seen = (await dumpOf(server)) + (await wire.end())
    const parts = values.flatMap((value) => value.split('.'))
    const secrets = [...parts, clientId, scope, shared, 'serviceowner', '991825827', customer, 'consumer_org', 'issuer']
    for (const secret of secrets) for (const form of formsOf(secret)) expect(seen).not.toContain(form)
  })

  it('is encrypted anew each time', async () => {
    await store.set('a', token, { signal })
    const one = await server.command('get', await onlyKey())
    await store.set('a', token, { signal })
    const other = await server.command('get', await onlyKey())
    expect(other.split('.').slice(-2)).not.toEqual(one.split('.').slice(-2))
  })

  it('has an end in the store', async () => {
    await store.set('a', { ...token, remainingMs: 30_000 }, { signal })
    const ttl = Number(await server.command('pttl', await onlyKey()))
    expect(ttl).toBeGreaterThan(20_000)
    expect(ttl).toBeLessThanOrEqual(30_000)
  })

  const letter = (value: string, at: number): string =>
    value.slice(0, at) + (value.at(at) === 'A' ? 'B' : 'A') + value.slice(at + 1)
  const tampered: readonly (readonly [string, (value: string) => string])[] = [
    ['another kind', (value) => value.replace('1.m.', '1.a.')],
    ['a later end', (value) => value.replace(/^(1\.m\.\d+)\.(\d)/, '$1.9$2')],
    ['another order', (value) => value.replace(/^(1\.m)\.(\d+)/, '$1.0')],
    ['another nonce', (value) => letter(value, value.lastIndexOf('.') - 8)],
    ['another letter', (value) => letter(value, value.length - 20)],
    ['a letter less', (value) => value.slice(0, -1)],
    ['a letter more', (value) => `${value}A`],
    ['another version', (value) => value.replace('1.', '2.')],
    ['a version that is no number', (value) => value.replace('1.', 'x.')],
    ['plain JSON', () => JSON.stringify(token)],
    ['an empty text', () => ''],
    ['a text', () => 'rubbish'],
    ['bytes', () => '\u0001\u00ff\u0002'],
    ['a very long text', () => 'x'.repeat(3_000_000)],
  ]
  for (const [name, change] of tampered) {
    it(`is none with ${name}`, async () => {
      await store.set('a', token, { signal })
      const one = await onlyKey()
      const changed = change(await server.command('get', one))
      await server.command('set', one, changed)
      expect(await store.get('a', { signal })).toBe('invalid')
      // Without a lease, on a busy machine, this one might look like the earlier of the two.
      const lease = await store.lease?.('a', { ttlMs: 60_000, signal })
      await store.set('a', token, { signal, lease })
      await lease?.release()
      expect(await valueIn(store)).toBe('canary-token')
    })
  }

  it('is not even copied inside the store when something huge stands there', async () => {
    await store.set('a', token, { signal })
    const lease = await store.lease?.('a', { ttlMs: 60_000, signal })
    for (const one of await keys()) await server.command('setrange', one, '20000000', 'x')
    await server.command('config', 'resetstat')
    expect(await store.get('a', { signal })).toBe('invalid')
    await lease?.release()
    expect(await store.lease?.('a', { ttlMs: 60_000, signal })).toBeDefined()
    await store.set('a', token, { signal })
    expect(await server.command('info', 'commandstats')).not.toContain('cmdstat_get:')
    expect(await valueIn(store)).toBe('canary-token')
  })

  for (const [type, ...command] of [
    ['list', 'rpush', 'x'],
    ['hash', 'hset', 'a', 'b'],
    ['set', 'sadd', 'a'],
    ['stream', 'xadd', '*', 'a', 'b'],
  ] as const) {
    it(`is none where a ${type} stands, and is written over it`, async () => {
      await store.set('a', token, { signal })
      const one = await onlyKey()
      await server.command('del', one)
      await server.command(command[0], one, ...command.slice(1))
      expect(await store.get('a', { signal })).toBe('invalid')
      await store.set('a', token, { signal })
      expect(await valueIn(store)).toBe('canary-token')
    })
  }

  it('is none under another name', async () => {
    await store.set('a', token, { signal })
    const one = await onlyKey()
    await store.set('b', { ...token, value: 'canary-b' }, { signal })
    const other = (await keys()).find((name) => name !== one) ?? ''
    await server.command('set', other, await server.command('get', one))
    expect(await store.get('b', { signal })).toBe('invalid')
    expect(await valueIn(store)).toBe('canary-token')
  })

  it('does not outlive its token when its TTL is taken away or made longer, or when it is put back after its end', async () => {
    await store.set('a', { ...token, remainingMs: 2_000 }, { signal })
    const one = await onlyKey()
    const value = await server.command('get', one)
    await server.command('persist', one)
    const found = await store.get('a', { signal })
    expect(typeof found === 'object' && found.remainingMs).toBeLessThanOrEqual(2_000)
    await new Promise((resolve) => setTimeout(resolve, 2_050))
    expect(await store.get('a', { signal })).toBeUndefined()
    await server.command('set', one, value, 'px', '60000')
    expect(await store.get('a', { signal })).toBeUndefined()
  })

  it('lets nobody wait for rubbish in the place of a lease', async () => {
    const lease = await store.lease?.('a', { ttlMs: 60_000, signal })
    expect(lease).toBeDefined()
    const one = await onlyKey()
    const held = await server.command('get', one)
    for (const put of [
      ['set', one, 'rubbish', 'px', '60000'],
      ['set', one, '', 'px', '60000'],
      ['set', one, held],
      ['rpush', one, 'x'],
    ]) {
      await server.command('del', one)
      await server.command(...put)
      const own = await store.lease?.('a', { ttlMs: 60_000, signal })
      expect(own).toBeDefined()
      expect(await store.lease?.('a', { ttlMs: 60_000, signal })).toBeUndefined()
      await own?.release()
    }
  })

  it('is given to core as a miss and an event, and the next instance has a good one', async () => {
    await using emulator = await startEmulator()
    const { settings } = await emulator.registerClient({ scopes: ['a:b'] })
    await using first = createMaskinporten(settings, { store })
    await first.getToken()
    await first.close()
    await server.command('set', await onlyKey(), 'rubbish')
    const events: MaskinportenEvent[] = []
    await using second = createMaskinporten(settings, { store })
    second.subscribe((event) => events.push(event))
    const { value } = await second.getToken()
    expect(events.filter(({ type }) => type === 'store.failed')).toMatchObject([
      { operation: 'get', reason: 'invalid' },
    ])
    await second.close()
    await using third = createMaskinporten(settings, { store })
    expect((await third.getToken()).value).toBe(value)
    expect(emulator.requests('token').length).toBe(2)
  })

  it('is found with any key of the list, and written with the first', async () => {
    await store.set('a', token, { signal })
    expect(await valueIn(storeOf(newKey))).toBeUndefined()
    const both = storeOf(newKey, key)
    expect(await valueIn(both)).toBe('canary-token')
    await both.set('a', { ...token, value: 'canary-2', remainingMs: 59_990, lifetimeMs: 59_990 }, { signal })
    expect(await valueIn(storeOf(newKey))).toBe('canary-2')
    // The later one, wherever it stands.
    expect(await valueIn(both)).toBe('canary-2')
    expect(await valueIn(storeOf(key, newKey))).toBe('canary-2')
  })

  it('lets one process ask in each step of a rotation', async () => {
    const steps = [storeOf(key), storeOf(key, newKey), storeOf(newKey, key), storeOf(newKey)]
    for (const [index, before] of steps.slice(0, -1).entries()) {
      const after = steps[index + 1]
      for (const [one, other] of [
        [before, after],
        [after, before],
      ]) {
        await server.command('flushall')
        const lease = await one?.lease?.('a', { ttlMs: 60_000, signal })
        expect(lease).toBeDefined()
        // Who cannot read what the other writes does not wait for it.
        const second = await other?.lease?.('a', { ttlMs: 60_000, signal })
        expect(second === undefined).toBe(reads(steps, other, one))
      }
    }
  })
})

/** Whether that step's list has the key which the other writes with. */
function reads(steps: readonly TokenStore[], reader: TokenStore | undefined, writer: TokenStore | undefined): boolean {
  const lists = [['old'], ['old', 'new'], ['new', 'old'], ['new']]
  const listOf = (one: TokenStore | undefined): readonly string[] =>
    lists[steps.findIndex((step) => step === one)] ?? []
  return listOf(reader).includes(listOf(writer)[0] ?? '')
}

/** The file that the server writes of all that it keeps. */
async function dumpOf(server: RedisServer): Promise<string> {
  await server.command('config', 'set', 'rdbcompression', 'no')
  await server.command('save')
  const [, folder = ''] = (await server.command('config', 'get', 'dir')).split('\n')
  const dump = readFileSync(join(folder, 'dump.rdb'), 'latin1')
  // Keys and values are there as they are, so that what is looked for would be found.
  for (const one of (await server.command('keys', '*')).split('\n'))
    for (const text of [one, await server.command('get', one)]) expect(dump).toContain(text)
  return dump
}

/** As it is, in hex, and in base64 wherever it begins in a longer text. */
function formsOf(secret: string): readonly string[] {
  const base64 = [0, 1, 2].map((before) => {
    const text = Buffer.from('x'.repeat(before) + secret).toString('base64url')
    return text.slice(before === 0 ? 0 : 4, Math.floor(((before + secret.length) * 8) / 6))
  })
  return [secret, Buffer.from(secret).toString('hex'), ...base64, ...base64.map(withoutUrl)]
}

const withoutUrl = (base64url: string): string => base64url.replaceAll('-', '+').replaceAll('_', '/')

/** All commands with their arguments, scripts' included, as MONITOR prints them. */
async function monitored(server: RedisServer): Promise<{ end(): Promise<string> }> {
  const socket = connectSocket(server.port, '127.0.0.1')
  let seen = ''
  socket.on('data', (data) => (seen += data.toString('latin1')))
  socket.write('MONITOR\r\n')
  await expect.poll(() => seen).toContain('+OK')
  return {
    end: async () => {
      await new Promise((resolve) => setTimeout(resolve, 50))
      socket.destroy()
      expect(seen).toContain('"eval"')
      return seen
    },
  }
}
