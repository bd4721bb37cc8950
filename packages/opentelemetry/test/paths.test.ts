import { SpanKind, SpanStatusCode, context, trace } from '@opentelemetry/api'
import {
  type ConfigSource,
  type FetchFunction,
  type Maskinporten,
  MaskinportenError,
  type MaskinportenOptions,
  type TokenEngine,
  type TokenStore,
  createMaskinporten,
  createTokenEngine,
  fromObject,
  settingsFrom,
} from '@maskinporten-kit/core'
import { type EmulatedClient, type Emulator, startEmulator } from '@maskinporten-kit/emulator'
import { instrumentMaskinporten } from '@maskinporten-kit/opentelemetry'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { Telemetry, followContexts } from './telemetry.ts'

const scope = 'altinn:serviceowner/instances.read'
const CUSTOMER = '310702641'
const PERSON = '20914695016'
const DAY = 24 * 60 * 60
/** For what a loaded machine is slow at. */
const patience = { timeout: 10_000 }

let emulator: Emulator
let client: EmulatedClient
let telemetry: Telemetry
let stopContexts: () => void
const open: { close(): Promise<void> }[] = []
beforeAll(async () => {
  emulator = await startEmulator()
  client = await emulator.registerClient({ scopes: [scope], orgNumber: '991825827' })
  stopContexts = followContexts()
})
afterAll(async () => {
  stopContexts()
  await emulator.close()
})
beforeEach(() => {
  telemetry = new Telemetry()
  emulator.faults.clear()
})
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()))
})

function start(settings: object = {}, options: MaskinportenOptions = {}): Maskinporten {
  const maskinporten = createMaskinporten(
    { ...client.settings, ...settings },
    {
      clock: emulator.clock,
      ...options,
    },
  )
  open.push(maskinporten)
  instrumentMaskinporten(maskinporten, telemetry)
  return maskinporten
}

/** What a caller's own span, of an HTTP server perhaps, has below it. */
async function inSpan<T>(work: () => Promise<T>): Promise<T> {
  const span = telemetry.tracerProvider.getTracer('app').startSpan('GET /orders')
  return context.with(trace.setSpan(context.active(), span), work).finally(() => span.end())
}

const refusedWith = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  )

describe('a first token', () => {
  it('is a span of the caller’s trace, with the exchange and the Maskinporten token below it', async () => {
    const maskinporten = start()
    await inSpan(() => maskinporten.getToken())
    const [caller] = telemetry.named('GET /orders')
    const [inner, outer] = telemetry.named('maskinporten.token')
    const [exchange] = telemetry.named('maskinporten.exchange')
    const [settings] = telemetry.named('maskinporten.settings.refresh')
    expect(outer?.parentSpanContext?.spanId).toBe(caller?.spanContext().spanId)
    expect(inner?.parentSpanContext?.spanId).toBe(outer?.spanContext().spanId)
    expect(exchange?.parentSpanContext?.spanId).toBe(outer?.spanContext().spanId)
    expect(settings?.parentSpanContext?.spanId).toBe(caller?.spanContext().spanId)
    const { hostname, port } = new URL(emulator.maskinporten.url)
    expect(inner).toMatchObject({
      kind: SpanKind.CLIENT,
      status: { code: SpanStatusCode.UNSET },
      attributes: {
        'maskinporten.kind': 'maskinporten',
        'maskinporten.why': 'missing',
        'maskinporten.outcome': 'success',
        'maskinporten.from': 'server',
        'maskinporten.scopes': scope,
        'maskinporten.token.lifetime': expect.closeTo(120, -1),
        'http.request.method': 'POST',
        'http.response.status_code': 200,
        'server.address': hostname,
        'server.port': Number(port),
      },
    })
    expect(outer).toMatchObject({ kind: SpanKind.INTERNAL, attributes: { 'maskinporten.kind': 'altinn' } })
    expect(exchange).toMatchObject({
      kind: SpanKind.CLIENT,
      attributes: { 'http.request.method': 'GET', 'maskinporten.outcome': 'success' },
    })
  })

  it('is one span for all who wait, in the trace of the first', async () => {
    const maskinporten = start({ exchangeToAltinnToken: false })
    await Promise.all(Array.from({ length: 20 }, () => inSpan(() => maskinporten.getToken())))
    const spans = telemetry.named('maskinporten.token')
    expect(spans).toHaveLength(1)
    expect(spans[0]?.parentSpanContext).toBeDefined()
    expect(await telemetry.read('maskinporten.token.requests')).toEqual({
      'from=server kind=maskinporten outcome=success why=missing': 1,
    })
  })

  it('is counted and timed once, and its age and life are told while it lives', async () => {
    const maskinporten = start()
    await maskinporten.getToken()
    expect(await telemetry.read('maskinporten.token.requests')).toEqual({
      'from=server kind=altinn outcome=success why=missing': 1,
      'from=server kind=maskinporten outcome=success why=missing': 1,
    })
    expect(await telemetry.read('maskinporten.token.duration')).toEqual({
      'from=server kind=altinn outcome=success': 1,
      'from=server kind=maskinporten outcome=success': 1,
    })
    const histogram = (await telemetry.points()).get('maskinporten.token.duration')?.[0]?.value
    expect(histogram).toMatchObject({
      buckets: { boundaries: [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10] },
    })
    expect(await telemetry.read('maskinporten.exchange.requests')).toEqual({
      'http.response.status_code=200 outcome=success': 1,
    })
    expect(await telemetry.read('maskinporten.token.lifetime')).toMatchObject({
      'kind=maskinporten': expect.closeTo(120, -1),
    })
    const age = (await telemetry.read('maskinporten.token.age'))['kind=maskinporten'] ?? Number.NaN
    expect(age).toBeGreaterThanOrEqual(0)
    expect(age).toBeLessThan(30)
    expect(await telemetry.read('maskinporten.health')).toEqual({ '': 0 })
  })
})

