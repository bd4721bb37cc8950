/** One case for each control: what is done first, what it is called with, and where its effect is seen. */
import { X509Certificate } from 'node:crypto'
import { ClientSecretCredential } from '@azure/identity'
import { SecretClient } from '@azure/keyvault-secrets'
import type { Emulator, EmulatedClient } from '@maskinporten-kit/emulator'
import { decodeJwt, exportJWK, generateKeyPair } from 'jose'
import type { ControlName } from '../src/control/table.ts'
import { altinnTokenFor, postGrant, readJson, signGrant } from './sign-grant.ts'

export interface Case {
  readonly before?: (emulator: Emulator) => unknown
  /** By the names that HTTP has for them. */
  readonly input: Readonly<Record<string, unknown>>
  /** What can be seen afterwards. `result` is what the function returned, or the body of the answer. */
  readonly effect: (emulator: Emulator, result: unknown) => unknown
  readonly expected: unknown
}

const jwk = { ...(await exportJWK((await generateKeyPair('RS256', { extractable: true })).privateKey)), kid: 'one' }
const { kty, n, e } = jwk
const orgNumber = '310702641'
const other = '991825827'
const clientId = 'client'
const person = '20914695016'
const settings = { clientId, scope: 'a:b', exchangeToAltinnToken: false }

async function client(emulator: Emulator, scopes = ['a:b']): Promise<EmulatedClient> {
  return emulator.registerClient({ scopes, orgNumber, clientId, jwk })
}

const holder = { clientId, orgNumber, scopes: ['a:b'], kid: 'one', jwk: undefined, settings, environment: {} }

