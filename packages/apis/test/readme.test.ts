import { startEmulator } from '@maskinporten-kit/emulator'
import { createMaskinporten } from '@maskinporten-kit/core'
import { maskinportenFetch } from '@maskinporten-kit/fetch'
import { api } from '@maskinporten-kit/apis'
import { expect, test } from 'vitest'

test('a listing of Storage by the real names, as the README has it', async () => {
  const emulator = await startEmulator({ as: 'test' })
  const storage = api('altinn/storage', 'test')
  const { settings } = await emulator.registerClient({ scopes: storage.request.scopes })
  await emulator.altinn.submit({ org: 'ttd', app: 'app', person: '20914695016', data: { name: 'Kari' } })
  const { fetch } = emulator
  const maskinporten = createMaskinporten(settings, { fetch })
  try {
    const client = maskinportenFetch(maskinporten.with(storage.request), { ...storage, fetch })
    const answer = await client(`${storage.baseUrl}/instances?org=ttd`)
    expect(answer.status).toBe(200)
    expect(await answer.json()).toMatchObject({ count: 1, instances: [{ org: 'ttd' }] })
    expect(emulator.requests('token').map(({ grant }) => grant?.claims['scope'])).toEqual([
      'altinn:serviceowner/instances.read',
    ])
  } finally {
    await maskinporten.close()
    await emulator.close()
  }
})
