/** Who may read what in Storage, and which members of its query are read: the rows of the reference, over HTTP. */
import { type Emulator, startEmulator, type Submitted } from '@maskinporten-kit/emulator'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { altinnTokenFor, exchange, readJson, tokenFor } from './sign-grant.ts'

const customer = '310702641'
const other = '889640782'
const unknownId = '7f9d3c3a-8a60-4bd0-9c3f-0f2f6c3d8a11'

let emulator: Emulator
let ofCustomer: Submitted
let ofOther: Submitted
let ownerToken: string
beforeAll(async () => {
  emulator = await startEmulator()
  ofCustomer = await emulator.altinn.submit({ org: 'ttd', app: 'app', organisation: customer, data: 'x' })
  ofOther = await emulator.altinn.submit({ org: 'ttd', app: 'app', organisation: other, data: 'x' })
  await emulator.altinn.submit({ org: 'ttd', app: 'second', organisation: customer, data: 'x' })
  const scopes = ['altinn:serviceowner/instances.read']
  ownerToken = await altinnTokenFor(emulator, await emulator.registerClient({ scopes }))
})
afterAll(() => emulator.close())

async function systemUser(resources: readonly string[]): Promise<{ readonly token: string; readonly id: string }> {
  const client = await emulator.registerClient({ scopes: ['altinn:instances.read'] })
  const added = { orgNumber: customer, clientIds: [client.clientId], systemId: 'x', resources }
  const { systemUserId: id } = emulator.maskinporten.addSystemUser(added)
  const systemuser_org = { authority: 'iso6523-actorid-upis', ID: `0192:${customer}` }
  const claims = { authorization_details: [{ type: 'urn:altinn:systemuser', systemuser_org }] }
  return { id, token: await (await exchange(emulator, await tokenFor(emulator, client, { claims }))).text() }
}

