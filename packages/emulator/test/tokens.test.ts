import { createHash } from 'node:crypto'
import { type EmulatedClient, type Emulator, startEmulator } from '@maskinporten-kit/emulator'
import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, importPKCS8, jwtVerify } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { exchange, postGrant, readJson, signGrant, tokenFor } from './sign-grant.ts'

const digdir = { authority: 'iso6523-actorid-upis', ID: '0192:991825827' }
const customer = { authority: 'iso6523-actorid-upis', ID: '0192:310702641' }
const scope = 'altinn:serviceowner/instances.read'

let emulator: Emulator
let client: EmulatedClient
beforeAll(async () => {
  emulator = await startEmulator()
  client = await emulator.registerClient({ scopes: [scope] })
})
afterAll(() => emulator.close())

describe("Maskinporten's token", () => {
  test('answers in the shape of the real one', async () => {
    const began = Date.now()
    const body = await readJson(await postGrant(emulator, await signGrant(emulator, client)))
    expect(Object.keys(body)).toEqual(['access_token', 'token_type', 'expires_in', 'scope'])
    expect(body).toMatchObject({ token_type: 'Bearer', scope })
    // What was left when it was answered, whole seconds.
    const { exp = 0 } = decodeJwt(String(body['access_token']))
    const left = Number(body['expires_in'])
    expect(left).toBeLessThanOrEqual(120)
    expect(left).toBeGreaterThanOrEqual(Math.floor(exp - Date.now() / 1000))
    expect(left).toBeLessThanOrEqual(exp - began / 1000)
  })

  test('has the claims of the real one, in its order and shapes, and no other', async () => {
    const claims = decodeJwt(await tokenFor(emulator, client))
    expect(Object.keys(claims)).toEqual([
      'scope',
      'iss',
      'client_amr',
      'token_type',
      'exp',
      'iat',
      'client_id',
      'jti',
      'consumer',
    ])
    expect(claims).toMatchObject({
      scope,
      iss: emulator.maskinporten.issuer,
      client_amr: 'private_key_jwt',
      token_type: 'Bearer',
      client_id: client.clientId,
      consumer: digdir,
    })
    expect(claims.jti).toMatch(/^[A-Za-z0-9_-]{43}$/)
    expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBe(120)
  })

  test('has kid and alg in its header, in this order, and no typ', async () => {
    const header = decodeProtectedHeader(await tokenFor(emulator, client))
    expect(Object.entries(header)).toEqual([
      ['kid', expect.any(String)],
      ['alg', 'RS256'],
    ])
  })

  test('is verified by jose through the published keys, which carry a certificate', async () => {
    const metadata = await readJson(
      await fetch(`${emulator.maskinporten.issuer}.well-known/oauth-authorization-server`),
    )
    const keys = createRemoteJWKSet(new URL(String(metadata['jwks_uri'])))
    const { payload } = await jwtVerify(await tokenFor(emulator, client), keys, { issuer: String(metadata['issuer']) })
    expect(payload['client_id']).toBe(client.clientId)
    const published = await readJson(await fetch(`${emulator.maskinporten.url}/jwk`))
    expect(published).toEqual({
      keys: [
        {
          kty: 'RSA',
          e: 'AQAB',
          use: 'sig',
          kid: expect.any(String),
          x5c: [expect.any(String)],
          n: expect.any(String),
        },
      ],
    })
  })

  test('is verified through the published keys after they were rotated, as are the former ones', async () => {
    await using rotated = await startEmulator()
    const holder = await rotated.registerClient({ scopes: ['test:one'] })
    const before = await tokenFor(rotated, holder)
    const kid = await rotated.maskinporten.rotateSigningKey()
    const after = await tokenFor(rotated, holder)
    expect(decodeProtectedHeader(after).kid).toBe(kid)
    expect(decodeProtectedHeader(before).kid).not.toBe(kid)
    const keys = createRemoteJWKSet(new URL(`${rotated.maskinporten.url}/jwk`))
    await Promise.all([jwtVerify(before, keys), jwtVerify(after, keys)])
  })

  test('repeats the resource as aud, in the form that was sent', async () => {
    const one = 'https://api.example.test/'
    expect(decodeJwt(await tokenFor(emulator, client, { claims: { resource: one } })).aud).toBe(one)
    expect(decodeJwt(await tokenFor(emulator, client, { claims: { resource: [one] } })).aud).toEqual([one])
  })

  test('repeats the pid', async () => {
    expect(decodeJwt(await tokenFor(emulator, client, { claims: { pid: '20914695016' } }))['pid']).toBe('20914695016')
  })

  test('of a supplier names customer, supplier and where it was delegated', async () => {
    emulator.maskinporten.defineScope({ name: 'shared:one', delegable: true })
    emulator.maskinporten.grantAccess('shared:one', '310702641')
    emulator.maskinporten.delegate({ scope: 'shared:one', from: '310702641', to: '991825827' })
    const supplier = await emulator.registerClient({ scopes: ['shared:one'] })
    const claims = decodeJwt(await tokenFor(emulator, supplier, { claims: { consumer_org: '310702641' } }))
    expect(claims).toMatchObject({ consumer: customer, supplier: digdir, delegation_source: `${emulator.altinn.url}/` })
  })

  test('of a system user begins with its details, filled in', async () => {
    const { systemUserId } = emulator.maskinporten.addSystemUser({
      orgNumber: '310702641',
      clientIds: [client.clientId],
      systemId: '991825827_system',
      externalRef: 'a_1',
    })
    const request = { type: 'urn:altinn:systemuser', systemuser_org: customer, externalRef: 'a_1' }
    const claims = decodeJwt(await tokenFor(emulator, client, { claims: { authorization_details: [request] } }))
    expect(Object.keys(claims)[0]).toBe('authorization_details')
    expect(claims['authorization_details']).toEqual([
      {
        type: 'urn:altinn:systemuser',
        systemuser_org: customer,
        systemuser_id: [systemUserId],
        system_id: '991825827_system',
      },
    ])
    expect(claims).toMatchObject({ consumer: digdir })
  })

  test('of a consent has its rights', async () => {
    const from = 'urn:altinn:person:identifier-no:20914695016'
    const { id } = emulator.maskinporten.addConsent({ from, to: '991825827', consentRights: [{ action: ['consent'] }] })
    const request = { type: 'urn:altinn:consent', id, from }
    const claims = decodeJwt(await tokenFor(emulator, client, { claims: { authorization_details: [request] } }))
    expect(claims['authorization_details']).toEqual([
      {
        type: 'urn:altinn:consent',
        id,
        from,
        to: digdir,
        consented: expect.any(String),
        validTo: expect.any(String),
        consentRights: [{ action: ['consent'] }],
      },
    ])
  })

  test('had with an enterprise certificate says so', async () => {
    const certified = await emulator.registerClient({ scopes: ['test:one'], withoutKey: true })
    const { privateKeyPem, x5c } = await emulator.issueCertificate({ orgNumber: '991825827' })
    const key = await importPKCS8(privateKeyPem, 'RS256')
    const claims = decodeJwt(await tokenFor(emulator, certified, { header: { x5c }, key }))
    expect(claims['client_amr']).toBe('virksomhetssertifikat')
  })

  test.each(['RS384', 'RS512'])('is given for a grant signed with %s', async (alg) => {
    expect((await postGrant(emulator, await signGrant(emulator, client, { header: { alg } }))).status).toBe(200)
  })

  test("lives as long as the client's setting and the lowest at_max_age of its scopes allow; 0 is no limit", async () => {
    emulator.maskinporten.defineScope({ name: 'age:zero', accessibleForAll: true, atMaxAge: 0 })
    emulator.maskinporten.defineScope({ name: 'age:100', accessibleForAll: true, atMaxAge: 100 })
    emulator.maskinporten.defineScope({ name: 'age:50', accessibleForAll: true, atMaxAge: 50 })
    const long = await emulator.registerClient({
      scopes: ['age:zero', 'age:100', 'age:50'],
      accessTokenLifetime: 600,
    })
    const lifetime = async (requested: string): Promise<number> => {
      const { exp = 0, iat = 0 } = decodeJwt(await tokenFor(emulator, long, { claims: { scope: requested } }))
      return exp - iat
    }
    expect(await lifetime('age:zero')).toBe(600)
    expect(await lifetime('age:zero age:100')).toBe(100)
    expect(await lifetime('age:zero age:100 age:50')).toBe(50)
  })

  test('has the claims of former years when asked', async () => {
    await using old = await startEmulator({ rules: { legacyClaims: true } })
    const holder = await old.registerClient({ scopes: ['test:one'] })
    expect(decodeJwt(await tokenFor(old, holder))).toMatchObject({ aud: 'unspecified', client_orgno: '991825827' })
  })
})