describe('later calls', () => {
  it('are counted as hits, and make no span', async () => {
    const maskinporten = start({ exchangeToAltinnToken: false })
    await maskinporten.getToken()
    const { length } = telemetry.spans
    for (let call = 0; call < 5; call++) await inSpan(() => maskinporten.getToken())
    expect(telemetry.spans).toHaveLength(length + 5)
    expect(telemetry.named('GET /orders')).toHaveLength(5)
    expect(await telemetry.read('maskinporten.calls')).toEqual({ 'result=hit': 5, 'result=stale': 0, 'result=miss': 1 })
  })

  it('whose renewal is due are stale, and the renewal is a trace of its own, linked to its caller', async () => {
    const maskinporten = start({ exchangeToAltinnToken: false })
    const first = await maskinporten.getToken()
    emulator.clock.advance(100_000)
    const served = await inSpan(() => maskinporten.getToken())
    expect(served.value).toBe(first.value)
    await expect.poll(() => telemetry.named('maskinporten.token'), patience).toHaveLength(2)
    const [caller] = telemetry.named('GET /orders')
    const renewal = telemetry.named('maskinporten.token')[1]
    expect(renewal?.attributes['maskinporten.why']).toBe('renewal')
    expect(renewal?.parentSpanContext).toBeUndefined()
    expect(renewal?.links.map((link) => link.context.spanId)).toEqual([caller?.spanContext().spanId])
    expect(await telemetry.read('maskinporten.calls')).toMatchObject({ 'result=stale': 1, 'result=miss': 1 })
    expect(await telemetry.read('maskinporten.renewals')).toEqual({ '': 1 })
  })

  it('go on with the valid token while its renewal fails, which the health tells', async () => {
    const maskinporten = start({ exchangeToAltinnToken: false }, { timeoutMs: 3_000 })
    await maskinporten.getToken()
    emulator.clock.advance(100_000)
    emulator.faults.next('token', { status: 503, times: Infinity })
    await maskinporten.getToken()
    await expect.poll(() => telemetry.read('maskinporten.health'), patience).toEqual({ '': 1 })
    expect(telemetry.named('maskinporten.token').at(-1)).toMatchObject({
      status: { code: SpanStatusCode.ERROR },
      attributes: {
        'error.type': 'token_unavailable',
        'http.response.status_code': 503,
        'maskinporten.why': 'renewal',
      },
    })
  })

  it('that an API rejected renew in the caller’s trace', async () => {
    const maskinporten = start({ exchangeToAltinnToken: false })
    const rejected = await maskinporten.getToken()
    await inSpan(() => maskinporten.getToken({}, { rejected }))
    const [caller] = telemetry.named('GET /orders')
    const renewed = telemetry.named('maskinporten.token')[1]
    expect(renewed?.attributes['maskinporten.why']).toBe('rejected')
    expect(renewed?.parentSpanContext?.spanId).toBe(caller?.spanContext().spanId)
  })
})

