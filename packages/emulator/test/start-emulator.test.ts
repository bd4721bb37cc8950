import { SecretClient } from '@azure/keyvault-secrets'
import { startEmulator } from '@maskinporten-kit/emulator'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { altinnTokenFor, readJson, tokenFor } from './sign-grant.ts'

const person = '20914695016'

describe('the whole way, offline', () => {
  let emulator: Awaited<ReturnType<typeof startEmulator>>
  beforeAll(async () => {
    emulator = await startEmulator()
  })
  afterAll(() => emulator.close())

  test('a client gets a token, exchanges it, reads its instance and data, looks the person up, and confirms', async () => {
    const client = await emulator.registerClient({
      scopes: ['altinn:serviceowner/instances.read', 'krr:global/kontaktinformasjon.read'],
    })
    const { instance } = await emulator.altinn.submit({ org: 'ttd', app: 'app', person, data: { name: 'Kari' } })
    const authorization = `Bearer ${await altinnTokenFor(emulator, client)}`
    const storage = `${emulator.altinn.url}/storage/api/v1/instances`

    const list = await readJson(await fetch(`${storage}?org=ttd&appId=ttd/app`, { headers: { authorization } }))
    expect(list).toMatchObject({ count: 1, next: null, instances: [{ id: instance.id, org: 'ttd' }] })

    const data = await fetch(instance.data[0]?.selfLinks.platform ?? '', { headers: { authorization } })
    expect(await readJson(data)).toEqual({ name: 'Kari' })

    const confirmed = await fetch(`${storage}/${instance.id}/complete`, { method: 'POST', headers: { authorization } })
    expect(await readJson(confirmed)).toMatchObject({ completeConfirmations: [{ stakeholderId: 'ttd' }] })

    const register = await fetch(`${emulator.register.url}/rest/v2/personer`, {
      method: 'POST',
      headers: { authorization: `Bearer ${await tokenFor(emulator, client)}` },
      body: JSON.stringify({ personidentifikatorer: [person] }),
    })
    expect(await readJson(register)).toMatchObject({ personer: [{ personidentifikator: person, status: 'AKTIV' }] })
  })

  test('the real SecretClient reads and writes under the name of a real vault, all its checks on', async () => {
    emulator.keyVault.setSecret('MaskinportenSettings--ClientId', 'client-1')
    const vault = new SecretClient(
      'https://my-kv.vault.azure.net',
      emulator.keyVault.credential,
      emulator.keyVault.clientOptions,
    )
    expect(await vault.getSecret('maskinportensettings--clientid')).toMatchObject({ value: 'client-1' })
    const { properties } = await vault.setSecret('Other', 'two')
    expect(await vault.getSecret('Other', { version: properties.version ?? '' })).toMatchObject({ value: 'two' })
    await expect(vault.getSecret('Missing')).rejects.toMatchObject({ statusCode: 404, code: 'SecretNotFound' })
    expect(emulator.requests('key-vault')[0]).toMatchObject({ status: 401 })
  })
})
