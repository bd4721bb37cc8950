import { writeFileSync } from 'node:fs'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { type RegisterFlags, registerClient } from '../src/self-service/register-client.ts'
import { maskinporten } from './maskinporten.ts'
import { Spoken } from './spoken.ts'
import { SCOPE, type TestKey, type World, leaks, newKey, startWorld } from './world.ts'

let world: World
let key: TestKey
let publicFile: string
beforeAll(async () => {
  world = await startWorld()
  key = await newKey('registered')
  publicFile = await world.write('maskinporten.public.jwks.json', [key.publicJwk])
})
afterAll(() => world[Symbol.asyncDispose]())
beforeEach(async () => {
  world.emulator.faults.clear()
  vi.unstubAllEnvs()
  await world.settings({}, {})
})

let count = 0
const freshName = (): string => `app-${++count}`

async function register(flags: RegisterFlags, terminal: Spoken = new Spoken({ isJson: true })): Promise<Spoken> {
  await registerClient(
    {
      settings: world.folder,
      admin: world.adminFile,
      selfService: world.emulator.selfService.url,
      key: publicFile,
      ...flags,
    },
    terminal,
  )
  return terminal
}

const clientIdIn = async (): Promise<unknown> =>
  (JSON.parse(await world.read('appsettings.json')) as { MaskinportenSettings: { ClientId?: string } })
    .MaskinportenSettings.ClientId

test('the whole command registers a client that gets tokens at once, and says what it will do first', async () => {
  const words = ['register', '--settings', world.folder, '--admin', world.adminFile, '--key', publicFile]
  const name = freshName()
  const more = ['--self-service', world.emulator.selfService.url, '--name', name]
  const unasked = await maskinporten([...words, ...more])
  expect(unasked).toMatchObject({ code: 2, stdout: '' })
  expect(unasked.stderr).toContain(`registers the client ${name} with ${SCOPE}`)
  expect(unasked.stderr).toMatch(/publishes the public key registered .*--yes/s)

  const { code, stdout, stderr } = await maskinporten([...words, ...more, '--yes'])
  expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining('registers the client') })
  const id = await clientIdIn()
  expect(stdout).toContain(String(id))

  await world.settings({ ClientId: id, EncodedJwk: key.encoded }, {})
  const token = await maskinporten(['token', '--settings', world.folder])
  expect(token).toMatchObject({ code: 0 })
}, 90_000)

test('a second run finds the client of the first, and changes nothing', async () => {
  const name = freshName()
  const first = JSON.parse((await register({ name })).out) as { clientId: string; created: boolean }
  expect(first.created).toBe(true)
  await world.settings({}, {})
  const second = JSON.parse((await register({ name })).out) as object
  expect(second).toMatchObject({ clientId: first.clientId, created: false })
  expect(await clientIdIn()).toBe(first.clientId)
})

/** The request after so many that are answered as usual. */
function loseAnswer(after: number): void {
  world.emulator.faults.next('self-service', { delayMs: 1, times: after })
  world.emulator.faults.next('self-service', { loseAnswer: true })
}

const sent = (): readonly string[] =>
  world.emulator.requests('self-service').map(({ method, path }) => `${method} ${path.replace(/[0-9a-f-]{36}/, 'ID')}`)

test('when the answer about the new client is lost, it is looked for, and there are not two', async () => {
  const name = freshName()
  world.emulator.clearRequests()
  loseAnswer(1)
  const { clientId } = JSON.parse((await register({ name })).out) as { clientId: string }
  expect(sent()).toEqual([
    'GET /api/v1/clients',
    'POST /api/v1/clients',
    'GET /api/v1/clients',
    'GET /api/v1/clients/ID/jwks',
    'POST /api/v1/clients/ID/jwks',
  ])
  expect(await clientIdIn()).toBe(clientId)
})

test('when the answer about the key is lost, the keys are read before anything is sent again', async () => {
  world.emulator.clearRequests()
  loseAnswer(2)
  await register({ name: freshName() })
  expect(sent().slice(1)).toEqual([
    'POST /api/v1/clients',
    'POST /api/v1/clients/ID/jwks',
    'GET /api/v1/clients/ID/jwks',
  ])
})

test('a run that ended before it posted the key is taken up', async () => {
  const name = freshName()
  world.emulator.faults.next('self-service', { delayMs: 1, times: 2 })
  world.emulator.faults.next('self-service', { status: 400, body: { error_description: ', no key today' } })
  await expect(register({ name })).rejects.toMatchObject({
    exitCode: 1,
    message: expect.stringMatching(/could not publish the keys of \S+ \(.* answered 400: no key today\)/),
  })
  expect(await clientIdIn()).toBeUndefined()
  const { created, clientId } = JSON.parse((await register({ name })).out) as { created: boolean; clientId: string }
  expect(created).toBe(false)
  expect(await clientIdIn()).toBe(clientId)
})

