import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fromAppSettings, fromJsonFile } from '@maskinporten-kit/config-json'
import {
  type ConfigLayer,
  type ConfigSource,
  type LoadContext,
  type MaskinportenError,
  isMaskinportenError,
  settingsFrom,
} from '@maskinporten-kit/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { temporaryFolder } from './temporary-folder.ts'

let folder: string
let warnings: string[]
beforeEach(() => {
  folder = temporaryFolder()
  warnings = []
})
afterEach(() => rmSync(folder, { recursive: true }))

const at = (name: string): string => join(folder, name)
const put = (name: string, content: string | Uint8Array): string => {
  writeFileSync(at(name), content)
  return at(name)
}
const load = (source: ConfigSource, fields: Partial<LoadContext> = {}): Promise<ConfigLayer> =>
  source.load({
    section: 'MaskinportenSettings',
    keys: [],
    earlier: new Map(),
    why: 'start',
    signal: new AbortController().signal,
    warn: ({ code }) => warnings.push(code),
    ...fields,
  })
const flat = (layer: ConfigLayer): Readonly<Record<string, string | null>> =>
  Object.fromEntries([...layer.values()].map((entry) => [entry.key, entry.reveal()]))
const refusal = async (source: ConfigSource, fields: Partial<LoadContext> = {}): Promise<MaskinportenError> => {
  const outcome: unknown = await load(source, fields).catch((reason: unknown) => reason)
  if (!isMaskinportenError(outcome)) throw new Error('was not refused')
  return outcome
}

