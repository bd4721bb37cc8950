import { createMaskinporten, settingsFrom } from '@maskinporten-kit/core'
import { originGuard } from '@maskinporten-kit/core/adapter'
import { expect, it } from 'vitest'

const source = { name: 'env', load: async () => new Map() }

it.each<[string, (given: never) => unknown, unknown, string]>([
  [
    'settingsFrom()',
    settingsFrom,
    undefined,
    'settingsFrom takes a list of sources, such as [fromEnv()]; got undefined',
  ],
  ['settingsFrom(source)', settingsFrom, source, 'got a source'],
  [
    'settingsFrom([fromEnv])',
    settingsFrom,
    [source, () => source],
    'item 2 of the list is a function; call it with ()',
  ],
  ['settingsFrom([undefined])', settingsFrom, [undefined], 'item 1 of the list is undefined'],
  ['settingsFrom([{}])', settingsFrom, [{}], 'item 1 of the list is an object that is not a source'],
  ['createMaskinporten()', createMaskinporten, undefined, 'it got undefined'],
  ['createMaskinporten([source])', createMaskinporten, [source], 'it got a list'],
  ['createMaskinporten(source)', createMaskinporten, source, 'it got a source'],
  ['createMaskinporten(promise)', createMaskinporten, Promise.resolve({}), 'it got a promise; await it'],
  ['createMaskinporten(settingsFrom)', createMaskinporten, settingsFrom, 'it got a function; call it'],
  [
    'an adapter without options',
    originGuard,
    undefined,
    'the option `allow` of the adapter is missing: list the servers that may get the token, each as https:// and the host',
  ],
  ['an adapter without allow', originGuard, {}, 'the option `allow` of the adapter is missing: list the servers'],
  [
    'an adapter with a number',
    originGuard,
    { allow: 1 },
    'the option `allow` of the adapter is or holds something that is not an address: list the servers',
  ],
  [
    'an adapter with null',
    originGuard,
    { allow: null },
    'the option `allow` of the adapter is or holds something that is not an address: list the servers',
  ],
])('%s gets a sentence', (_, call, given, says) => {
  const use = call as (given: unknown) => unknown
  expect(() => use(given)).toThrow(TypeError)
  expect(() => use(given)).toThrow(says)
})

it.each<[unknown, string]>([
  [
    Object.assign(new TypeError('canary'), { code: 'ECONNREFUSED' }),
    'the source "vault" could not be read (TypeError ECONNREFUSED);',
  ],
  [Object.assign(new Error('canary'), { name: 'RestError', code: 'PARSE_ERROR' }), '(RestError PARSE_ERROR);'],
  [Object.assign(new Error('canary'), { code: 'the secret is canary' }), 'the source "vault" could not be read;'],
  ['canary', 'the source "vault" could not be read;'],
])('a foreign error keeps class and code, and none of its words: %#', async (thrown, says) => {
  const settings = settingsFrom([{ name: 'vault', load: () => Promise.reject(thrown) }])
  const failure: unknown = await settings.get().catch((reason: unknown) => reason)
  expect(failure).toMatchObject({ code: 'settings_unavailable', message: expect.stringContaining(says) })
  expect(String(failure)).not.toContain('canary')
  await settings.close()
})

it('a timeout of the settings names the source that was awaited', async () => {
  const never = { name: 'my vault', load: () => new Promise<never>(() => undefined) }
  const settings = settingsFrom([source, never], { loadTimeoutMs: 20 })
  const loading = settings.get()
  await expect(loading).rejects.toMatchObject({ code: 'timeout', message: expect.stringContaining('my vault') })
  await settings.close()
})

it('a caller’s timeout names the source that the settings wait for', async () => {
  const never = { name: 'my vault', load: () => new Promise<never>(() => undefined) }
  await using maskinporten = createMaskinporten(settingsFrom([source, never]), { timeoutMs: 20 })
  await expect(maskinporten.getToken()).rejects.toMatchObject({
    code: 'timeout',
    message:
      'no token within 0.02 s, while waiting for the settings of "my vault"; check that it answers, or raise timeoutMs',
  })
})
