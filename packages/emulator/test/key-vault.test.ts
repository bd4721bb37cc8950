import { Agent, request } from 'node:https'
import { SecretClient } from '@azure/keyvault-secrets'
import { type Emulator, startEmulator } from '@maskinporten-kit/emulator'
import { afterAll, beforeAll, expect, test } from 'vitest'

let emulator: Emulator
let vault: SecretClient
beforeAll(async () => {
  emulator = await startEmulator()
  const { credential, clientOptions } = emulator.keyVault
  vault = new SecretClient('https://my-kv.vault.azure.net', credential, {
    ...clientOptions,
    retryOptions: { maxRetries: 0 },
  })
})
afterAll(() => emulator.close())

test('the SDK asks anonymously first, is challenged, and comes back with the token and the same body', async () => {
  emulator.clearRequests()
  const { credential, clientOptions } = emulator.keyVault
  const fresh = new SecretClient('https://other-kv.vault.azure.net', credential, clientOptions)
  await fresh.setSecret('Challenge', 'canary')
  const [first, second, ...others] = emulator.requests('key-vault')
  expect(others).toEqual([])
  expect(first).toMatchObject({ status: 401, body: '' })
  expect(first?.headers).not.toHaveProperty('authorization')
  expect(second).toMatchObject({
    status: 200,
    path: '/secrets/Challenge',
    query: { 'api-version': expect.any(String) },
  })
})

test('a token of somebody else is refused', async () => {
  const stranger = { getToken: () => Promise.resolve({ token: 'stranger', expiresOnTimestamp: Date.now() + 60_000 }) }
  const client = new SecretClient('https://my-kv.vault.azure.net', stranger, emulator.keyVault.clientOptions)
  await expect(client.getSecret('Challenge')).rejects.toMatchObject({ statusCode: 401 })
})

test('the certificate is checked against the name that was asked for', async () => {
  const { agent } = emulator.keyVault.clientOptions
  expect(await statusOf('https://any.vault.azure.net/secrets', '', agent)).toBe(401)
  const elsewhere = statusOf('https://my-kv.example.test/secrets', '', agent)
  await expect(elsewhere).rejects.toMatchObject({ code: 'ERR_TLS_CERT_ALTNAME_INVALID' })
})

test('a secret is found whatever its case, by its newest value or by version', async () => {
  const first = await vault.setSecret('MaskinportenSettings--ClientId', 'one')
  await vault.setSecret('maskinportensettings--clientid', 'two')
  const version = first.properties.version ?? ''
  expect(await vault.getSecret('MASKINPORTENSETTINGS--CLIENTID')).toMatchObject({
    value: 'two',
    name: 'MaskinportenSettings--ClientId',
  })
  expect(await vault.getSecret('MaskinportenSettings--ClientId', { version })).toMatchObject({ value: 'one' })
  const versions = await collect(vault.listPropertiesOfSecretVersions('MaskinportenSettings--ClientId'))
  expect(versions.map((properties) => properties.version)).toContain(version)
})

test('what setSecret of the emulator writes has its attributes', async () => {
  emulator.keyVault.setSecret('Attributes', 'x', { contentType: 'text/plain', tags: { a: 'b' }, exp: 2_000_000_000 })
  const { properties } = await vault.getSecret('Attributes')
  expect(properties).toMatchObject({
    enabled: true,
    contentType: 'text/plain',
    tags: { a: 'b' },
    expiresOn: new Date(2e12),
  })
})

test('a disabled secret is forbidden, and readable again when enabled', async () => {
  const { properties } = await vault.setSecret('Switched', 'x')
  const version = properties.version ?? ''
  await vault.updateSecretProperties('Switched', version, { enabled: false })
  await expect(vault.getSecret('Switched')).rejects.toMatchObject({
    statusCode: 403,
    code: 'Forbidden',
    message: 'Operation get is not allowed on a disabled secret.',
  })
  await vault.updateSecretProperties('Switched', version, { enabled: true })
  expect(await vault.getSecret('Switched')).toMatchObject({ value: 'x' })
})

test('a missing secret is not found, in the words of the real one', async () => {
  await expect(vault.getSecret('Missing')).rejects.toMatchObject({
    statusCode: 404,
    code: 'SecretNotFound',
    message: expect.stringContaining('A secret with (name/id) Missing was not found in this key vault.'),
  })
})

test('the list comes in pages of 25', async () => {
  for (let index = 0; index < 60; index += 1) emulator.keyVault.setSecret(`List-${index}`, 'x')
  emulator.clearRequests()
  const names = (await collect(vault.listPropertiesOfSecrets())).map(({ name }) => name)
  expect(names.filter((name) => name.startsWith('List-'))).toHaveLength(60)
  expect(emulator.requests('key-vault').filter(({ status }) => status === 200).length).toBeGreaterThan(2)
})

test.each([
  ['ForbiddenByRbac', 403],
  ['ForbiddenByFirewall', 403],
  ['Throttled', 429],
])('can be told to answer %s', async (error, statusCode) => {
  await vault.getSecret('Attributes')
  emulator.faults.next('key-vault', { error })
  await expect(vault.getSecret('Attributes')).rejects.toMatchObject({ statusCode })
  expect(await vault.getSecret('Attributes')).toMatchObject({ value: 'x' })
})

test('a request without api-version, or under an impossible name, is a bad one', async () => {
  const { token } = await emulator.keyVault.credential.getToken('https://vault.azure.net/.default')
  const url = emulator.keyVault.url
  expect(await statusOf(`${url}/secrets/Attributes`, token)).toBe(400)
  expect(await statusOf(`${url}/secrets/a_b?api-version=7.4`, token)).toBe(400)
  expect(await statusOf(`${url}/secrets/Attributes/?api%2Dversion=7.4`, token)).toBe(200)
  expect(await statusOf(`${url}/keys/any?api-version=7.4`, token)).toBe(404)
})

test.each(['a_b', '', 'å'])('the name %j is refused before it is written', (name) => {
  expect(() => emulator.keyVault.setSecret(name, 'x')).toThrow(TypeError)
})

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}

function statusOf(url: string, token: string, agent = new Agent({ ca: emulator.ca })): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent, headers: { authorization: `Bearer ${token}` } }, (response) => {
      response.resume()
      response.on('end', () => resolve(response.statusCode))
    })
    sent.on('error', reject)
    sent.end()
  })
}