describe('a failure', () => {
  it('of a refused scope has the MP code and the status', async () => {
    const maskinporten = start({ exchangeToAltinnToken: false })
    emulator.faults.next('token', { error: 'MP-200' })
    expect(await refusedWith(maskinporten.getToken())).toMatchObject({ code: 'token_refused' })
    expect(telemetry.named('maskinporten.token')[0]).toMatchObject({
      status: { code: SpanStatusCode.ERROR },
      attributes: {
        'error.type': 'token_refused',
        'maskinporten.outcome': 'failure',
        'maskinporten.mp_code': 'MP-200',
        'http.response.status_code': 400,
      },
    })
    expect(await telemetry.read('maskinporten.token.requests')).toEqual({
      'error.type=token_refused http.response.status_code=400 kind=maskinporten mp_code=MP-200 outcome=failure why=missing': 1,
    })
    // The MP code would make many series of each histogram.
    expect(Object.keys(await telemetry.read('maskinporten.token.duration'))).toEqual([
      'error.type=token_refused http.response.status_code=400 kind=maskinporten outcome=failure',
    ])
  })

  it.each([401, 503])('of the exchange with %i has its status, on the exchange and on the token', async (status) => {
    const maskinporten = start({}, { timeoutMs: 3_000 })
    emulator.faults.next('exchange', { status, times: Infinity })
    await refusedWith(maskinporten.getToken())
    const type = status === 401 ? 'exchange_refused' : 'exchange_unavailable'
    const expected = { status: { code: SpanStatusCode.ERROR }, attributes: { 'http.response.status_code': status } }
    expect(telemetry.named('maskinporten.exchange')[0]).toMatchObject(expected)
    expect(telemetry.named('maskinporten.token').at(-1)).toMatchObject(expected)
    const counted = await telemetry.read('maskinporten.exchange.requests')
    expect(Object.keys(counted)).toEqual([
      expect.stringMatching(`^error.type=${type.replace('refused', '(refused|unavailable)')} .*code=${status}`),
    ])
    expect(await telemetry.read('maskinporten.token.requests')).toHaveProperty([
      'from=server kind=maskinporten outcome=success why=missing',
    ])
  })

  it('of a rejected key is counted, and the fallback’s token is a success', async () => {
    const other = await emulator.registerClient({ scopes: [scope], clientId: 'another' })
    const keyOf = (encodedJwk = ''): string => encodedJwk
    const tree = (encodedJwk: string): object => ({
      MaskinportenSettings: { ...client.settings, exchangeToAltinnToken: false, encodedJwk },
    })
    let now = tree(keyOf(client.settings.encodedJwk))
    const source: ConfigSource = { name: 'vault', load: (c) => fromObject(now as never, { name: 'vault' }).load(c) }
    const settings = settingsFrom([source], { clock: emulator.clock })
    const maskinporten = createMaskinporten(settings, { clock: emulator.clock })
    open.push(maskinporten)
    instrumentMaskinporten(maskinporten, telemetry)
    await settings.get()
    now = tree(keyOf(other.settings.encodedJwk))
    await settings.refresh('poll')
    await maskinporten.getToken()
    expect(await telemetry.read('maskinporten.key.rejections')).toEqual({ '': 1 })
    expect(await telemetry.read('maskinporten.token.requests')).toEqual({
      'from=server kind=maskinporten outcome=success why=missing': 1,
    })
  })

  it('of the settings is a span with its code, also at a poll, which has no caller', async () => {
    const secret = 'secret-of-the-vault'
    let fails = false
    const source: ConfigSource = {
      name: 'vault',
      load: async (load) => {
        if (fails) throw new Error(secret)
        return fromObject({ MaskinportenSettings: client.settings }).load(load)
      },
    }
    const maskinporten = createMaskinporten(settingsFrom([source]))
    open.push(maskinporten)
    instrumentMaskinporten(maskinporten, telemetry)
    await maskinporten.settings.get()
    fails = true
    await inSpan(() => maskinporten.settings.refresh('poll'))
    const refresh = telemetry.named('maskinporten.settings.refresh')
    expect(refresh).toMatchObject([
      { attributes: { 'maskinporten.why': 'start', 'maskinporten.outcome': 'success' } },
      {
        parentSpanContext: undefined,
        status: { code: SpanStatusCode.ERROR },
        attributes: { 'maskinporten.why': 'poll', 'error.type': 'settings_unavailable' },
      },
    ])
    expect(await telemetry.read('maskinporten.settings.duration')).toEqual({
      'outcome=success why=start': 1,
      'error.type=settings_unavailable outcome=failure why=poll': 1,
    })
    expect(await telemetry.everything()).not.toContain(secret)
  })

  it('of the shared store is counted by operation and reason, and no call fails', async () => {
    const store: TokenStore = {
      get: async () => undefined,
      set: () => Promise.reject(new Error('redis://user:password@host')),
    }
    await start({ exchangeToAltinnToken: false }, { store }).getToken()
    await expect
      .poll(() => telemetry.read('maskinporten.store.failures'), patience)
      .toEqual({ 'operation=set reason=error': 1 })
    expect(await telemetry.everything()).not.toContain('password')
  })

  it('of a wrong clock is counted when it is repaired', async () => {
    await start(
      { exchangeToAltinnToken: false },
      { clock: { now: () => Date.now() - 300_000, monotonic: () => performance.now() } },
    ).getToken()
    expect(await telemetry.read('maskinporten.clock.repairs')).toEqual({ '': 1 })
  })
})

