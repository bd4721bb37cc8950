import { inspect } from 'node:util'
import { AuthenticationError, CredentialUnavailableError } from '@azure/identity'
import { SecretClient } from '@azure/keyvault-secrets'
import { fromAzureKeyVault } from '@maskinporten-kit/config-azure-key-vault'
import { type ConfigSource, fromObject, settingsFrom } from '@maskinporten-kit/core'
import { type Emulator, startEmulator } from '@maskinporten-kit/emulator'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { vaultError } from '../src/vault-error.ts'
import { VAULT_URL, clientOf, flat, load, refusal } from './vault.ts'

let emulator: Emulator
beforeEach(async () => {
  emulator = await startEmulator()
  emulator.keyVault.setSecret('MaskinportenSettings--ClientId', 'canary-value')
})
afterEach(async () => {
  vi.useRealTimers()
  await emulator.close()
})

const source = (): ConfigSource => fromAzureKeyVault({ client: clientOf(emulator) })
const everything = (error: unknown): string => inspect(error, { depth: 9, showHidden: true }) + JSON.stringify(error)

describe('what the vault answers is said in our words', () => {
  it.each<[string, object, object, string]>([
    [
      '403, by role',
      { error: 'ForbiddenByRbac' },
      { detail: 'KV_FORBIDDEN', status: 403 },
      'The identity may not read "MaskinportenSettings--ClientId" in my-kv (ForbiddenByRbac). It needs "Key Vault Secrets User" or the access policy "get"; new role assignments take some minutes.',
    ],
    ['403, by access policy', { error: 'AccessDenied' }, { detail: 'KV_FORBIDDEN', status: 403 }, '(AccessDenied)'],
    [
      '403, by firewall',
      { error: 'ForbiddenByFirewall' },
      { detail: 'KV_FIREWALL', status: 403 },
      "my-kv refuses this network address. Add it to the vault's firewall or use the private endpoint.",
    ],
    [
      '401 after sign-in',
      { error: 'InvalidToken', times: Infinity },
      { detail: 'KV_UNAUTHORIZED', status: 401 },
      'my-kv did not accept the token. Check kvSetting:TenantId.',
    ],
    [
      'something else',
      { status: 418, body: { error: { code: 'Teapot', message: 'canary' } } },
      { detail: 'KV_FAILED', status: 418 },
      'Reading from my-kv failed (status 418)',
    ],
    [
      'a page that is no JSON',
      { status: 200, body: '<html>canary</html>', headers: { 'content-type': 'application/json' } },
      { detail: 'KV_BAD_RESPONSE', retryable: true },
      'my-kv answered with something that is not JSON (a proxy page?).',
    ],
    [
      '500',
      { status: 500, body: 'canary' },
      { detail: 'KV_FAILED', status: 500, retryable: true },
      'failed (status 500)',
    ],
  ])('%s', async (_, fault, fields, says) => {
    // The anonymous first request gets its challenge.
    await load(source())
    const vault = source()
    await load(vault)
    emulator.faults.next('key-vault', fault)
    const error = await refusal(load(vault, { why: 'poll' }))
    expect(error).toMatchObject({ code: 'settings_unavailable', ...fields })
    expect(error.message.replace(' (vault my-kv, secret MaskinportenSettings--ClientId)', '')).toContain(says)
    expect(error.message).toContain('(vault my-kv, secret MaskinportenSettings--ClientId)')
    expect(error.message.endsWith(error.hint)).toBe(true)
    expect(error.cause).toBeUndefined()
    expect(everything(error)).not.toContain('canary')
    expect(everything(error)).not.toContain('emulator.')
  })

  it('gives the request’s id, which Microsoft’s support asks for', async () => {
    const vault = source()
    await load(vault)
    emulator.faults.next('key-vault', {
      error: 'ForbiddenByRbac',
      headers: { 'x-ms-request-id': '0a9f2d60-0f57-4a55-8f3e-2f9f1a0e9a0b' },
    })
    expect((await refusal(load(vault, { why: 'poll' }))).traceId).toBe('0a9f2d60-0f57-4a55-8f3e-2f9f1a0e9a0b')
  })
})

describe('throttling', () => {
  it('at the start is waited out, since the SDK does not try again without Retry-After', async () => {
    emulator.faults.next('key-vault', { error: 'Throttled' })
    expect(flat(await load(source()))).toEqual({ 'MaskinportenSettings:ClientId': 'canary-value' })
  })

  it('at a poll is an error at once: the provider then asks less often', async () => {
    const vault = source()
    await load(vault)
    emulator.faults.next('key-vault', { error: 'Throttled' })
    expect(await refusal(load(vault, { why: 'poll' }))).toMatchObject({
      detail: 'KV_THROTTLED',
      status: 429,
      retryable: true,
    })
  })

  it('with a Retry-After of an hour ends at our deadline, which the SDK has none of', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] })
    emulator.faults.next('key-vault', { status: 429, headers: { 'retry-after': '3600' } })
    const vault = fromAzureKeyVault({ client: clientOf(emulator, { retryOptions: { maxRetries: 3 } }) })
    const waiting = refusal(load(vault))
    await arrival()
    await vi.advanceTimersByTimeAsync(9_000)
    expect(await waiting).toMatchObject({
      detail: 'KV_TIMEOUT',
      retryable: true,
      message: expect.stringContaining('my-kv did not answer within 9 s (vault my-kv, secret'),
    })
  })
})

