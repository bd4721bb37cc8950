import { generateKeyPairSync, X509Certificate } from 'node:crypto'
import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type EmulatorConfig, type Emulator, type LogEntry, startEmulator } from '@maskinporten-kit/emulator'
import { exportJWK, exportPKCS8, exportSPKI, generateKeyPair, importPKCS8 } from 'jose'
import { expect, onTestFinished, test } from 'vitest'
import { configurationSchema } from '../src/config/configuration-members.ts'
import { init } from '../src/command/init.ts'
import { openEmulator } from '../src/start-emulator.ts'
import { postGrant, readJson, signGrant, tokenFor } from './sign-grant.ts'

const orgNumber = '310702641'
const pair = await generateKeyPair('RS256', { extractable: true })
const jwk = { ...(await exportJWK(pair.privateKey)), kid: 'one' }
const { kty, n, e } = jwk
const client = { clientId: 'client', orgNumber, scopes: ['a:b'] }

async function start(
  config: string | EmulatorConfig,
  more: { log?: (entry: LogEntry) => void } = {},
): Promise<Emulator> {
  const emulator = await startEmulator({ config, ...more })
  onTestFinished(() => emulator.close())
  return emulator
}

async function folder(files: Readonly<Record<string, string>>): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'emulator-config-'))
  onTestFinished(() => rm(made, { recursive: true }))
  for (const [name, content] of Object.entries(files)) await writeFile(join(made, name), content)
  return made
}

/** What a grant of the client, signed with `key`, is answered. */
async function answer(
  emulator: Emulator,
  kid: string,
  key: object | CryptoKey = jwk,
  changes: object = {},
): Promise<unknown> {
  const holder = { ...client, kid, jwk: undefined, settings: settingsOf, environment: {} }
  const body = await readJson(await postGrant(emulator, await signGrant(emulator, holder, { key, ...changes })))
  return body['access_token'] === undefined ? String(body['error_description']).replace(/ \(trace_id.*/, '') : 'token'
}
const settingsOf = { clientId: 'client', scope: 'a:b', exchangeToAltinnToken: false }

test('a file with one client is enough for a token, with comments, trailing commas and a byte order mark', async () => {
  const path = join(
    await folder({
      'emulator.json': `\uFEFF{
        // The only client.
        "clients": [{ "clientId": "client", "orgNumber": "${orgNumber}", "scopes": ["a:b"], "keys": [{ "file": "key.json" },] }],
      }`,
      'key.json': JSON.stringify(jwk),
    }),
    'emulator.json',
  )
  const emulator = await start(path)
  const [registered] = emulator.clients
  expect(registered).toMatchObject({ clientId: 'client', kid: 'one', settings: { encodedJwk: expect.any(String) } })
  if (!registered) throw new Error('no client')
  expect(await tokenFor(emulator, registered)).toMatch(/^eyJ/)
  await emulator.reset()
  expect(await answer(emulator, 'one')).toBe('token')
})

test('a client may have several keys: JWK, public JWK, PEM, certificate; each until its end', async () => {
  const [second, third, fourth] = await Promise.all(
    [1, 2, 3].map(() => generateKeyPair('RS256', { extractable: true })),
  )
  if (!second || !third || !fourth) throw new Error('no keys')
  await using issuer = await startEmulator()
  const { chainPem, privateKeyPem } = await issuer.issueCertificate({ orgNumber })
  const leaf = new X509Certificate(chainPem)
  const emulator = await start({
    clients: [
      {
        ...client,
        keys: [
          { jwk: { kty, n, e, kid: 'public' } },
          { pem: await exportPKCS8(second.privateKey), kid: 'private-pem' },
          { pem: await exportSPKI(third.publicKey), kid: 'public-pem' },
          { certificate: leaf.toString(), kid: 'certificate' },
          { jwk: await exportJWK(fourth.publicKey), kid: 'expired', expiresOn: '2020-01-01T00:00:00Z' },
        ],
      },
    ],
  })
  expect(await answer(emulator, 'public')).toBe('token')
  expect(await answer(emulator, 'private-pem', second.privateKey)).toBe('token')
  expect(await answer(emulator, 'public-pem', third.privateKey)).toBe('token')
  expect(await answer(emulator, 'certificate', await importPKCS8(privateKeyPem, 'RS256'))).toBe('token')
  expect(await answer(emulator, 'expired', fourth.privateKey)).not.toBe('token')
  expect(emulator.requests('token').at(-1)?.refusal?.rule).toMatch(/kid|key|MP-/)
  // The key ends with its certificate.
  emulator.clock.advance(new Date(leaf.validTo).getTime() - emulator.clock.now() + 60_000)
  expect(await answer(emulator, 'certificate', await importPKCS8(privateKeyPem, 'RS256'))).not.toBe('token')
})

test('it holds scopes with access and lifetime, delegations, system users, consents, persons, secrets, applications and rules', async () => {
  const consumer = '991825827'
  const emulator = await start({
    publicName: 'localhost',
    rules: { maxLifetimeSeconds: 30 },
    organisations: [{ orgNumber, org: 'mine' }],
    scopes: [{ name: 'a:b', delegable: true, atMaxAge: 60, access: [consumer] }, { name: 'c:d' }],
    clients: [{ ...client, scopes: ['a:b', 'c:d'], keys: [{ jwk }] }],
    delegations: [{ scope: 'a:b', from: consumer, to: orgNumber }],
    systemUsers: [{ orgNumber: consumer, clientIds: ['client'], systemId: `${orgNumber}_system` }],
    persons: [{ personidentifikator: '20914695016' }],
    secrets: [
      { name: 'Name', value: 'x', contentType: 'text/plain' },
      { name: 'Other', value: 'y', vault: 'own-kv' },
    ],
    applications: [{ clientId: 'e0000000-0000-4000-8000-0000000000aa', clientSecret: 'known' }],
  })
  expect(emulator.maskinporten.issuer).toMatch(/^http:\/\/localhost:\d+\/$/)
  const claims = { exp: Math.floor(emulator.clock.now() / 1000) + 20 }
  const delegated = { claims: { ...claims, scope: 'a:b', consumer_org: consumer } }
  expect(await answer(emulator, 'one', jwk, delegated)).toBe('token')
  // Nobody was granted access to it.
  expect(await answer(emulator, 'one', jwk, { claims: { ...claims, scope: 'c:d' } })).toMatch(/c:d/)
  // The rule of 30 seconds.
  expect(await answer(emulator, 'one', jwk, { claims: { consumer_org: consumer, scope: 'a:b' } })).not.toBe('token')
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: 'e0000000-0000-4000-8000-0000000000aa',
    client_secret: 'known',
    scope: 'https://vault.azure.net/.default',
  })
  const signedIn = await emulator.fetch(`${emulator.entra.url}/${emulator.entra.tenantId}/oauth2/v2.0/token`, {
    method: 'POST',
    body: form,
  })
  const authorization = `Bearer ${String((await readJson(signedIn))['access_token'])}`
  const secret = async (vault: string, name: string): Promise<unknown> => {
    const url = `https://${vault}.vault.azure.net/secrets/${name}?api-version=7.5`
    return (await readJson(await emulator.fetch(url, { headers: { authorization } })))['value']
  }
  expect([await secret('any-kv', 'Name'), await secret('own-kv', 'Other')]).toEqual(['x', 'y'])
})