it('a token out of the shared store says so', async () => {
  const kept = new Map<string, Parameters<TokenStore['set']>[1]>()
  const store: TokenStore = {
    get: async (key) => kept.get(key),
    set: async (key, token) => void kept.set(key, token),
  }
  await start({ exchangeToAltinnToken: false }, { store }).getToken()
  await expect.poll(() => kept.size, patience).toBe(1)
  await start({ exchangeToAltinnToken: false }, { store }).getToken()
  expect(telemetry.named('maskinporten.token').map(({ attributes }) => attributes['maskinporten.from'])).toEqual([
    'server',
    'store',
  ])
  expect(telemetry.named('maskinporten.token')[1]?.attributes['http.response.status_code']).toBeUndefined()
  // Two instances of one meter are added up.
  expect(await telemetry.read('maskinporten.calls')).toMatchObject({ 'result=miss': 2 })
  expect(await telemetry.read('maskinporten.store.hits')).toEqual({ '': 1 })
})

it('close() ends what is open, keeps the counts, and tells no ages of what is gone', async () => {
  const maskinporten = start({ exchangeToAltinnToken: false })
  await maskinporten.getToken()
  emulator.faults.next('token', { hang: true, times: Infinity })
  const waiting = refusedWith(maskinporten.getToken({ scopes: scope, resource: 'https://api.example.no' }))
  await maskinporten.close()
  expect(await waiting).toMatchObject({ code: 'closed' })
  expect(telemetry.named('maskinporten.token').map(({ attributes }) => attributes['maskinporten.outcome'])).toEqual([
    'success',
    'abandoned',
  ])
  expect(await telemetry.read('maskinporten.calls')).toMatchObject({ 'result=miss': 2 })
  expect(await telemetry.read('maskinporten.token.age')).toEqual({})
  expect(await telemetry.read('maskinporten.health')).toEqual({})
})

