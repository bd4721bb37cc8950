import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Emulator, startEmulator } from '@maskinporten-kit/emulator'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { inProcess } from './in-process.ts'

let emulator: Emulator
let folder: string
beforeAll(async () => {
  emulator = await startEmulator()
  folder = await mkdtemp(join(tmpdir(), 'failure-'))
  const { settings } = await emulator.registerClient({ scopes: ['a:b'] })
  await writeFile(join(folder, 'appsettings.json'), JSON.stringify({ MaskinportenSettings: settings }))
})
afterAll(async () => {
  await emulator.close()
  await rm(folder, { recursive: true })
})

test.each<readonly [readonly string[], number, object]>([
  [
    ['token', '--settings', '/nowhere'],
    3,
    { code: 'settings_invalid', explain: expect.stringMatching(/^maskinporten explain /) },
  ],
  [['token', '--scope', 'no:such'], 1, { code: 'token_refused', message: expect.stringContaining('invalid_scope') }],
  [['token', '--system-user', '123'], 2, { code: 'request_invalid' }],
  [['token', '--raw', '--header'], 2, { code: 'usage', message: expect.stringContaining('two forms') }],
  [['token', '--no-such-flag'], 2, { code: 'usage', message: expect.stringContaining('--no-such-flag') }],
  [['keys', 'status', '--settings', '/nowhere'], 3, { code: expect.any(String) }],
  [['apis', 'zzz'], 1, { code: 'failed', message: expect.stringContaining('zzz') }],
  [['call', 'http://127.0.0.1:9/x'], 1, { code: 'failed' }],
  [['nonsense'], 2, { code: 'usage' }],
  [['keys'], 2, { code: 'usage' }],
])('%j --json fails with a document, and the same exit code', async (words, exitCode, error) => {
  const own = ['token', 'call'].includes(words[0] ?? '') && !words.includes('--settings')
  const all = own ? [...words, '--settings', folder] : words
  const { code, stdout, stderr } = await inProcess([...all, '--json'])
  // A refusal has a trace id of its own.
  const shape = (text: string): string => text.replaceAll(/[\da-f-]{16,}/g, '')
  expect(code).toBe(exitCode)
  expect(JSON.parse(stdout)).toEqual({ error: expect.objectContaining({ message: expect.any(String), ...error }) })
  const plain = await inProcess(all)
  expect([plain.code, plain.stdout.startsWith('{')]).toEqual([exitCode, false])
  expect(shape(plain.stderr)).toEqual(shape(stderr))
})

test('a code of Maskinporten is a member of its own, and the message is in the language of the run', async () => {
  emulator.faults.next('token', { error: 'MP-250' })
  const { stdout } = await inProcess(['token', '--json', '--settings', folder])
  expect(JSON.parse(stdout)).toMatchObject({ error: { mpCode: 'MP-250', explain: 'maskinporten explain MP-250' } })
  const norwegian = await inProcess(['apis', 'zzz', '--json', '--lang', 'nb'])
  expect(JSON.parse(norwegian.stdout)).toMatchObject({ error: { message: expect.stringContaining('registeret har') } })
})

test('the answer of a call that was refused is the one document', async () => {
  const { code, stdout } = await inProcess(['call', `${emulator.altinn.url}/nothing`, '--json', '--settings', folder])
  expect([code, JSON.parse(stdout)]).toEqual([1, expect.objectContaining({ status: 404 })])
})
