import { inspect } from 'node:util'
import { randomBytes } from 'node:crypto'
import { createClient } from '@redis/client'
import { Redis } from 'ioredis'
import { redisTokenStore } from '@maskinporten-kit/cache-redis'
import { afterEach, describe, expect, it } from 'vitest'
import { freePort } from './redis-server.ts'

const good = randomBytes(32).toString('base64')
/** As much of a client as is looked at. */
const client = {
  status: 'ready',
  eval: async () => [0],
  evalsha: async () => [0],
  connect: async () => {},
  once: () => {},
}
const make =
  (options: unknown, ...given: readonly unknown[]): (() => unknown) =>
  () =>
    redisTokenStore((given.length === 0 ? client : given[0]) as never, options as never)

describe('redisTokenStore refuses at once, with the way out', () => {
  const keys: readonly (readonly [string, unknown, string])[] = [
    ['no options', undefined, '`encryptionKeys`, a list of one key or more; make a key with `openssl rand -base64 32`'],
    ['null', null, '`encryptionKeys`'],
    ['no keys', {}, '`encryptionKeys`'],
    ['no key in the list', { encryptionKeys: [] }, '`encryptionKeys`'],
    ['a key without a list', { encryptionKeys: good }, '`encryptionKeys`, a list'],
    ['a variable that is not set', { encryptionKeys: [undefined] }, 'encryptionKeys[0] is empty'],
    ['an empty variable', { encryptionKeys: [good, ''] }, 'encryptionKeys[1] is empty'],
    ['16 bytes', { encryptionKeys: [randomBytes(16).toString('base64')] }, 'has 16 bytes instead of 32'],
    ['33 bytes', { encryptionKeys: [randomBytes(33)] }, 'has 33 bytes instead of 32'],
    ['a pass phrase', { encryptionKeys: ['correct horse battery staple'] }, 'encryptionKeys[0] is not base64'],
    ['32 letters', { encryptionKeys: ['abcdefghijklmnopqrstuvwxyz012345'] }, 'has 24 bytes instead of 32'],
    ['a number', { encryptionKeys: [5] }, 'encryptionKeys[0] is neither text nor a Uint8Array'],
    ['zeros', { encryptionKeys: [new Uint8Array(32)] }, 'has the same byte 32 times'],
    [
      'a key twice',
      { encryptionKeys: [good, Buffer.from(good, 'base64')] },
      'encryptionKeys[0] and encryptionKeys[1] are the same key',
    ],
    ['a prefix that is not text', { encryptionKeys: [good], prefix: 5 }, '`prefix` is not text'],
    ['no time', { encryptionKeys: [good], timeoutMs: 0 }, '`timeoutMs`'],
    ['an endless time', { encryptionKeys: [good], timeoutMs: Infinity }, '`timeoutMs`'],
    ['a time in text', { encryptionKeys: [good], timeoutMs: '50' }, '`timeoutMs`'],
  ]
  it.each(keys)('%s', (_, options, message) => {
    expect(make(options)).toThrow(TypeError)
    expect(make(options)).toThrow(message)
  })

  const wrong: readonly (readonly [string, unknown, string])[] = [
    ['no client', undefined, 'redisTokenStore got no client'],
    ['null', null, 'redisTokenStore got no client'],
    ['a promise of a client', Promise.resolve(client), 'give what createClient() returns'],
    ['an address', 'redis://localhost', 'has no eval()'],
    ['an object', {}, 'has no eval()'],
    ['redis 3', { eval: () => true, evalsha: () => true, connected: true }, 'does not know this client'],
    ['a client that is closed', { ...client, status: 'end' }, 'is closed'],
    ['a client that subscribes', { ...client, mode: 'subscriber' }, 'is in subscriber mode'],
    ['a client that monitors', { ...client, mode: 'monitor' }, 'is in monitor mode'],
  ]
  it.each(wrong)('%s', (_, given, message) => {
    expect(make({ encryptionKeys: [good] }, given)).toThrow(TypeError)
    expect(make({ encryptionKeys: [good] }, given)).toThrow(message)
  })

  it('a client of @redis/client that never connected, or was closed', async () => {
    const never = createClient()
    expect(make({ encryptionKeys: [good] }, never)).toThrow('call client.connect() before redisTokenStore(client)')
  })

  it('shows no key in a message', () => {
    for (const bad of [`${good}AAAA`, good.slice(0, 20), `canary ${good}`]) {
      try {
        make({ encryptionKeys: [bad] })()
        expect.fail('it was taken')
      } catch (error) {
        expect(inspect(error)).not.toContain(good.slice(0, 16))
      }
    }
  })
})

describe('redisTokenStore takes', () => {
  it.each([
    ['base64', good],
    ['base64url', Buffer.from(good, 'base64').toString('base64url')],
    ['hex', Buffer.from(good, 'base64').toString('hex')],
    ['bytes', Uint8Array.from(Buffer.from(good, 'base64'))],
    ['base64 of a file that ends in a line feed', `${good}\n`],
  ])('a key as %s', (_, key) => {
    expect(make({ encryptionKeys: [key] })).not.toThrow()
  })

  it('no key into what it prints', () => {
    expect(inspect(make({ encryptionKeys: [good] })(), { depth: 9, showHidden: true })).not.toMatch(/[\w+/]{20}/)
  })
})

describe('a client that has no connection', () => {
  const open: Redis[] = []
  afterEach(() => {
    for (const one of open.splice(0)) one.disconnect()
  })

  it('is waited for no longer than the signal, without a listener for each call and with nothing in its queue', async () => {
    const redis = new Redis({ port: await freePort(), host: '127.0.0.1', retryStrategy: () => 50 })
    redis.on('error', () => {})
    open.push(redis)
    const store = redisTokenStore(redis, { encryptionKeys: [good] })
    const asked = Array.from({ length: 100 }, () => store.get('a', { signal: AbortSignal.timeout(100) }))
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(redis.listenerCount('ready')).toBeLessThanOrEqual(2)
    const outcomes = await Promise.allSettled(asked)
    expect(new Set(outcomes.map(({ status }) => status))).toEqual(new Set(['rejected']))
  })

  it('that will never have one again is told from one that connects', async () => {
    const redis = new Redis({ port: await freePort(), host: '127.0.0.1', retryStrategy: () => null })
    redis.on('error', () => {})
    open.push(redis)
    const store = redisTokenStore(redis, { encryptionKeys: [good] })
    await expect.poll(() => redis.status).toBe('end')
    await expect(store.get('a', { signal: AbortSignal.timeout(5_000) })).rejects.toMatchObject({
      code: 'CLIENT_CLOSED',
    })
  })
})
