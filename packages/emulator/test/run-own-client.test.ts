import { generateKeyPairSync } from 'node:crypto'
import { exportJWK, exportPKCS8, generateKeyPair } from 'jose'
import { expect, onTestFinished, test } from 'vitest'
import { defaultClient } from '../src/command/default-client.ts'
import { leadClients, type LedClients } from '../src/command/led-clients.ts'
import { readOwnSettings } from '../src/command/own-settings.ts'
import { readArguments } from '../src/command/arguments.ts'
import type { EmulatorAsTest } from '../src/emulator.ts'
import { openEmulator } from '../src/start-emulator.ts'
import { proxyUnheeded } from './run-node.ts'
import { folderWith, runAround } from './run-under.ts'
import { jwtBearer, readJson, signGrant } from './sign-grant.ts'

// Two processes, on a machine that may be busy.
const timeout = 60_000
const { privateKey } = await generateKeyPair('RS256', { extractable: true })
const jwk = { ...(await exportJWK(privateKey)), kid: 'my-key' }
const encodedJwk = Buffer.from(JSON.stringify(jwk)).toString('base64')
const pem = await exportPKCS8(privateKey)

interface Given {
  readonly files?: Readonly<Record<string, unknown>>
  readonly env?: Readonly<Record<string, string>>
  readonly args?: readonly string[]
}

interface Lead extends LedClients {
  readonly emulator: EmulatorAsTest
  readonly inVault: unknown
}

/** What `run` does before the command starts. */
async function lead({ files = {}, env = {}, args = [] }: Given): Promise<Lead> {
  const folder = await folderWith(files)
  const config = 'emulator.json' in files ? `${folder}/emulator.json` : undefined
  const opened = await openEmulator({ as: 'test', config })
  const { emulator } = opened
  onTestFinished(() => emulator.close())
  const asked = readArguments(['run', ...args, '--', 'x'])
  const led = await leadClients(opened, await readOwnSettings(env, folder), asked)
  const told = JSON.stringify([led.said, led.problems])
  expect(told).not.toContain(jwk.d)
  expect(told).not.toContain(encodedJwk.slice(0, 40))
  const { credential } = emulator.keyVault
  const { token } = await credential.getToken([])
  const secret = await emulator.fetch(
    `${emulator.keyVault.url}/secrets/MaskinportenSettings--ClientId?api-version=7.4`,
    {
      headers: { authorization: `Bearer ${token}` },
    },
  )
  return { ...led, emulator, inVault: (await readJson(secret))['value'] }
}

/** The scopes of the token that a client gets, or why it gets none. */
async function granted(
  emulator: EmulatorAsTest,
  clientId: string,
  scope: string,
  key: object = jwk,
  kid = 'my-key',
): Promise<unknown> {
  const holder = {
    clientId,
    orgNumber: '991825827',
    scopes: [scope],
    kid,
    jwk: undefined,
    settings: { clientId, scope, exchangeToAltinnToken: false },
    environment: {},
  }
  const assertion = await signGrant(emulator, holder, { key })
  const body = new URLSearchParams({ grant_type: jwtBearer, assertion })
  const answer = await readJson(await emulator.fetch('https://test.maskinporten.no/token', { method: 'POST', body }))
  return answer['scope'] ?? answer['error_description']
}

const section = { Environment: 'test', ClientId: 'mine', Scope: 'a:b c:d', EncodedJwk: encodedJwk }