describe('fromJsonFile', () => {
  it('gives the line of each value as its origin', async () => {
    const layer = await load(
      fromJsonFile(
        put(
          'a.json',
          '{\n  // the client\n  "MaskinportenSettings": {\n    "ClientId": "c",\n    "Scope": ["a:b",\n      "c:d"]\n  }\n}',
        ),
        { name: 'appsettings.json' },
      ),
    )
    expect([...layer.values()].map(({ key, origin }) => [key, origin])).toEqual([
      ['MaskinportenSettings:ClientId', 'appsettings.json:4'],
      ['MaskinportenSettings:Scope:0', 'appsettings.json:5'],
      ['MaskinportenSettings:Scope:1', 'appsettings.json:6'],
    ])
  })

  it('keeps numbers and booleans as written', async () => {
    expect(
      flat(
        await load(
          fromJsonFile(put('a.json', '{"a":1.50,"b":12345678901234567890,"c":-0,"d":true,"e":null,"f":{},"g":[]}')),
        ),
      ),
    ).toEqual({
      a: '1.50',
      b: '12345678901234567890',
      c: '-0',
      d: 'true',
      e: null,
      f: null,
      g: '',
    })
  })

  it.each([
    ['UTF-8 with a byte order mark', Buffer.from('\uFEFF{"A":"å"}')],
    ['UTF-16, little end first', Buffer.from('\uFEFF{"A":"å"}', 'utf16le')],
    ['UTF-16, big end first', Buffer.from('\uFEFF{"A":"å"}', 'utf16le').swap16()],
  ])('reads %s', async (_, bytes) => {
    expect(flat(await load(fromJsonFile(put('a.json', bytes))))).toEqual({ A: 'å' })
  })

  it.each<[string, string | Uint8Array, string, string]>([
    [
      'an unclosed object',
      '{"A":"canary"',
      'JSON_SYNTAX',
      'a.json:1:14 is not JSON (close brace expected). Correct line',
    ],
    [
      'an unterminated text',
      '{\n "A": "canary\n}',
      'JSON_SYNTAX',
      'a.json:2:7 is not JSON (unexpected end of string). Correct line',
    ],
    ['a double comma', '{"A":"canary",,"B":1}', 'JSON_SYNTAX', 'a.json:1:15 is not JSON'],
    ['a list at the top', '["canary"]', 'JSON_TOP_LEVEL', 'a.json:1:1 holds no object at the top.'],
    ['a text at the top', '"canary"', 'JSON_TOP_LEVEL', 'a.json:1:1 holds no object at the top.'],
    [
      'the same key twice',
      '{"A":{"B":"canary"},\n"a":{"b":"x"}}',
      'JSON_DUPLICATE_KEY',
      'a.json:2:10 a:b stands in line 1 already. Keep one of them.',
    ],
    ['two documents', '{"A":"canary"}{}', 'JSON_SYNTAX', 'is not JSON'],
    [
      'bytes that are no text',
      Buffer.from([0x7b, 0xff, 0xff]),
      'JSON_SYNTAX',
      'a.json:1:1 is not UTF-8 text. Save it as UTF-8.',
    ],
    [
      'a comment where .NET takes none',
      '{"A" /* why */ : "canary"}',
      'JSON_SYNTAX',
      'has a comment between a key and its colon',
    ],
    ['half a surrogate pair', String.raw`{"A":"\ud800canary"}`, 'JSON_SYNTAX', 'has half a surrogate pair'],
    ['nesting without end', `${'{"a":'.repeat(65)}1${'}'.repeat(65)}`, 'JSON_SYNTAX', 'nested more than 64 levels'],
    [
      'more nesting than the stack holds',
      '{"a":'.repeat(100_000),
      'JSON_SYNTAX',
      'a.json:1:321 is nested more than 64',
    ],
    ['the same in lists', `{"a":${'['.repeat(100_000)}`, 'JSON_SYNTAX', 'a.json:1:69 is nested more than 64'],
  ])('refuses %s, with line and column and without a word of the file', async (_, content, detail, says) => {
    const error = await refusal(fromJsonFile(put('a.json', content), { name: 'a.json' }))
    expect(error).toMatchObject({ code: 'settings_invalid', detail })
    expect(error.message).toContain(says)
    expect(error.message).not.toContain('canary')
    expect(error.problems?.[0]).toMatchObject({ code: detail, origin: expect.stringMatching(/^a\.json:\d+:\d+$/) })
  })

  it('takes __proto__ for a key like any other', async () => {
    const layer = await load(fromJsonFile(put('a.json', '{"__proto__":{"polluted":"yes"}}')))
    expect(layer.get('__proto__:polluted')?.reveal()).toBe('yes')
    expect('polluted' in {}).toBe(false)
  })

  it('must be there unless it is optional', async () => {
    expect(await refusal(fromJsonFile(at('b.json'), { name: 'b.json' }))).toMatchObject({
      code: 'settings_unavailable',
      detail: 'JSON_NOT_FOUND',
      message: 'b.json is not there. Create b.json, or call fromJsonFile(path, { optional: true }).',
    })
    expect((await load(fromJsonFile(at('b.json'), { optional: true }))).size).toBe(0)
    expect(warnings).toEqual([])
  })

  it('says so when a name differs in case only', async () => {
    put('appsettings.local.json', '{}')
    expect((await refusal(fromJsonFile(at('appsettings.Local.json')))).message).toContain(
      'appsettings.local.json, which differs in case',
    )
    await load(fromJsonFile(at('appsettings.Local.json'), { optional: true }))
    expect(warnings).toEqual(['JSON_NAME_CASE'])
  })

  it('fails when a file that was there is gone or half-written, so that the provider keeps what it had', async () => {
    const source = fromJsonFile(put('a.json', '{"A":"x"}'), { optional: true })
    const previous = await load(source)
    put('a.json', '{"A":')
    expect((await refusal(source, { why: 'poll', previous })).detail).toBe('JSON_SYNTAX')
    rmSync(at('a.json'))
    expect((await refusal(source, { why: 'poll', previous })).detail).toBe('JSON_NOT_FOUND')
  })

  it('says when it cannot be read', async () => {
    mkdirSync(at('folder.json'))
    expect(await refusal(fromJsonFile(at('folder.json'), { name: 'folder.json' }))).toMatchObject({
      code: 'settings_unavailable',
      detail: 'JSON_READ',
      message: 'folder.json cannot be read (EISDIR). Check its owner and mode.',
    })
  })

  it('is read again every 5 s, not more often than once a second, or never', () => {
    expect([undefined, 200, 60_000, 0].map((refreshMs) => fromJsonFile('a', { refreshMs }).refreshMs)).toEqual([
      5_000,
      1_000,
      60_000,
      undefined,
    ])
  })

  it('sees an atomic rename and a Kubernetes ..data swap', async () => {
    const source = fromJsonFile(put('a.json', '{"A":"1"}'))
    const first = await load(source)
    put('a.tmp', '{"A":"2"}')
    renameSync(at('a.tmp'), at('a.json'))
    expect(flat(await load(source, { why: 'poll', previous: first }))).toEqual({ A: '2' })

    const mount = (version: string, value: string): void => {
      mkdirSync(at(version))
      put(`${version}/settings.json`, `{"A":"${value}"}`)
      symlinkSync(version, at('..data_tmp'))
      renameSync(at('..data_tmp'), at('..data'))
    }
    mount('..v1', 'old')
    symlinkSync('..data/settings.json', at('settings.json'))
    const mounted = fromJsonFile(at('settings.json'))
    const before = await load(mounted)
    mount('..v2', 'new')
    expect(flat(await load(mounted, { why: 'poll', previous: before }))).toEqual({ A: 'new' })
  })
})