test("Maskinporten's metadata is the real one's, member for member", async () => {
  const response = await fetch(`${emulator.maskinporten.issuer}.well-known/oauth-authorization-server`)
  const { issuer } = emulator.maskinporten
  expect(await response.text()).toBe(
    JSON.stringify({
      authorization_details_types_supported: ['urn:altinn:systemuser', 'urn:altinn:consent'],
      grant_types_supported: ['urn:ietf:params:oauth:grant-type:jwt-bearer'],
      issuer,
      jwks_uri: `${issuer}jwk`,
      token_endpoint: `${issuer}token`,
      token_endpoint_auth_methods_supported: ['private_key_jwt'],
      token_endpoint_auth_signing_alg_values_supported: ['RS256', 'RS384', 'RS512'],
    }),
  )
})

describe("Altinn's token", () => {
  const altinnToken = async (query = '?test=true'): Promise<string> =>
    (await exchange(emulator, await tokenFor(emulator, client), query)).text()

  test('is verified by jose through the published keys, which are written as Altinn writes them', async () => {
    const discovery = `${emulator.altinn.url}/authentication/api/v1/openid/.well-known/openid-configuration`
    const { issuer, jwks_uri: uri } = await readJson(await fetch(discovery))
    const { payload } = await jwtVerify(await altinnToken(), createRemoteJWKSet(new URL(String(uri))), {
      issuer: String(issuer),
    })
    expect(payload.iss).toBe(`${emulator.altinn.url}/authentication/api/v1/openid/`)
    const { keys } = await readJson(await fetch(String(uri)))
    expect(keys).toEqual([
      {
        kty: 'RSA',
        use: 'sig',
        kid: expect.stringMatching(/^[0-9A-F]{40}$/),
        x5c: [expect.any(String)],
        e: 'AQAB',
        n: expect.stringMatching(/^[A-Za-z0-9+/]+==$/),
      },
    ])
  })

  test('has the claims of the real one, in its order and shapes, for 30 minutes', async () => {
    const maskinportenToken = await tokenFor(emulator, client)
    const incoming = decodeJwt(maskinportenToken)
    const claims = decodeJwt(await (await exchange(emulator, maskinportenToken, '?test=true')).text())
    expect(Object.keys(claims)).toEqual([
      'scope',
      'token_type',
      'exp',
      'iat',
      'client_id',
      'jti',
      'consumer',
      'urn:altinn:org',
      'urn:altinn:orgNumber',
      'urn:altinn:authenticatemethod',
      'urn:altinn:authlevel',
      'iss',
      'sid',
      'nbf',
    ])
    expect(claims).toMatchObject({
      scope,
      token_type: 'Bearer',
      client_id: client.clientId,
      jti: incoming.jti,
      consumer: digdir,
      'urn:altinn:org': 'ttd',
      'urn:altinn:orgNumber': '991825827',
      'urn:altinn:authenticatemethod': 'maskinporten',
      'urn:altinn:authlevel': 3,
    })
    expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBe(1800)
    expect(claims.nbf).toBe(claims.iat)
  })

  test("names its key by the certificate's thumbprint", async () => {
    const { kid, x5t, alg, typ } = decodeProtectedHeader(await altinnToken())
    const uri = `${emulator.altinn.url}/authentication/api/v1/openid/.well-known/openid-configuration/jwks`
    const { keys } = await readJson(await fetch(uri))
    const certificate = Array.isArray(keys) ? String(keys[0].x5c[0]) : ''
    const thumbprint = createHash('sha1').update(Buffer.from(certificate, 'base64'))
    expect({ alg, typ, kid, x5t }).toEqual({
      alg: 'RS256',
      typ: 'JWT',
      kid: thumbprint.copy().digest('hex').toUpperCase(),
      x5t: thumbprint.digest('base64url'),
    })
  })

  test("says digdir without ?test=true, and keeps digdir's number with it", async () => {
    expect(decodeJwt(await altinnToken(''))).toMatchObject({
      'urn:altinn:org': 'digdir',
      'urn:altinn:orgNumber': '991825827',
    })
  })

  test('has no urn:altinn:org for an organisation that Altinn does not know, nor without a service-owner scope', async () => {
    const unknown = await emulator.registerClient({ scopes: [scope], orgNumber: '313876144' })
    const other = await emulator.registerClient({ scopes: ['altinn:events.subscribe'] })
    const exchanged = async (holder: EmulatedClient): Promise<object> =>
      decodeJwt(await (await exchange(emulator, await tokenFor(emulator, holder), '?test=true')).text())
    expect(await exchanged(unknown)).not.toHaveProperty('urn:altinn:org')
    expect(await exchanged(other)).not.toHaveProperty('urn:altinn:org')
    emulator.altinn.addOrganisation('313876144', 'xyz')
    expect(await exchanged(unknown)).toHaveProperty(['urn:altinn:org'], 'xyz')
  })

  test('has the details of a system user as an object', async () => {
    emulator.maskinporten.addSystemUser({
      orgNumber: '310702641',
      clientIds: [client.clientId],
      systemId: '991825827_s',
    })
    const request = { type: 'urn:altinn:systemuser', systemuser_org: customer }
    const token = await tokenFor(emulator, client, { claims: { authorization_details: [request] } })
    const claims = decodeJwt(await (await exchange(emulator, token)).text())
    expect(claims['authorization_details']).toMatchObject({ type: 'urn:altinn:systemuser', systemuser_org: customer })
  })
})
