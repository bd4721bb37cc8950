import { type EmulatedClient, type Emulator, startEmulator, type Submitted } from '@maskinporten-kit/emulator'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { altinnTokenFor, exchange, readJson, tokenFor } from './sign-grant.ts'

const person = '20914695016'
const form = '<form><name>Kari</name></form>'

let emulator: Emulator
let client: EmulatedClient
let token: string
const submitted: Submitted[] = []
beforeAll(async () => {
  emulator = await startEmulator()
  client = await emulator.registerClient({ scopes: ['altinn:serviceowner/instances.read'] })
  token = await altinnTokenFor(emulator, client)
  for (const app of ['first', 'first', 'second']) {
    submitted.push(submitHere(await emulator.altinn.submit({ org: 'ttd', app, person, data: form })))
  }
  submitted.push(await emulator.altinn.submit({ org: 'skd', app: 'first', organisation: '310702641', data: { a: 1 } }))
})
afterAll(() => emulator.close())

// Each instance at a time of its own, so that the order is certain.
function submitHere(one: Submitted): Submitted {
  emulator.clock.advance(1000)
  return one
}

function get(path: string, headers: Record<string, string> = { authorization: `Bearer ${token}` }): Promise<Response> {
  return fetch(`${emulator.altinn.url}/storage/api/v1/instances${path}`, { headers })
}

async function listed(query: string): Promise<unknown[]> {
  const { instances } = await readJson(await get(query))
  return Array.isArray(instances)
    ? instances.map(({ id }) => submitted.findIndex(({ instance }) => instance.id === id))
    : []
}

describe('the list', () => {
  test('refuses whoever may not read it, in the order of the real one', async () => {
    const plain = await emulator.registerClient({ scopes: ['altinn:events.subscribe'] })
    const owner = await emulator.registerClient({ scopes: ['altinn:serviceowner'] })
    const answers = await Promise.all([
      get('?org=ttd', {}),
      get('?org=ttd', { authorization: `Bearer ${await tokenFor(emulator, client)}` }),
      get('?org=ttd&instanceOwner.partyId=1', {
        authorization: `Bearer ${token}`,
        'x-ai-instanceowneridentifier': 'person:1',
      }),
      get('?org=ttd', { authorization: `Bearer ${await altinnTokenFor(emulator, owner)}` }),
      get(''),
      get('?org=skd'),
      get('?org=skd&appId=skd/first'),
      get('?org=ttd', {
        authorization: `Bearer ${await (await exchange(emulator, await tokenFor(emulator, plain))).text()}`,
      }),
    ])
    expect(await Promise.all(answers.map(async (answer) => [answer.status, await answer.text()]))).toEqual([
      [401, ''],
      [401, ''],
      [400, 'Both InstanceOwner.PartyId and InstanceOwnerIdentifier cannot be present at the same time.'],
      [403, ''],
      [400, 'Org or AppId must be defined.'],
      [400, 'AppId must be defined.'],
      [403, ''],
      [400, ''],
    ])
  })

  test('is newest first, and oldest first when asked', async () => {
    expect(await listed('?org=ttd')).toEqual([2, 1, 0])
    expect(await listed('?org=ttd&order=asc:lastChanged')).toEqual([0, 1, 2])
  })

  test('is filtered by app, owner, state and time', async () => {
    const { instance } = submitted[0] ?? fail()
    const partyId = instance.instanceOwner.partyId
    expect(await listed('?appId=ttd/first')).toEqual([1, 0])
    expect(await listed(`?org=ttd&instanceOwner.partyId=${partyId}`)).toEqual([2, 1, 0])
    expect(await listed('?org=ttd&instanceOwner.partyId=1')).toEqual([])
    expect(await listed('?org=ttd&process.isComplete=true&status.isArchived=true')).toEqual([2, 1, 0])
    expect(await listed('?org=ttd&process.isComplete=false')).toEqual([])
    expect(await listed(`?org=ttd&created=gt:${instance.created}`)).toEqual([2, 1])
    expect(await listed(`?org=ttd&created=lte:${instance.created}`)).toEqual([0])
    expect((await get('?org=ttd&created=gt:yesterday')).status).toBe(400)
  })

  test('comes in pages, each naming the next, until next is null', async () => {
    const first = await readJson(await get('?org=ttd&size=2'))
    expect(first).toMatchObject({ count: 2, self: `${emulator.altinn.url}/storage/api/v1/instances?org=ttd&size=2` })
    const next = String(first['next'])
    const second = await readJson(await fetch(next, { headers: { authorization: `Bearer ${token}` } }))
    expect(second).toMatchObject({ count: 1, next: null, instances: [{ id: submitted[0]?.instance.id }] })
  })
})

