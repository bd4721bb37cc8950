import { randomUUID } from 'node:crypto'
import {
  type EmulatedClient,
  type EmulatedClientWithoutKey,
  type Emulator,
  startEmulator,
  tokenErrors,
} from '@maskinporten-kit/emulator'
import { decodeJwt, generateKeyPair, importPKCS8 } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type GrantChanges, jwtBearer, postGrant, readJson, signGrant, tokenFor } from './sign-grant.ts'
import { x509 } from './x509.ts'

const failed = 'Invalid assertion. Client authentication failed.'
const digdir = '991825827'
const customer = '310702641'
const stranger = '313876144'

interface Refusal {
  readonly status: number
  readonly error: string
  readonly text: string
  readonly uri?: string
}

let emulator: Emulator
let client: EmulatedClient
let certified: EmulatedClientWithoutKey
beforeAll(async () => {
  emulator = await startEmulator()
  const { maskinporten } = emulator
  maskinporten.defineScope({ name: 'closed:one' })
  maskinporten.defineScope({ name: 'shared:one', delegable: true })
  maskinporten.defineScope({ name: 'login:one', allowedIntegrationTypes: ['idporten'] })
  maskinporten.grantAccess('login:one', digdir)
  maskinporten.grantAccess('shared:one', customer)
  client = await emulator.registerClient({ scopes: ['test:one', 'closed:one', 'shared:one', 'login:one'] })
  certified = await emulator.registerClient({ scopes: ['test:one'], withoutKey: true })
})
afterAll(() => emulator.close())

const tested = new Set<string>()

/** What was refused and how, without the trace id. */
async function heard(id: string, answer: Promise<Response>): Promise<Refusal> {
  const response = await answer
  const { error, error_description: description, error_uri: uri, ...rest } = await readJson(response)
  const [, text, traceId] = /^(.*) \(trace_id: ([0-9a-f]{32})\)$/.exec(String(description)) ?? []
  if (traceId !== undefined) tested.add(id)
  return {
    status: response.status,
    error: String(error),
    text: text ?? `no trace id in: ${String(description)}`,
    ...(uri === undefined ? {} : { uri: typeof uri === 'string' ? uri : JSON.stringify(uri) }),
    ...rest,
  }
}

const mp = (code: string): string => `https://maskinporten.no/errors/${code}`

function post(body: Record<string, string>): Promise<Response> {
  return fetch(`${emulator.maskinporten.url}/token`, { method: 'POST', body: new URLSearchParams(body) })
}

async function send(
  changes: GrantChanges,
  from: EmulatedClient | EmulatedClientWithoutKey = client,
): Promise<Response> {
  return postGrant(
    emulator,
    await signGrant(emulator, from, { ...changes, claims: { scope: 'test:one', ...changes.claims } }),
  )
}

async function certificate(options: {
  readonly orgNumber: string
  readonly flaw?: 'expired' | 'revoked' | 'foreign'
}): Promise<GrantChanges & { header: { x5c: readonly string[] } }> {
  const { privateKeyPem, x5c } = await emulator.issueCertificate(options)
  return { header: { x5c }, key: await importPKCS8(privateKeyPem, 'RS256') }
}

/** Adds a registration on behalf of somebody, by the self-service API. */
async function administer(clientId: string, registration: object): Promise<Response> {
  const admin = await emulator.registerClient({ scopes: ['idporten:dcr/onbehalfof:write'] })
  return fetch(`${emulator.selfService.url}/clients/${clientId}/onbehalfof`, {
    method: 'POST',
    headers: { authorization: `Bearer ${await tokenFor(emulator, admin)}` },
    body: JSON.stringify(registration),
  })
}

const notGranted = (scope: string): Refusal => ({
  status: 403,
  error: 'forbidden',
  text: `Consumer has not been granted access to the scope ${scope}.`,
  uri: mp('MP-250'),
})

const sendDetails = (...details: readonly object[]): Promise<Response> =>
  send({ claims: { authorization_details: details } })

const seconds = (): number => Math.floor(emulator.clock.now() / 1000)

