/** How values are found in the sources, and what an error says beside its own words. */
import { type ConfigSource, createConfigLayer, fromObject, settingsFrom } from '@maskinporten-kit/core'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Outcome, type Tree, load, loadSection } from './load.ts'
import { type TestKey, encoded, rsaKey } from './rsa-keys.ts'
import { scriptedSource } from './scripted-source.ts'

const signer = { alg: 'RS256', kid: 'k', sign: async () => new Uint8Array() } as const
const BASE = { Environment: 'test', ClientId: 'c' }
const by = (fields: Tree): Promise<Outcome> => loadSection({ ...BASE, ...fields }, { signer })
let key: TestKey
beforeAll(async () => {
  key = await rsaKey('k1')
})

async function messageOf(...sources: readonly ConfigSource[]): Promise<string> {
  const settings = settingsFrom(sources)
  const error: unknown = await settings.get().catch((reason: unknown) => reason)
  await settings.close()
  return error instanceof Error ? error.message : 'nothing is wrong'
}

/** A source that warns, and gives this tree. */
const warning = (name: string, tree: Tree, ...warnings: readonly (readonly [key: string, message: string])[]) => ({
  name,
  load: async ({ warn }: Parameters<ConfigSource['load']>[0]) => {
    for (const [path, message] of warnings) warn({ code: 'KV_TOLD', key: path, message })
    return createConfigLayer(tree, { origin: name })
  },
})

describe('a list', () => {
  it('is in the order of its numbers, and nothing else under the name belongs to it', async () => {
    const layer = {
      'MaskinportenSettings:Resource:10': 'urn:c',
      'MaskinportenSettings:Resource:9': 'urn:b',
      'MaskinportenSettings:Resource:0': 'urn:a',
      'MaskinportenSettings:Resource:x1': 'urn:x',
      'MaskinportenSettings:Resource:1x': 'urn:y',
      'MaskinportenSettings:Resource:0:deep': 'urn:z',
      'Other:MaskinportenSettings:Resource:2': 'urn:o',
    }
    const { settings } = await load({ file: { MaskinportenSettings: BASE, ...layer } }, { signer })
    expect(settings?.request.resource).toEqual(['urn:a', 'urn:b', 'urn:c'])
  })

  it('wins over a text under the same name in the same source, and a null in it is nothing', async () => {
    const { settings } = await load(
      {
        file: { MaskinportenSettings: BASE, 'MaskinportenSettings:Scope': 'x', 'MaskinportenSettings:Scope:0': 'a:b' },
      },
      { signer },
    )
    expect(settings?.request.scopes).toEqual(['a:b'])
    expect((await by({ Scope: ['a:b', null] })).settings?.request.scopes).toEqual(['a:b'])
  })
})

describe('a blank', () => {
  it.each([null, '', '  ', '""', "''", ' "" ', '"   "', '` `'])(
    '%j is no scope, and needs no warning',
    async (Scope) => {
      const { settings, warnings } = await by({ Scope })
      expect(settings?.request.scopes).toBeUndefined()
      expect(warnings).toEqual([])
    },
  )

  it('is no client id, and the error says where it is', async () => {
    const { problems } = await by({ ClientId: null })
    expect(problems).toMatchObject([
      {
        message: expect.stringMatching(
          /^MaskinportenSettings:ClientId is missing: empty in appsettings\.json\. Set it/,
        ),
      },
    ])
  })

  it.each(['c""', '""c'])('%j is not one', async (ClientId) => {
    expect((await by({ ClientId })).codes).toEqual(['CONFIG_CLIENT_ID'])
  })
})

describe('quotes around a value', () => {
  it('are told of once for each setting and each source', async () => {
    const { warnings, settings } = await load(
      {
        low: { MaskinportenSettings: { ...BASE, ClientId: '"c"', Scope: '"a:b"' } },
        high: { MaskinportenSettings: { ClientId: "'c'" } },
      },
      { signer },
    )
    expect(settings?.clientId).toBe('c')
    expect(warnings.map(({ code, key: path, origin }) => `${code} ${path} ${origin}`).toSorted()).toEqual([
      'CONFIG_QUOTES MaskinportenSettings:ClientId high',
      'CONFIG_QUOTES MaskinportenSettings:ClientId low',
      'CONFIG_QUOTES MaskinportenSettings:Scope low',
    ])
    expect(warnings.find(({ key: path }) => path.endsWith('Scope'))?.message).toBe(
      'MaskinportenSettings:Scope has quotes around it; they were taken off. Delete them.',
    )
  })

  it('may be two pairs', async () => {
    const { warnings, settings } = await by({ ClientId: `"'c'"` })
    expect(settings?.clientId).toBe('c')
    expect(warnings.map(({ code }) => code)).toEqual(['CONFIG_QUOTES'])
  })

  it.each(['JwkBase64', 'EncodedJwk', 'Jwk'])('around %s are taken off too, with one warning', async (name) => {
    const { warnings, settings } = await loadSection({ ...BASE, [name]: `"${encoded(key.jwk)}"` })
    expect(settings?.keys.map(({ kid }) => kid)).toEqual(['k1'])
    expect(warnings.map(({ code }) => code)).toEqual(['KEY_TRIMMED'])
  })
})

describe('two values of one setting', () => {
  it('are told by their origins, and by their names where the origin has none', async () => {
    const env = scriptedSource({ MaskinportenSettings: BASE, MASKINPORTEN_CLIENT_ID: 'd' })
    env.from = { origin: (path) => `env ${path}` }
    expect(await messageOf(env, fromObject({ MaskinportenSettings: { EncodedJwk: encoded(key.jwk) } }))).toBe(
      'the settings are wrong: MaskinportenSettings:ClientId is set twice with different values: in env MaskinportenSettings:ClientId and in env MASKINPORTEN_CLIENT_ID. Delete one of them.',
    )
  })
})

