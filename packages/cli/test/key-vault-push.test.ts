import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type PushFlags, pushKey } from '../src/vault/push-key.ts'
import { maskinporten } from './maskinporten.ts'
import { Spoken } from './spoken.ts'
import { type TestKey, type World, leaks, newKey, startWorld } from './world.ts'

let world: World
let key: TestKey
let other: TestKey
beforeAll(async () => {
  world = await startWorld()
  key = await newKey('pushed')
  other = await newKey('other')
  await world.write('private.json', key.privateJwk)
  world.useHere()
})
afterAll(() => world[Symbol.asyncDispose]())
beforeEach(async () => {
  for (const name of ['ClientId', 'EncodedJwk', 'JwkBase64', 'Authority'])
    world.emulator.keyVault.deleteSecret(`MaskinportenSettings--${name}`)
  world.emulator.keyVault.allow()
  world.emulator.faults.clear()
  await world.settings({ ClientId: 'my-client', EncodedJwk: key.encoded })
})

async function push(flags: PushFlags = {}, terminal: Spoken = new Spoken({ isJson: true })): Promise<Spoken> {
  await pushKey({ settings: world.folder, ...flags }, terminal)
  return terminal
}

const written = (): readonly string[] =>
  world.emulator
    .requests('key-vault')
    .filter(({ method, status }) => method === 'PUT' && status === 200)
    .map(({ path }) => path.slice('/secrets/'.length))

test('the whole command puts both secrets into the vault, from where the app then has its token', async () => {
  await world.emulator.registerClient({ scopes: ['a:b'], clientId: 'pushed-client', jwk: key.publicJwk })
  await world.settings({ Scope: 'a:b' })
  const words = ['key-vault', 'push', '--key', `${world.folder}/private.json`, '--client-id', 'pushed-client']
  const options = { cwd: world.folder, env: world.env }
  const { code, stdout, stderr } = await maskinporten([...words, '--yes'], options)
  expect({ code, stderr }).toMatchObject({ code: 0 })
  expect(stdout).toMatch(/MaskinportenSettings--EncodedJwk {2}version [0-9a-f]{32}, read back/)
  expect(leaks(stdout + stderr, key)).toBe(false)
  const token = await maskinporten(['token'], options)
  expect(token).toMatchObject({ code: 0 })
}, 90_000)

test('it says names, kid and thumbprint first, and never a value', async () => {
  world.emulator.clearRequests()
  const said = await push({ dryRun: true })
  expect(JSON.parse(said.out)).toEqual({
    dryRun: true,
    vault: world.emulator.keyVault.url,
    kid: 'pushed',
    thumbprint: expect.stringMatching(/^[\w-]{43}$/),
    secrets: [
      { name: 'MaskinportenSettings--EncodedJwk', state: 'new' },
      { name: 'MaskinportenSettings--ClientId', state: 'new' },
    ],
  })
  expect(written()).toEqual([])
  expect(leaks(said.out + said.err, key)).toBe(false)
})

test('a secret that came after the plan is not replaced without --force', async () => {
  const id = 'MaskinportenSettings--ClientId'
  const stop = world.emulator.log((entry) => {
    if (entry.kind === 'request' && entry.method === 'PUT' && entry.path.endsWith('EncodedJwk'))
      world.emulator.keyVault.setSecret(id, 'of-another')
  })
  try {
    world.emulator.clearRequests()
    await expect(push()).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringMatching(/another value in MaskinportenSettings--ClientId.*--force/),
    })
    expect(written()).toEqual(['MaskinportenSettings--EncodedJwk'])
  } finally {
    stop()
  }
})

test('without --yes, and with nobody at the terminal, nothing is written', async () => {
  world.emulator.clearRequests()
  await expect(push({}, new Spoken({ isUnattended: false }))).rejects.toMatchObject({ exitCode: 2 })
  expect(written()).toEqual([])
})