describe('the request', () => {
  test.each([
    ['grant_type', {}],
    ['grant_type', { assertion: 'x' }],
    ['assertion', { grant_type: jwtBearer }],
    ['assertion', { grant_type: jwtBearer, assertion: '' }],
  ])('without %s is refused, naming it: %j', async (name, body) => {
    expect(await heard('missing_parameter', post(body))).toEqual({
      status: 400,
      error: 'invalid_request',
      text: `Missing parameter: ${name}`,
    })
  })

  test('with another grant type is refused', async () => {
    expect(await heard('unsupported_grant_type', post({ grant_type: 'client_credentials', assertion: 'x' }))).toEqual({
      status: 400,
      error: 'unsupported_grant_type',
      text: 'Unsupported grant type',
    })
  })

  test('may carry both parameters in the query', async () => {
    const query = new URLSearchParams({
      grant_type: jwtBearer,
      assertion: await signGrant(emulator, client, { claims: { scope: 'test:one' } }),
    })
    const response = await fetch(`${emulator.maskinporten.url}/token?${query}`, { method: 'POST' })
    expect(response.status).toBe(200)
  })

  describe('is a form that says so, and each parameter stands in it once', () => {
    const form = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' }
    const pair = async (at: Emulator, by: EmulatedClient): Promise<string> =>
      new URLSearchParams({
        grant_type: jwtBearer,
        assertion: await signGrant(at, by, { claims: { scope: 'test:one' } }),
      }).toString()
    const postText = (at: Emulator, body: string, headers: Record<string, string>, query = ''): Promise<Response> =>
      fetch(`${at.maskinporten.url}/token${query}`, { method: 'POST', body, headers })

    test('with any parameters of the type', async () => {
      expect((await postText(emulator, await pair(emulator, client), form)).status).toBe(200)
    })

    test.each(['text/plain', 'application/json', 'application/x-www-form-urlencoded-not'])(
      '%s is read as no parameters',
      async (type) => {
        const body = await pair(emulator, client)
        expect(await heard('missing_parameter', postText(emulator, body, { 'content-type': type }))).toEqual({
          status: 400,
          error: 'invalid_request',
          text: 'Missing parameter: grant_type',
        })
        expect((await postText(emulator, '{}', { 'content-type': type }, `?${body}`)).status).toBe(200)
      },
    )

    test.each(['grant_type', 'assertion'])('a second %s is refused, in the body and in the query', async (name) => {
      const refused = { status: 400, error: 'invalid_request', text: `Repeated parameter: ${name}` }
      const body = await pair(emulator, client)
      const twice = postText(emulator, `${body}&${name}=x`, form)
      expect(await heard('repeated_parameter', twice)).toEqual(refused)
      expect(await heard('repeated_parameter', postText(emulator, body, form, `?${name}=x`))).toEqual(refused)
    })

    test('unless the rule is off', async () => {
      await using lax = await startEmulator({ rules: { strictForm: false } })
      const holder = await lax.registerClient({ scopes: ['test:one'] })
      const body = await pair(lax, holder)
      expect((await postText(lax, `${body}&assertion=x`, { 'content-type': 'text/plain' })).status).toBe(200)
    })
  })

  test('must be a POST', async () => {
    const response = await fetch(`${emulator.maskinporten.url}/token`)
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST'])
  })
})

describe('the assertion', () => {
  const malformed = {
    status: 400,
    error: 'invalid_request',
    text: 'Invalid assertion. Invalid parameter value',
    uri: mp('MP-011'),
  }

  test.each(['x', 'a.b.c', 'a.b', '....'])('%j is malformed', async (assertion) => {
    expect(await heard('MP-011', postGrant(emulator, assertion))).toEqual(malformed)
  })

  test('with a line break in it is malformed', async () => {
    const assertion = await signGrant(emulator, client)
    expect(await heard('MP-011', postGrant(emulator, assertion.replace('.', '.\n')))).toEqual(malformed)
  })

  test.each(['aud', 'iss', 'iat', 'exp', 'scope'])('without %s is malformed', async (claim) => {
    expect(await heard('MP-011', send({ claims: { [claim]: undefined } }))).toEqual(malformed)
  })

  test('with another algorithm is malformed', async () => {
    const { privateKey } = await generateKeyPair('ES256')
    expect(await heard('MP-011', send({ header: { alg: 'ES256' }, key: privateKey }))).toEqual(malformed)
  })
})