async function grant(emulator: Emulator, changes: object = {}, id = clientId): Promise<unknown> {
  const signed = await signGrant(emulator, { ...holder, clientId: id }, { ...changes, key: jwk })
  const answer = await readJson(await postGrant(emulator, signed))
  const description = String(answer['error_description']).replace(/ \(trace_id: .*/, '')
  return answer['error_uri'] ?? (answer['error_description'] === undefined ? 'token' : description)
}

const secrets = (emulator: Emulator, vault = 'my-kv'): SecretClient =>
  new SecretClient(`https://${vault}.vault.azure.net`, emulator.keyVault.credential, emulator.keyVault.clientOptions)

async function secret(emulator: Emulator, vault?: string): Promise<unknown> {
  return secrets(emulator, vault)
    .getSecret('Name')
    .then(
      ({ value }) => value,
      (error: { readonly code?: string; readonly statusCode?: number }) => `${error.statusCode} ${error.code}`,
    )
}

const jwkCount = async (url: string): Promise<unknown> => {
  const { keys } = await readJson(await fetch(url))
  return Array.isArray(keys) ? keys.length : keys
}
const status = async (url: string): Promise<number> => (await fetch(url)).status
const jwkUrl = (emulator: Emulator): string => `${emulator.maskinporten.url}/jwk`
const consumer = { claims: { consumer_org: other } }
const systemUserGrant = {
  claims: {
    authorization_details: [
      {
        type: 'urn:altinn:systemuser',
        systemuser_org: { authority: 'iso6523-actorid-upis', ID: `0192:${other}` },
      },
    ],
  },
}
const from = `urn:altinn:organization:identifier-no:${other}`
const consentId = '7f9d3c3a-8a60-4bd0-9c3f-0f2f6c3d8a11'
const consentGrant = { claims: { authorization_details: [{ type: 'urn:altinn:consent', id: consentId, from }] } }
const givenConsent = { id: consentId, from, to: orgNumber, consentRights: [] }
const customersSystemUser = {
  orgNumber: other,
  clientIds: [clientId],
  systemId: `${orgNumber}_system`,
  systemUserId: consentId,
}
const unwrapped = (result: unknown, name: string): unknown =>
  typeof result === 'object' && result !== null && name in result ? Reflect.get(result, name) : result
const closed = (emulator: Emulator): unknown => emulator.maskinporten.defineScope({ name: 'a:b', delegable: true })
const delegable = async (emulator: Emulator): Promise<void> => {
  closed(emulator)
  emulator.maskinporten.grantAccess('a:b', other)
  await client(emulator)
}

export const cases: Readonly<Record<ControlName, Case>> = {
  registerClient: {
    input: { scopes: ['a:b'], orgNumber, clientId: 'second', jwk },
    effect: (emulator) => grant(emulator, {}, 'second'),
    expected: 'token',
  },
  use: {
    // Registered with another organisation and another key before: what the settings say stands.
    before: (emulator) => emulator.registerClient({ scopes: ['c:d'], clientId: 'mine' }),
    input: { settings: { MaskinportenSettings: { ClientId: 'mine', Scope: 'a:b', Jwk: jwk } }, orgNumber },
    effect: (emulator) => grant(emulator, {}, 'mine'),
    expected: 'token',
  },
  issueCertificate: {
    input: { orgNumber },
    effect: (_emulator, result) => {
      const x5c: unknown = unwrapped(result, 'x5c')
      const [leaf] = Array.isArray(x5c) ? x5c : []
      return new X509Certificate(Buffer.from(String(leaf), 'base64')).subject.includes(orgNumber)
    },
    expected: true,
  },
  requests: {
    before: (emulator) => fetch(jwkUrl(emulator)),
    input: { target: 'jwk' },
    effect: (_emulator, result) => (Array.isArray(result) ? result.length : result),
    expected: 1,
  },
  clearRequests: {
    before: async (emulator) => {
      await fetch(jwkUrl(emulator))
      await fetch(emulator.maskinporten.url)
    },
    input: { target: 'jwk' },
    effect: (emulator) => emulator.requests().map(({ target }) => target),
    expected: ['other'],
  },
  reset: {
    before: async (emulator) => {
      await client(emulator)
      emulator.clock.advance(60_000)
      emulator.keyVault.setSecret('Name', 'x')
      await emulator.maskinporten.rotateSigningKey()
      emulator.faults.next('token', { status: 503, times: 'forever' })
    },
    input: {},
    effect: async (emulator) => [
      await grant(emulator),
      await secret(emulator),
      emulator.clock.now(),
      await jwkCount(jwkUrl(emulator)),
    ],
    expected: ['https://maskinporten.no/errors/MP-100', '404 SecretNotFound', 1_900_000_000_000, 1],
  },
  'clock.now': { input: {}, effect: (_emulator, result) => unwrapped(result, 'now'), expected: 1_900_000_000_000 },
  'clock.monotonic': {
    input: {},
    effect: (emulator, result) => unwrapped(result, 'monotonic') === emulator.clock.monotonic(),
    expected: true,
  },
  'clock.advance': {
    input: { ms: 5000 },
    effect: (emulator) => emulator.clock.now(),
    expected: 1_900_000_005_000,
  },
  'clock.adjust': {
    input: { ms: -5000 },
    effect: (emulator) => emulator.clock.now(),
    expected: 1_899_999_995_000,
  },
  'faults.next': {
    input: { target: 'jwk', status: 503, times: 'forever' },
    effect: async (emulator) => [await status(jwkUrl(emulator)), await status(jwkUrl(emulator))],
    expected: [503, 503],
  },
  'faults.clear': {
    before: (emulator) => {
      for (const target of ['jwk', 'metadata'] as const) emulator.faults.next(target, { status: 503 })
    },
    input: { target: 'jwk' },
    effect: async (emulator) => [
      await status(jwkUrl(emulator)),
      await status(`${emulator.maskinporten.issuer}.well-known/oauth-authorization-server`),
    ],
    expected: [200, 503],
  },
  'maskinporten.defineScope': {
    before: (emulator) => client(emulator),
    input: { name: 'a:b', active: false },
    effect: (emulator) => grant(emulator),
    expected: 'https://maskinporten.no/errors/MP-200',
  },
  'maskinporten.grantAccess': {
    before: async (emulator) => {
      closed(emulator)
      await client(emulator)
    },
    input: { scope: 'a:b', orgNumber },
    effect: (emulator) => grant(emulator),
    expected: 'token',
  },
  'maskinporten.revokeAccess': {
    before: (emulator) => client(emulator),
    input: { scope: 'a:b', orgNumber },
    effect: (emulator) => grant(emulator),
    expected: 'https://maskinporten.no/errors/MP-250',
  },
  'maskinporten.delegate': {
    before: delegable,
    input: { scope: 'a:b', from: other, to: orgNumber },
    effect: (emulator) => grant(emulator, consumer),
    expected: 'token',
  },
  'maskinporten.revokeDelegation': {
    before: async (emulator) => {
      await delegable(emulator)
      emulator.maskinporten.delegate({ scope: 'a:b', from: other, to: orgNumber })
    },
    input: { scope: 'a:b', from: other, to: orgNumber },
    effect: (emulator) => grant(emulator, consumer),
    expected: 'https://maskinporten.no/errors/MP-251',
  },
  'maskinporten.addSystemUser': {
    before: (emulator) => client(emulator),
    input: { orgNumber: other, clientIds: [clientId], systemId: `${orgNumber}_system`, systemUserId: consentId },
    effect: async (emulator, result) => [await grant(emulator, systemUserGrant), unwrapped(result, 'systemUserId')],
    expected: ['token', consentId],
  },
  'maskinporten.systemUsers': {
    before: (emulator) => emulator.maskinporten.addSystemUser(customersSystemUser),
    input: {},
    effect: (_emulator, result) => result,
    expected: [{ ...customersSystemUser, resources: [], approved: true }],
  },
  'maskinporten.approveSystemUser': {
    before: async (emulator) => {
      await client(emulator)
      emulator.maskinporten.addSystemUser({ ...customersSystemUser, approved: false })
    },
    input: { systemUserId: consentId },
    effect: (emulator) => grant(emulator, systemUserGrant),
    expected: 'token',
  },
  'maskinporten.revokeSystemUser': {
    before: async (emulator) => {
      await client(emulator)
      emulator.maskinporten.addSystemUser(customersSystemUser)
    },
    input: { systemUserId: consentId },
    effect: (emulator) => grant(emulator, systemUserGrant),
    expected: 'https://maskinporten.no/errors/MP-303',
  },
  'maskinporten.addConsent': {
    before: (emulator) => client(emulator),
    input: { id: consentId, from, to: orgNumber, consentRights: [] },
    effect: (emulator) => grant(emulator, consentGrant),
    expected: 'token',
  },
  'maskinporten.consents': {
    before: (emulator) => emulator.maskinporten.addConsent({ ...givenConsent, validTo: 2_000_000_000_000 }),
    input: {},
    effect: (_emulator, result) => result,
    expected: [{ ...givenConsent, validTo: 2_000_000_000_000, approved: true, consented: 1_900_000_000_000 }],
  },
  'maskinporten.approveConsent': {
    before: async (emulator) => {
      await client(emulator)
      emulator.maskinporten.addConsent({ ...givenConsent, approved: false })
    },
    input: { id: consentId },
    effect: (emulator) => grant(emulator, consentGrant),
    expected: 'token',
  },
  'maskinporten.revokeConsent': {
    before: async (emulator) => {
      await client(emulator)
      emulator.maskinporten.addConsent(givenConsent)
    },
    input: { id: consentId },
    effect: (emulator) => grant(emulator, consentGrant),
    expected: 'https://maskinporten.no/errors/MP-303',
  },
  'maskinporten.setKeys': {
    before: (emulator) => client(emulator),
    input: { clientId, jwks: [{ kty, n, e, kid: 'new' }] },
    effect: async (emulator) => [await grant(emulator, { header: { kid: 'new' } }), await grant(emulator)],
    expected: ['token', 'Invalid assertion. Client authentication failed. Unknown key identifier (kid) for client.'],
  },
  'maskinporten.addKey': {
    before: (emulator) => client(emulator),
    input: { clientId, kid: 'new', jwk },
    effect: async (emulator, result) => [
      await grant(emulator, { header: { kid: 'new' } }),
      await grant(emulator),
      unwrapped(result, 'kid'),
    ],
    expected: ['token', 'token', 'new'],
  },
  'maskinporten.deactivate': {
    before: (emulator) => client(emulator),
    input: { clientId },
    effect: (emulator) => grant(emulator),
    expected: 'https://maskinporten.no/errors/MP-100',
  },
  'maskinporten.rotateSigningKey': {
    input: {},
    effect: async (emulator, result) => [await jwkCount(jwkUrl(emulator)), typeof unwrapped(result, 'kid')],
    expected: [2, 'string'],
  },
  'altinn.submit': {
    input: { org: 'ttd', app: 'app', person, data: { a: 1 } },
    effect: (_emulator, result) => unwrapped(unwrapped(result, 'instance'), 'appId'),
    expected: 'ttd/app',
  },
  'altinn.trigger': {
    input: { type: 'app.instance.process.movedTo.Task_2', org: 'ttd', app: 'app', organisation: other },
    effect: (_emulator, result) => [
      unwrapped(unwrapped(unwrapped(unwrapped(result, 'instance'), 'process'), 'currentTask'), 'elementId'),
      unwrapped(unwrapped(result, 'event'), 'type'),
    ],
    expected: ['Task_2', 'app.instance.process.movedTo.Task_2'],
  },
  'altinn.issueUserToken': {
    input: { person, scopes: ['altinn:instances.read'], authLevel: 4 },
    effect: (_emulator, result) => {
      const claims = decodeJwt(String(unwrapped(result, 'token')))
      return [claims['pid'], claims['urn:altinn:authlevel'], String(claims['urn:altinn:userid']), claims['scope']]
    },
    expected: [person, '4', '20000001', 'altinn:instances.read'],
  },
  'altinn.addOrganisation': {
    input: { orgNumber, org: 'mine' },
    effect: async (emulator) => {
      const serviceOwner = await client(emulator, ['altinn:serviceowner'])
      const [, claims = ''] = (await altinnTokenFor(emulator, serviceOwner)).split('.')
      return unwrapped(JSON.parse(Buffer.from(claims, 'base64url').toString()), 'urn:altinn:org')
    },
    expected: 'mine',
  },
  'altinn.rotateSigningKey': {
    input: {},
    effect: async (emulator, result) => [
      await jwkCount(`${emulator.altinn.url}/authentication/api/v1/openid/.well-known/openid-configuration/jwks`),
      typeof unwrapped(result, 'kid'),
    ],
    expected: [2, 'string'],
  },
  'register.addPerson': {
    input: { personidentifikator: person, reservasjon: 'JA' },
    effect: async (emulator) => {
      const reader = await client(emulator, ['krr:global/kontaktinformasjon.read'])
      const token = await readJson(await postGrant(emulator, await signGrant(emulator, reader)))
      const response = await fetch(`${emulator.register.url}/rest/v2/personer`, {
        method: 'POST',
        headers: { authorization: `Bearer ${String(token['access_token'])}` },
        body: JSON.stringify({ personidentifikatorer: [person] }),
      })
      const { personer } = await readJson(response)
      return Array.isArray(personer) ? unwrapped(personer[0], 'reservasjon') : personer
    },
    expected: 'JA',
  },
  'keyVault.setSecret': {
    input: { name: 'Name', value: 'x', expiresOn: '2030-01-01T00:00:00Z' },
    effect: async (emulator) => {
      const { value, properties } = await secrets(emulator).getSecret('Name')
      return [value, properties.expiresOn?.toISOString()]
    },
    expected: ['x', '2030-01-01T00:00:00.000Z'],
  },
  'keyVault.enableSecret': {
    before: (emulator) => emulator.keyVault.setSecret('Name', 'x'),
    input: { name: 'Name', enabled: false },
    effect: (emulator) => secret(emulator),
    expected: '403 Forbidden',
  },
  'keyVault.deleteSecret': {
    before: (emulator) => emulator.keyVault.setSecret('Name', 'x'),
    input: { name: 'Name' },
    effect: (emulator) => secret(emulator),
    expected: '404 SecretNotFound',
  },
  'keyVault.deny': {
    before: (emulator) => {
      for (const name of ['Name', 'Other']) emulator.keyVault.setSecret(name, 'x')
    },
    input: { error: 'ForbiddenByRbac', secret: 'Name' },
    effect: async (emulator) => [await secret(emulator), (await secrets(emulator).getSecret('Other')).value],
    expected: ['403 Forbidden', 'x'],
  },
  'keyVault.allow': {
    before: (emulator) => {
      emulator.keyVault.setSecret('Name', 'x')
      emulator.keyVault.deny('AccessDenied')
    },
    input: {},
    effect: (emulator) => secret(emulator),
    expected: 'x',
  },
  'keyVault.setPaging': {
    before: (emulator) => {
      for (const name of ['A', 'B', 'C']) emulator.keyVault.setSecret(name, 'x')
    },
    input: { size: 2 },
    effect: async (emulator) => {
      const sizes: number[] = []
      for await (const page of secrets(emulator).listPropertiesOfSecrets().byPage()) sizes.push(page.length)
      return sizes
    },
    expected: [2, 1],
  },
  'keyVault.vault': {
    before: (emulator) => emulator.keyVault.setSecret('Name', 'x'),
    input: { name: 'own-kv' },
    effect: async (emulator, result) => [
      await secret(emulator, 'own-kv'),
      await secret(emulator),
      unwrapped(result, 'url'),
    ],
    expected: ['404 SecretNotFound', 'x', 'https://own-kv.vault.azure.net'],
  },
  'entra.registerApplication': {
    input: { clientId: consentId, clientSecret: 'secret' },
    effect: async (emulator, result) => {
      const { tenantId, credentialOptions } = emulator.entra
      const credential = new ClientSecretCredential(tenantId, consentId, 'secret', credentialOptions)
      const token = await credential.getToken('https://vault.azure.net/.default')
      return [unwrapped(result, 'clientId'), unwrapped(result, 'clientSecret'), typeof token.token]
    },
    expected: [consentId, 'secret', 'string'],
  },
  'texas.useClient': {
    before: async (emulator) => {
      await emulator.registerClient({ scopes: ['a:b'], clientId: 'first', jwk })
      await client(emulator)
    },
    input: { clientId },
    effect: async (emulator) => {
      const body = new URLSearchParams({ identity_provider: 'maskinporten', target: 'a:b' })
      const answer = await readJson(await fetch(emulator.texas.tokenEndpoint, { method: 'POST', body }))
      return decodeJwt(String(answer['access_token']))['client_id']
    },
    expected: clientId,
  },
}
