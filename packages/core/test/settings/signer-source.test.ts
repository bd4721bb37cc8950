import { type Signer, type SignerSource, settingsFrom, fromObject, MaskinportenError } from '@maskinporten-kit/core'
import { expect, it } from 'vitest'
import { movedClock } from './scripted-source.ts'

const signer = (kid: string): Signer => ({ alg: 'RS256', kid, sign: async () => new TextEncoder().encode(kid) })

interface FakeVault extends SignerSource {
  signers: readonly Signer[]
  fails: boolean
  readonly asked: string[]
}

function fakeVault(...kids: readonly string[]): FakeVault {
  const vault: FakeVault = {
    signers: kids.map(signer),
    fails: false,
    asked: [],
    refreshMs: 60_000,
    load: async ({ why }) => {
      vault.asked.push(why)
      if (vault.fails) throw new MaskinportenError('settings_unavailable', 'the vault is away. Wait.')
      return vault.signers
    },
  }
  return vault
}

const provide = (source: SignerSource, section: object = {}, clock = movedClock()): ReturnType<typeof settingsFrom> =>
  settingsFrom([fromObject({ MaskinportenSettings: { Environment: 'test', ClientId: 'c', ...section } })], {
    signer: source,
    clock,
  })

const kidsOf = (settings: ReturnType<typeof settingsFrom>): unknown => settings.current()?.keys.map(({ kid }) => kid)

it('signers load with the settings, newest first, and sign', async () => {
  const vault = fakeVault('new', 'old')
  const settings = provide(vault)
  const { keys, credential } = await settings.get()
  expect(keys.map(({ kid }) => kid)).toEqual(['new', 'old'])
  expect(credential).toEqual({ clientIdOrigin: 'object', keyOrigin: 'signer' })
  const signature = await keys[0]?.sign(new Uint8Array(1), { signal: new AbortController().signal })
  expect(new TextDecoder().decode(signature)).toBe('new')
  await settings.close()
})

it('signers are loaded again when a key is rejected, and the former one stays for fallback', async () => {
  const vault = fakeVault('k1')
  const settings = provide(vault)
  await settings.get()
  expect(await settings.refresh('rejected')).toBe(false)
  vault.signers = [signer('k2')]
  const types: string[] = []
  settings.subscribe(({ type }) => types.push(type))
  expect(await settings.refresh('poll')).toBe(true)
  expect(kidsOf(settings)).toEqual(['k2', 'k1'])
  expect(types).toEqual(['settings.changed', 'key.changed'])
  expect(vault.asked).toEqual(['start', 'rejected', 'poll'])
  await settings.close()
})

it('a failure later keeps the signers, and says so', async () => {
  const vault = fakeVault('k1')
  const settings = provide(vault)
  await settings.get()
  vault.fails = true
  const events: unknown[] = []
  settings.subscribe((event) => events.push(event))
  expect(await settings.refresh('poll')).toBe(false)
  expect(kidsOf(settings)).toEqual(['k1'])
  expect(events).toMatchObject([{ type: 'settings.failed', source: 'signer', failures: 1 }])
  await settings.close()
})

it('a failure at the start rejects with its error, and the next call tries again', async () => {
  const vault = fakeVault('k1')
  vault.fails = true
  const settings = provide(vault)
  await expect(settings.get()).rejects.toMatchObject({ message: 'the vault is away. Wait.' })
  vault.fails = false
  expect((await settings.get()).keys).toHaveLength(1)
  await settings.close()
})

it.each<[string, readonly Signer[], object, string]>([
  ['none', [], {}, 'signer loads an empty list. Give at least one signer.'],
  ['one without kid', [{ ...signer('k'), kid: undefined }], {}, 'needs a kid or an x5c'],
  ['a key in the settings besides', [signer('k')], { Jwk: { kty: 'RSA' } }, 'is set, and a signer was given'],
])('%s is refused', async (_, signers, section, says) => {
  const vault = fakeVault()
  vault.signers = signers
  const settings = provide(vault, section)
  await expect(settings.get()).rejects.toMatchObject({
    code: 'settings_invalid',
    message: expect.stringContaining(says),
  })
  await settings.close()
})
