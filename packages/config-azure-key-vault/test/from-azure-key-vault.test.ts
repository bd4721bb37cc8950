import { inspect } from 'node:util'
import { fromAzureKeyVault } from '@maskinporten-kit/config-azure-key-vault'
import { configSourceExam } from '@maskinporten-kit/conformance'
import { type ConfigSource, fromObject, settingsFrom } from '@maskinporten-kit/core'
import { type Emulator, startEmulator } from '@maskinporten-kit/emulator'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Warned, clientOf, flat, load, refusal } from './vault.ts'

let emulator: Emulator
beforeEach(async () => {
  emulator = await startEmulator()
})
afterEach(async () => {
  vi.useRealTimers()
  await emulator.close()
})

configSourceExam('fromAzureKeyVault', async (values, section) => {
  const own = await startEmulator()
  const put = (all: Readonly<Record<string, string>>): void => {
    for (const [name, value] of Object.entries(all))
      own.keyVault.setSecret(`${section.replaceAll(':', '--')}--${name}`, value)
  }
  put(values)
  return { source: fromAzureKeyVault({ client: clientOf(own) }), change: put, close: () => own.close() }
})

const section = 'MaskinportenSettings'
const put = (name: string, value: string, options: object = {}): void =>
  emulator.keyVault.setSecret(`${section}--${name}`, value, options)
const source = (options: Parameters<typeof fromAzureKeyVault>[0] = {}): ConfigSource =>
  fromAzureKeyVault({ client: clientOf(emulator), ...options })
/** Names asked for, in order, the anonymous ones too. */
const asked = (): readonly string[] =>
  emulator.requests('key-vault').map(({ path }) => /--(\w+)/.exec(path)?.[1] ?? path)