describe('the client', () => {
  const unknown = { status: 400, error: 'invalid_grant', text: failed, uri: mp('MP-100') }

  test('that nobody knows is refused', async () => {
    expect(await heard('MP-100', send({ claims: { iss: randomUUID() } }))).toEqual(unknown)
  })

  test('that was deactivated is refused', async () => {
    const former = await emulator.registerClient({ scopes: ['test:one'] })
    emulator.maskinporten.deactivate(former.clientId)
    expect(await heard('MP-100', send({}, former))).toEqual(unknown)
  })
})

describe('the audience', () => {
  const wrong = { status: 400, error: 'invalid_grant', text: `${failed} Invalid JWT claim aud.`, uri: mp('MP-110') }

  test.each([
    ['the issuer without its slash', () => emulator.maskinporten.url],
    ['the token endpoint', () => `${emulator.maskinporten.issuer}token`],
    ['two values', () => [emulator.maskinporten.issuer, 'https://example.test/']],
    ['no value', () => []],
    ['production', () => 'https://maskinporten.no/'],
  ])('may not be %s', async (_what, aud) => {
    expect(await heard('MP-110', send({ claims: { aud: aud() } }))).toEqual(wrong)
  })

  test('may be a list of the issuer alone', async () => {
    expect((await send({ claims: { aud: [emulator.maskinporten.issuer] } })).status).toBe(200)
  })
})

describe('the key', () => {
  test('must be named by a client that has one', async () => {
    expect(await heard('kid_required', send({ header: { kid: undefined } }))).toEqual({
      status: 400,
      error: 'invalid_grant',
      text: `${failed} Invalid JWT. The client requires pre-registered jwk and no key identifier (kid) provided`,
    })
  })

  const unknown = { status: 400, error: 'invalid_grant', text: `${failed} Unknown key identifier (kid) for client.` }

  test('must be registered on the client', async () => {
    expect(await heard('kid_unknown', send({ header: { kid: 'other' } }))).toEqual(unknown)
  })

  test('of another client is unknown', async () => {
    const other = await emulator.registerClient({ scopes: ['test:one'] })
    expect(await heard('kid_unknown', send({ header: { kid: other.kid }, key: other.jwk }))).toEqual(unknown)
  })

  test('named by a client without one is unknown', async () => {
    const { privateKey } = await generateKeyPair('RS256')
    expect(await heard('kid_unknown', send({ header: { kid: 'any' }, key: privateKey }, certified))).toEqual(unknown)
  })

  test('must be the one that signed', async () => {
    const { privateKey } = await generateKeyPair('RS256')
    expect(await heard('MP-124', send({ key: privateKey }))).toEqual({
      status: 400,
      error: 'invalid_grant',
      text: `${failed} Invalid JWT signature.`,
      uri: mp('MP-124'),
    })
  })

  test('is refused a year after its upload', async () => {
    await using later = await startEmulator()
    const old = await later.registerClient({ scopes: ['test:one'] })
    later.clock.advance(365 * 86_400_000 - 1000)
    expect((await postGrant(later, await signGrant(later, old))).status).toBe(200)
    later.clock.advance(1000)
    expect(await heard('MP-121', postGrant(later, await signGrant(later, old)))).toEqual({
      status: 400,
      error: 'invalid_grant',
      text: `${failed} Expired key.`,
      uri: mp('MP-121'),
    })
  })
})