test('a client of that name with another key is left alone', async () => {
  const name = freshName()
  await register({ name })
  await world.settings({}, {})
  const other = await newKey('another')
  const file = await world.write('other.json', [other.publicJwk])
  await expect(register({ name, key: file })).rejects.toMatchObject({
    exitCode: 2,
    message: expect.stringMatching(new RegExp(`a client ${name} already .*--name`)),
  })
})

test('another client id in the settings stays, unless --force is given; comments and order stay in any case', async () => {
  const text = `{
  // Comment one
  "kvSetting": { "SecretUri": "" },
  "MaskinportenSettings": {
    "Authority": "${world.emulator.maskinporten.issuer}",
    "clientId": "of-another", // comment two
    "Scope": "${SCOPE}",
  },
}
`
  await world.write('appsettings.json', text)
  const name = freshName()
  await expect(register({ name })).rejects.toMatchObject({
    exitCode: 2,
    message: expect.stringMatching(/have a client id already \(of-another, from .*appsettings.json:6.*--force/),
  })
  const { clientId } = JSON.parse((await register({ name, force: true })).out) as { clientId: string }
  expect(await world.read('appsettings.json')).toBe(text.replace('of-another', clientId))
})

test('the dry run changes nothing', async () => {
  world.emulator.clearRequests()
  const name = freshName()
  const before = await world.read('appsettings.json')
  const dry = await register({ name, dryRun: true })
  expect(JSON.parse(dry.out)).toMatchObject({
    dryRun: true,
    clientId: null,
    clientName: name,
    kid: 'registered',
    actions: { register: true, postKey: true, write: `${world.folder}/appsettings.json` },
  })
  expect(sent()).toEqual(['GET /api/v1/clients'])
  expect(await world.read('appsettings.json')).toBe(before)
})

test('a scope that the organisation has no access to is told in the words of the server, with who can help', async () => {
  world.emulator.maskinporten.defineScope({ name: 'skatteetaten:secret' })
  await expect(register({ name: freshName(), scope: ['skatteetaten:secret'] })).rejects.toMatchObject({
    message: expect.stringMatching(/no access to scope skatteetaten:secret\); ask the owner of the API/),
  })
})

test('a scope that is one of the registry but for a letter is named, also in a dry run', async () => {
  const terminal = new Spoken()
  await register({ name: freshName(), scope: ['altinn:serviceowner/instances.raed'], dryRun: true }, terminal)
  expect(terminal.err).toContain(
    'the registry has no scope altinn:serviceowner/instances.raed: is it altinn:serviceowner/instances.read',
  )
})

test('the administration client may be a section of the settings, and is asked for by its scopes', async () => {
  const { settings } = await world.emulator.registerClient({ scopes: ['idporten:dcr.read'], clientId: 'reader' })
  await world.settings({}, { MaskinportenAdmin: settings })
  await expect(register({ name: freshName(), admin: undefined })).rejects.toMatchObject({
    exitCode: 1,
    message: expect.stringMatching(/administration client reader has none of the scopes idporten:dcr.write, .*Digdir/),
  })
})

test('the administration client may sign with an enterprise certificate', async () => {
  const { emulator } = world
  const client = await emulator.registerClient({
    scopes: ['idporten:dcr.read', 'idporten:dcr.write'],
    clientId: 'chained',
    withoutKey: true,
  })
  const certificate = await emulator.issueCertificate({ orgNumber: client.orgNumber })
  const pem = [certificate.privateKeyPem, certificate.chainPem].join('\n')
  const file = await world.write('chained.json', { ...client.settings, EncodedJwk: pem })
  const { created } = JSON.parse((await register({ name: freshName(), admin: file })).out) as { created: boolean }
  expect(created).toBe(true)
})

test('an administration client of another environment is refused before anything is sent', async () => {
  world.emulator.clearRequests()
  const { encoded } = await newKey('admin')
  const file = await world.write('prod.json', {
    Environment: 'prod',
    ClientId: '0b3a4c9e-6b9c-4a53-9a2c-0d7d5a1c8e11',
    EncodedJwk: encoded,
  })
  await expect(register({ name: freshName(), admin: file })).rejects.toMatchObject({
    exitCode: 3,
    message: expect.stringMatching(/of https:\/\/maskinporten.no\/, and the settings are of http/),
  })
  expect(world.emulator.requests()).toEqual([])
})