test.each([
  ['appsettings.json', { files: { 'appsettings.json': { MaskinportenSettings: section } } }],
  [
    'appsettings.Development.json',
    {
      files: {
        'appsettings.json': {
          MaskinportenSettings: { ...section, ClientId: 'retrieved from secrets', EncodedJwk: '' },
        },
        'appsettings.Development.json': `{ // mine\n "maskinportensettings": ${JSON.stringify({ clientid: 'mine', encodedjwk: encodedJwk })}, }`,
      },
    },
  ],
  [
    'appsettings.Staging.json',
    {
      files: {
        'appsettings.json': { MaskinportenSettings: { Scope: 'a:b c:d', Kid: 'my-key' } },
        'appsettings.Development.json': { MaskinportenSettings: { ...section, ClientId: 'another' } },
        'appsettings.Staging.json': { MaskinportenSettings: { ClientId: 'mine', Pem: pem } },
      },
      env: { ASPNETCORE_ENVIRONMENT: 'staging' },
    },
  ],
  [
    'MaskinportenSettings__ClientId',
    {
      files: { 'appsettings.json': { MaskinportenSettings: { ...section, ClientId: 'another' } } },
      env: {
        MaskinportenSettings__ClientId: 'mine',
        MaskinportenSettings__EncodedJwk: encodedJwk,
        MaskinportenSettings__Scope__0: 'a:b',
        MaskinportenSettings__Scope__1: 'c:d',
      },
    },
  ],
  [
    'MASKINPORTEN_CLIENT_ID',
    {
      env: {
        MASKINPORTEN_CLIENT_ID: 'mine',
        MASKINPORTEN_CLIENT_JWK: JSON.stringify(jwk),
        MASKINPORTEN_SCOPES: 'a:b c:d',
      },
    },
  ],
] as const)(
  'the client that %s names gets a token, also after a reset, and its settings are left alone',
  async (from, given: Given) => {
    const { said, problems, variables, inVault, emulator } = await lead(given)
    expect(said).toEqual([
      expect.stringMatching(
        new RegExp(
          `^registered client mine of ${from}, the public half of its key my-key(?: of \\S+)?, and its scopes a:b c:d$`,
        ),
      ),
    ])
    expect(await granted(emulator, 'mine', 'a:b c:d')).toBe('a:b c:d')
    await emulator.reset()
    expect(await granted(emulator, 'mine', 'a:b c:d')).toBe('a:b c:d')
    expect(inVault).toBeUndefined()
    const addresses = ['MASKINPORTEN_ISSUER', 'MASKINPORTEN_TOKEN_ENDPOINT', 'MASKINPORTEN_WELL_KNOWN_URL']
    expect(Object.keys(variables)).toEqual(from === 'MASKINPORTEN_CLIENT_ID' ? addresses : [])
    expect(problems).toEqual([])
  },
)

const filled = [
  'MASKINPORTEN_CLIENT_ID',
  'MASKINPORTEN_CLIENT_JWK',
  'MASKINPORTEN_ISSUER',
  'MASKINPORTEN_SCOPES',
  'MASKINPORTEN_TOKEN_ENDPOINT',
  'MASKINPORTEN_WELL_KNOWN_URL',
  'MaskinportenSettings__ClientId',
  'MaskinportenSettings__EncodedJwk',
  'MaskinportenSettings__Environment',
  'MaskinportenSettings__ExchangeToAltinnToken',
  'MaskinportenSettings__Scope',
  'MaskinportenSettings__UseAltinnTestOrg',
]

test('--client puts a client into the vault and into the environment', async () => {
  const { variables, inVault, said, problems } = await lead({ args: ['--client', 'x:y'] })
  expect(Object.keys(variables).toSorted()).toEqual(filled)
  const id = variables['MaskinportenSettings__ClientId']
  expect([inVault, variables['MASKINPORTEN_CLIENT_ID'], variables['MASKINPORTEN_SCOPES']]).toEqual([id, id, 'x:y'])
  expect([said, problems]).toEqual([[], []])
})

test('--client beside a client of the app is in the vault alone', async () => {
  const given = { files: { 'appsettings.json': { MaskinportenSettings: section } }, args: ['--client', 'x:y'] }
  const { variables, inVault, emulator } = await lead(given)
  expect([variables, inVault]).toEqual([{}, expect.stringMatching(/^\S{36}$/)])
  expect(await granted(emulator, 'mine', 'a:b')).toBe('a:b')
})

test('a client without a key gets one, with the kid of the settings, and what they say is not said again', async () => {
  const own = { Authority: 'https://test.maskinporten.no/', ClientId: 'mine', Scopes: ['a:b'], Kid: 'own-kid' }
  const { variables, inVault, said, emulator } = await lead({
    files: { 'appsettings.json': { MaskinportenSettings: own } },
  })
  expect(inVault).toBe('mine')
  expect(said).toEqual([
    'appsettings.json names client mine, and no settings have its key: registered with one of the emulator, which is in the vault and in the environment',
  ])
  const names = Object.keys(variables).filter((name) => name.startsWith('MaskinportenSettings'))
  expect(names).toEqual(['MaskinportenSettings__EncodedJwk'])
  const key: unknown = JSON.parse(Buffer.from(variables['MaskinportenSettings__EncodedJwk'] ?? '', 'base64').toString())
  expect(await granted(emulator, 'mine', 'a:b', Object(key), 'own-kid')).toBe('a:b')
})