describe('the certificate', () => {
  const orgNumber = digdir

  test("of the client's organisation is accepted, with its chain or alone, and the token says so", async () => {
    const changes = await certificate({ orgNumber })
    expect((await send(changes, certified)).status).toBe(200)
    const leaf = changes.header.x5c.slice(0, 1)
    expect((await send({ ...changes, header: { x5c: leaf } }, certified)).status).toBe(200)
  })

  test('beside a registered kid does not disturb', async () => {
    const { header } = await certificate({ orgNumber })
    expect((await send({ header: { x5c: header.x5c } })).status).toBe(200)
  })

  test('alone is refused for a client with a registered key', async () => {
    const { header, key } = await certificate({ orgNumber })
    const response = await send({ header: { ...header, kid: undefined }, key })
    expect((await readJson(response))['error_description']).toContain('requires pre-registered jwk')
  })

  const untrusted = {
    status: 400,
    error: 'invalid_grant',
    text: `${failed} The JWT is signed with an invalid certificate.`,
    uri: mp('MP-120'),
  }

  test('of another authority is refused', async () => {
    await using other = await startEmulator()
    const { privateKeyPem, x5c } = await other.issueCertificate({ orgNumber })
    expect(
      await heard('MP-120', send({ header: { x5c }, key: await importPKCS8(privateKeyPem, 'RS256') }, certified)),
    ).toEqual(untrusted)
  })

  test('issued by an enterprise certificate is refused', async () => {
    const { privateKeyPem, x5c } = await emulator.issueCertificate({ orgNumber })
    const issuer = new x509.X509Certificate(x5c[0] ?? '')
    const pair = await generateKeyPair('RS256')
    const forged = await x509.X509CertificateGenerator.create({
      subject: issuer.subject,
      issuer: issuer.subject,
      publicKey: pair.publicKey,
      signingKey: await importPKCS8(privateKeyPem, 'RS256'),
    })
    const header = { x5c: [forged.toString('base64'), ...x5c] }
    expect(await heard('MP-120', send({ header, key: pair.privateKey }, certified))).toEqual(untrusted)
  })

  test('is refused when its three years are over', async () => {
    await using later = await startEmulator()
    const holder = await later.registerClient({ scopes: ['test:one'], withoutKey: true })
    const { privateKeyPem, x5c } = await later.issueCertificate({ orgNumber })
    later.clock.advance(3 * 365 * 86_400_000 + 1000)
    const grant = await signGrant(later, holder, { header: { x5c }, key: await importPKCS8(privateKeyPem, 'RS256') })
    expect(await heard('MP-120', postGrant(later, grant))).toEqual(untrusted)
  })

  test.each([
    ['expired' as const, 'Certificate 1 of x5c ended at'],
    ['revoked' as const, 'The certificate is revoked.'],
    ['foreign' as const, 'Certificate 2 of x5c was not issued by'],
  ])('made to be %s is refused, and the record says why', async (flaw, words) => {
    const changes = await certificate({ orgNumber, flaw })
    expect(await heard('MP-120', send(changes, certified))).toEqual(untrusted)
    expect(emulator.requests('token').at(-1)?.refusal?.reason).toContain(words)
  })

  test.each([
    ['base64url', (one: string) => one.replaceAll('+', '-').replaceAll('/', '_')],
    ['base64 without its padding', (one: string) => one.replace(/=*$/, '').slice(0, -1)],
    ['PEM', (one: string) => `-----BEGIN CERTIFICATE-----\n${one}\n-----END CERTIFICATE-----`],
    ['text', () => 'certificate!'],
  ])('in %s is refused', async (_what, written) => {
    const { header, key } = await certificate({ orgNumber })
    const x5c = header.x5c.map(written)
    expect(await heard('MP-123', send({ header: { x5c }, key }, certified))).toMatchObject({
      text: `${failed} Invalid JWT header x5c`,
    })
  })

  test('of another organisation is refused', async () => {
    expect(await heard('MP-122', send(await certificate({ orgNumber: customer }), certified))).toEqual({
      status: 400,
      error: 'invalid_grant',
      text: `${failed} Invalid JWT. Invalid organization number for client. Does not match certificate orgno`,
      uri: mp('MP-122'),
    })
  })

  test('must be a list of strings', async () => {
    const { header, key } = await certificate({ orgNumber })
    expect(await heard('MP-123', send({ header: { x5c: header.x5c[0] }, key }, certified))).toEqual({
      status: 400,
      error: 'invalid_grant',
      text: `${failed} Invalid JWT header x5c`,
      uri: mp('MP-123'),
    })
  })
})

describe('the times', () => {
  test('a lifetime of 180 s is accepted, of 181 s refused', async () => {
    expect((await send({ claims: { exp: seconds() + 180 } })).status).toBe(200)
    expect(await heard('lifetime_too_long', send({ claims: { iat: seconds(), exp: seconds() + 181 } }))).toEqual({
      status: 400,
      error: 'invalid_grant',
      text: `${failed} JWT has too long lifetime.`,
    })
  })

  test('an iat 10 s ahead is accepted, 12 s ahead refused', async () => {
    expect((await send({ claims: { iat: seconds() + 10 } })).status).toBe(200)
    expect(await heard('iat_in_future', send({ claims: { iat: seconds() + 12 } }))).toEqual({
      status: 400,
      error: 'invalid_grant',
      text: `${failed} Issue time is in the future.`,
    })
  })

  test('an old iat alone is fine', async () => {
    expect((await send({ claims: { iat: seconds() - 60, exp: seconds() + 60 } })).status).toBe(200)
  })

  test('an exp 8 s ago is accepted, 11 s ago refused', async () => {
    expect((await send({ claims: { iat: seconds() - 60, exp: seconds() - 8 } })).status).toBe(200)
    expect(await heard('MP-130', send({ claims: { iat: seconds() - 60, exp: seconds() - 11 } }))).toEqual({
      status: 400,
      error: 'invalid_grant',
      text: `${failed} JWT has expired.`,
      uri: mp('MP-130'),
    })
  })
})