describe('fromAzureKeyVault', () => {
  it('fills the guide’s section: the real SDK, https, its challenge and all its checks', async () => {
    const client = await emulator.registerClient({ scopes: ['altinn:serviceowner/instances.read'] })
    put('ClientId', client.clientId)
    put('EncodedJwk', client.settings.encodedJwk ?? expect.unreachable())
    const guide = {
      Environment: 'test',
      ClientId: '',
      Scope: 'altinn:serviceowner/instances.read',
      EncodedJwk: '',
      ExhangeToAltinnToken: true,
      EnableDebugLog: true,
    }
    const settings = settingsFrom([fromObject({ MaskinportenSettings: guide }, { name: 'appsettings.json' }), source()])
    expect(await settings.get()).toMatchObject({
      clientId: client.clientId,
      authority: 'https://test.maskinporten.no/',
    })
    const row = settings.describe().find(({ key }) => key === 'MaskinportenSettings:EncodedJwk')
    expect(row?.value).toMatch(/^\[RSA 2048, kid .+\]$/)
    expect(row?.origin).toMatch(
      /^Key Vault my-kv, MaskinportenSettings--EncodedJwk \([0-9a-f]{8}\); hidden: "" appsettings\.json$/,
    )
    await settings.close()
  })

  it('asks for the first name alone, then for the rest: one anonymous request, not one a name', async () => {
    put('ClientId', 'c')
    expect(flat(await load(source()))).toEqual({ 'MaskinportenSettings:ClientId': 'c' })
    expect(asked().slice(0, 2)).toEqual(['ClientId', 'ClientId'])
    expect(asked().slice(2).toSorted()).toEqual(['Authority', 'EncodedJwk', 'JwkBase64'])
  })

  it('asks a poll for what was there before, a rejection and a new hour for all', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - (Date.now() % 3_600_000) + 1_800_000 })
    put('ClientId', 'c')
    const vault = source()
    const previous = await load(vault)
    const names = async (why: 'poll' | 'rejected'): Promise<readonly string[]> => {
      emulator.clearRequests()
      await load(vault, { why, previous })
      return asked().toSorted()
    }
    const all = ['Authority', 'ClientId', 'EncodedJwk', 'JwkBase64']
    expect(await names('poll')).toEqual(['ClientId'])
    expect(await names('rejected')).toEqual(all)
    vi.setSystemTime(Date.now() + 1_801_000)
    expect(await names('poll')).toEqual(all)
  })

  it('asks for all once an hour even when it is told to poll more often than it does', async () => {
    const hour = Date.now() - (Date.now() % 3_600_000)
    vi.useFakeTimers({ toFake: ['Date'], now: hour + 1_800_000 })
    put('ClientId', 'c')
    const vault = source({ refreshMs: 1000 })
    expect(vault.refreshMs).toBe(60_000)
    const previous = await load(vault)
    vi.setSystemTime(hour + 3_600_000 + 50_000)
    emulator.clearRequests()
    await load(vault, { why: 'poll', previous })
    expect(asked().toSorted()).toEqual(['Authority', 'ClientId', 'EncodedJwk', 'JwkBase64'])
  })

  it('compares versions: the same gives the same entry, a second one within a second is seen', async () => {
    put('ClientId', 'one')
    const vault = source()
    const first = await load(vault)
    expect((await load(vault, { why: 'poll', previous: first })).get('maskinportensettings:clientid')).toBe(
      first.get('maskinportensettings:clientid'),
    )
    put('ClientId', 'two')
    put('ClientId', 'three')
    const second = await load(vault, { why: 'poll', previous: first })
    expect(flat(second)).toEqual({ 'MaskinportenSettings:ClientId': 'three' })
    expect(second.get('maskinportensettings:clientid')).toMatchObject({ secret: true, createdAt: expect.any(Number) })
  })

  it('compares the date of expiry too: it is changed without a new version', async () => {
    const vault = (expiresOn: Date): ConfigSource =>
      source({
        client: {
          vaultUrl: 'https://my-kv.vault.azure.net',
          getSecret: (name) => Promise.resolve({ name, value: 'x', properties: { version: 'v1', expiresOn } }),
        },
      })
    const [early, late] = [new Date('2099-01-01'), new Date('2100-01-01')]
    const previous = await load(vault(early))
    const path = 'maskinportensettings:encodedjwk'
    expect((await load(vault(new Date(early)), { why: 'poll', previous })).get(path)).toBe(previous.get(path))
    expect((await load(vault(late), { why: 'poll', previous })).get(path)?.expiresAt).toBe(late.getTime())
  })

  it('takes other names, another prefix, and a section of parts', async () => {
    emulator.keyVault.setSecret('my-app-tt02--ClientId', 'prefixed')
    expect(flat(await load(source({ prefix: 'my-app-tt02' })))).toEqual({ 'MaskinportenSettings:ClientId': 'prefixed' })
    put('Scope', 'a:b')
    put('Jwk--kid', 'k1')
    expect(flat(await load(source({ names: ['Scope', 'Jwk:kid'] })))).toEqual({
      'MaskinportenSettings:Scope': 'a:b',
      'MaskinportenSettings:Jwk:kid': 'k1',
    })
    emulator.keyVault.setSecret('myapp--MaskinportenSettings--ClientId', 'nested')
    expect(flat(await load(source(), { section: 'myapp:MaskinportenSettings' }))).toEqual({
      'myapp:MaskinportenSettings:ClientId': 'nested',
    })
  })

  it.each([{ prefix: 'my_app' }, { names: ['Client Id'] }, { names: ['a/b'] }])(
    'refuses a name that no secret can have: %j',
    (options) => {
      expect(() => fromAzureKeyVault(options)).toThrow(/no secret can be named .+ Use letters, digits and hyphens\./)
    },
  )

  it('is asked every 5 min, not more often than once a minute, or never', () => {
    expect([undefined, 1_000, 600_000, 0].map((refreshMs) => fromAzureKeyVault({ refreshMs }).refreshMs)).toEqual([
      300_000,
      60_000,
      600_000,
      undefined,
    ])
  })

  it('shows no secret of kvSetting, of the client or of the vault when it is printed', async () => {
    put('EncodedJwk', 'canary')
    const vault = source()
    const layer = await load(vault)
    expect(
      inspect([vault, layer, [...layer.values()]], { depth: 9, showHidden: true }) +
        JSON.stringify([vault, [...layer]]),
    ).not.toContain('canary')
  })
})