test.each<[what: string, text: string, message: RegExp]>([
  ['no JSON', '{\n  "clients": [}\n', /^emulator\.json:2:15 is not JSON \(ValueExpected\)/],
  ['nothing', '', /^emulator\.json:1:1 /],
  ['a list', '[]', /^emulator\.json:1:1 the configuration takes an object/],
  [
    'a misspelt member',
    '{\n  "clents": []\n}',
    /^emulator\.json:2:3 .*has no member "clents"\. Did you mean `clients`\?/,
  ],
  ['a member called __proto__', '{ "__proto__": {} }', /^emulator\.json:1:3 .*has no member "__proto__"/],
  ['a member that stands there twice', '{\n "host": "::1",\n "host": "::1" }', /^emulator\.json:3:2 has `host` twice/],
  [
    'a wrong kind',
    '{ "clients": [\n { "clientId": 1, "scopes": [] } ] }',
    /^emulator\.json:2:4 .*`clients\[0\]`,: give `clientId`/,
  ],
  ['a missing member', '{ "clients": [\n  { "clientId": "x" } ] }', /^emulator\.json:2:3 .*give `scopes`/],
  ['a wrong number', '{ "rules": {\n "maxKidLength": -1 } }', /^emulator\.json:2:2 .*maxKidLength/],
  [
    'a wrong organisation',
    '{ "scopes": [{ "name": "a:b",\n"access": [\n"310702642"] }] }',
    /^emulator\.json:3:1 .*check digit/,
  ],
  [
    'a key in no form',
    '{ "clients": [{ "clientId": "x", "scopes": ["a:b"], "keys": [\n {}] }] }',
    /^emulator\.json:2:2 .*exactly one/,
  ],
  [
    'a key in two forms',
    '{ "clients": [{ "clientId": "x", "scopes": ["a:b"], "keys": [\n {"pem":"","file":"y"}] }] }',
    /^emulator\.json:2:2 .*exactly one/,
  ],
  [
    'a key that cannot be read',
    '{ "clients": [{ "clientId": "x", "scopes": ["a:b"], "keys": [\n {"pem":"-----BEGIN"}] }] }',
    /^emulator\.json:2:2 this cannot be read as/,
  ],
  [
    'a key file that is not there',
    '{ "clients": [{ "clientId": "x", "scopes": ["a:b"], "keys": [\n {"file":"none.pem"}] }] }',
    /^emulator\.json:2:2 none\.pem cannot be read \(ENOENT\)/,
  ],
  [
    'a client that is there twice',
    '{ "clients": [{ "clientId": "x", "scopes": ["a:b"] },\n{ "clientId": "x", "scopes": ["a:b"] }] }',
    /^emulator\.json:2:1 client x is registered already/,
  ],
  [
    'a delegation that cannot be',
    '{ "delegations": [\n{ "scope": "a:b", "from": "991825827", "to": "310702641" }] }',
    /^emulator\.json:2:1 no scope named "a:b"/,
  ],
  ['a name of production', '{ "as": "prod" }', /^emulator\.json:1:3 .*cannot be "prod"/],
])('%s is refused with file, line and column', async (_what, text, message) => {
  const path = join(await folder({ 'emulator.json': text }), 'emulator.json')
  await expect(startEmulator({ config: path })).rejects.toThrow(message)
})

