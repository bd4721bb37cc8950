// Core behind a proxy that inspects TLS: the emulator's certificates are of a CA that this process does not know.
import { createMaskinporten } from '@maskinporten-kit/core'
import { startEmulator } from '@maskinporten-kit/emulator'
import { expect, it } from 'vitest'

it('a certificate of an unknown CA is told with NODE_EXTRA_CA_CERTS', async () => {
  await using emulator = await startEmulator()
  const client = await emulator.registerClient({ scopes: ['a:b'] })
  const settings = {
    ...client.settings,
    authority: emulator.keyVault.url,
    tokenEndpoint: `${emulator.keyVault.url}/token`,
  }
  await using maskinporten = createMaskinporten(settings, { timeoutMs: 850 })
  const error: unknown = await maskinporten.getToken().catch((reason: unknown) => reason)
  expect(error).toMatchObject({
    code: 'token_unavailable',
    detail: 'TLS',
    hint: expect.stringContaining('set NODE_EXTRA_CA_CERTS to the file of its CA'),
  })
})