const get = (path: string, token: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${emulator.altinn.url}/storage/api/v1/instances${path}`, {
    headers: { authorization: `Bearer ${token}`, ...headers },
  })
const listed = async (path: string, token: string, headers?: Record<string, string>): Promise<unknown> => {
  const { count, instances } = await readJson(await get(path, token, headers))
  return [count, Array.isArray(instances) ? instances.map(({ id }) => id) : instances]
}
const last = (): unknown => {
  const request = emulator.requests('storage').at(-1)
  return [request?.status, request?.refusal]
}
const statusAndText = async (response: Response): Promise<unknown> => [response.status, await response.text()]
const organisation = { 'x-ai-instanceowneridentifier': `organisation:${customer}` }

describe('a system user', () => {
  test('reads the instances of its customer in the apps of its policy, their data, and the list', async () => {
    const { token } = await systemUser(['app_ttd_app'])
    const { instance, partyId, dataGuid } = ofCustomer
    expect(await listed(`?instanceOwner.partyId=${partyId}&appId=ttd/app`, token)).toEqual([1, [instance.id]])
    expect(last()).toEqual([200, undefined])
    expect(await readJson(await get(`/${instance.id}`, token))).toEqual(instance)
    expect(await statusAndText(await get(`/${instance.id}/data/${dataGuid}`, token))).toEqual([200, 'x'])
  })

  test('sees in the list what the policy permits, and the record says what was left out', async () => {
    const { token, id } = await systemUser(['app_ttd_app'])
    expect(await listed('', token, organisation)).toEqual([1, [ofCustomer.instance.id]])
    const reason = `1 left out of the list. The system user ${id} may read app_ttd_app, and the instance is one of app_ttd_second.`
    expect(last()).toEqual([200, expect.objectContaining({ rule: 'storage_policy', reason })])
    expect(await listed(`?instanceOwner.partyId=${ofOther.partyId}`, token)).toEqual([0, []])
    const words = expect.stringContaining(`party ${ofOther.partyId}`)
    expect(last()).toEqual([200, expect.objectContaining({ rule: 'storage_policy', reason: words })])
  })

  test.each<readonly [string, readonly string[], () => Submitted, string]>([
    [
      'of an app that its policy does not name',
      ['app_ttd_second'],
      () => ofCustomer,
      'may read app_ttd_second, and the instance is one of app_ttd_app.',
    ],
    ['without any policy', [], () => ofCustomer, 'may read no app, and the instance is one of app_ttd_app.'],
    ['of somebody else than its customer', ['app_ttd_app'], () => ofOther, `is one of ${customer} (party`],
  ])('is refused an instance %s', async (_what, resources, submitted, words) => {
    const { token } = await systemUser(resources)
    expect(await statusAndText(await get(`/${submitted().instance.id}`, token))).toEqual([403, ''])
    const reason = expect.stringContaining(words)
    expect(last()).toEqual([403, expect.objectContaining({ rule: 'storage_policy', reason })])
  })

  test('that is revoked after its token is refused, and served again when it is approved', async () => {
    const { token, id } = await systemUser(['app_ttd_app'])
    const read = async (): Promise<number> => (await get(`/${ofCustomer.instance.id}`, token)).status
    expect(await read()).toBe(200)
    emulator.maskinporten.revokeSystemUser(id)
    expect(await read()).toBe(403)
    const reason = `The system user ${id} is not approved.`
    expect(last()).toEqual([403, expect.objectContaining({ rule: 'storage_policy', reason })])
    emulator.maskinporten.approveSystemUser(id)
    expect(await read()).toBe(200)
  })

  test('names whose instances it wants, and confirms nothing', async () => {
    const { token } = await systemUser(['app_ttd_app'])
    expect(await statusAndText(await get('', token))).toEqual([
      400,
      'Either InstanceOwnerPartyId or InstanceOwnerIdentifier need to be defined.',
    ])
    const url = `${emulator.altinn.url}/storage/api/v1/instances/${ofCustomer.instance.id}/complete`
    const response = await fetch(url, { method: 'POST', headers: { authorization: `Bearer ${token}` } })
    expect(await statusAndText(response)).toEqual([403, ''])
  })
})

describe('the query of the list', () => {
  const mine = '?org=ttd&appId=ttd/app'
  test.each<readonly [string, number]>([
    ['', 2],
    ['&mainVersionInclude=3', 2],
    ['&mainVersionInclude=2', 0],
    ['&mainVersionExclude=3', 0],
    ['&mainVersionExclude=2', 2],
    ['&dataValues.A2ArchRef=AR123', 0],
    ['&searchString=APP', 2],
    ['&searchString=other', 0],
    ['&process.currentTask=Task_1', 0],
    ['&org=TTD', 2],
  ])('with %j has %d instances', async (query, count) => {
    expect((await readJson(await get(`${mine}${query}`, ownerToken)))['count']).toBe(count)
  })

  test('finds one by its reference, of twelve characters', async () => {
    const guid = ofCustomer.instanceGuid
    expect(await listed(`?org=ttd&A3Ref=${guid.slice(-12).toUpperCase()}`, ownerToken)).toEqual([
      1,
      [ofCustomer.instance.id],
    ])
    expect(await statusAndText(await get('?org=ttd&A3Ref=1', ownerToken))).toEqual([
      400,
      'The A3 reference needs to be exactly 12 characters long.',
    ])
  })

  test.each(['mainVersionInclude=three', 'instanceOwner.partyId=x', 'status.isArchived=maybe', 'confirmed='])(
    'with %s is refused, naming the member',
    async (query) => {
      const response = await get(`?org=ttd&${query}`, ownerToken)
      const [name = '', value = ''] = query.split('=')
      expect([response.status, await readJson(response)]).toEqual([
        400,
        {
          title: 'One or more validation errors occurred.',
          status: 400,
          errors: { [name]: [`The value '${value}' is not valid.`] },
        },
      ])
      expect(last()).toEqual([400, { rule: 'storage_query', reason: expect.stringContaining(name) }])
    },
  )

  test.each([
    ['somebody', 'Invalid InstanceOwnerIdentifier.'],
    ['something:310702641', 'Invalid InstanceOwnerIdentifier.'],
    ['person:123', 'Person number needs to be exactly 11 digits.'],
    ['organisation:123', 'Organization number needs to be exactly 9 digits.'],
  ])('names the owner as %s: refused in the words of the real one', async (identifier, text) => {
    const response = await get('?org=ttd', ownerToken, { 'x-ai-instanceowneridentifier': identifier })
    expect(await statusAndText(response)).toEqual([400, text])
  })

  test('names the owner by number, and nobody has none', async () => {
    expect(await listed(mine, ownerToken, organisation)).toEqual([1, [ofCustomer.instance.id]])
    expect(await listed(mine, ownerToken, { 'x-ai-instanceowneridentifier': 'person: 20914695016' })).toEqual([0, []])
  })

  test('is in the order asked: `desc:` is the default, and anything else is ascending', async () => {
    const all = await listed(mine, ownerToken)
    const reverse = await listed(`${mine}&order=asc:lastChanged`, ownerToken)
    expect(await listed(`${mine}&order=desc:lastChanged`, ownerToken)).toEqual(all)
    expect(await listed(`${mine}&order=lastChanged`, ownerToken)).toEqual(reverse)
  })
})

test('the scope of the sync adapter reads the instances of every organisation', async () => {
  const scopes = ['altinn:storage/instances.syncadapter', 'altinn:serviceowner']
  emulator.altinn.addOrganisation(customer, 'adapter')
  const token = await altinnTokenFor(emulator, await emulator.registerClient({ scopes, orgNumber: customer }))
  expect((await readJson(await get('?org=ttd', token)))['count']).toBe(3)
})

test('what has the form of no instance is not found', async () => {
  expect(await statusAndText(await get(`/${unknownId}`, ownerToken))).toEqual([
    404,
    `Unable to find instance ${unknownId}`,
  ])
})

describe('a person', () => {
  const person = '20914695016'
  const mine = () => emulator.altinn.submit({ org: 'ttd', app: 'app', person, data: 'x' })

  test('reads own instances, and sees no others in a list', async () => {
    const { instance, partyId } = await mine()
    const { token, ...numbers } = await emulator.altinn.issueUserToken({ person })
    expect(numbers).toEqual({ partyId, userId: String(Number(partyId) - 30_000_000) })
    expect(await listed(`?instanceOwner.partyId=${partyId}`, token)).toEqual([1, [instance.id]])
    expect((await get(`/${instance.id}`, token)).status).toBe(200)
    expect(await listed(`?instanceOwner.partyId=${ofCustomer.partyId}&appId=ttd/app`, token)).toEqual([0, []])
    expect(await statusAndText(await get(`/${ofCustomer.instance.id}`, token))).toEqual([403, ''])
    expect(last()).toEqual([403, expect.objectContaining({ reason: expect.stringContaining(`party ${partyId}`) })])
  })

  test('names whose instances are wanted, and is nobody to the exchange', async () => {
    const { token } = await emulator.altinn.issueUserToken({ person })
    expect(await statusAndText(await get('?org=ttd', token))).toEqual([
      400,
      'Either InstanceOwnerPartyId or InstanceOwnerIdentifier need to be defined.',
    ])
    expect((await exchange(emulator, token)).status).toBe(401)
    await expect(emulator.altinn.issueUserToken({ person: '20114695016' })).rejects.toThrow('synthetic')
  })
})