test('a variable is never replaced, not even one that cannot be used', async () => {
  const { variables, problems } = await lead({
    env: { MaskinportenSettings__EncodedJwk: 'changeme', MASKINPORTEN_SCOPES: 'x:y' },
  })
  expect(problems).toEqual([
    'MaskinportenSettings__EncodedJwk holds a placeholder text; unset it, and the emulator sets it',
  ])
  expect(Object.keys(variables)).not.toContain('MaskinportenSettings__EncodedJwk')
  expect(Object.keys(variables)).not.toContain('MASKINPORTEN_SCOPES')
})

test.each([
  ['EncodedJwk of appsettings.json holds a placeholder text', { ...section, EncodedJwk: 'retrieved from secrets' }],
  ['EncodedJwk of appsettings.json cannot be read as an RSA key', { ...section, EncodedJwk: encodedJwk.slice(0, 400) }],
  [
    'EncodedX509 of appsettings.json is a key in a form that the emulator does not read',
    { ClientId: 'mine', EncodedX509: encodedJwk },
  ],
  ['ClientId of appsettings.json holds a placeholder text', { ...section, ClientId: '<client id>' }],
  ['Scope of appsettings.json holds what is not a scope', { ...section, Scope: '<scope>' }],
])('%s: a line says so', async (words, settings) => {
  const { problems } = await lead({ files: { 'appsettings.json': { MaskinportenSettings: settings } } })
  expect(problems).toEqual([expect.stringContaining(words)])
})

test.each([
  ['{\n "MaskinportenSettings": {', /^appsettings\.json:2:\d+ is not JSON .*; until then it is left out$/],
  ['', /^appsettings\.json:1:1 is not JSON/],
  ['[]', /^appsettings\.json is not a JSON object/],
])('a file that cannot be read is a line: %j', async (text, words) => {
  const { problems } = await lead({ files: { 'appsettings.json': text } })
  expect(problems).toEqual([expect.stringMatching(words)])
})

test('a key that Maskinporten would not take is a line, and the settings are left alone', async () => {
  const short = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey.export({ format: 'jwk' })
  const files = { 'appsettings.json': { MaskinportenSettings: { ClientId: 'mine', Scope: 'a:b', Jwk: short } } }
  const { said, problems, variables, inVault, emulator } = await lead({ files })
  expect(problems).toEqual([
    'client mine of appsettings.json is not registered: an RSA key has 2048 bits or more; make a longer one',
  ])
  expect([said, variables, inVault]).toEqual([[], {}, undefined])
  expect((await emulator.fetch(`${emulator.control.url}/ready`)).status).toBe(200)
})

test('an app that has the client of every start, whose key is no secret, keeps it', async () => {
  const { clientId, jwk: open } = defaultClient
  const settings = {
    ClientId: clientId,
    Scope: 'x:y',
    EncodedJwk: Buffer.from(JSON.stringify(open)).toString('base64'),
  }
  const files = { 'appsettings.json': { MaskinportenSettings: settings } }
  const { emulator, said, problems } = await lead({ files })
  expect(problems).toEqual([])
  expect(said).toEqual([expect.stringContaining('the one of every start')])
  expect(await granted(emulator, clientId, 'x:y', open, open.kid)).toBe('x:y')
})

test('a client of emulator.json stays as that says', async () => {
  const files = {
    'appsettings.json': { MaskinportenSettings: section },
    'emulator.json': { clients: [{ clientId: 'mine', scopes: ['x:y'], keys: [{ jwk }] }] },
  }
  const { said, inVault, emulator } = await lead({ files })
  expect(await granted(emulator, 'mine', 'x:y')).toBe('x:y')
  expect(inVault).toBeUndefined()
  expect(said).toEqual([expect.stringContaining('client mine of appsettings.json is one of the configuration')])
})

test.skipIf(proxyUnheeded)('run says on standard error whom it has registered', { timeout }, async () => {
  const folder = await folderWith({ 'appsettings.json': { MaskinportenSettings: section } })
  const source = `
    await fetch('https://test.maskinporten.no/jwk')
    console.log(Object.keys(process.env).filter((name) => /^maskinporten/i.test(name)).length)`
  const command = [process.execPath, '--input-type=module', '--eval', source]
  expect(await runAround(command, { folder })).toEqual({
    code: 0,
    printed: '0\n',
    errors: `maskinporten-emulator: registered client mine of appsettings.json, the public half of its key my-key, and its scopes a:b c:d
maskinporten-emulator: 0 tokens, 0 exchanges, 0 calls, 0 refused
`,
  })
})