test('an object in process is refused by the path of what is wrong', async () => {
  const config = { clients: [{ clientId: 'x', scopes: ['a:b'], kesy: [] }] }
  await expect(startEmulator({ config })).rejects.toThrow(/^config\.clients\[0\]\.kesy: .*Did you mean `keys`\?/)
  await expect(startEmulator({ config: 'no-such-file.json' })).rejects.toThrow(
    /^no-such-file\.json cannot be read \(ENOENT\)/,
  )
  const wrong: object = { config: 7 }
  await expect(startEmulator(wrong)).rejects.toThrow(/^config: the configuration takes an object/)
})

test('no message has a word of a key', async () => {
  const broken = JSON.stringify(jwk).replace('"kty":"RSA"', '"kty":"EC"')
  const path = join(
    await folder({
      'emulator.json': `{ "clients": [{ "clientId": "x", "scopes": ["a:b"], "keys": [{ "jwk": ${broken} }] }] }`,
    }),
    'emulator.json',
  )
  const error: unknown = await startEmulator({ config: path }).catch((thrown: unknown) => thrown)
  expect(String(error)).toMatch(/signs with an RSA key/)
  expect(String(error)).not.toContain(jwk.d)
})

test('an option goes over the file', async () => {
  const emulator = await startEmulator({ config: { strict: 'docs', rules: { skewSeconds: 5 } }, strict: 'server' })
  onTestFinished(() => emulator.close())
  await emulator.registerClient({ ...client, jwk })
  const now = Math.floor(emulator.clock.now() / 1000)
  expect(await answer(emulator, 'one', jwk, { claims: { iat: now - 30, exp: now + 60 } })).toBe('token')
  expect(await answer(emulator, 'one', jwk, { claims: { iat: now + 8, exp: now + 60 } })).not.toBe('token')
})

test(
  'a changed file is read again, its rules too; a bad one changes nothing and is told',
  { timeout: 30_000 },
  async () => {
    const config = (scope: string, more = ''): string =>
      `{ ${more} "clients": [{ "clientId": "client", "orgNumber": "${orgNumber}", "scopes": ["${scope}"], "keys": [{ "file": "key.json" }] }] }`
    const place = await folder({ 'emulator.json': config('a:b'), 'key.json': JSON.stringify(jwk) })
    const path = join(place, 'emulator.json')
    const told: LogEntry[] = []
    const emulator = await start(path, { log: (entry) => void (entry.kind === 'configuration' && told.push(entry)) })
    const next = async (count: number): Promise<LogEntry | undefined> => {
      await expect.poll(() => told.length, { timeout: 10_000 }).toBe(count)
      return told.at(-1)
    }
    const url = emulator.maskinporten.url
    emulator.keyVault.setSecret('Name', 'x')

    await writeFile(path, config('a:b', '"host": 1,'))
    expect(await next(1)).toMatchObject({
      applied: false,
      message: expect.stringMatching(/^emulator\.json:1:3 .*stays$/),
    })
    expect(await answer(emulator, 'one')).toBe('token')
    expect(emulator.requests('token').length).toBe(1)

    // It can be read, and cannot be applied.
    await writeFile(path, config('a b'))
    expect(await next(2)).toMatchObject({ applied: false, message: expect.stringMatching(/prefix:name.*stays$/) })
    expect(await answer(emulator, 'one')).toBe('token')

    await writeFile(
      join(place, 'new.json'),
      config('c:d', '"rules": { "maxLifetimeSeconds": 30 }, "host": "127.0.0.1",'),
    )
    await rename(join(place, 'new.json'), path)
    expect(await next(3)).toMatchObject({ applied: true, message: expect.stringMatching(/host at the next start$/) })
    expect(emulator.maskinporten.url).toBe(url)
    expect(emulator.requests('token')).toEqual([])
    expect(emulator.clients).toMatchObject([{ scopes: ['c:d'] }])
    const soon = Math.floor(emulator.clock.now() / 1000) + 20
    expect(await answer(emulator, 'one', jwk, { claims: { scope: 'c:d', exp: soon } })).toBe('token')
    expect(await answer(emulator, 'one', jwk, { claims: { scope: 'c:d' } })).not.toBe('token')

    const other = generateKeyPairSync('rsa', { modulusLength: 2048 })
    await writeFile(
      join(place, 'key.json'),
      JSON.stringify({ ...other.publicKey.export({ format: 'jwk' }), kid: 'two' }),
    )
    expect(await next(4)).toMatchObject({ applied: true })
    const signed = { ...other.privateKey.export({ format: 'jwk' }), kty: 'RSA' }
    const again = Math.floor(emulator.clock.now() / 1000) + 20
    expect(await answer(emulator, 'two', signed, { claims: { scope: 'c:d', exp: again } })).toBe('token')
  },
)

