import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { maskinporten } from './maskinporten.ts'
import { type World, startWorld } from './world.ts'

let world: World
let folder: string
beforeAll(async () => {
  world = await startWorld()
  folder = await mkdtemp(join(tmpdir(), 'cli-vault-'))
})
afterAll(async () => {
  await world[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true })
})

const create = (...words: readonly string[]): ReturnType<typeof maskinporten> =>
  maskinporten(['keys', 'create', '--to-key-vault', world.emulator.keyVault.url, ...words], {
    cwd: folder,
    env: world.env,
  })

/** The values that were put into the vault. */
const put = (): readonly string[] =>
  world.emulator
    .requests('key-vault')
    .filter(({ method, status }) => method === 'PUT' && status === 200)
    .map(({ body }) => (JSON.parse(body) as { value: string }).value)

test('the pair goes straight into the vault: the private half is in no file and in no output', async () => {
  const unasked = await create()
  expect(unasked).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(/Stores a new RSA key .*--yes/s) })
  expect(put()).toEqual([])

  const { code, stdout, stderr } = await create('--yes', '--kid', 'straight')
  expect({ code, stderr }).toMatchObject({ code: 0 })
  const [value = ''] = put()
  const { d, p, q, dp, dq, qi, ...key } = JSON.parse(Buffer.from(value, 'base64').toString()) as Record<string, string>
  const publicKey = [{ kty: 'RSA', n: key['n'], e: key['e'], kid: 'straight', alg: 'RS256', use: 'sig' }]
  expect(JSON.parse(stdout)).toEqual(publicKey)
  expect(await readdir(folder)).toEqual(['maskinporten.public.jwks.json'])
  for (const secret of [d, p, q, dp, dq, qi, value]) expect(stdout + stderr).not.toContain(secret)

  // Neither the key nor the file is replaced unasked.
  expect(await create('--yes')).toMatchObject({ code: 2, stderr: expect.stringMatching(/is there already/) })
  expect(await create('--yes', '--out', 'second')).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/another value in MaskinportenSettings--EncodedJwk/),
  })
  expect(put()).toHaveLength(1)
}, 90_000)