it('the age of the key is a share of its life', async () => {
  const jwk: unknown = JSON.parse(Buffer.from(client.settings.encodedJwk ?? '', 'base64').toString())
  const now = Math.floor(Date.now() / 1000)
  const aged = { ...(jwk as object), iat: now - 30 * DAY, exp: now + 90 * DAY }
  const maskinporten = start({ encodedJwk: Buffer.from(JSON.stringify(aged)).toString('base64') })
  await maskinporten.getToken()
  expect((await telemetry.read('maskinporten.key.age'))['']).toBeCloseTo(0.25, 3)
  expect((await telemetry.read('maskinporten.key.remaining'))['']).toBeCloseTo(90 * DAY, -2)
})

it('takes what createTokenEngine() gives, of which neither address nor key is known', async () => {
  const value = 'platform.token.abcdefghijklmnopqrstuvwxyz0123456789'
  const engine: TokenEngine = createTokenEngine({ fetchToken: async () => ({ value, lifetimeMs: 120_000 }) })
  open.push(engine)
  instrumentMaskinporten(engine, telemetry)
  await engine.getToken({ scopes: 'a:b' })
  const [span] = telemetry.named('maskinporten.token')
  expect(span?.attributes).toMatchObject({ 'maskinporten.from': 'server', 'maskinporten.outcome': 'success' })
  expect(Object.keys(span?.attributes ?? {}).filter((name) => /^(http|server)/.test(name))).toEqual([])
  expect(await telemetry.read('maskinporten.key.age')).toEqual({})
  expect(await telemetry.everything()).not.toContain('abcdefghij')
})

it('of the tokens of several instances, the one with the highest share of its life behind it is reported', async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  try {
    for (const lifetimeMs of [3_600_000, 120_000]) {
      const fetchToken = async () => ({ value: `platform.token.of-${lifetimeMs}-ms`, lifetimeMs })
      const engine = createTokenEngine({ fetchToken })
      open.push(engine)
      instrumentMaskinporten(engine, telemetry)
      await engine.getToken({ scopes: 'a:b' })
      vi.setSystemTime(Date.now() + 60_000)
    }
    expect(Object.values(await telemetry.read('maskinporten.token.lifetime'))).toEqual([120])
    expect(Object.values(await telemetry.read('maskinporten.token.age'))).toEqual([expect.closeTo(60, 0)])
  } finally {
    vi.useRealTimers()
  }
})

it.each([
  ['0123456789abcdef0123456789abcdef', true],
  ['4BF92F35-77B3-4DA6-A3CE-929D0E0E4736', true],
  ['7816544128461234567', true],
  [CUSTOMER, false],
  [PERSON, false],
  [`abc-${PERSON}-abc`, false],
  ['abc', false],
  ['a'.repeat(65), false],
  ['Ola_Nordmann-0123', false],
  ['eyJhbGciOiJSUzI1NiJ9.eyJzY29wZSI6ImEifQ.c2ln', false],
])('the trace id %s goes out: %s', async (traceId, goesOut) => {
  const fetchToken = () => Promise.reject(new MaskinportenError('token_refused', 'refused', { traceId }))
  const engine = createTokenEngine({ fetchToken })
  open.push(engine)
  instrumentMaskinporten(engine, telemetry)
  await refusedWith(engine.getToken({ scopes: 'a:b' }))
  const [span] = telemetry.named('maskinporten.token')
  expect(span?.attributes['error.type']).toBe('token_refused')
  expect(span?.attributes['maskinporten.trace_id']).toBe(goesOut ? traceId : undefined)
})

describe('organisation numbers', () => {
  const ask = (maskinporten: Maskinporten): Promise<unknown> =>
    refusedWith(
      maskinporten.getToken({
        consumerOrg: CUSTOMER,
        systemUser: { org: '311169963' },
        kind: 'maskinporten',
      }),
    )

  it('stay here, also those in the words of a refusal', async () => {
    await ask(start())
    const told = await telemetry.everything()
    for (const number of [CUSTOMER, '311169963', '991825827']) expect(told).not.toContain(number)
  })

  it('go out when asked for, on token spans and their counter', async () => {
    const maskinporten = createMaskinporten(client.settings)
    open.push(maskinporten)
    instrumentMaskinporten(maskinporten, { ...providersOf(telemetry), organisations: true })
    await ask(maskinporten)
    expect(telemetry.named('maskinporten.token')[0]?.attributes).toMatchObject({
      'maskinporten.consumer_org': CUSTOMER,
      'maskinporten.systemuser_org': '311169963',
    })
    expect(Object.keys(await telemetry.read('maskinporten.token.requests'))[0]).toContain(`consumer_org=${CUSTOMER}`)
    expect(Object.keys(await telemetry.read('maskinporten.token.duration'))[0]).not.toContain(CUSTOMER)
  })
})