describe('a secret that is', () => {
  const gone = new Set<string>()
  beforeEach(() => gone.clear())
  const newKey = async (kid: string): Promise<string> =>
    (await emulator.registerClient({ scopes: ['a:b'], kid })).settings.encodedJwk ?? expect.unreachable()

  it('expired or not yet valid is used, with a warning', async () => {
    const now = Math.floor(Date.now() / 1000)
    put('ClientId', 'c', { exp: now - 60 })
    put('Authority', 'a', { nbf: now + 3_600 })
    const warned: Warned[] = []
    expect(flat(await load(source(), { warned }))).toEqual({
      'MaskinportenSettings:ClientId': 'c',
      'MaskinportenSettings:Authority': 'a',
    })
    expect(warned.map(({ code, key }) => [code, key])).toEqual([
      ['KV_SECRET_EXPIRED', 'MaskinportenSettings:ClientId'],
      ['KV_SECRET_NOT_YET_VALID', 'MaskinportenSettings:Authority'],
    ])
    expect(warned[0]?.message).toMatch(
      /^Secret "MaskinportenSettings--ClientId" in my-kv expired on \d{4}-.+Z\. Store a new version\.$/,
    )
  })

  it('disabled is as good as absent at the start, with a warning that names it', async () => {
    put('ClientId', 'c', { enabled: false })
    const warned: Warned[] = []
    expect(flat(await load(source(), { warned }))).toEqual({})
    expect(warned).toContainEqual({
      code: 'KV_SECRET_DISABLED',
      key: 'MaskinportenSettings:ClientId',
      message: 'Secret "MaskinportenSettings--ClientId" in my-kv is disabled. Enable it, or delete it.',
    })
  })

  it('disabled, and needed: the settings’ error says so', async () => {
    put('ClientId', 'c')
    put('EncodedJwk', 'x', { enabled: false })
    const settings = settingsFrom([fromObject({ MaskinportenSettings: { Environment: 'test' } }), source()])
    const error = await refusal(settings.get())
    expect(error.problems).toEqual([
      expect.objectContaining({ code: 'KV_SECRET_DISABLED', key: 'MaskinportenSettings:EncodedJwk' }),
    ])
    expect(error.message).toContain('Secret "MaskinportenSettings--EncodedJwk" in my-kv is disabled.')
    await settings.close()
  })

  it.each<[string, string, () => void]>([
    ['disabled', 'KV_SECRET_DISABLED', () => put('ClientId', 'x', { enabled: false })],
    ['empty', 'KV_SECRET_EMPTY', () => put('ClientId', '')],
  ])('%s later keeps its last value, with a warning', async (_, code, change) => {
    put('ClientId', 'c')
    const previous = await load(source())
    change()
    const warned: Warned[] = []
    expect(flat(await load(source(), { why: 'poll', previous, warned }))).toEqual({
      'MaskinportenSettings:ClientId': 'c',
    })
    expect(warned.map((warning) => warning.code)).toEqual([code])
  })

  it('gone later keeps its last value, with a warning', async () => {
    put('ClientId', 'c')
    const previous = await load(source())
    const warned: Warned[] = []
    emulator.faults.next('key-vault', { error: 'SecretNotFound' })
    expect(flat(await load(source(), { why: 'poll', previous, warned }))).toEqual({
      'MaskinportenSettings:ClientId': 'c',
    })
    expect(warned).toEqual([
      {
        code: 'KV_SECRET_NOT_FOUND',
        key: 'MaskinportenSettings:ClientId',
        message:
          'Key Vault my-kv no longer has a secret "MaskinportenSettings--ClientId"; its last value stays in use. Create it again.',
      },
    ])
  })

  it.each<[string, (name: string) => void, readonly string[]]>([
    ['deleted', (name) => void gone.add(name), []],
    ['disabled', (name) => put(name, 'x', { enabled: false }), ['KV_SECRET_DISABLED']],
    ['empty', (name) => put(name, ''), []],
  ])(
    '%s gives way when another form’s secret holds the key: a rotation may change the name too',
    async (_, end, codes) => {
      put('ClientId', 'c')
      put('EncodedJwk', await newKey('k1'))
      const client = clientOf(emulator)
      const vault = source({
        client: {
          vaultUrl: client.vaultUrl,
          getSecret: (name, options) =>
            client.getSecret(gone.has(name.replace(/.*--/, '')) ? `${name}-gone` : name, options),
        },
      })
      const settings = settingsFrom([fromObject({ MaskinportenSettings: { Environment: 'test' } }), vault])
      await settings.get()
      const warned: string[] = []
      settings.subscribe((event) => event.type === 'settings.warning' && warned.push(event.code))
      end('EncodedJwk')
      put('JwkBase64', await newKey('k2'))
      expect(await settings.refresh('rejected')).toBe(true)
      expect(settings.current()?.keys.map(({ kid }) => kid)).toEqual(['k2', 'k1'])
      expect(warned).toEqual(codes)
      expect(await settings.refresh('poll')).toBe(false)
      await settings.close()
    },
  )

  it('not there at all: nothing, with a word; required: an error that names what was looked for', async () => {
    const warned: Warned[] = []
    expect(flat(await load(source(), { warned }))).toEqual({})
    expect(warned.map(({ code }) => code)).toEqual(['KV_EMPTY'])
    const error = await refusal(load(source({ required: true })))
    expect(error).toMatchObject({ code: 'settings_unavailable', detail: 'KV_SECRET_NOT_FOUND' })
    expect(error.message).toBe(
      'Key Vault my-kv has none of the secrets MaskinportenSettings--ClientId, MaskinportenSettings--EncodedJwk, MaskinportenSettings--JwkBase64, MaskinportenSettings--Authority. Create the secrets that you need.',
    )
  })
})
