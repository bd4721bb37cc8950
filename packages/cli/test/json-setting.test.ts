import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { setJsonSetting } from '../src/files/json-setting.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cli-json-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function after(before: string | undefined, setting = 'MaskinportenSettings:ClientId'): Promise<string> {
  const path = join(folder, 'appsettings.json')
  await rm(path, { force: true })
  if (before !== undefined) await writeFile(path, before)
  await setJsonSetting(path, setting, 'new')
  return readFile(path, 'utf8')
}

test.each([
  ['nested', '{"MaskinportenSettings":{"ClientId":"old"}}', '{"MaskinportenSettings":{"ClientId":"new"}}'],
  [
    'of another case',
    '{ "maskinportensettings": { "clientid": "" } }',
    '{ "maskinportensettings": { "clientid": "new" } }',
  ],
  ['flat', '{ "MaskinportenSettings:ClientId": "old" }', '{ "MaskinportenSettings:ClientId": "new" }'],
  [
    'with a null',
    '{ "MaskinportenSettings": { "ClientId": null } }',
    '{ "MaskinportenSettings": { "ClientId": "new" } }',
  ],
  [
    'behind a mark',
    '\uFEFF{ "MaskinportenSettings": { "ClientId": "" } }',
    '\uFEFF{ "MaskinportenSettings": { "ClientId": "new" } }',
  ],
  [
    'beside others, with comments and tabs',
    '{\r\n\t// first\r\n\t"MaskinportenSettings": {\r\n\t\t"Scope": "a:b" // last\r\n\t}\r\n}\r\n',
    '{\r\n\t// first\r\n\t"MaskinportenSettings": {\r\n\t\t"ClientId": "new",\r\n\t\t"Scope": "a:b" // last\r\n\t}\r\n}\r\n',
  ],
  ['in an empty file', '', '{\n  "MaskinportenSettings": {\n    "ClientId": "new"\n  }\n}\n'],
  ['in no file', undefined, '{\n  "MaskinportenSettings": {\n    "ClientId": "new"\n  }\n}\n'],
])('a setting %s is written, and the rest stays', async (_, before, expected) => {
  expect(await after(before)).toBe(expected)
})

test('a section with colons is nested', async () => {
  const text = await after('{ "Mine": { "prod": {} } }', 'Mine:prod:ClientId')
  expect(JSON.parse(text)).toEqual({ Mine: { prod: { ClientId: 'new' } } })
})

test.each([
  ['broken', '{ "a": ', /no whole JSON object/],
  ['a list', '[]', /no whole JSON object/],
  ['two settings', '{ "MaskinportenSettings": { "ClientId": "1", "clientid": "2" } }', /ClientId twice/],
  ['two sections', '{ "MaskinportenSettings": {}, "maskinportensettings": {} }', /MaskinportenSettings twice/],
])('into a file that is %s nothing is written', async (_, before, message) => {
  await expect(after(before)).rejects.toMatchObject({ exitCode: 3, message })
  expect(await readFile(join(folder, 'appsettings.json'), 'utf8')).toBe(before)
})
