import { exportJWK, exportPKCS8, generateKeyPair } from 'jose'
import { expect, test } from 'vitest'
import { type Outcome, proxyUnheeded } from './run-node.ts'
import { folderWith, runAround } from './run-under.ts'

// Two processes, on a machine that may be busy.
const timeout = 60_000
const { privateKey } = await generateKeyPair('RS256', { extractable: true })
const jwk = { ...(await exportJWK(privateKey)), kid: 'my-key' }
const encodedJwk = Buffer.from(JSON.stringify(jwk)).toString('base64')
const pem = await exportPKCS8(privateKey)

/** Asks for a token as OWN says, and prints its client and scopes, then variables and secrets that it finds. */
const app = `
  import { createPrivateKey, randomUUID, sign } from 'node:crypto'
  const env = process.env
  const own = JSON.parse(env.OWN ?? '{}')
  const key = own.jwk ?? JSON.parse(Buffer.from(env.MaskinportenSettings__EncodedJwk, 'base64'))
  const claims = { aud: 'https://test.maskinporten.no/', iss: own.clientId ?? env.MaskinportenSettings__ClientId, scope: own.scope ?? env.MaskinportenSettings__Scope }
  const iat = Math.floor(Date.now() / 1000)
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const input = part({ alg: 'RS256', kid: own.kid ?? key.kid }) + '.' + part({ ...claims, iat, exp: iat + 100, jti: randomUUID() })
  const signature = sign('sha256', Buffer.from(input), createPrivateKey({ key, format: 'jwk' })).toString('base64url')
  const body = new URLSearchParams({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: input + '.' + signature })
  const answer = await (await fetch('https://test.maskinporten.no/token', { method: 'POST', body })).json()
  const claimed = answer.access_token ? JSON.parse(Buffer.from(answer.access_token.split('.')[1], 'base64url')) : answer
  const login = await fetch('https://login.microsoftonline.com/' + env.AZURE_TENANT_ID + '/oauth2/v2.0/token', { method: 'POST', body: new URLSearchParams({ grant_type: 'client_credentials', client_id: env.AZURE_CLIENT_ID, client_secret: env.AZURE_CLIENT_SECRET, scope: 'https://vault.azure.net/.default' }) })
  const { access_token: vaultToken } = await login.json()
  const secret = await fetch(env.kvSetting__SecretUri + '/secrets/MaskinportenSettings--ClientId?api-version=7.4', { headers: { authorization: 'Bearer ' + vaultToken } })
  const found = Object.keys(env).filter((name) => /^Maskinporten/i.test(name)).sort()
  console.log(JSON.stringify({ client: claimed.client_id, scope: claimed.scope ?? claimed, inVault: (await secret.json()).value ?? null, found }))`

interface Told {
  readonly client: string
  readonly scope: string
  readonly inVault: string | null
  readonly found: readonly string[]
}

interface Case {
  readonly files?: Readonly<Record<string, unknown>>
  readonly env?: Readonly<Record<string, string>>
  readonly args?: readonly string[]
  readonly own?: object
}

async function tell({ files = {}, env = {}, args = [], own = {} }: Case): Promise<Outcome & { readonly told: Told }> {
  const folder = await folderWith(files)
  const outcome = await runAround([process.execPath, '--input-type=module', '--eval', app], {
    args,
    folder,
    env: { ...env, OWN: JSON.stringify(own) },
  })
  expect(outcome.errors).not.toContain(jwk.d)
  expect(outcome.errors).not.toContain(encodedJwk.slice(0, 40))
  return { ...outcome, told: JSON.parse(outcome.printed || '{}') }
}

const section = { Environment: 'test', ClientId: 'mine', Scope: 'a:b c:d', EncodedJwk: encodedJwk }
const mine = { clientId: 'mine', jwk, scope: 'a:b c:d' }

