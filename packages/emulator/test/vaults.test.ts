import { Agent } from 'node:https'
import { SecretClient, type SecretClientOptions } from '@azure/keyvault-secrets'
import { type Emulator, startEmulator, type VaultDenial } from '@maskinporten-kit/emulator'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { call } from './call.ts'

let emulator: Emulator
beforeEach(async () => {
  emulator = await startEmulator()
})
afterEach(() => emulator.close())

function open(name: string, more: SecretClientOptions = {}): SecretClient {
  const { credential, clientOptions } = emulator.keyVault
  const options = { ...clientOptions, retryOptions: { maxRetries: 0 }, ...more }
  return new SecretClient(`https://${name}.vault.azure.net`, credential, options)
}

const valueIn = async (name: string): Promise<string | undefined> => (await open(name).getSecret('S')).value

describe('vaults', () => {
  test('answer to every name with the same secrets, until a name is given one of its own', async () => {
    emulator.keyVault.setSecret('S', 'common')
    expect([await valueIn('one'), await valueIn('two')]).toEqual(['common', 'common'])
    const own = emulator.keyVault.vault('two')
    expect(own.url).toBe('https://two.vault.azure.net')
    await expect(valueIn('two')).rejects.toMatchObject({ code: 'SecretNotFound' })
    own.setSecret('S', 'own')
    expect([await valueIn('one'), await valueIn('TWO')]).toEqual(['common', 'own'])
    await open('two').setSecret('Written', 'here')
    await expect(open('one').getSecret('Written')).rejects.toMatchObject({ code: 'SecretNotFound' })
    emulator.keyVault.vault('Two').setSecret('S', 'again')
    expect(await valueIn('two')).toBe('again')
  })

  test.each(['a', '1ab', 'a--b', 'a_b', 'ab-', 'x'.repeat(25)])('have no name like %j', (name) => {
    expect(() => emulator.keyVault.vault(name)).toThrow(/3 to 24/)
  })

  test('deny for all secrets or for one, each kind in its words, until they allow again', async () => {
    emulator.keyVault.setSecret('S', 'x')
    emulator.keyVault.setSecret('Other', 'x')
    const kinds: readonly VaultDenial[] = [
      'ForbiddenByRbac',
      'AccessDenied',
      'ForbiddenByFirewall',
      'ForbiddenByConnection',
      'ForbiddenByPolicy',
    ]
    for (const kind of kinds) {
      emulator.keyVault.deny(kind)
      await expect(valueIn('my-kv')).rejects.toMatchObject({
        statusCode: 403,
        code: 'Forbidden',
        details: { error: { innerError: { code: kind }, message: expect.stringMatching(/my-kv/) } },
      })
      await expect(open('my-kv').getSecret('Other')).rejects.toMatchObject({ statusCode: 403 })
      emulator.keyVault.allow()
      emulator.keyVault.deny(kind, { secret: 's' })
      await expect(valueIn('my-kv')).rejects.toMatchObject({ statusCode: 403 })
      expect(await open('my-kv').getSecret('Other')).toMatchObject({ value: 'x' })
      emulator.keyVault.allow()
      expect(await valueIn('my-kv')).toBe('x')
    }
    // @ts-expect-error: no kind of 403.
    expect(() => emulator.keyVault.deny('Throttled')).toThrow(TypeError)
  })

  test('deny a caller whom they know, and challenge all others first', async () => {
    emulator.keyVault.deny('ForbiddenByFirewall')
    const answer = await call(`${emulator.keyVault.url}/secrets?api-version=7.4`, {
      agent: new Agent({ ca: emulator.ca }),
    })
    expect(answer.status).toBe(401)
  })

  test('throttle without Retry-After, which the SDK does not try again, and with it, which it does', async () => {
    const patient = open('my-kv', { retryOptions: { maxRetries: 3 } })
    emulator.keyVault.setSecret('S', 'x')
    await patient.getSecret('S')
    emulator.clearRequests()
    emulator.faults.next('key-vault', { error: 'Throttled' })
    await expect(patient.getSecret('S')).rejects.toMatchObject({ statusCode: 429, code: 'Throttled' })
    emulator.faults.next('key-vault', { error: 'Throttled', headers: { 'retry-after': '0' }, times: 2 })
    expect(await patient.getSecret('S')).toMatchObject({ value: 'x' })
    expect(emulator.requests('key-vault').map(({ status }) => status)).toEqual([429, 429, 429, 200])
  })

  test('cut a connection when they are told to, over TLS as well', async () => {
    const vault = open('my-kv')
    emulator.keyVault.setSecret('S', 'x')
    emulator.faults.next('key-vault', { reset: true })
    await expect(vault.getSecret('S')).rejects.toMatchObject({ code: 'ECONNRESET' })
    expect(await vault.getSecret('S')).toMatchObject({ value: 'x' })
  })
})

describe('secrets', () => {
  test('are enabled, disabled and deleted', async () => {
    const { keyVault } = emulator
    keyVault.setSecret('S', 'x', { enabled: false })
    await expect(valueIn('my-kv')).rejects.toMatchObject({
      statusCode: 403,
      details: { error: { innerError: { code: 'SecretDisabled' } } },
    })
    keyVault.enableSecret('S', true)
    expect(await valueIn('my-kv')).toBe('x')
    keyVault.enableSecret('S', false)
    await expect(valueIn('my-kv')).rejects.toMatchObject({ statusCode: 403 })
    keyVault.deleteSecret('S')
    await expect(valueIn('my-kv')).rejects.toMatchObject({ statusCode: 404 })
    expect(() => keyVault.enableSecret('S', true)).toThrow(/set it first/)
  })

  test('that have expired, or are not yet valid, are handed out with their dates', async () => {
    const [past, future] = [new Date('2020-01-01T00:00:00Z'), new Date('2040-01-01T00:00:00Z')]
    emulator.keyVault.setSecret('S', 'x', { expiresOn: past, notBefore: future })
    const { value, properties } = await open('my-kv').getSecret('S')
    expect([value, properties.expiresOn, properties.notBefore]).toEqual(['x', past, future])
  })

  test('are created by the emulator’s clock', async () => {
    emulator.clock.adjust(-365 * 86_400_000)
    emulator.keyVault.setSecret('S', 'old')
    const { properties } = await open('my-kv').getSecret('S')
    expect((properties.createdOn?.getTime() ?? 0) + 364 * 86_400_000).toBeLessThan(Date.now())
  })

  test('are listed in pages of the size that is set, behind as many empty ones', async () => {
    const { keyVault } = emulator
    for (let index = 0; index < 7; index += 1) keyVault.setSecret(`List-${index}`, 'x')
    keyVault.setPaging({ size: 3, emptyPages: 2 })
    const sizes: number[] = []
    for await (const page of open('my-kv').listPropertiesOfSecrets().byPage()) sizes.push(page.length)
    expect(sizes).toEqual([0, 0, 3, 3, 1])
    keyVault.setPaging({})
    for (let index = 0; index < 26; index += 1) keyVault.setSecret('Versioned', 'x')
    const versions: number[] = []
    for await (const page of open('my-kv').listPropertiesOfSecretVersions('Versioned').byPage())
      versions.push(page.length)
    expect(versions).toEqual([25, 1])
    expect(() => keyVault.setPaging({ size: 26 })).toThrow(RangeError)
  })
})
