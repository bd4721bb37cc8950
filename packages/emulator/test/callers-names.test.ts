import { request } from 'node:http'
import { request as requestTls } from 'node:https'
import { ClientSecretCredential } from '@azure/identity'
import { SecretClient } from '@azure/keyvault-secrets'
import { type EmulatedClient, type Emulator, startEmulator, tokenErrors } from '@maskinporten-kit/emulator'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { altinnTokenFor, postGrant, readJson, signGrant } from './sign-grant.ts'

let emulator: Emulator
let client: EmulatedClient
beforeAll(async () => {
  emulator = await startEmulator()
  client = await emulator.registerClient({ scopes: ['altinn:serviceowner/instances.read'] })
  await emulator.altinn.submit({ org: 'ttd', app: 'app', person: '20914695016', data: 'x' })
})
afterAll(() => emulator.close())
beforeEach(() => emulator.clearRequests())

const ofEveryObject = ['constructor', '__proto__', 'toString', 'hasOwnProperty', 'valueOf', '__defineGetter__']

describe.each(ofEveryObject)('the name %s is a name like any other', (name) => {
  test('in the query of Storage and of Events', async () => {
    const headers = { authorization: `Bearer ${await altinnTokenFor(emulator, client)}` }
    const storage = `${emulator.altinn.url}/storage/api/v1/instances?org=ttd&${name}=x`
    expect((await fetch(storage, { headers })).status).toBe(200)
    const events = `${emulator.altinn.url}/events/api/v1/app/ttd/${name}?after=0&${name}=x`
    expect((await fetch(events, { headers })).status).toBe(200)
  })

  test('in the path of every server', async () => {
    const { maskinporten, altinn, register, selfService } = emulator
    for (const { url } of [maskinporten, altinn, register, selfService]) {
      expect([404, 501]).toContain((await fetch(`${url}/${name}`)).status)
    }
  })

  test('as a header of a recorded request', async () => {
    await new Promise((resolve, reject) => {
      const sent = request(`${emulator.maskinporten.url}/jwk`, { headers: { [name]: 'x' } }, (response) => {
        response.resume()
        response.once('end', resolve)
      })
      sent.on('error', reject)
      sent.end()
    })
    const headers = emulator.requests('jwk')[0]?.headers ?? {}
    expect(Object.entries(headers)).toContainEqual([name.toLowerCase(), 'x'])
  })

  test('as a claim, a kid, a client and a scope', async () => {
    const changes = [
      { claims: { [name]: 'x' } },
      { header: { kid: name } },
      { claims: { iss: name } },
      { claims: { scope: name } },
    ]
    for (const change of changes) {
      expect([200, 400]).toContain((await postGrant(emulator, await signGrant(emulator, client, change))).status)
    }
  })

  test('in a control: unknown in the query and in the body, a secret, a tag', async () => {
    const control = async (method: string, path: string, body?: string): Promise<unknown> => {
      const headers = { 'x-maskinporten-emulator': '1' }
      const response = await fetch(`${emulator.control.url}/__emulator${path}`, {
        method,
        headers,
        ...(body === undefined ? {} : { body }),
      })
      return [response.status, response.status === 204 ? '' : await response.text()]
    }
    const refused = [400, expect.stringContaining(`no member \\"${name}\\"`)]
    expect(await control('GET', `/requests?${name}=x`)).toEqual(refused)
    expect(await control('POST', '/faults/token', `{"${name}":1}`)).toEqual(refused)
    expect(await control('POST', `/faults/${name}`, '{}')).toEqual([400, expect.stringContaining('choose one of')])
    if (!name.includes('_')) {
      const tags = `{"value":"x","tags":{"${name}":"y"}}`
      expect(await control('PUT', `/secrets/${name}`, tags)).toEqual([204, ''])
    }
  })
})

