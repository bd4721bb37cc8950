import { Agent } from 'node:https'
import { ClientSecretCredential } from '@azure/identity'
import { SecretClient } from '@azure/keyvault-secrets'
import { type EntraApplication, type Emulator, startEmulator } from '@maskinporten-kit/emulator'
import { createRemoteJWKSet, customFetch, jwtVerify } from 'jose'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { call } from './call.ts'

const vaultScope = 'https://vault.azure.net/.default'
let emulator: Emulator
let application: EntraApplication
beforeAll(async () => {
  emulator = await startEmulator()
  application = emulator.entra.registerApplication()
  emulator.keyVault.setSecret('Read', 'x')
})
afterAll(() => emulator.close())

function credentialOf({ tenantId, clientId, clientSecret }: EntraApplication): ClientSecretCredential {
  const options = { ...emulator.entra.credentialOptions, retryOptions: { maxRetries: 0 } }
  return new ClientSecretCredential(tenantId, clientId, clientSecret, options)
}

function vaultOf(credential: { getToken: ClientSecretCredential['getToken'] }): SecretClient {
  const options = { ...emulator.keyVault.clientOptions, retryOptions: { maxRetries: 0 } }
  return new SecretClient('https://my-kv.vault.azure.net', credential, options)
}

test('the real ClientSecretCredential gets a token, and the vault takes it', async () => {
  emulator.clearRequests()
  expect(await vaultOf(credentialOf(application)).getSecret('Read')).toMatchObject({ value: 'x' })
  expect(emulator.requests().map(({ target, status }) => [target, status])).toEqual([
    ['key-vault', 401],
    ['entra-metadata', 200],
    ['entra', 200],
    ['key-vault', 200],
  ])
})

test('the token is signed with the published key and says who has it, for what', async () => {
  const { token, expiresOnTimestamp } = await credentialOf(application).getToken(vaultScope)
  const { tenantId, clientId } = application
  const agent = new Agent({ ca: emulator.ca })
  const keys = createRemoteJWKSet(new URL(`${emulator.entra.url}/${tenantId}/discovery/v2.0/keys`), {
    [customFetch]: async (url) => new Response((await call(url, { agent })).body),
  })
  const { payload, protectedHeader } = await jwtVerify(token, keys, {
    audience: 'https://vault.azure.net',
    issuer: `https://sts.windows.net/${tenantId}/`,
  })
  expect(payload).toMatchObject({ appid: clientId, tid: tenantId, idtyp: 'app', ver: '1.0', oid: payload.sub })
  expect(protectedHeader).toMatchObject({ typ: 'JWT', alg: 'RS256', x5t: protectedHeader.kid })
  expect(expiresOnTimestamp).toBeGreaterThan(Date.now() + 3_500_000)
})

test.each([
  ['another secret', (known: EntraApplication) => ({ ...known, clientSecret: 'wrong' }), 7_000_215, 401],
  ['another application', (known: EntraApplication) => ({ ...known, clientId: known.tenantId }), 700_016, 400],
])('%s is refused as the real one refuses it', async (_what, change, code, status) => {
  const failure = await failureOf(credentialOf(change(application)))
  expect(failure).toMatchObject({ name: 'AuthenticationRequiredError', cause: { errorNo: code, status } })
  expect(failure.message).toContain(`AADSTS${code}: `)
  expect(failure.message).not.toContain(application.clientSecret)
})

test('another tenant does not exist', async () => {
  const failure = await failureOf(credentialOf({ ...application, tenantId: application.clientId }))
  // MSAL asks for the tenant's discovery document first, and keeps the server's words to itself.
  expect(failure.message).toMatch(/endpoints_resolution_error|90002/)
  const refused = await post({}, application.clientId)
  expect(refused).toMatchObject({ status: 400, body: { error_codes: [90_002] } })
})

test('a secret expires by the emulator’s clock', async () => {
  const secretExpiresOn = new Date(emulator.clock.now() + 60_000)
  const expiring = emulator.entra.registerApplication({ secretExpiresOn })
  expect(await credentialOf(expiring).getToken(vaultScope)).toMatchObject({ token: expect.any(String) })
  emulator.clock.advance(60_000)
  expect((await failureOf(credentialOf(expiring))).message).toContain('AADSTS7000222: ')
})

