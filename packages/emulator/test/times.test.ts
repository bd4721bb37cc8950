import { SecretClient } from '@azure/keyvault-secrets'
import { startEmulator } from '@maskinporten-kit/emulator'
import { importPKCS8 } from 'jose'
import { afterEach, describe, expect, test, vi } from 'vitest'

import { altinnTokenFor, postGrant, signGrant, tokenFor } from './sign-grant.ts'

afterEach(() => {
  vi.useRealTimers()
})

describe('a wall clock that is set back', () => {
  test.each([-1000, -60_000, -365 * 86_400_000])('by %d ms leaves the keys known', async (ms) => {
    await using emulator = await startEmulator()
    const client = await emulator.registerClient({ scopes: ['test:one'] })
    emulator.clock.adjust(ms)
    expect((await postGrant(emulator, await signGrant(emulator, client))).status).toBe(200)
  })

  test('does not make the wait for a new key longer', async () => {
    await using emulator = await startEmulator({ rules: { keyPropagationDelayMs: 60_000 } })
    const client = await emulator.registerClient({ scopes: ['test:one'] })
    emulator.clock.adjust(-3_600_000)
    expect((await postGrant(emulator, await signGrant(emulator, client))).status).toBe(400)
    emulator.clock.advance(60_000)
    expect((await postGrant(emulator, await signGrant(emulator, client))).status).toBe(200)
  })

  test.each([Date.UTC(2010, 0), Date.UTC(2060, 0)])(
    'an emulator begun at %d takes its enterprise certificates',
    async (startAt) => {
      await using emulator = await startEmulator({ clock: { startAt } })
      const orgNumber = '310702641'
      const client = await emulator.registerClient({ scopes: ['test:one'], orgNumber, withoutKey: true })
      const { privateKeyPem, x5c } = await emulator.issueCertificate({ orgNumber })
      const key = await importPKCS8(privateKeyPem, 'RS256')
      const grant = await signGrant(emulator, client, { header: { x5c, kid: undefined }, key })
      expect((await postGrant(emulator, grant)).status).toBe(200)
    },
  )
})

describe('fake timers of a test', () => {
  test('that began before the emulator did: it starts, answers, waits and ends', async () => {
    vi.useFakeTimers()
    await using emulator = await startEmulator()
    const client = await emulator.registerClient({ scopes: ['altinn:serviceowner'] })
    expect(await altinnTokenFor(emulator, client)).toMatch(/^ey/)
    emulator.faults.next('token', { delayMs: 50 })
    expect((await postGrant(emulator, await signGrant(emulator, client))).status).toBe(200)
  })

  test('that began after it: the clocks do not jump, and follow what the test does with its time', async () => {
    await using emulator = await startEmulator()
    const client = await emulator.registerClient({ scopes: ['test:one'] })
    const [now, monotonic] = [emulator.clock.now(), emulator.clock.monotonic()]
    vi.useFakeTimers()
    expect(emulator.clock.now() - now).toBeGreaterThanOrEqual(0)
    expect(emulator.clock.now() - now).toBeLessThan(5000)
    expect(emulator.clock.monotonic()).toBeGreaterThanOrEqual(monotonic)
    const token = await tokenFor(emulator, client)
    expect(token).toMatch(/^ey/)
    const before = emulator.clock.monotonic()
    vi.advanceTimersByTime(3_600_000)
    expect(Math.abs(emulator.clock.now() - Date.now())).toBeLessThan(1000)
    expect(emulator.clock.monotonic() - before).toBeGreaterThanOrEqual(3_600_000)
    expect(await tokenFor(emulator, client)).toMatch(/^ey/)
    const late = emulator.clock.monotonic()
    vi.useRealTimers()
    expect(emulator.clock.monotonic() - late).toBeGreaterThanOrEqual(0)
    expect(emulator.clock.monotonic() - late).toBeLessThan(1000)
    expect(Math.abs(emulator.clock.now() - Date.now())).toBeLessThan(1000)
    expect(await tokenFor(emulator, client)).toMatch(/^ey/)
  })

  test('that set another year: certificates still belong to the real one', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2038, 0) })
    await using emulator = await startEmulator()
    emulator.keyVault.setSecret('Name', 'x')
    const { credential, clientOptions } = emulator.keyVault
    const vault = new SecretClient('https://my-kv.vault.azure.net', credential, clientOptions)
    expect(await vault.getSecret('Name')).toMatchObject({ value: 'x' })
    expect(emulator.clock.now()).toBe(Date.UTC(2038, 0))
  })
})