describe('one instance', () => {
  test('is read by both of its paths, without null members', async () => {
    const { instance, partyId, instanceGuid } = submitted[0] ?? fail()
    const text = await (await get(`/${instanceGuid}`)).text()
    expect(JSON.parse(text)).toEqual(instance)
    expect(text).not.toContain('null')
    expect(await readJson(await get(`/${partyId}/${instanceGuid}`))).toEqual(JSON.parse(text))
  })

  test('that does not exist, or belongs to another party, is not found', async () => {
    const guid = '24db4c62-4472-4f8b-a692-e7ddafdca7d1'
    const missing = await get(`/${guid}`)
    expect([missing.status, await missing.text()]).toEqual([404, `Unable to find instance ${guid}`])
    expect((await get(`/1/${submitted[0]?.instanceGuid}`)).status).toBe(404)
  })

  test("of another organisation's app is forbidden", async () => {
    expect((await get(`/${submitted[3]?.instanceGuid}`)).status).toBe(403)
  })

  test('gives its data byte for byte, with its content type', async () => {
    const { instance, dataGuid } = submitted[0] ?? fail()
    const data = await get(`/${instance.id}/data/${dataGuid}`)
    expect([data.headers.get('content-type'), await data.text()]).toEqual(['application/xml', form])
    expect((await get(`/${instance.id}/data/${instance.id.split('/')[1]}`)).status).toBe(404)
  })

  test('is confirmed once by its organisation, and then left out of excludeConfirmedBy', async () => {
    const { instance } = submitted[2] ?? fail()
    const confirm = async (): Promise<Record<string, unknown>> =>
      readJson(
        await fetch(`${emulator.altinn.url}/storage/api/v1/instances/${instance.id}/complete`, {
          method: 'POST',
          headers: { authorization: `Bearer ${token}` },
        }),
      )
    const once = await confirm()
    emulator.clock.advance(1000)
    expect(once['completeConfirmations']).toEqual([{ stakeholderId: 'ttd', confirmedOn: expect.any(String) }])
    expect(await confirm()).toEqual(once)
    expect(await listed('?org=ttd&excludeConfirmedBy=ttd')).not.toContain(2)
    expect(await listed('?org=ttd&confirmed=true')).toEqual([2])
  })
})

test('a token is dead in Storage the second it ends', async () => {
  await using later = await startEmulator({ clock: { stopped: true } })
  const short = await altinnTokenFor(
    later,
    await later.registerClient({ scopes: ['altinn:serviceowner/instances.read'] }),
  )
  const status = async (): Promise<number> => {
    const url = `${later.altinn.url}/storage/api/v1/instances?org=ttd`
    return (await fetch(url, { headers: { authorization: `Bearer ${short}` } })).status
  }
  later.clock.advance(1_799_000)
  expect(await status()).toBe(200)
  later.clock.advance(1000)
  expect(await status()).toBe(401)
})

describe('the events', () => {
  const poll = (query: string, bearer = token): Promise<Response> =>
    fetch(`${emulator.altinn.url}/events/api/v1/app/ttd/first${query}`, {
      headers: { authorization: `Bearer ${bearer}` },
    })

  test('of an app are polled page by page', async () => {
    const page = await poll('?from=2020-01-01T00:00:00Z&size=1')
    expect(await page.json()).toEqual([submitted[0]?.event])
    const next = await fetch(page.headers.get('next') ?? '', { headers: { authorization: `Bearer ${token}` } })
    expect(await next.json()).toEqual([submitted[1]?.event])
    const last = await poll(`?after=${submitted[1]?.event.id}`)
    expect([await last.json(), last.headers.get('next')]).toEqual([[], null])
  })

  test('say what happened to which instance of whom', () => {
    const { instance, partyId, event } = submitted[0] ?? fail()
    expect(event).toEqual({
      specversion: '1.0',
      id: expect.any(String),
      time: instance.created,
      type: 'app.instance.process.completed',
      source: `${emulator.altinn.url}/ttd/first/instances/${instance.id}`,
      subject: `/party/${partyId}`,
      alternativesubject: `/person/${person}`,
      resource: 'urn:altinn:resource:app_ttd_first',
      resourceinstance: instance.id,
    })
  })

  test('are refused in the words of the real one', async () => {
    const plain = await emulator.registerClient({ scopes: ['altinn:events.subscribe'] })
    const noOrg = await (await exchange(emulator, await tokenFor(emulator, plain))).text()
    const answers = [
      poll('?from=2020-01-01T00:00:00Z', noOrg),
      poll(''),
      poll('?from=2020-01-01T00:00:00'),
      poll('?after=x&size=0'),
    ]
    expect(
      await Promise.all(answers.map(async (answer) => [(await answer).status, await (await answer).text()])),
    ).toEqual([
      [401, 'Only orgs can call this api'],
      [400, "The 'From' or 'After' parameter must be defined."],
      [400, "The 'From' parameter must specify timezone. E.g. 2022-07-07T11:00:53.3917Z for UTC"],
      [400, "The 'Size' parameter must be a number larger that 0."],
    ])
  })
})

test.each([
  ['a real person', { person: '20114695016' }],
  ['nobody', {}],
  ['two', { person, organisation: '310702641' }],
])('submit refuses %s as the one who submits', async (_what, who) => {
  await expect(emulator.altinn.submit({ org: 'ttd', app: 'app', data: 'x', ...who })).rejects.toThrow(TypeError)
})

function fail(): never {
  throw new Error('nothing was submitted')
}
