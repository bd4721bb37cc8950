// A signer of the caller's own that fails or hangs, and a provider that gives copies of its settings.
import { inspect } from 'node:util'
import { MaskinportenError, type SigningKey } from '@maskinporten-kit/core'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { seedRandom } from '../engine/drive.ts'
import { UNKNOWN_KID, World, fakeKey } from '../engine/world.ts'

let world: World
beforeEach(() => {
  seedRandom()
  world = new World()
})
afterEach(() => {
  world[Symbol.dispose]()
  vi.restoreAllMocks()
})

async function signedBy(sign: SigningKey['sign'], timeoutMs = 10_000): Promise<unknown> {
  world.settings.change({ keys: [{ ...fakeKey('hsm-1'), sign }] })
  const answer = world
    .create({ timeoutMs })
    .getToken()
    .catch((error: unknown) => error)
  await world.time.advance(timeoutMs + 100)
  return answer
}

describe('a signer that fails', () => {
  it('with an error of this project is heard: code, detail and way out are its own', async () => {
    const own = new MaskinportenError('settings_invalid', 'the HSM has no key hsm-1; import it', {
      detail: 'HSM_NO_KEY',
      hint: 'import it',
    })
    let asked = 0
    const error = await signedBy(() => {
      asked++
      return Promise.reject(own)
    })
    expect(error).toBe(own)
    // It says that trying again is no use.
    expect(asked).toBe(1)
  })

  it.each([
    ['a system’s code', Object.assign(new Error('PIN 1234 at pkcs11'), { code: 'ECONNREFUSED' }), 'ECONNREFUSED'],
    ['a cloud’s code', Object.assign(new Error('PIN 1234'), { code: 'Forbidden' }), 'Forbidden'],
    [
      'the code of its cause',
      new Error('PIN 1234', { cause: Object.assign(new Error('x'), { code: 'CKR_PIN_INCORRECT' }) }),
      'CKR_PIN_INCORRECT',
    ],
    [
      'a sentence for a code',
      Object.assign(new Error('PIN 1234'), { code: 'the PIN 1234 is wrong' }),
      'an error without a code',
    ],
    ['no code', new Error('PIN 1234'), 'an error without a code'],
    ['no error at all', 'PIN 1234', 'an error without a code'],
  ])('with %s is told by the key’s name and that code, and by nothing it said', async (_name, failure, code) => {
    const error = await signedBy(() => Promise.reject(failure))
    expect(error).toMatchObject({
      code: 'token_unavailable',
      detail: 'SIGNER',
      retryable: true,
      message: `the signer "hsm-1" failed (${code}), so no token was requested; call the function sign of this signer by itself to see its error`,
    })
    expect(inspect([error, world.events], { depth: 9 })).not.toContain('1234')
  })

  it('at once is as one that fails later', async () => {
    const error = await signedBy(() => {
      throw Object.assign(new Error('x'), { code: 'EBUSY' })
    })
    expect(error).toMatchObject({ code: 'token_unavailable', message: expect.stringContaining('(EBUSY)') })
  })
})

describe('a signer that hangs', () => {
  it('ends after 30 s as a failure that may pass, whether or not it heeds its signal', async () => {
    const signals: AbortSignal[] = []
    const error = await signedBy((_, { signal }) => {
      signals.push(signal)
      return new Promise(() => {})
    }, 80_000)
    expect(error).toMatchObject({
      code: 'token_unavailable',
      detail: 'SIGNER',
      retryable: true,
      message: expect.stringContaining('the signer "hsm-1" failed (no answer within 30 s)'),
    })
    expect(signals.length).toBeGreaterThan(0)
    expect(signals.every(({ aborted }) => aborted)).toBe(true)
  })

  it('is told when the instance is closed', async () => {
    const signals: AbortSignal[] = []
    world.settings.change({
      keys: [
        {
          ...fakeKey('hsm-1'),
          sign: (_, { signal }) => {
            signals.push(signal)
            return new Promise(() => {})
          },
        },
      ],
    })
    const maskinporten = world.create()
    const answer = maskinporten.getToken().catch((error: unknown) => error)
    await world.time.advance(100)
    await maskinporten.close()
    expect(await answer).toMatchObject({ code: 'closed' })
    expect(signals.map(({ aborted }) => aborted)).toEqual([true])
  })
})