describe('a grant', () => {
  const replayed = { status: 400, error: 'invalid_grant', text: `${failed} Grant is used before`, uri: mp('MP-012') }

  test('is good once', async () => {
    const grant = await signGrant(emulator, client, { claims: { scope: 'test:one' } })
    expect((await postGrant(emulator, grant)).status).toBe(200)
    expect(await heard('MP-012', postGrant(emulator, grant))).toEqual(replayed)
  })

  test('without jti is good once, too', async () => {
    const grant = await signGrant(emulator, client, { claims: { scope: 'test:one', jti: undefined } })
    expect((await postGrant(emulator, grant)).status).toBe(200)
    expect(await heard('MP-012', postGrant(emulator, grant))).toEqual(replayed)
  })

  test('may not repeat the jti of another one; another client may', async () => {
    const jti = randomUUID()
    expect((await send({ claims: { jti } })).status).toBe(200)
    expect(await heard('MP-012', send({ claims: { jti, exp: seconds() + 60 } }))).toEqual(replayed)
    const other = await emulator.registerClient({ scopes: ['test:one'] })
    expect((await send({ claims: { jti } }, other)).status).toBe(200)
  })
})

describe('the scope', () => {
  test('must be on the client', async () => {
    expect(await heard('MP-200', send({ claims: { scope: 'test:one other:one' } }))).toEqual({
      status: 400,
      error: 'invalid_scope',
      text: 'Token request contains invalid scopes for client, other:one',
      uri: mp('MP-200'),
    })
  })

  test('must be for Maskinporten', async () => {
    expect(await heard('MP-201', send({ claims: { scope: 'login:one' } }))).toEqual({
      status: 400,
      error: 'invalid_scope',
      text: 'Token request contains scopes not allowed for maskinporten',
      uri: mp('MP-201'),
    })
  })

  test('must be granted to the organisation', async () => {
    expect(await heard('MP-250', send({ claims: { scope: 'closed:one' } }))).toEqual(notGranted('closed:one'))
    emulator.maskinporten.grantAccess('closed:one', digdir)
    expect((await send({ claims: { scope: 'closed:one' } })).status).toBe(200)
    emulator.maskinporten.revokeAccess('closed:one', digdir)
    expect(await heard('MP-250', send({ claims: { scope: 'closed:one' } }))).toEqual(notGranted('closed:one'))
  })

  test('of a supplier that forgets consumer_org is not granted', async () => {
    expect(await heard('MP-250', send({ claims: { scope: 'shared:one' } }))).toEqual(notGranted('shared:one'))
  })

  test('of a customer that has no access itself is not granted', async () => {
    expect(await heard('MP-250', send({ claims: { scope: 'shared:one', consumer_org: stranger } }))).toEqual(
      notGranted('shared:one'),
    )
  })

  test("must be delegated by the customer, and then the token is the customer's", async () => {
    const delegation = { scope: 'shared:one', from: customer, to: digdir }
    const changes = { claims: { scope: 'shared:one', consumer_org: customer } }
    expect(await heard('MP-251', send(changes))).toEqual({
      status: 403,
      error: 'forbidden',
      text: `Consumer ${customer} has not delegated access to the scope shared:one to supplier ${digdir}.`,
      uri: mp('MP-251'),
    })
    emulator.maskinporten.delegate(delegation)
    expect((await send(changes)).status).toBe(200)
    emulator.maskinporten.revokeDelegation(delegation)
    expect((await send(changes)).status).toBe(403)
  })
})