describe('what a source warned of stands in the error of that setting', () => {
  it('after its own words', async () => {
    const vault = warning('vault', { MaskinportenSettings: { ...BASE, EncodedJwk: 'kid-01' } }, [
      'MASKINPORTENSETTINGS:ENCODEDJWK',
      'The secret expired. Renew it.',
    ])
    expect(await messageOf(vault)).toBe(
      'the settings are wrong: MaskinportenSettings:EncodedJwk (from vault) has only 6 characters; a private JWK has over 1000. Set it to the private JWK in base64. The secret expired. Renew it.',
    )
  })

  it('instead of its own words, where the setting is missing', async () => {
    const vault = warning('vault', { MaskinportenSettings: BASE }, [
      'maskinportensettings:encodedjwk',
      'The secret of the key is disabled. Enable it.',
    ])
    const settings = settingsFrom([vault])
    await expect(settings.get()).rejects.toMatchObject({
      message: 'the settings are wrong: The secret of the key is disabled. Enable it. (from vault)',
      detail: 'KV_TOLD',
      problems: [
        {
          code: 'KV_TOLD',
          key: 'maskinportensettings:encodedjwk',
          origin: 'vault',
          message: 'The secret of the key is disabled. Enable it.',
        },
      ],
    })
    await settings.close()
  })

  it('once, however many sources say the same; and each that says something else', async () => {
    const path = 'MaskinportenSettings:EncodedJwk'
    const tree = { MaskinportenSettings: { ...BASE, EncodedJwk: 'kid-01' } }
    const sources = [
      warning('one', {}, [path, 'It is Monday.']),
      warning('two', tree, [path, 'It is Monday.'], [path, 'It rains.'], ['MaskinportenSettings:Scope', 'Not this.']),
    ]
    expect(await messageOf(...sources)).toMatch(/in base64\. It is Monday\. It rains\.$/)
  })

  it('and replaces the general way out, in the hint too', async () => {
    const { error } = await load({
      env: { MASKINPORTEN_KLIENT_ID: 'c', MaskinportenSettings: { EncodedJwk: encoded(key.jwk) } },
    })
    expect(error?.message).toBe(
      [
        '2 things are wrong with the settings:',
        '- MaskinportenSettings:ClientId is missing. MASKINPORTEN_KLIENT_ID is not a name that this library reads. Rename MASKINPORTEN_KLIENT_ID to MASKINPORTEN_CLIENT_ID.',
        '- MaskinportenSettings:Environment is missing. Set it to "test" or "prod", as MaskinportenSettings:Environment in env.',
        'Looked in: env.',
      ].join('\n'),
    )
    expect(error?.hint).toBe('To do: set MaskinportenSettings:ClientId, set MaskinportenSettings:Environment in env.')
  })

  it('also where a placeholder stands, and another name holds the value', async () => {
    const { error } = await loadSection(
      { Environment: 'test', ClientId: '<client id>', ClintId: 'c', Clientid2: 'c' },
      { signer },
    )
    expect(error?.message).toBe(
      'the settings are wrong: MaskinportenSettings:ClientId (from appsettings.json) still holds a placeholder text. MaskinportenSettings:ClintId is not the name of a setting. Did you mean ClientId? MaskinportenSettings:Clientid2 is not the name of a setting. Did you mean ClientId?',
    )
  })
})

describe('a setting that is missing', () => {
  it('is told of by the placeholder of the highest source', async () => {
    const { problems } = await load(
      {
        low: { MaskinportenSettings: { ...BASE, ClientId: '<client id>' } },
        mid: { MaskinportenSettings: { ClientId: '#{ClientId}#' } },
        high: { MaskinportenSettings: { ClientId: '' } },
      },
      { signer },
    )
    expect(problems).toMatchObject([{ code: 'CONFIG_PLACEHOLDER', origin: 'mid' }])
  })

  it('has the name of NAIS where only those are used, in whichever source', async () => {
    const nais = { PATH: 'x', MASKINPORTEN_CLIENT_ID: 'n' }
    const keysOf = async (sources: Record<string, Tree>): Promise<unknown> =>
      (await load(sources)).problems.map(({ key: path, origin }) => [path, origin])
    expect(await keysOf({ 'appsettings.json': { Logging: 'x' }, env: nais })).toEqual([
      ['MASKINPORTEN_CLIENT_JWK', 'appsettings.json, env'],
      ['MASKINPORTEN_WELL_KNOWN_URL', 'appsettings.json, env'],
    ])
    expect(await keysOf({ 'appsettings.json': { MaskinportenSettings: { Scope: 'a:b' } }, env: nais })).toEqual([
      ['MaskinportenSettings:EncodedJwk', 'appsettings.json, env'],
      ['MaskinportenSettings:Environment', 'appsettings.json, env'],
    ])
    expect(await keysOf({ '': { Logging: 'x' }, env: { X_MASKINPORTEN_: 'x' } })).toEqual([
      ['MaskinportenSettings:EncodedJwk', 'env'],
      ['MaskinportenSettings:ClientId', 'env'],
      ['MaskinportenSettings:Environment', 'env'],
    ])
  })

  it('is not found in MASKINPORTEN_ISSUER, if that is a client id', async () => {
    const { problems } = await load({
      env: { MASKINPORTEN_ISSUER: 'n', MASKINPORTEN_CLIENT_JWK: JSON.stringify(key.jwk) },
    })
    expect(problems.map(({ code, key: path }) => [code, path])).toEqual([
      ['CONFIG_MISSING', 'MASKINPORTEN_WELL_KNOWN_URL'],
    ])
  })
})