/** Until the vault has heard of us: real sockets under virtual timers. */
async function arrival(): Promise<void> {
  const look = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve))
  for (let turns = 0; emulator.requests('key-vault').length === 0 && turns < 100_000; turns++) {
    // One turn of the event loop at a time.
    await look()
  }
}

describe('a vault that cannot be reached', () => {
  it('hangs: our deadline ends it, and the caller’s signal before that', async () => {
    emulator.faults.next('key-vault', { hang: true, times: 2 })
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] })
    const waiting = refusal(load(source()))
    await arrival()
    await vi.advanceTimersByTimeAsync(9_000)
    expect(await waiting).toMatchObject({ detail: 'KV_TIMEOUT' })
    const controller = new AbortController()
    const reason = new Error('no longer wanted')
    const other = load(source(), { signal: controller.signal }).catch((error: unknown) => error)
    controller.abort(reason)
    expect(await other).toBe(reason)
  })

  it('is named by the provider’s deadline too', async () => {
    emulator.faults.next('key-vault', { hang: true })
    const settings = settingsFrom([source()], { loadTimeoutMs: 50 })
    expect((await refusal(settings.get())).message).toBe(
      'the settings did not load within 0.05 s: no answer from Key Vault my-kv; check that it can be reached from here',
    )
    await settings.close()
  })

  it.each<[string, string, () => SecretClient]>([
    [
      'refuses connections',
      'KV_UNREACHABLE',
      () => new SecretClient('https://127.0.0.1:1', emulator.keyVault.credential, { retryOptions: { maxRetries: 0 } }),
    ],
    [
      'does not exist',
      'KV_DNS',
      () =>
        new SecretClient('https://no-such-vault.invalid', emulator.keyVault.credential, {
          retryOptions: { maxRetries: 0 },
        }),
    ],
    [
      'has a certificate that nobody trusts',
      'KV_TLS',
      () => new SecretClient(emulator.keyVault.url, emulator.keyVault.credential, { retryOptions: { maxRetries: 0 } }),
    ],
    [
      'is no Azure host',
      'KV_CHALLENGE',
      () =>
        new SecretClient(emulator.keyVault.url, emulator.keyVault.credential, {
          retryOptions: { maxRetries: 0 },
          tlsOptions: { ca: emulator.ca },
        }),
    ],
  ])('%s: %s', async (_, detail, client) => {
    expect(await refusal(load(fromAzureKeyVault({ client: client() })))).toMatchObject({
      code: 'settings_unavailable',
      detail,
    })
  })
})

describe('signing in', () => {
  it.each([
    ['AADSTS7000215: Invalid client secret canary', 'AADSTS7000215: wrong kvSetting:ClientSecret'],
    ['AADSTS7000222: expired', 'AADSTS7000222: expired kvSetting:ClientSecret'],
    ['AADSTS700016: no such application', 'AADSTS700016: unknown kvSetting:ClientId'],
    ['AADSTS90002: no such tenant', 'AADSTS90002: unknown kvSetting:TenantId'],
    ['AADSTS50034: something new', '(AADSTS50034)'],
  ])('that fails with %j is explained, by its code only', async (text, says) => {
    const credential = {
      getToken: () =>
        Promise.reject(new AuthenticationError(401, { error: 'invalid_client', error_description: text })),
    }
    const client = new SecretClient(VAULT_URL, credential, {
      retryOptions: { maxRetries: 0 },
      ...emulator.keyVault.clientOptions,
    })
    const error = await refusal(load(fromAzureKeyVault({ client })))
    expect(error).toMatchObject({ code: 'settings_unavailable', detail: 'KV_LOGIN_FAILED' })
    expect(error.message).toContain(`Could not sign in to Entra ID for my-kv`)
    expect(error.message).toContain(says)
    expect(everything(error)).not.toContain('canary')
  })

  it('without any identity on this host', () => {
    const error = vaultError(new CredentialUnavailableError('ChainedTokenCredential: canary'), 'my-kv', 's', undefined)
    expect(error).toMatchObject({ detail: 'KV_LOGIN_FAILED', retryable: true })
    expect(error.message).toContain('On your own machine run az login; in Azure give the host a managed identity.')
    expect(everything(error)).not.toContain('canary')
  })
})

it('a vault outage later keeps the settings, and its end is told', async () => {
  const client = await emulator.registerClient({ scopes: ['a:b'] })
  emulator.keyVault.setSecret('MaskinportenSettings--EncodedJwk', client.settings.encodedJwk ?? expect.unreachable())
  const settings = settingsFrom([fromObject({ MaskinportenSettings: { Environment: 'test' } }), source()])
  const types: string[] = []
  const good = await settings.get()
  settings.subscribe(({ type }) => types.push(type))
  emulator.faults.next('key-vault', { status: 503 })
  expect(await settings.refresh('poll')).toBe(false)
  expect(await settings.refresh('poll')).toBe(false)
  expect(settings.current()).toBe(good)
  expect(types).toEqual(['settings.failed', 'settings.recovered'])
  await settings.close()
})