describe('iss_onbehalfof', () => {
  const register = (onbehalfof: string): Promise<Response> =>
    administer(client.clientId, { onbehalfof, orgno: customer })
  const unknown = { status: 400, error: 'invalid_request', text: 'Invalid assertion. Unknown iss_onbehalfof' }

  test('that the client has not registered is refused', async () => {
    expect(await heard('onbehalfof_unknown', send({ claims: { iss_onbehalfof: 'kunde' } }))).toEqual(unknown)
    expect(emulator.requests('token').at(-1)?.refusal?.reason).toContain('no registration kunde')
  })

  test('that the self-service API has registered names the consumer; the client is the supplier', async () => {
    expect((await register('kunde-1')).status).toBe(201)
    emulator.maskinporten.grantAccess('test:one', customer)
    const token = await readJson(await send({ claims: { iss_onbehalfof: 'kunde-1' } }))
    expect(decodeJwt(String(token['access_token']))).toMatchObject({
      consumer: { ID: `0192:${customer}` },
      supplier: { ID: `0192:${digdir}` },
    })
    const both = send({ claims: { iss_onbehalfof: 'kunde-1', consumer_org: customer } })
    expect(await heard('onbehalfof_unknown', both)).toEqual(unknown)
    emulator.maskinporten.revokeAccess('test:one', customer)
    expect(await heard('MP-250', send({ claims: { iss_onbehalfof: 'kunde-1' } }))).toEqual(notGranted('test:one'))
  })
})

test('a scope that is restricted by pid wants one, which the token has', async () => {
  emulator.maskinporten.defineScope({ name: 'test:pid', accessibleForAll: true, pidRestricted: true })
  const reader = await emulator.registerClient({ scopes: ['test:pid'] })
  const ask = (pid?: string): Promise<Response> => send({ claims: { scope: 'test:pid', pid } }, reader)
  expect(await heard('pid_required', ask())).toEqual({
    status: 400,
    error: 'invalid_request',
    text: 'Invalid assertion. The scope test:pid requires pid',
  })
  const token = await readJson(await ask('20914695016'))
  expect(decodeJwt(String(token['access_token']))).toMatchObject({ pid: '20914695016' })
})

test("consumer_org may not be the client's own organisation", async () => {
  expect(await heard('consumer_org_is_self', send({ claims: { consumer_org: digdir } }))).toEqual({
    status: 400,
    error: 'invalid_request',
    text: 'Validation of JWT claim failed: The combination consumer_org in claim and delegation scope on client is invalid',
  })
})

test.each(['relative', '/path', 'https://example.test/#part', ''])('the resource %j is no target', async (resource) => {
  expect(await heard('invalid_target', send({ claims: { resource: [resource] } }))).toEqual({
    status: 400,
    error: 'invalid_target',
    text: 'The requested resource is invalid.',
  })
})

describe('authorization_details', () => {
  const systemUser = {
    type: 'urn:altinn:systemuser',
    systemuser_org: { authority: 'iso6523-actorid-upis', ID: `0192:${customer}` },
  }

  test('of an unknown type are refused', async () => {
    expect(await heard('MP-301', sendDetails({ type: 'urn:altinn:other' }))).toEqual({
      status: 400,
      error: 'invalid_authorization_details',
      text: 'Unknown authorization details type',
      uri: mp('MP-301'),
    })
  })

  test.each([
    ['an unknown field', { other: 1 }],
    ['a space in externalRef', { externalRef: 'system 1' }],
    ['256 characters in externalRef', { externalRef: 'a'.repeat(256) }],
    ['an unknown field of systemuser_org', { systemuser_org: { ...systemUser.systemuser_org, name: 'Kunde AS' } }],
    [
      '`id` for `ID` in systemuser_org',
      { systemuser_org: { authority: 'iso6523-actorid-upis', id: '0192:310702641' } },
    ],
  ])('with %s are refused', async (_what, more) => {
    expect(await heard('MP-302', sendDetails({ ...systemUser, ...more }))).toEqual({
      status: 400,
      error: 'invalid_authorization_details',
      text: 'Unknown fields in the authorization details',
      uri: mp('MP-302'),
    })
  })

  test.each([
    [
      'systemuser_org',
      [{ type: 'urn:altinn:systemuser', systemuser_org: { authority: 'other', ID: '0192:310702641' } }],
    ],
    ['authorization_details', [systemUser, systemUser]],
    ['id', [{ type: 'urn:altinn:consent', id: randomUUID(), from: 'urn:altinn:person:identifier-no:20914695016' }]],
  ])('with an impossible %s are refused', async (value, details) => {
    expect(await heard('MP-303', sendDetails(...details))).toEqual({
      status: 400,
      error: 'invalid_authorization_details',
      text: `Invalid authorization details values: ${value}`,
      uri: mp('MP-303'),
    })
  })

  test("for a system user that does not exist are refused by the customer's configuration", async () => {
    expect(await heard('MP-303-customer', sendDetails(systemUser))).toEqual({
      status: 400,
      error: 'invalid_altinn_customer_configuration',
      text: `Invalid authorization details values: 0192:${customer}`,
      uri: mp('MP-303'),
    })
  })
})