test.each([
  [{ grant_type: '' }, 900_144],
  [{ grant_type: 'password' }, 70_003],
  [{ client_id: '' }, 900_144],
  [{ scope: '' }, 900_144],
  [{ client_secret: '' }, 7_000_216],
  [{ scope: 'https://vault.azure.net' }, 1_002_012],
  [{ scope: 'https://unknown.example.test/.default' }, 500_011],
])('a form with %j is refused with %d', async (form, code) => {
  const { body } = await post(form)
  expect(body).toMatchObject({
    error_codes: [code],
    error_description: expect.stringMatching(
      new RegExp(
        `^AADSTS${code}: .* Trace ID: \\S{36} Correlation ID: \\S{36} Timestamp: \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\dZ$`,
      ),
    ),
    error_uri: `https://login.microsoftonline.com/error?code=${code}`,
  })
})

test('a vault refuses a token for another resource, and one that nobody issued', async () => {
  const credential = credentialOf(application)
  const elsewhere = { getToken: () => credential.getToken('https://graph.microsoft.com/.default') }
  await expect(vaultOf(elsewhere).getSecret('Read')).rejects.toMatchObject({
    statusCode: 401,
    message: 'AKV10022: Invalid audience. Expected https://vault.azure.net, found: https://graph.microsoft.com.',
  })
  const { token } = (await credential.getToken(vaultScope)) ?? { token: '' }
  const [head, body = '', signature] = token.split('.')
  const claims: unknown = JSON.parse(Buffer.from(body, 'base64url').toString())
  const changed = Buffer.from(JSON.stringify({ ...Object(claims), oid: 'x' })).toString('base64url')
  const forged = { token: `${head}.${changed}.${signature}`, expiresOnTimestamp: Date.now() + 60_000 }
  const vault = vaultOf({ getToken: () => Promise.resolve(forged) })
  await expect(vault.getSecret('Read')).rejects.toMatchObject({ statusCode: 401 })
})

test('can be told to be down, or to refuse by name', async () => {
  emulator.faults.next('entra', { error: 'AADSTS7000222' })
  expect((await failureOf(credentialOf(application))).message).toContain('AADSTS7000222: ')
  emulator.faults.next('entra', { error: 'AADSTS90033' })
  expect(await failureOf(credentialOf(application))).toMatchObject({ cause: { status: 503 } })
  expect(() => emulator.faults.next('entra', { error: 'AADSTS1' })).toThrow(TypeError)
})

test('tenant, client id and secret may be those of the settings one has', async () => {
  const [tenantId, clientId] = ['aaaaaaaa-0000-4000-8000-000000000001', 'bbbbbbbb-0000-4000-8000-000000000001']
  await using own = await startEmulator({ tenantId })
  const given = own.entra.registerApplication({ clientId, clientSecret: 'mine' })
  expect(given).toEqual({ tenantId, clientId, clientSecret: 'mine' })
  own.keyVault.setSecret('Read', 'y')
  const credential = new ClientSecretCredential(tenantId, clientId, 'mine', own.entra.credentialOptions)
  const vault = new SecretClient('https://my-kv.vault.azure.net', credential, own.keyVault.clientOptions)
  expect(await vault.getSecret('Read')).toMatchObject({ value: 'y' })
  expect(() => own.entra.registerApplication({ clientId: 'x' })).toThrow(TypeError)
  await expect(startEmulator({ tenantId: 'x' })).rejects.toThrow(TypeError)
})

async function failureOf(credential: ClientSecretCredential): Promise<Error> {
  const outcome: unknown = await credential.getToken(vaultScope).catch((error: unknown) => error)
  if (!(outcome instanceof Error)) throw new Error('a token was issued')
  return outcome
}

async function post(
  form: Readonly<Record<string, string>>,
  tenantId: string = application.tenantId,
): Promise<{ readonly status: number | undefined; readonly body: unknown }> {
  const { clientId, clientSecret } = application
  const known = {
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: clientSecret,
    scope: vaultScope,
  }
  const { status, body } = await call(`${emulator.entra.url}/${tenantId}/oauth2/v2.0/token`, {
    agent: new Agent({ ca: emulator.ca }),
    body: new URLSearchParams({ ...known, ...form }).toString(),
  })
  return { status, body: JSON.parse(body) }
}