describe('a provider that gives a copy of its settings each time', () => {
  it('is asked to refresh when all its keys are refused', async () => {
    const current = world.settings.current.bind(world.settings)
    world.settings.current = () => {
      const settings = current()
      return settings && { ...settings }
    }
    world.onToken = ({ header }) => (header['kid'] === 'key-1' ? UNKNOWN_KID : undefined)
    world.settings.onRefresh = async () => {
      world.settings.change({ keys: [fakeKey('key-2')] })
      return true
    }
    const answer = world.create().getToken()
    await world.time.advance(10_100)
    expect((await answer).value).toMatch(/^mp-/)
    expect(world.settings.refreshes).toBe(1)
  })
})

describe('settings that were refreshed within an attempt', () => {
  const refreshTo = (...kids: string[]): void => {
    world.settings.onRefresh = async () => {
      world.settings.change({
        keys: kids.map(fakeKey),
        credential: { clientIdOrigin: 'jwk.json', keyOrigin: 'new.json' },
      })
      return true
    }
  }
  const signedWith = (): unknown[] => world.tokenCalls.map(({ header }) => header['kid'])

  it('are those that the error of their refused key tells of', async () => {
    refreshTo('key-2')
    world.onToken = () => UNKNOWN_KID
    const answer = world
      .create()
      .getToken()
      .catch((error: unknown) => error)
    await world.time.advance(10_100)
    expect(await answer).toMatchObject({ message: expect.stringContaining('with the kid key-2 (from new.json)') })
  })

  it('are those that the next attempt begins with', async () => {
    refreshTo('key-2')
    let failures = 0
    world.onToken = ({ header }) => {
      if (header['kid'] === 'key-1') return UNKNOWN_KID
      return failures++ === 0 ? { status: 503 } : undefined
    }
    const answer = world.create().getToken()
    await world.time.advance(10_100)
    expect((await answer).value).toMatch(/^mp-/)
    expect(signedWith()).toEqual(['key-1', 'key-2', 'key-2'])
  })

  it('are tried when only the kid of the key has changed', async () => {
    world.settings.onRefresh = async () => {
      world.settings.change({ keys: [{ ...fakeKey('key-1'), kid: 'key-one' }] })
      return true
    }
    world.onToken = ({ header }) => (header['kid'] === 'key-1' ? UNKNOWN_KID : undefined)
    const answer = world
      .create()
      .getToken()
      .catch((error: unknown) => error)
    await world.time.advance(10_100)
    expect(await answer).toMatchObject({ value: expect.stringMatching(/^mp-/) })
    expect(signedWith()).toEqual(['key-1', 'key-one'])
  })

  it('keep their keys quarantined, also where a flight began before them', async () => {
    const maskinporten = world.create()
    // A flight that began under the former settings signs again after the change.
    world.onToken = ({ claims }) => (claims['scope'] === 'slow' ? { status: 503 } : undefined)
    const slow = maskinporten.getToken({ scopes: 'slow' }).catch((error: unknown) => error)
    await world.time.advance(60)
    world.settings.change({ keys: [fakeKey('key-2'), fakeKey('key-1')] })
    world.onToken = ({ header }) => (header['kid'] === 'key-2' ? UNKNOWN_KID : undefined)
    const first = maskinporten.getToken({ scopes: 'a:1' })
    await world.time.advance(5_000)
    await Promise.all([slow, first])
    const before = world.tokenCalls.length
    const second = maskinporten.getToken({ scopes: 'a:2' })
    await world.time.advance(200)
    await second
    expect(signedWith().slice(before)).toEqual(['key-1'])
  })
})