it('with altinnNames the names are those of Altinn’s app library', async () => {
  const maskinporten = createMaskinporten(client.settings)
  open.push(maskinporten)
  instrumentMaskinporten(maskinporten, { ...providersOf(telemetry), altinnNames: true })
  await maskinporten.getToken()
  await maskinporten.getToken()
  emulator.faults.next('token', { error: 'MP-200' })
  await refusedWith(maskinporten.getToken({ kind: 'maskinporten', scopes: 'x:y' }))
  expect(telemetry.spans.map(({ name }) => name)).toEqual([
    'maskinporten.settings.refresh',
    'Maskinporten.GetAccessToken',
    'maskinporten.exchange',
    'Maskinporten.GetAltinnExchangedAccessToken',
    'Maskinporten.GetAccessToken',
  ])
  expect(await telemetry.read('altinn_app_lib_maskinporten_token_requests')).toEqual({
    'result=cached': 0,
    'result=new': 1,
    'result=error': 1,
  })
  expect(await telemetry.read('altinn_app_lib_maskinporten_altinn_exchange_requests')).toEqual({
    'result=cached': 1,
    'result=new': 1,
    'result=error': 0,
  })
})

it('no token, assertion, key, client id or person leaves on any path', async () => {
  const values: string[] = []
  const keep = async (work: Promise<{ value: string }>): Promise<void> => {
    await work.then(
      ({ value }) => values.push(value),
      () => undefined,
    )
  }
  const bodies: string[] = []
  const fetchAndKeep: FetchFunction = async (url, init) => {
    bodies.push(init.body ?? '')
    const answer = await fetch(url, init)
    bodies.push(await answer.clone().text())
    return answer
  }
  const echo = {
    status: 400,
    body: { error: 'invalid_grant', error_description: `${PERSON} ${CUSTOMER} canary-words` },
  }
  const maskinporten = start({}, { timeoutMs: 3_000, fetch: fetchAndKeep })
  await keep(maskinporten.getToken())
  await keep(maskinporten.getToken({ kind: 'maskinporten' }))
  await keep(maskinporten.getToken({ kind: 'maskinporten', pid: PERSON }))
  await keep(maskinporten.getToken({ scopes: `kommune:${CUSTOMER}.read` }))
  emulator.faults.next('token', echo)
  await keep(maskinporten.getToken({ kind: 'maskinporten', scopes: 'c:d', consumerOrg: CUSTOMER }))
  emulator.faults.next('exchange', { ...echo, times: 3 })
  await keep(maskinporten.getToken({ kind: 'altinn', resource: 'https://api.example.no' }))
  const told = await telemetry.everything()
  const secrets = [...values, ...bodies, client.settings.encodedJwk ?? ''].flatMap(
    (text) => text.match(/[\w-]{16,}/g) ?? [],
  )
  expect(secrets.length).toBeGreaterThan(20)
  // What Digdir's support asks for is told.
  const traceIds = telemetry.spans.map(({ attributes }) => attributes['maskinporten.trace_id'])
  expect(secrets.filter((secret) => told.includes(secret) && !traceIds.includes(secret))).toEqual([])
  for (const canary of [PERSON, CUSTOMER, 'canary-words', client.clientId]) expect(told).not.toContain(canary)
})

function providersOf({
  meterProvider,
  tracerProvider,
}: Telemetry): Pick<Telemetry, 'meterProvider' | 'tracerProvider'> {
  return { meterProvider, tracerProvider }
}
