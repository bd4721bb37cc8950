/** Altinn's other test environments, and Skyporten, under the names of the test environment. */
import { type EmulatedClient, type Emulator, startEmulator } from '@maskinporten-kit/emulator'
import { decodeJwt } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { jwtBearer, readJson, signGrant } from './sign-grant.ts'

let emulator: Emulator
let client: EmulatedClient
beforeAll(async () => {
  emulator = await startEmulator()
  client = await emulator.registerClient({ scopes: ['altinn:serviceowner/instances.read'] })
})
afterAll(() => emulator.close())

const get = (url: string, token?: string): Promise<Response> =>
  emulator.fetch(url, token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } })

async function ask(issuer: string, claims: object = {}, at = issuer): Promise<Response> {
  const holder = { clock: emulator.clock, maskinporten: { issuer } }
  const assertion = await signGrant(holder, client, { claims: { ...claims } })
  const body = new URLSearchParams({ grant_type: jwtBearer, assertion })
  return emulator.fetch(`${at.replace(/\/$/, '')}/token`, { method: 'POST', body })
}

const testIssuer = 'https://test.maskinporten.no/'
const tokenAt = async (issuer: string, claims?: object): Promise<string> =>
  String((await readJson(await ask(issuer, claims)))['access_token'])

describe.each(['at22', 'at23', 'at24', 'yt01'])('%s', (name) => {
  const platform = `https://platform.${name}.altinn.cloud`
  const issuer = `${platform}/authentication/api/v1/openid/`
  const exchanged = async (): Promise<string> => {
    const url = `${platform}/authentication/api/v1/exchange/maskinporten?test=true`
    return (await get(url, await tokenAt(testIssuer))).text()
  }

  test('exchanges the tokens of test.maskinporten.no, with an issuer of its own', async () => {
    const metadata = await readJson(await get(`${issuer}.well-known/openid-configuration`))
    expect(metadata).toMatchObject({ issuer, jwks_uri: `${issuer}.well-known/openid-configuration/jwks` })
    expect((await get(String(metadata['jwks_uri']))).status).toBe(200)
    expect(decodeJwt(await exchanged())).toMatchObject({ iss: issuer, 'urn:altinn:org': 'ttd' })
  })

  test('takes its own tokens, and none of TT02', async () => {
    const url = `${platform}/storage/api/v1/instances?org=ttd`
    const list = await readJson(await get(url, await exchanged()))
    expect(list).toMatchObject({ self: url })
    const tt02 = 'https://platform.tt02.altinn.no'
    const other = await get(`${tt02}/authentication/api/v1/exchange/maskinporten?test=true`, await tokenAt(testIssuer))
    expect((await get(url, await other.text())).status).toBe(401)
    expect(emulator.requests('storage').at(-1)?.refusal?.rule).toBe('token_foreign')
    expect((await get(`${tt02}/storage/api/v1/instances?org=ttd`, await exchanged())).status).toBe(401)
  })
})

describe('Skyporten', () => {
  const issuer = 'https://test.sky.maskinporten.no'
  const resource = 'https://api.example.test'

  test('issues tokens for the clouds, whose subject has consumer and scope', async () => {
    const metadata = await readJson(await get(`${issuer}/.well-known/openid-configuration`))
    expect(metadata).toMatchObject({ issuer, token_endpoint: `${issuer}/token`, jwks_uri: `${issuer}/jwk` })
    expect((await get(`${issuer}/jwk`)).status).toBe(200)
    const claims = decodeJwt(await tokenAt(issuer, { resource }))
    expect(Object.keys(claims).slice(0, 4)).toEqual(['aud', 'sub', 'scope', 'iss'])
    expect(claims).toMatchObject({
      aud: resource,
      sub: '0192:991825827;altinn:serviceowner/instances.read',
      iss: issuer,
      consumer: { ID: '0192:991825827' },
    })
  })

  test.each([
    ['a slash behind the issuer', `${issuer}/`, { resource }, 'Invalid JWT claim aud.'],
    ['the issuer of Maskinporten', testIssuer, { resource }, 'Invalid JWT claim aud.'],
    ['no resource', issuer, {}, 'The requested resource is invalid.'],
  ])('refuses %s', async (_what, aud, claims, words) => {
    const response = await ask(aud, claims, issuer)
    expect([response.status, (await readJson(response))['error_description']]).toEqual([
      400,
      expect.stringContaining(words),
    ])
  })

  test("is another issuer than Maskinporten's, for which the exchange has no use", async () => {
    const url = 'https://platform.tt02.altinn.no/authentication/api/v1/exchange/maskinporten'
    expect((await get(url, await tokenAt(issuer, { resource }))).status).toBe(401)
    expect((await ask(issuer, { resource }, testIssuer)).status).toBe(400)
    expect((await get(`${testIssuer}.well-known/openid-configuration`)).status).toBe(404)
    await expect(get('https://sky.maskinporten.no/.well-known/openid-configuration')).rejects.toThrow('production')
  })
})