describe('fromAppSettings', () => {
  const files = (environment: string): void => {
    put('appsettings.json', '{"MaskinportenSettings":{"Environment":"prod","Scope":"a"}}')
    put(`appsettings.${environment}.json`, '{"MaskinportenSettings":{"Environment":"test"}}')
  }
  const environment = async (env: Readonly<Record<string, string>>): Promise<string | null | undefined> =>
    (await load(fromAppSettings({ directory: folder, env }))).get('maskinportensettings:environment')?.reveal()

  it.each([
    ['DOTNET_ENVIRONMENT', { DOTNET_ENVIRONMENT: 'Staging', ASPNETCORE_ENVIRONMENT: 'x', NODE_ENV: 'y' }],
    ['ASPNETCORE_ENVIRONMENT', { DOTNET_ENVIRONMENT: '', ASPNETCORE_ENVIRONMENT: 'staging', NODE_ENV: 'y' }],
    ['NODE_ENV', { NODE_ENV: 'STAGING' }],
  ])('lays the file of %s over the base, in any case', async (_, env) => {
    files('Staging')
    expect(await environment(env)).toBe('test')
    expect(await environment({ NODE_ENV: 'other' })).toBe('prod')
  })

  it('takes Production when nothing says otherwise, and either file may be absent', async () => {
    expect(await environment({})).toBeUndefined()
    files('Production')
    expect(await environment({})).toBe('test')
  })

  it('is two sources to the provider: a client id in one does not go with the key of the other', async () => {
    put(
      'appsettings.json',
      '{"MaskinportenSettings":{"Environment":"test","ClientId":"a","EncodedJwk":"kid-01-in-the-place-of-a-key"}}',
    )
    put('appsettings.test.json', '{\n"MaskinportenSettings":{"ClientId":"b"}}')
    const settings = settingsFrom([fromAppSettings({ directory: folder, environment: 'test' })])
    const error: unknown = await settings.get().catch((reason: unknown) => reason)
    const mixed = isMaskinportenError(error)
      ? error.problems?.find(({ code }) => code === 'CONFIG_MIXED_CREDENTIALS')
      : undefined
    expect(mixed?.message).toContain(
      'is "b", but MaskinportenSettings:ClientId in appsettings.json:1 is "a". The signing key is in appsettings.json:1. In Samarbeidsportalen, see which of the two clients lists its public half.',
    )
    await settings.close()
  })
})

it('takes comments wherever .NET does, also between a colon and its value', async () => {
  const text =
    '{ // a\n "A": /* v */ "x", /* b */ "B": // v\n { "C": /* v */ 1 }, "D": [ /* e */ 2 /* f */, ] /* g */ } // h'
  expect(flat(await load(fromJsonFile(put('a.json', text))))).toEqual({ A: 'x', 'B:C': '1', 'D:0': '2' })
})