describe('text of a caller stands in an answer as it was sent', () => {
  const strange = "$& $$ $' $` <vault> <caller> <tenant> <client> <name>"

  test('in the refusal of Entra ID', async () => {
    const { tenantId, url } = emulator.entra
    const body = new URLSearchParams({ grant_type: strange, client_id: strange, scope: 'x' })
    const { clientSecret } = emulator.entra.registerApplication()
    body.set('client_secret', clientSecret)
    const { description } = await new Promise<{ description: string }>((resolve, reject) => {
      const sent = requestTls(
        `${url}/${tenantId}/oauth2/v2.0/token`,
        { method: 'POST', ca: emulator.ca, headers: { 'content-type': 'application/x-www-form-urlencoded' } },
        (response) => {
          let text = ''
          response.on('data', (chunk: Buffer) => (text += chunk.toString()))
          response.once('end', () => resolve({ description: String(JSON.parse(text)['error_description']) }))
        },
      )
      sent.on('error', reject)
      sent.end(body.toString())
    })
    expect(description).toContain(`unsupported grant type '${strange}'.`)
  })

  test('in the refusal of the token endpoint', async () => {
    const scope = "a:$&$'<consumer>"
    const response = await postGrant(emulator, await signGrant(emulator, client, { claims: { scope } }))
    expect((await readJson(response))['error_description']).toContain(`for client, ${scope} (`)
  })
})

describe('a named fault speaks of the request that met it', () => {
  test.each([
    ['MP-200', 'for client, altinn:serviceowner/instances.read ('],
    ['MP-250', 'access to the scope altinn:serviceowner/instances.read. ('],
    [
      'MP-251',
      'Consumer 310702641 has not delegated access to the scope altinn:serviceowner/instances.read to supplier 991825827. (',
    ],
    ['MP-303', 'values: authorization_details ('],
    ['missing_parameter', 'Missing parameter: assertion ('],
    ['unknown_claim', 'Unknown claim consumer_org ('],
  ])('%s', async (error, words) => {
    emulator.faults.next('token', { error })
    const claims = { consumer_org: '310702641' }
    const answer = await readJson(await postGrant(emulator, await signGrant(emulator, client, { claims })))
    expect(answer['error_description']).toContain(words)
  })

  test.each(Object.keys(tokenErrors))(
    '%s leaves no placeholder, even to a request that cannot be read',
    async (error) => {
      emulator.faults.next('token', { error })
      expect((await readJson(await postGrant(emulator, 'x')))['error_description']).not.toMatch(/<\w+>/)
    },
  )

  test('a vault names the secret and itself', async () => {
    const { credential, clientOptions } = emulator.keyVault
    const vault = new SecretClient('https://my-kv.vault.azure.net', credential, clientOptions)
    emulator.keyVault.setSecret('Name', 'x')
    await vault.getSecret('Name')
    emulator.faults.next('key-vault', { error: 'SecretNotFound' })
    await expect(vault.getSecret('Name')).rejects.toThrow('A secret with (name/id) Name was not found')
    emulator.faults.next('key-vault', { error: 'ForbiddenByRbac' })
    await expect(vault.getSecret('Name')).rejects.toThrow(/vaults\/my-kv\/secrets\/Name'[\s\S]*Vault: my-kv;/)
  })

  test('Entra ID names the client', async () => {
    const { clientId, clientSecret, tenantId } = emulator.entra.registerApplication()
    emulator.faults.next('entra', { error: 'AADSTS7000215' })
    const { credentialOptions } = emulator.entra
    const credential = new ClientSecretCredential(tenantId, clientId, clientSecret, credentialOptions)
    await expect(credential.getToken('https://vault.azure.net/.default')).rejects.toThrow(`added to app '${clientId}'`)
  })
})

test.each(['99999999999999999999', 'a b', '[', '%', 'x:y'])(
  'the Host %j is refused, and spoils no record',
  async (host) => {
    const { maskinporten, altinn, register, selfService, texas } = emulator
    for (const { url } of [maskinporten, altinn, register, selfService, texas]) {
      const status = await new Promise<number | undefined>((resolve, reject) => {
        const sent = request(`${url}/x`, { headers: { host } }, (response) => {
          response.resume()
          response.once('end', () => resolve(response.statusCode))
        })
        sent.on('error', reject)
        sent.end()
      })
      expect(status).toBe(400)
    }
    expect(emulator.requests()).toEqual([])
  },
)
