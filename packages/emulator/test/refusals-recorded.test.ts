import { type EmulatedClient, type Emulator, startEmulator } from '@maskinporten-kit/emulator'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { altinnTokenFor, exchange, postGrant, signGrant, tokenFor } from './sign-grant.ts'

let emulator: Emulator
let owner: EmulatedClient
let plain: EmulatedClient
beforeAll(async () => {
  emulator = await startEmulator()
  owner = await emulator.registerClient({ scopes: ['altinn:serviceowner/instances.read'] })
  plain = await emulator.registerClient({ scopes: ['test:one'] })
})
afterAll(() => emulator.close())
beforeEach(() => {
  emulator.faults.clear()
  emulator.clearRequests()
})

const last = (): unknown => {
  const request = emulator.requests().at(-1)
  return [request?.status, request?.refusal?.rule, request?.refusal?.reason]
}
const withToken = (url: string, token?: string): Promise<Response> =>
  fetch(url, token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } })
const list = (token?: string, query = '?org=ttd'): Promise<Response> =>
  withToken(`${emulator.altinn.url}/storage/api/v1/instances${query}`, token)

test.each([
  ['no token', () => undefined, 401, 'token_missing', 'no bearer token'],
  ['no JWT', () => 'x', 401, 'token_unreadable', 'not a JWT'],
  ['a raw token', () => tokenFor(emulator, owner), 401, 'token_not_exchanged', 'exchange the Maskinporten token first'],
  ['a changed token', async () => `${await altinnTokenFor(emulator, owner)}AA`, 401, 'token_signature', 'changed'],
  [
    'no service owner',
    async () => (await exchange(emulator, await tokenFor(emulator, plain))).text(),
    400,
    'storage_no_owner',
    'altinn:serviceowner',
  ],
])('Storage answers %s without a body, and the recorder says why', async (_what, token, status, rule, words) => {
  const response = await list(await token())
  expect(await response.text()).toBe('')
  expect(last()).toEqual([status, rule, expect.stringContaining(words)])
})

test('so it does for a scope, for an app and an instance of somebody else, and for the events', async () => {
  const other = await emulator.registerClient({ scopes: ['altinn:serviceowner'] })
  await list(await altinnTokenFor(emulator, other))
  expect(last()).toEqual([403, 'storage_scope', expect.stringContaining('altinn:serviceowner/instances.read')])
  const token = await altinnTokenFor(emulator, owner)
  await list(token, '?appId=skd/app')
  expect(last()).toEqual([403, 'storage_policy', 'The app is one of skd, and the token is one of ttd.'])
  const form = { org: 'skd', app: 'app', organisation: '310702641', data: 'x' }
  const { instance } = await emulator.altinn.submit(form)
  await withToken(instance.selfLinks.platform, token)
  expect(last()).toEqual([403, 'storage_policy', 'The instance is one of skd, and the token is one of ttd.'])
  await withToken(`${emulator.altinn.url}/events/api/v1/app/skd/app?after=0`, token)
  expect(last()).toEqual([403, 'events_policy', expect.stringContaining('skd')])
  await withToken(`${emulator.altinn.url}/events/api/v1/app/ttd/app?after=0`)
  expect(last()).toEqual([401, 'token_missing', expect.anything()])
})

test('the exchange and the register say no more than before, and the recorder does', async () => {
  await exchange(emulator, await altinnTokenFor(emulator, owner))
  expect(last()).toEqual([401, 'token_foreign', expect.stringContaining('kid')])
  const token = await tokenFor(emulator, owner)
  emulator.clock.advance(200_000)
  await exchange(emulator, token)
  expect(last()).toEqual([401, 'token_expired', expect.stringContaining('exp')])
  await withToken(`${emulator.altinn.url}/authentication/api/v1/exchange/id-porten`, token)
  expect(last()).toEqual([401, 'provider_not_emulated', expect.stringContaining('id-porten')])
  await fetch(`${emulator.register.url}/rest/v2/personer`, { method: 'POST' })
  expect(last()).toEqual([401, 'token_missing', expect.anything()])
})

test('a system user and a consent that are not approved are told apart from those that do not exist', async () => {
  const orgNumber = '310702641'
  const customer = { authority: 'iso6523-actorid-upis', ID: `0192:${orgNumber}` }
  const ask = async (detail: object): Promise<void> => {
    await postGrant(emulator, await signGrant(emulator, plain, { claims: { authorization_details: [detail] } }))
  }
  const systemUser = { type: 'urn:altinn:systemuser', systemuser_org: customer }
  await ask(systemUser)
  expect(last()).toEqual([400, 'MP-303-customer', expect.stringMatching(/^Invalid .*No system user of 310702641 has/)])
  const clientIds = [plain.clientId]
  const { systemUserId } = emulator.maskinporten.addSystemUser({ orgNumber, clientIds, systemId: 'x', approved: false })
  await ask(systemUser)
  expect(last()).toEqual([400, 'MP-303-customer', expect.stringContaining(`${systemUserId} is not approved`)])
  const from = `urn:altinn:organization:identifier-no:${orgNumber}`
  const { id } = emulator.maskinporten.addConsent({ from, to: plain.orgNumber, consentRights: [] })
  emulator.maskinporten.revokeConsent(id)
  await ask({ type: 'urn:altinn:consent', id, from })
  expect(last()).toEqual([400, 'MP-303', expect.stringContaining(`${id} is not given, or was taken back`)])
  expect(() => emulator.maskinporten.approveSystemUser('x')).toThrow('addSystemUser first')
  expect(() => emulator.maskinporten.approveConsent('x')).toThrow('addConsent first')
})

test('a refusal of the token endpoint has its row, a fault is told as one, and what was accepted has none', async () => {
  await postGrant(emulator, await signGrant(emulator, plain, { header: { kid: 'other' } }))
  expect(last()).toEqual([400, 'kid_unknown', expect.stringContaining('Unknown key identifier')])
  emulator.faults.next('token', { status: 503 })
  await postGrant(emulator, 'x')
  expect(last()).toEqual([503, 'fault', 'A fault was queued for token: status.'])
  await tokenFor(emulator, plain)
  expect(last()).toEqual([200, undefined, undefined])
})