test.skipIf(proxyUnheeded).each([
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
  'the client that %s names gets a token, and finds its settings as they were',
  { timeout },
  async (from, given: Case) => {
    const { told, errors, code } = await tell({ ...given, own: mine })
    expect(told).toEqual({
      client: 'mine',
      scope: 'a:b c:d',
      inVault: null,
      found: Object.keys(given.env ?? {})
        .filter((name) => /^maskinporten/i.test(name))
        .toSorted(),
    })
    expect(errors).toMatch(
      new RegExp(
        `^maskinporten-emulator: registered client mine of ${from}, the public half of its key my-key(?: of \\S+)?, and its scopes a:b c:d\\n`,
        'm',
      ),
    )
    expect(code).toBe(0)
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

test.skipIf(proxyUnheeded)('--client puts a client into the vault and into the environment', { timeout }, async () => {
  const { told, errors } = await tell({ args: ['--client', 'x:y'] })
  expect(told).toEqual({
    client: told.inVault,
    scope: 'x:y',
    inVault: expect.stringMatching(/^\S{36}$/),
    found: filled,
  })
  expect(errors).toBe('maskinporten-emulator: 1 token, 0 exchanges, 0 calls, 0 refused\n')
})

test.skipIf(proxyUnheeded)(
  'a client without a key gets one, and what the settings say is not said again',
  { timeout },
  async () => {
    const files = {
      'appsettings.json': {
        MaskinportenSettings: { Environment: 'test', ClientId: 'mine', Scope: 'a:b', Kid: 'own-kid' },
      },
    }
    const { told, errors } = await tell({ files, own: { clientId: 'mine', scope: 'a:b', kid: 'own-kid' } })
    expect(told).toMatchObject({ client: 'mine', scope: 'a:b', inVault: 'mine' })
    expect(told.found.filter((name) => name.startsWith('MaskinportenSettings'))).toEqual([
      'MaskinportenSettings__EncodedJwk',
    ])
    expect(errors).toContain(
      'appsettings.json names client mine, and no settings have its key: registered with one of the emulator',
    )
  },
)

test.skipIf(proxyUnheeded).each([
  ['EncodedJwk of appsettings.json holds a placeholder text', { ...section, EncodedJwk: 'retrieved from secrets' }],
  ['EncodedJwk of appsettings.json cannot be read as an RSA key', { ...section, EncodedJwk: encodedJwk.slice(0, 400) }],
  [
    'EncodedX509 of appsettings.json is a key in a form that the emulator does not read',
    { ClientId: 'mine', EncodedX509: encodedJwk },
  ],
  ['ClientId of appsettings.json holds a placeholder text', { ...section, ClientId: '<client id>' }],
  ['Scope of appsettings.json holds what is not a scope', { ...section, Scope: '<scope>' }],
])('%s: a line says so, and the app runs', { timeout }, async (words, settings) => {
  const { errors, code } = await tell({ files: { 'appsettings.json': { MaskinportenSettings: settings } }, own: mine })
  expect(errors.split('\n')[0]).toContain(`maskinporten-emulator: ${words}`)
  expect(code).toBe(0)
})

test.skipIf(proxyUnheeded)('a file that cannot be read is a line with its place', { timeout }, async () => {
  const { errors } = await tell({ files: { 'appsettings.json': '{\n "MaskinportenSettings": {' } })
  expect(errors).toMatch(/^maskinporten-emulator: appsettings\.json:2:\d+ is not JSON[^\n]*\n/)
})

test.skipIf(proxyUnheeded)('a client of emulator.json stays as that says', { timeout }, async () => {
  const files = {
    'appsettings.json': { MaskinportenSettings: section },
    'emulator.json': { clients: [{ clientId: 'mine', scopes: ['x:y'], keys: [{ jwk }] }] },
  }
  const { told, errors } = await tell({ files, own: { ...mine, scope: 'x:y' } })
  expect(told).toMatchObject({ client: 'mine', scope: 'x:y', inVault: null })
  expect(errors).toContain('client mine of appsettings.json is one of the configuration')
})
