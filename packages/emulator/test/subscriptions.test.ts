import dns from 'node:dns'
import {
  type EmulatedClient,
  type Emulator,
  type LogEntry,
  startEmulator,
  type Subscription,
} from '@maskinporten-kit/emulator'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { altinnTokenFor, exchange, readJson, tokenFor } from './sign-grant.ts'
import { startSubscriber, type Subscriber } from './subscriber.ts'

const scopes = ['altinn:serviceowner/instances.read', 'altinn:events.subscribe']
const customer = '310702641'
const validation = 'platform.events.validatesubscription'

let emulator: Emulator
let subscriber: Subscriber
let token: string
let log: LogEntry[]
let stop: () => void
beforeAll(async () => {
  emulator = await startEmulator({ clock: { startAt: 1_900_000_000_000, stopped: true } })
})
afterAll(() => emulator.close())
beforeEach(async () => {
  await emulator.reset()
  subscriber = await startSubscriber()
  token = await altinnTokenFor(emulator, await emulator.registerClient({ scopes }))
  log = []
  stop = emulator.log((entry) => log.push(entry))
})
afterEach(async () => {
  stop()
  await subscriber[Symbol.asyncDispose]()
})

const base = (): string => `${emulator.altinn.url}/events/api/v1/subscriptions`
const call = (method: string, path = '', body?: unknown, bearer = token): Promise<Response> =>
  fetch(`${base()}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${bearer}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
const subscribe = (more: object = {}, bearer?: string): Promise<Response> =>
  call('POST', '', { endPoint: subscriber.url, resourceFilter: 'urn:altinn:resource:app_ttd_app', ...more }, bearer)
const statusAndText = async (response: Response): Promise<unknown> => [response.status, await response.text()]
const types = (): string[] => subscriber.got.map(({ type }) => type)
const validated = (): Promise<void> => vi.waitFor(() => expect(types()).toContain(validation))
const messages = (): string[] => log.flatMap((entry) => (entry.kind === 'delivery' ? [entry.message] : []))
/** When it has been logged, it has been done. */
const heard = (count: number): Promise<void> => vi.waitFor(() => expect(messages()).toHaveLength(count))
const submit = (app = 'app', organisation = customer) =>
  emulator.altinn.submit({ org: 'ttd', app, organisation, data: 'x' })

/** An exchanged token that names a system user of the customer. */
async function systemUserToken(resources: readonly string[]): Promise<{ bearer: string; systemUserId: string }> {
  const client: EmulatedClient = await emulator.registerClient({ scopes: ['altinn:events.subscribe'] })
  const clientIds = [client.clientId]
  const { systemUserId } = emulator.maskinporten.addSystemUser({
    orgNumber: customer,
    clientIds,
    systemId: 'x',
    resources,
  })
  const systemuser_org = { authority: 'iso6523-actorid-upis', ID: `0192:${customer}` }
  const claims = { authorization_details: [{ type: 'urn:altinn:systemuser', systemuser_org }] }
  const bearer = await (await exchange(emulator, await tokenFor(emulator, client, { claims }))).text()
  return { bearer, systemUserId }
}

describe('a subscription', () => {
  test('is made, validated by a call to its end point, and then gets the events of its app', async () => {
    const made = await subscribe()
    expect(made.status).toBe(201)
    expect(made.headers.get('location')).toBe('/events/api/v1/subscription/1')
    const subscription: unknown = await made.json()
    expect(subscription).toEqual({
      id: 1,
      endPoint: subscriber.url,
      resourceFilter: 'urn:altinn:resource:app_ttd_app',
      consumer: '/org/ttd',
      createdBy: '/org/ttd',
      created: '2030-03-17T17:46:40.000Z',
      validated: false,
      includeSubunits: false,
    })
    await heard(1)
    expect(subscriber.got[0]).toEqual({
      type: validation,
      contentType: 'application/json; charset=utf-8',
      event: { id: expect.any(String), source: `${base()}/1`, type: validation, specversion: '1.0' },
    })
    expect(await readJson(await call('GET', '/1'))).toEqual({ ...Object(subscription), validated: true })
    const { event } = await submit()
    await submit('other')
    await heard(2)
    expect(subscriber.got[1]).toEqual({
      type: 'app.instance.process.completed',
      contentType: 'application/json; charset=utf-8',
      event,
    })
    expect(types()).toHaveLength(2)
  })

  test('that is not validated gets nothing; the validation is tried again when its time has come', async () => {
    subscriber.status = 500
    await subscribe()
    await heard(1)
    await submit()
    subscriber.status = 204
    emulator.clock.advance(999)
    emulator.clock.advance(1)
    await heard(2)
    expect(types()).toEqual([validation, validation])
    expect(messages()).toEqual([
      `${validation} for subscription 1: ${new URL(subscriber.url).origin}/events answered 500; the next attempt is in 1 s`,
      `${validation} for subscription 1: ${new URL(subscriber.url).origin}/events answered 204`,
    ])
    expect(await readJson(await call('GET', '/1'))).toMatchObject({ validated: true })
  })

  test('is given an event again after each delay of the real one, and then no more', async () => {
    await subscribe()
    await heard(1)
    subscriber.status = 503
    await submit()
    await heard(2)
    const delays = [10, 30, 60, 300, 600, 1800, 3600, 10_800, 21_600, 43_200, 43_200]
    for (const [at, delay] of delays.entries()) {
      emulator.clock.advance(delay * 1000 - 1)
      emulator.clock.advance(1)
      await heard(3 + at)
    }
    expect(messages().at(-1)).toMatch(/answered 503; it is given up$/)
    expect(
      messages()
        .slice(1, -1)
        .map((text) => Number(/in (\d+) s$/.exec(text)?.[1])),
    ).toEqual(delays)
    const events = subscriber.got.slice(1).map(({ event }) => Reflect.get(Object(event), 'id'))
    expect([events.length, new Set(events).size]).toEqual([12, 1])
  })

  test('whose end point answers nothing is told so, without its query', async () => {
    await subscribe({ endPoint: 'http://127.0.0.1:1/hook?code=secret' })
    await heard(1)
    expect(messages()[0]).toMatch(
      /http:\/\/127\.0\.0\.1:1\/hook gave no answer \(ECONNREFUSED\); the next attempt is in 1 s$/,
    )
    expect(JSON.stringify(log)).not.toContain('secret')
  })

  test('to an end point that is not on this machine is made, as the real one makes it, and nothing is sent', async () => {
    expect((await subscribe({ endPoint: 'https://example.com/hook' })).status).toBe(201)
    await heard(1)
    expect(messages()[0]).toContain(
      'https://example.com is not on this machine, and the emulator never connects outward',
    )
    emulator.clock.advance(60_000)
    expect(await readJson(await call('GET', '/1'))).toMatchObject({ validated: false })
  })

  test('that is there already is returned, and validated again', async () => {
    await subscribe()
    await heard(1)
    const again = await subscribe()
    expect([again.status, await again.json()]).toEqual([201, expect.objectContaining({ id: 1, validated: true })])
    await heard(2)
    expect(types()).toEqual([validation, validation])
    expect((await readJson(await subscribe({ typeFilter: 'app.instance.created' })))['id']).toBe(2)
  })

  test('is filtered by type and by subject, which is found by the alternative subject', async () => {
    const made = await readJson(
      await subscribe({ typeFilter: 'app.instance.created', alternativeSubjectFilter: `/organisation/${customer}` }),
    )
    await heard(1)
    await submit()
    await emulator.altinn.trigger({ type: 'app.instance.created', org: 'ttd', app: 'app', organisation: '991825827' })
    const mine = { org: 'ttd', app: 'app', organisation: customer }
    const { event } = await emulator.altinn.trigger({ type: 'app.instance.created', ...mine })
    await heard(2)
    expect(subscriber.got.slice(1).map((one) => one.event)).toEqual([event])
    expect([made['subjectFilter'], made['alternativeSubjectFilter']]).toEqual([event.subject, undefined])
  })

  test('of an app by its source has the resource of the app', async () => {
    const sources = [
      'https://ttd.apps.tt02.altinn.no/ttd/app',
      'https://ttd.apps.altinn.no/ttd/app',
      `${emulator.altinn.url}/ttd/app`,
    ]
    for (const sourceFilter of sources) {
      const made = await readJson(await subscribe({ sourceFilter, resourceFilter: undefined }))
      expect(made).toMatchObject({ sourceFilter, resourceFilter: 'urn:altinn:resource:app_ttd_app' })
    }
  })

  test('is listed for its consumer, and deleted; then nothing comes any more', async () => {
    expect(await readJson(await call('GET'))).toEqual({ count: 0, subscriptions: [] })
    await subscribe()
    await heard(1)
    const list: { subscriptions: readonly Subscription[] } = await (await call('GET')).json()
    expect(list).toMatchObject({ count: 1, subscriptions: [{ id: 1, validated: true }] })
    expect(await statusAndText(await call('DELETE', '/1'))).toEqual([200, ''])
    await submit()
    emulator.clock.advance(60_000)
    expect(await statusAndText(await call('DELETE', '/1'))).toEqual([404, ''])
    expect(await statusAndText(await call('GET', '/1'))).toEqual([404, ''])
    expect(types()).toEqual([validation])
  })

  test('belongs to who made it', async () => {
    await subscribe()
    emulator.altinn.addOrganisation(customer, 'mine')
    const other = await emulator.registerClient({ scopes, orgNumber: customer })
    const bearer = await altinnTokenFor(emulator, other)
    expect(await statusAndText(await call('GET', '/1', undefined, bearer))).toEqual([403, ''])
    expect(await statusAndText(await call('DELETE', '/1', undefined, bearer))).toEqual([403, ''])
    expect(emulator.requests('events').at(-1)?.refusal).toEqual({
      rule: 'events_policy',
      compared: { of: 'creator of the subscription', expected: '/org/ttd', received: '/org/mine' },
      reason: 'The subscription is one of /org/ttd, and the token is one of /org/mine.',
    })
    expect(await readJson(await call('GET', '', undefined, bearer))).toEqual({ count: 0, subscriptions: [] })
  })
})

describe('a subscription is refused', () => {
  test.each<readonly [string, object, string]>([
    ['no end point', { endPoint: undefined }, 'Missing or invalid endpoint to push events towards'],
    ['a relative end point', { endPoint: '/hook' }, 'Missing or invalid endpoint to push events towards'],
    [
      'http to another machine',
      { endPoint: 'http://example.com' },
      'Missing or invalid endpoint to push events towards',
    ],
    [
      'a source with http',
      { sourceFilter: 'http://ttd.apps.altinn.no/ttd/app' },
      'SourceFilter must be an absolute URL with the https scheme.',
    ],
    ['no URN', { resourceFilter: 'urn:altinn:resource:app_ttd_å' }, 'Resource filter must be a valid urn'],
    [
      'a source that is no app',
      { sourceFilter: 'https://ttd.apps.altinn.no/ttd', resourceFilter: undefined },
      'A valid app id is required in source filter {environment}/{org}/{app}',
    ],
    [
      'two apps',
      { sourceFilter: 'https://ttd.apps.altinn.no/ttd/other' },
      'Provided resource filter and source filter are not compatible',
    ],
    [
      'a subject that nobody is',
      { alternativeSubjectFilter: '/person/1' },
      'A valid subject to the authenticated identity is required',
    ],
    ['subunits of nobody', { includeSubunits: true }, 'IncludeSubunits requires a subject filter.'],
    [
      'a source of no app',
      { resourceFilter: 'urn:altinn:resource:r', sourceFilter: 'https://example.com/a/b' },
      'Source filter is not supported for subscriptions on this resource.',
    ],
    ['nothing to subscribe to', { resourceFilter: undefined }, 'Resource filter is required.'],
    [
      'an alternative subject without an app',
      { resourceFilter: 'urn:altinn:resource:r', alternativeSubjectFilter: '/org/1' },
      'AlternativeSubject filter is not supported for subscriptions on this resource.',
    ],
  ])('with %s', async (_what, more, text) => {
    const refused = await subscribe(more)
    // Altinn's framework writes a text as JSON.
    expect([refused.status, await refused.json()]).toEqual([400, text])
    expect(emulator.requests('events').at(-1)?.refusal).toEqual({ rule: 'events_request', reason: text })
  })

  test.each<readonly [string, unknown, number]>([
    ['a body that is no JSON', '{', 400],
    ['a body that is no object', [], 400],
    ['a member of the wrong type', { endPoint: 1 }, 400],
  ])('for %s, with a problem', async (_what, body, status) => {
    const refused = await call('POST', '', body)
    expect([refused.status, await readJson(refused)]).toEqual([
      status,
      { title: 'One or more validation errors occurred.', status, errors: expect.any(Object) },
    ])
    const text = await fetch(base(), { method: 'POST', headers: { authorization: `Bearer ${token}` }, body: 'x' })
    expect(text.status).toBe(415)
    expect((await call('GET', '/abc')).status).toBe(400)
  })

  test('without a token, and for a resource without the scope', async () => {
    expect(await statusAndText(await fetch(base()))).toEqual([401, ''])
    const plain = await emulator.registerClient({ scopes: scopes.slice(0, 1) })
    const bearer = await altinnTokenFor(emulator, plain)
    expect(await statusAndText(await subscribe({ resourceFilter: 'urn:altinn:resource:r' }, bearer))).toEqual([403, ''])
    expect((await subscribe({}, bearer)).status).toBe(201)
    expect((await subscribe({ resourceFilter: 'urn:altinn:resource:r' })).status).toBe(201)
  })

  test('for an app of another organisation', async () => {
    const refused = await subscribe({ resourceFilter: 'urn:altinn:resource:app_skd_app' })
    expect([refused.status, await refused.json()]).toEqual([
      403,
      'Not authorized to create a subscription for resource urn:altinn:resource:app_skd_app.',
    ])
    expect(emulator.requests('events').at(-1)?.refusal?.reason).toBe(
      'The subscription is one of skd, and the token is one of ttd.',
    )
  })
})

test('a system user subscribes to what its policy permits, and gets no event more when it is revoked', async () => {
  const { bearer, systemUserId } = await systemUserToken(['app_ttd_app'])
  const withoutSubject = await subscribe({}, bearer)
  expect([withoutSubject.status, await withoutSubject.json()]).toEqual([
    400,
    'A valid subject to the authenticated identity is required',
  ])
  const of = (app: string) => ({
    alternativeSubjectFilter: `/organisation/${customer}`,
    resourceFilter: `urn:altinn:resource:app_ttd_${app}`,
  })
  expect((await subscribe(of('other'), bearer)).status).toBe(403)
  const made = await subscribe(of('app'), bearer)
  expect([made.status, await made.json()]).toEqual([
    201,
    expect.objectContaining({ consumer: `/systemuser/${systemUserId}`, createdBy: `/systemuser/${systemUserId}` }),
  ])
  await heard(1)
  await submit()
  await heard(2)
  emulator.maskinporten.revokeSystemUser(systemUserId)
  await submit()
  emulator.clock.advance(1000)
  expect(types()).toEqual([validation, 'app.instance.process.completed'])
})

test('a person subscribes to the own events of an app', async () => {
  const person = '20914695016'
  const { token: bearer, userId } = await emulator.altinn.issueUserToken({ person })
  const mine = { alternativeSubjectFilter: `/person/${person}` }
  expect(await readJson(await subscribe(mine, bearer))).toMatchObject({ consumer: `/user/${userId}` })
  expect((await subscribe({ alternativeSubjectFilter: `/organisation/${customer}` }, bearer)).status).toBe(403)
  await heard(1)
  await submit()
  const { event } = await emulator.altinn.submit({ org: 'ttd', app: 'app', person, data: 'x' })
  await heard(2)
  expect(subscriber.got[1]?.event).toEqual(event)
})

test('a reset forgets subscriptions and what waits for them', async () => {
  await subscribe()
  await validated()
  subscriber.status = 500
  await submit()
  await heard(2)
  await emulator.reset()
  emulator.clock.advance(10_000)
  token = await altinnTokenFor(emulator, await emulator.registerClient({ scopes }))
  expect(await readJson(await call('GET'))).toEqual({ count: 0, subscriptions: [] })
  expect(types()).toHaveLength(2)
})

describe('the events of an app', () => {
  const mine = { org: 'ttd', app: 'app', organisation: customer }
  const stored = async (guid: string): Promise<Record<string, unknown>> =>
    readJson(
      await fetch(`${emulator.altinn.url}/storage/api/v1/instances/${guid}`, {
        headers: { authorization: `Bearer ${token}` },
      }),
    )

  test('change their instance, from its beginning to its end', async () => {
    const { instance, event } = await emulator.altinn.trigger({ type: 'app.instance.created', ...mine })
    const instanceGuid = instance.id.split('/')[1] ?? ''
    expect(event).toMatchObject({ type: 'app.instance.created', resourceinstance: instance.id })
    expect(await stored(instanceGuid)).toMatchObject({
      process: { currentTask: { elementId: 'Task_1', name: 'Utfylling' } },
      status: { isArchived: false },
    })
    const then = (type: string, more: object = {}) => emulator.altinn.trigger({ type, instanceGuid, ...more })
    await then('app.instance.process.movedTo.Task_2')
    expect(await stored(instanceGuid)).toMatchObject({ process: { currentTask: { elementId: 'Task_2', flow: 3 } } })
    await then('app.instance.substatus.changed', { substatus: { label: 'Godkjent' } })
    const completed = await then('app.instance.process.completed')
    expect(completed.instance).toMatchObject({
      process: { ended: expect.any(String), endEvent: 'EndEvent_1' },
      status: { isArchived: true, substatus: { label: 'Godkjent' } },
    })
    expect(completed.instance.process.currentTask).toBeUndefined()
    // Twice, as events may come.
    expect((await then('app.instance.process.completed')).instance).toEqual(completed.instance)
    await expect(then('app.instance.process.movedTo.Task_2')).rejects.toThrow('has ended')
    expect((await then('app.mine.paid')).event.type).toBe('app.mine.paid')
  })

  test.each<readonly [string, object, string]>([
    ['an unknown instance', { type: 'app.instance.created', instanceGuid: 'x' }, 'no instance has this'],
    ['an instance and an app', { type: 'app.instance.created', instanceGuid: 'x', org: 'ttd' }, 'leave `org`'],
    ['no app', { type: 'app.instance.created' }, 'short name'],
    ['a substatus of another event', { type: 'app.instance.created', ...mine, substatus: { label: 'x' } }, 'substatus'],
    ['no type', { type: 'created', ...mine }, 'the type of an event'],
  ])('cannot be of %s', async (_what, wanted, words) => {
    await expect(emulator.altinn.trigger({ type: '', ...wanted })).rejects.toThrow(words)
  })

  test('are polled by several types, and by one of party, person and unit', async () => {
    for (const type of ['app.instance.created', 'app.instance.process.movedTo.Task_2', 'app.mine.paid']) {
      await emulator.altinn.trigger({ type, ...mine })
    }
    const poll = (query: string, headers: Record<string, string> = {}): Promise<Response> =>
      fetch(`${emulator.altinn.url}/events/api/v1/app/ttd/app?from=2020-01-01T00:00:00Z${query}`, {
        headers: { authorization: `Bearer ${token}`, ...headers },
      })
    const events: readonly { type: string }[] = await (
      await poll('&type=app.mine.paid&type=app.instance.created')
    ).json()
    expect(events.map(({ type }) => type)).toEqual(['app.instance.created', 'app.mine.paid'])
    expect(await (await poll('&party=1', { person: '20914695016' })).text()).toContain(
      "Only one of 'Party' or 'Person'",
    )
    expect(await (await poll(`&party=1&unit=${customer}`)).text()).toContain("Only one of 'Party' or 'Unit'")
    expect(await (await poll('&unit=1')).text()).toContain("Value of 'Unit' needs to be exactly 9 digits.")
  })
})

describe('a delivery', () => {
  test('to localhost goes to loopback, and no resolver is asked', async () => {
    const asked = vi.spyOn(dns, 'lookup')
    await subscribe({ endPoint: subscriber.url.replace('127.0.0.1', 'localhost') })
    await heard(1)
    expect(messages()[0]).toMatch(/answered 200$/)
    expect(asked).not.toHaveBeenCalled()
    asked.mockRestore()
  })

  test('that would wait behind ten thousand others is given up, and the log says so', { timeout: 60_000 }, async () => {
    const subscriptions = 100
    for (let at = 0; at < subscriptions; at += 1) await subscribe({ endPoint: `${subscriber.url}&n=${at}` })
    await heard(subscriptions)
    await subscriber[Symbol.asyncDispose]()
    const events = 101
    for (let at = 0; at < events; at += 1) await submit()
    await vi.waitFor(() => expect(messages()).toHaveLength(subscriptions + subscriptions * events), { timeout: 50_000 })
    const givenUp = messages().filter((message) => message.endsWith('it is given up'))
    expect(givenUp).toHaveLength(100)
    expect(givenUp[0]).toBe(
      `app.instance.process.completed for subscription 1: ${new URL(subscriber.url).origin}/events: 10000 deliveries wait already; it is given up`,
    )
  })
})