test('the new dialect has its own names, and the section may be another', async () => {
  world.emulator.clearRequests()
  await push({ dialect: 'altinn' })
  expect(written()).toEqual([
    'MaskinportenSettings--JwkBase64',
    'MaskinportenSettings--ClientId',
    'MaskinportenSettings--Authority',
  ])
  await world.write('appsettings.json', {
    kvSetting: { SecretUri: world.emulator.keyVault.url },
    Mine: { prod: { ClientId: 'x', EncodedJwk: key.encoded } },
  })
  world.emulator.clearRequests()
  await push({ section: 'Mine:prod' })
  expect(written()).toEqual(['Mine--prod--EncodedJwk', 'Mine--prod--ClientId'])
})

test('what is there already is not written again, and another value only by --force', async () => {
  await push()
  world.emulator.clearRequests()
  const again = await push()
  expect(JSON.parse(again.out)).toMatchObject({ secrets: [{ written: false }, { written: false }] })
  await world.write('other.json', other.privateJwk)
  const key2 = `${world.folder}/other.json`
  await expect(push({ key: key2 })).rejects.toMatchObject({
    exitCode: 2,
    message: expect.stringMatching(/another value in MaskinportenSettings--EncodedJwk; give --force/),
  })
  expect(written()).toEqual([])
  await push({ key: key2, force: true })
  expect(written()).toEqual(['MaskinportenSettings--EncodedJwk'])
})

test('a key of another form in the vault is refused, since an app would refuse the two', async () => {
  world.emulator.keyVault.setSecret('MaskinportenSettings--JwkBase64', other.encoded)
  await expect(push()).rejects.toMatchObject({
    exitCode: 2,
    message: expect.stringMatching(/another key in MaskinportenSettings--JwkBase64/),
  })
})

test('a refusal names what is missing', async () => {
  world.emulator.keyVault.deny('ForbiddenByRbac')
  await expect(push()).rejects.toMatchObject({
    exitCode: 1,
    message: expect.stringMatching(/may not read \S+ in the vault .*"Key Vault Secrets Officer"/),
  })
  await expect(push({}, new Spoken({ language: 'nb' }))).rejects.toMatchObject({
    text: { nb: expect.stringContaining('du trenger rollen «Key Vault Secrets Officer»') },
  })
})

test('a date of the end is written when it is asked for', async () => {
  await push({ expiresOn: '2037-01-01' })
  const body = world.emulator.requests('key-vault').findLast(({ method, path }) => method === 'PUT' && /Jwk/.test(path))
  expect(JSON.parse(body?.body ?? '{}')).toMatchObject({ attributes: { exp: Date.UTC(2037, 0) / 1000 } })
  for (const expiresOn of ['yesterday', '2020-01-01', '2039-01-01'])
    await expect(push({ expiresOn, force: true })).rejects.toMatchObject({ exitCode: 2 })
})

test('a public key is refused', async () => {
  await world.write('public.json', [key.publicJwk])
  await expect(push({ key: `${world.folder}/public.json` })).rejects.toMatchObject({
    exitCode: 3,
    message: expect.stringContaining('the public half'),
  })
})

test('without a key in the settings, the file of keys create in that folder is taken', async () => {
  await world.settings({ ClientId: 'my-client' })
  await world.write('maskinporten.private.jwk.json', other.privateJwk)
  expect(JSON.parse((await push({ dryRun: true })).out)).toMatchObject({ kid: 'other' })
})

test('a role that may read, and not set, is told which one is needed', async () => {
  world.emulator.clearRequests()
  await push({ dryRun: true })
  // The first secret is read once more, right before it is written.
  const reads = world.emulator.requests('key-vault').length
  world.emulator.faults.next('key-vault', { delayMs: 1, times: reads + 1 })
  world.emulator.faults.next('key-vault', { error: 'ForbiddenByRbac', times: 'forever' })
  await expect(push()).rejects.toMatchObject({
    exitCode: 1,
    message: expect.stringMatching(
      /may not set \S+EncodedJwk .*\(ForbiddenByRbac\).*"Key Vault Secrets Officer".*"set"/,
    ),
  })
})