describe('as documented (strict: docs)', () => {
  let documented: Emulator
  let reader: EmulatedClient
  beforeAll(async () => {
    documented = await startEmulator({ strict: 'docs' })
    reader = await documented.registerClient({ scopes: ['test:one'] })
  })
  afterAll(() => documented.close())
  const sendDocs = async (changes: GrantChanges): Promise<Response> =>
    postGrant(documented, await signGrant(documented, reader, changes))

  test('a lifetime of 120 s is accepted, of 121 s refused', async () => {
    const iat = seconds()
    expect((await sendDocs({ claims: { iat, exp: iat + 120 } })).status).toBe(200)
    const { error_description: text } = await readJson(await sendDocs({ claims: { iat, exp: iat + 121 } }))
    expect(text).toContain('JWT has too long lifetime.')
  })

  test('an iat of 12 s ago is refused', async () => {
    expect(await heard('iat_in_past', sendDocs({ claims: { iat: seconds() - 12, exp: seconds() + 60 } }))).toEqual({
      status: 400,
      error: 'invalid_grant',
      text: `${failed} Issue time is too old`,
    })
  })

  test('a claim that is not documented is refused; nbf and sub are not', async () => {
    expect((await sendDocs({ claims: { nbf: seconds(), sub: reader.clientId } })).status).toBe(200)
    expect(await heard('unknown_claim', sendDocs({ claims: { purpose: 'x' } }))).toEqual({
      status: 400,
      error: 'invalid_request',
      text: 'Invalid assertion. Unknown claim purpose',
    })
    expect((await send({ claims: { purpose: 'x' } })).status).toBe(200)
  })

  test('the texts are the documented ones', async () => {
    const unknown = await readJson(await sendDocs({ claims: { iss: randomUUID() } }))
    expect(unknown['error_description']).toMatch(
      /^Invalid assertion\. Client authentication failed\. Client not found \(/,
    )
    const future = await readJson(await sendDocs({ claims: { iat: seconds() + 60 } }))
    expect(future['error_description']).toContain('Issue time is after now')
  })
})

test("a grant that is wrong in everything is refused for one thing after the other, in the server's order", async () => {
  const { privateKey } = await generateKeyPair('RS256')
  const now = seconds()
  const wrong = { iss: 'x', aud: 'x', iat: now + 60, exp: now + 600, scope: 'x:y', resource: 'x', consumer_org: digdir }
  const rightIss = { ...wrong, iss: client.clientId }
  const rightAud = { ...rightIss, aud: emulator.maskinporten.issuer }
  const rightLife = { ...rightAud, exp: now + 180 }
  const rightTime = { ...rightLife, iat: now }
  const rightScope = { ...rightTime, scope: 'test:one' }
  const rightResource = { ...rightScope, resource: 'https://example.test/' }
  const wrongKey = { header: { kid: 'x' }, key: privateKey }
  const answers = await Promise.all(
    [
      send({ claims: wrong, ...wrongKey }),
      send({ claims: rightIss, ...wrongKey }),
      send({ claims: rightAud, ...wrongKey }),
      send({ claims: rightAud, key: privateKey }),
      send({ claims: rightAud }),
      send({ claims: rightLife }),
      send({ claims: rightTime }),
      send({ claims: rightScope }),
      send({ claims: rightResource }),
    ].map(async (answer) => String((await readJson(await answer))['error_description'])),
  )
  expect(answers.map((text) => text.replace(/ \(trace_id.*/, ''))).toEqual([
    failed,
    expect.stringContaining('aud'),
    expect.stringContaining('Unknown key identifier'),
    expect.stringContaining('signature'),
    expect.stringContaining('too long lifetime'),
    expect.stringContaining('in the future'),
    expect.stringContaining('invalid scopes'),
    expect.stringContaining('requested resource'),
    expect.stringContaining('consumer_org'),
  ])
})

test('every row of the table has been heard over the wire', () => {
  expect([...tested].toSorted()).toEqual(Object.keys(tokenErrors).toSorted())
})