test('without an administration client it prints the page and the five fields, in both languages', async () => {
  await world.settings({ Authority: undefined, Environment: 'prod' }, {})
  const said = new Spoken({ isJson: true })
  await expect(register({ admin: undefined, name: 'my-app' }, said)).rejects.toMatchObject({
    exitCode: 3,
    message: expect.stringMatching(/^nothing was registered, .*--admin/),
  })
  expect(JSON.parse(said.out)).toEqual({
    registered: false,
    page: 'https://sjolvbetjening.samarbeid.digdir.no',
    fields: {
      integrationType: 'Maskinporten',
      name: 'my-app',
      description: 'my-app (maskinporten register)',
      scopes: [SCOPE],
      publicKey: [key.publicJwk],
    },
  })
  const norwegian = new Spoken({ language: 'nb' })
  await expect(register({ admin: undefined, name: 'my-app' }, norwegian)).rejects.toMatchObject({
    text: { nb: expect.stringContaining('registrer klienten for hånd') },
  })
  expect(norwegian.out).toContain(`Offentlig nøkkel  ${JSON.stringify([key.publicJwk])}`)
})

test('nothing is registered while it is not known for which Maskinporten, and MASKINPORTEN_ISSUER says it, too', async () => {
  world.emulator.clearRequests()
  await world.settings({ Authority: undefined }, {})
  await expect(register({ name: freshName() })).rejects.toMatchObject({
    exitCode: 3,
    message: expect.stringMatching(/do not say which Maskinporten .* administration client is of http/),
  })
  vi.stubEnv('MASKINPORTEN_ISSUER', 'https://maskinporten.no/')
  await expect(register({ name: freshName() })).rejects.toMatchObject({
    exitCode: 3,
    message: expect.stringMatching(/the settings are of https:\/\/maskinporten.no\//),
  })
  expect(world.emulator.requests()).toEqual([])
  vi.stubEnv('MASKINPORTEN_ISSUER', world.emulator.maskinporten.issuer)
  expect(JSON.parse((await register({ name: freshName() })).out)).toMatchObject({ created: true })
})

test('the id goes into the file that says which Maskinporten, not into the one that all environments share', async () => {
  await world.settings({ Authority: undefined, ClientId: '' }, {})
  const shared = await world.read('appsettings.json')
  await world.write('appsettings.At22.json', {
    MaskinportenSettings: { Authority: world.emulator.maskinporten.issuer },
  })
  const { clientId } = JSON.parse((await register({ name: freshName(), environment: 'At22' })).out) as {
    clientId: string
  }
  expect(await world.read('appsettings.json')).toBe(shared)
  expect(JSON.parse(await world.read('appsettings.At22.json'))).toMatchObject({
    MaskinportenSettings: { ClientId: clientId },
  })
})

test('a client is not made when its id cannot be kept', async () => {
  const file = await world.write('said.json', {
    MaskinportenAdmin: (JSON.parse(await world.read('admin.json')) as { MaskinportenAdmin: object }).MaskinportenAdmin,
  })
  await world.write('appsettings.json', '{ "MaskinportenSettings": null }')
  vi.stubEnv('MASKINPORTEN_ISSUER', world.emulator.maskinporten.issuer)
  world.emulator.clearRequests()
  await expect(register({ name: freshName(), admin: file, scope: [SCOPE] })).rejects.toMatchObject({
    exitCode: 3,
    text: {
      en: expect.stringMatching(/appsettings.json has no room for MaskinportenSettings:ClientId/),
      nb: expect.stringContaining('har ikke plass til'),
    },
  })
  expect(world.emulator.requests('self-service').filter(({ method }) => method === 'POST')).toEqual([])
})

test('the id is told also when the file is spoilt while the client is made', async () => {
  const stop = world.emulator.log((entry) => {
    if (entry.kind !== 'request' || entry.target !== 'self-service' || !entry.path.endsWith('/jwks')) return
    writeFileSync(`${world.folder}/appsettings.json`, '{ "MaskinportenSettings": null }')
  })
  try {
    await expect(register({ name: freshName() })).rejects.toMatchObject({
      exitCode: 1,
      message: expect.stringMatching(/registered as [0-9a-f-]{36}, .*then set MaskinportenSettings:ClientId/),
    })
  } finally {
    stop()
  }
})

test('a private key may be named, and no part of it is said or sent', async () => {
  const own = await newKey('private')
  const file = await world.write('private.json', own.privateJwk)
  world.emulator.clearRequests()
  const said = await register({ name: freshName(), key: file })
  expect(leaks(said.out + said.err, own)).toBe(false)
  expect(leaks(JSON.stringify(world.emulator.requests('self-service')), own)).toBe(false)
})

test('scopes come from the registry by the names of APIs, and the key from what keys create wrote', async () => {
  const dry = await register({ api: ['altinn/storage:write'], key: undefined, dryRun: true })
  expect(JSON.parse(dry.out)).toMatchObject({
    kid: 'registered',
    scopes: ['altinn:serviceowner/instances.read', 'altinn:serviceowner/instances.write'],
  })
  await expect(register({ api: ['altinn/storrage'] })).rejects.toMatchObject({
    exitCode: 2,
    message: expect.stringContaining('maskinporten apis'),
  })
  await expect(register({ api: ['altinn/storage:wright'] })).rejects.toMatchObject({
    exitCode: 2,
    message: expect.stringContaining("write 'read', 'write' or 'admin'"),
  })
})
