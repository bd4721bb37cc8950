/** What nobody has seen: each is *inferred*, and an option (protocol reference §11). The default is tested, and the other choice. */
import { type EmulatedClient, type Emulator, type RuleOptions, startEmulator } from '@maskinporten-kit/emulator'
import { decodeJwt, exportJWK, generateKeyPair } from 'jose'
import { describe, expect, onTestFinished, test } from 'vitest'
import { altinnTokenFor, exchange, postGrant, readJson, signGrant, tokenFor } from './sign-grant.ts'

async function started(rules: RuleOptions = {}): Promise<{ emulator: Emulator; client: EmulatedClient }> {
  const emulator = await startEmulator({ rules, clock: { startAt: 1_900_000_000_000, stopped: true } })
  onTestFinished(() => emulator.close())
  const client = await emulator.registerClient({ scopes: ['altinn:serviceowner/instances.read'] })
  return { emulator, client }
}

describe('*inferred*, rows 2, 3, 10 and 11: status, `error` and text of a refusal', () => {
  const replay = async (rules?: RuleOptions): Promise<unknown> => {
    const { emulator, client } = await started(rules)
    const grant = await signGrant(emulator, client)
    await postGrant(emulator, grant)
    const response = await postGrant(emulator, grant)
    const { error, error_description: text } = await readJson(response)
    return [response.status, error, String(text).replace(/ \(trace_id.*/, '')]
  }
  test('by default', async () => {
    const words = 'Invalid assertion. Client authentication failed. Grant is used before'
    expect(await replay()).toEqual([400, 'invalid_grant', words])
  })
  test('as `refusals` says', async () => {
    const change = { status: 401, error: 'invalid_request', text: 'Used' }
    expect(await replay({ refusals: { 'MP-012': change } })).toEqual([401, 'invalid_request', 'Used'])
  })
})

test('*inferred*, row 13: the smallest RSA key is 2048 bits, or `minimumKeyBits`', async () => {
  const { publicKey } = await generateKeyPair('RS256', { extractable: true, modulusLength: 2048 })
  const jwk = await exportJWK(publicKey)
  const options = { scopes: ['a:b'], jwk: { ...jwk, kid: 'one' } }
  const { emulator } = await started({ minimumKeyBits: 3072 })
  await expect(emulator.registerClient(options)).rejects.toThrow('3072 bits or more')
  await expect((await started()).emulator.registerClient(options)).resolves.toMatchObject({ kid: 'one' })
})

test('*inferred*, row 14: a kid has 255 characters at most, or `maxKidLength`', async () => {
  const kid = 'k'.repeat(255)
  const { emulator } = await started()
  await expect(emulator.registerClient({ scopes: ['a:b'], kid })).resolves.toMatchObject({ kid })
  await expect(emulator.registerClient({ scopes: ['a:b'], kid: `${kid}k` })).rejects.toThrow('1 to 255 characters')
  const narrow = (await started({ maxKidLength: 40 })).emulator
  await expect(narrow.registerClient({ scopes: ['a:b'], kid })).rejects.toThrow('1 to 40 characters')
})

describe('*inferred*, row 15: the end of a key', () => {
  const end = async (rules: RuleOptions, exp: number | undefined, days: number): Promise<unknown> => {
    const { emulator, client } = await started(rules)
    const { kty, n, e, kid } = client.jwk
    const upload = (): void =>
      emulator.maskinporten.setKeys(client.clientId, [{ kty, n, e, kid, ...(exp === undefined ? {} : { exp }) }])
    upload()
    emulator.clock.advance(200 * 86_400_000)
    if (exp === undefined) upload()
    emulator.clock.advance((days - 200) * 86_400_000)
    return (await readJson(await postGrant(emulator, await signGrant(emulator, client))))['error_uri']
  }
  const expired = 'https://maskinporten.no/errors/MP-121'
  test.each([
    [{}, 1_900_000_000 + 100 * 86_400, 201, expired],
    [{ honourKeyExp: false }, 1_900_000_000 + 100 * 86_400, 201, undefined],
    [{}, undefined, 366, undefined],
    [{ renewKeys: false }, undefined, 366, expired],
  ])('%j, exp %s: after %d days', async (rules, exp, days, expected) => {
    expect(await end(rules, exp, days)).toBe(expected)
  })
})

test.each([
  [undefined, 'https://api.example.test', 'https://api.example.test'],
  ['list' as const, 'https://api.example.test', ['https://api.example.test']],
  ['list' as const, ['https://a.example.test'], ['https://a.example.test']],
])('*inferred*, row 16: `audienceForm` %s: resource %j becomes aud %j', async (audienceForm, resource, aud) => {
  const { emulator, client } = await started({ audienceForm })
  expect(decodeJwt(await tokenFor(emulator, client, { claims: { resource } })).aud).toEqual(aud)
})

describe('*inferred*, row 17: how long a used grant is remembered', () => {
  const again = async (rules: RuleOptions, claims: object, wait: number): Promise<number> => {
    const { emulator, client } = await started({ skewSeconds: 100, ...rules })
    const grant = await signGrant(emulator, client, { claims: { ...claims } })
    await postGrant(emulator, grant)
    emulator.clock.advance(wait * 1000)
    return (await postGrant(emulator, grant)).status
  }
  test.each([
    [{}, { jti: undefined }, 0, 400],
    [{ rememberGrantsWithoutJti: false }, { jti: undefined }, 0, 200],
    [{ rememberGrantsSeconds: 100 }, { exp: 1_900_000_060 }, 150, 400],
    [{ rememberGrantsSeconds: 0 }, { exp: 1_900_000_060 }, 150, 200],
  ])('%j: a grant with %j, %d s later: %d', async (rules, claims, wait, status) => {
    expect(await again(rules, claims, wait)).toBe(status)
  })
})

test.each([['left' as const], ['lifetime' as const]])('row 21, both were seen: `expiresIn` %s', async (expiresIn) => {
  const emulator = await startEmulator({ rules: { expiresIn } })
  onTestFinished(() => emulator.close())
  const client = await emulator.registerClient({ scopes: ['a:b'] })
  // The signing key is there before the time counts.
  await tokenFor(emulator, client)
  const { expires_in: seconds } = await readJson(await postGrant(emulator, await signGrant(emulator, client)))
  expect(expiresIn === 'lifetime' ? [120] : [119, 120]).toContain(seconds)
})

test.each([
  ['problem' as const, expect.stringContaining('Unauthorized')],
  ['empty' as const, ''],
])('*inferred*, rows 25 and 28: the 401 of the exchange and of the register, %s', async (form, body) => {
  const { emulator } = await started({ exchangeErrorBody: form, registerErrorBody: form })
  const exchanged = await exchange(emulator, 'x')
  expect([exchanged.status, await exchanged.text()]).toEqual([401, body])
  const register = await fetch(`${emulator.register.url}/rest/v2/personer`, { method: 'POST' })
  expect([register.status, await register.text()]).toEqual([401, body])
})

test.each<readonly ['text' | 'json' | undefined, readonly unknown[]]>([
  [undefined, ['Org or AppId must be defined.', "The 'From' or 'After' parameter must be defined."]],
  [
    'json',
    [
      '"Org or AppId must be defined."',
      JSON.stringify({
        title: 'Bad Request',
        status: 400,
        detail: "The 'From' or 'After' parameter must be defined.",
      }),
    ],
  ],
])('*inferred*: the words of Storage and of polling, `altinnErrorBody` %s', async (altinnErrorBody, bodies) => {
  const { emulator, client } = await started({ altinnErrorBody })
  const headers = { authorization: `Bearer ${await altinnTokenFor(emulator, client)}` }
  const answers = ['/storage/api/v1/instances', '/events/api/v1/app/ttd/app'].map(async (path) => {
    const response = await fetch(`${emulator.altinn.url}${path}`, { headers })
    expect(response.status).toBe(400)
    return response.text()
  })
  expect(await Promise.all(answers)).toEqual(bodies)
})

test('*inferred*: end points of subscriptions with http on loopback, unless `acceptLoopbackHttp` is off', async () => {
  const subscribe = async (rules: RuleOptions): Promise<number> => {
    const { emulator, client } = await started(rules)
    const authorization = `Bearer ${await altinnTokenFor(emulator, client)}`
    const body = JSON.stringify({ endPoint: 'http://127.0.0.1:9', resourceFilter: 'urn:altinn:resource:app_ttd_app' })
    const headers = { authorization, 'content-type': 'application/json' }
    return (await fetch(`${emulator.altinn.url}/events/api/v1/subscriptions`, { method: 'POST', headers, body })).status
  }
  expect([await subscribe({}), await subscribe({ acceptLoopbackHttp: false })]).toEqual([201, 400])
})

test.each([
  [undefined, { next: null }],
  [false, {}],
])('*inferred*, row 27: the last page of Storage, `sendNullNext` %s', async (sendNullNext, next) => {
  const { emulator, client } = await started({ sendNullNext })
  const headers = { authorization: `Bearer ${await altinnTokenFor(emulator, client)}` }
  const page = await readJson(await fetch(`${emulator.altinn.url}/storage/api/v1/instances?org=ttd`, { headers }))
  expect(page).toEqual({ count: 0, self: expect.any(String), instances: [], ...next })
})