test(
  'a key file that is missing when the configuration names it is read when it comes',
  { timeout: 30_000 },
  async () => {
    const keys = (file: string): string => JSON.stringify({ clients: [{ ...client, keys: [{ file }] }] })
    const place = await folder({ 'emulator.json': keys('key.json'), 'key.json': JSON.stringify(jwk) })
    const path = join(place, 'emulator.json')
    const told: LogEntry[] = []
    const emulator = await start(path, { log: (entry) => void (entry.kind === 'configuration' && told.push(entry)) })
    await writeFile(path, keys('later.json'))
    const missing = { applied: false, message: expect.stringMatching(/later\.json cannot be read \(ENOENT\).*stays$/) }
    await expect.poll(() => told, { timeout: 10_000 }).toMatchObject([missing])
    // Longer than the files are looked at: its absence alone is told once.
    await new Promise((resolve) => setTimeout(resolve, 600))
    await writeFile(join(place, 'later.json'), JSON.stringify({ ...jwk, kid: 'later' }))
    await expect.poll(() => told, { timeout: 10_000 }).toMatchObject([missing, { applied: true }])
    expect(emulator.clients).toMatchObject([{ kid: 'later' }])
  },
)

test(
  'a file that fits alone, and not beside what else the emulator is begun with, changes nothing',
  { timeout: 30_000 },
  async () => {
    const configured = (clientId: string): string =>
      JSON.stringify({ clients: [{ ...client, clientId, keys: [{ jwk }] }] })
    const path = join(await folder({ 'emulator.json': configured('client') }), 'emulator.json')
    const told: LogEntry[] = []
    const log = (entry: LogEntry): void => void (entry.kind === 'configuration' && told.push(entry))
    const { emulator, atStart } = await openEmulator({ config: path, log })
    onTestFinished(() => emulator.close())
    await atStart(() => emulator.registerClient({ ...client, clientId: 'other', jwk }))
    await writeFile(path, configured('other'))
    await expect
      .poll(() => told, { timeout: 10_000 })
      .toMatchObject([{ applied: false, message: expect.stringMatching(/client other is registered already.*stays$/) }])
    expect(await answer(emulator, 'one')).toBe('token')
    expect((await fetch(`${emulator.control.url}/ready`)).status).toBe(200)
  },
)

test('what `init` writes is taken, its key is for the user alone, and nothing is overwritten', async () => {
  const path = join(await folder({}), 'emulator.json')
  const written = await init(path, [{ scopes: ['a:b'] }, { scopes: ['c:d'], orgNumber }])
  expect(written.keys.length).toBe(2)
  const emulator = await start(path)
  for (const registered of emulator.clients) expect(await tokenFor(emulator, registered)).toMatch(/^eyJ/)
  const before = await readFile(path, 'utf8')
  await expect(init(path, [{ scopes: ['a:b'] }])).rejects.toThrow(/is there already, and init overwrites nothing/)
  await rm(written.keys[0] ?? '')
  await expect(init(path, [{ scopes: ['a:b'] }])).rejects.toThrow(/emulator\.json is there already/)
  await expect(readFile(written.keys[0] ?? '')).rejects.toThrow('ENOENT')
  expect(await readFile(path, 'utf8')).toBe(before)
})

test('the published schema is the one of the tables: `vitest -u` writes it anew', async () => {
  const schema = `${JSON.stringify(configurationSchema(), undefined, 2)}\n`
  await expect(schema).toMatchFileSnapshot('../src/emulator.schema.json')
})
