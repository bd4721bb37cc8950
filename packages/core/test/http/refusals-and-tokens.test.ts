// One question to an endpoint: which answer is the token's, which is a refusal, and which may pass.
import { describe, expect, it, vi } from 'vitest'
import { type Endpoint, ask, tokenIn } from '../../src/http/ask.ts'
import { AttemptFailed } from '../../src/http/attempt-failed.ts'
import { type Answer, send } from '../../src/http/send.ts'
import { Time } from '../../src/time.ts'

const SECRET = 'assertion=eyJhbGciOiJSUzI1NiJ9.CANARY'
const time = new Time({ now: () => 1_000, monotonic: () => 5 })
const signal = new AbortController().signal
const init = { method: 'POST', headers: {}, body: SECRET } as const
const TRACE = '0123456789abcdef0123456789abcdef'

function endpoint(gives: Endpoint['gives'], known?: string): Endpoint {
  const by = ' for the client c'
  return { gives, by, classify: () => 'key', explain: () => known, otherwise: 'look it up' }
}

async function answered(
  response: Response | Error,
  { gives = 'token', known }: { gives?: Endpoint['gives']; known?: string } = {},
): Promise<Answer | AttemptFailed> {
  const fetch = async (): Promise<Response> => {
    if (response instanceof Error) throw response
    return response
  }
  const address = 'https://a.example/token?key=CANARY'
  return ask({ fetch, time }, endpoint(gives, known), address, init, SECRET, signal).catch((error: unknown) => {
    if (error instanceof AttemptFailed) return error
    throw error
  })
}
const refusal = (error: object, status = 400, headers = {}): Response =>
  new Response(JSON.stringify(error), { status, headers })

describe('a question', () => {
  it.each([200, 201, 299])('is answered by %d', async (status) => {
    expect(await answered(new Response('{"access_token":"x"}', { status }))).toMatchObject({
      status,
      text: '{"access_token":"x"}',
      place: 'https://a.example/token',
    })
  })

  it.each(['{"error":""}', '{"error":5}', '{"error":null}', 'error'])('is answered by 200 with %s', async (text) => {
    expect(await answered(new Response(text))).toMatchObject({ text })
  })

  it('is refused by an OAuth error in a 200', async () => {
    expect(await answered(refusal({ error: 'invalid_scope' }, 200))).toMatchObject({
      refusal: 'key',
      error: { code: 'token_refused', status: 200, oauthError: 'invalid_scope', retryable: false },
    })
  })

  it.each(['token', 'exchange'] as const)('to the %s endpoint is refused by what it calls an error', async (gives) => {
    const body = {
      error: 'invalid_grant',
      error_description: `No (trace_id: ${TRACE})`,
      error_uri: 'https://x.no/errors/MP-110',
    }
    const failed = await answered(refusal(body), { gives })
    expect(failed).toMatchObject({
      refusal: 'key',
      error: {
        code: `${gives}_refused`,
        message: expect.stringContaining(
          `${gives} refused by https://a.example/token for the client c: invalid_grant (MP-110); look it up. The server's words: "No (trace_id: ${TRACE})"`,
        ),
        hint: 'look it up',
        mpCode: 'MP-110',
        traceId: TRACE,
        retryable: false,
      },
    })
    expect((failed as AttemptFailed).error).not.toHaveProperty('detail', 'REDIRECT')
  })

  it('has the way out that is known for the refusal, else that of the status, else the common one', async () => {
    expect(await answered(refusal({}, 404), { known: 'known' })).toMatchObject({ error: { hint: 'known' } })
    expect(await answered(refusal({}, 404))).toMatchObject({
      error: { hint: expect.stringContaining('at this path') },
    })
    expect(await answered(refusal({ error: 'x' }, 404))).toMatchObject({ error: { hint: 'look it up' } })
    expect(await answered(refusal({}, 400))).toMatchObject({
      error: { hint: 'look it up', message: expect.stringContaining(': status 400') },
    })
  })

  it('tells of no words beside an error without a name', async () => {
    const { error } = (await answered(refusal({ error_description: 'only words' }))) as AttemptFailed
    expect(error.message).not.toContain('only words')
    expect(error.description).toBe('only words')
    const bare = (await answered(refusal({ error: 'invalid_client' }))) as AttemptFailed
    expect(bare.error.message).toContain('invalid_client; look it up. The server\'s words: "{')
  })

  it.each([
    ['token', 401, false],
    ['exchange', 401, true],
    ['exchange', 403, false],
    ['exchange', 400, false],
  ] as const)('to the %s endpoint that is answered %d may pass: %j', async (gives, status, retryable) => {
    expect(await answered(refusal({}, status), { gives })).toMatchObject({
      error: { code: `${gives}_refused`, retryable },
    })
  })

  it.each([429, 500, 503, 599])('that is answered %d is no refusal, and may pass', async (status) => {
    const failed = await answered(refusal({ error: 'x', error_description: 'y' }, status, { 'retry-after': '7' }))
    expect(failed).toMatchObject({
      refusal: undefined,
      retryAfterMs: 7_000,
      durationMs: 0,
      error: {
        code: 'token_unavailable',
        message: expect.stringContaining(`https://a.example/token answered ${status}`),
        hint: expect.stringContaining('later'),
        status,
        retryable: true,
        oauthError: 'x',
      },
    })
  })

  it.each([428, 430, 499])('that is answered %d is refused', async (status) => {
    expect(await answered(refusal({}, status))).toMatchObject({ error: { code: 'token_refused' }, refusal: 'key' })
  })

  it('that a gateway answers tells of the gateway', async () => {
    const page = new Response('<html>Bad Gateway</html>', { status: 502 })
    expect(await answered(page)).toMatchObject({
      error: { message: expect.stringContaining('cannot reach https://a.example/token: the gateway before it') },
    })
  })

  it('that a firewall answers tells of the firewall and its id, and not of the client', async () => {
    const page = new Response('<html>Request rejected. Support ID: 1234567</html>', { status: 403 })
    const { error } = (await answered(page)) as AttemptFailed
    expect(error).toMatchObject({
      code: 'token_refused',
      traceId: '1234567',
      message: expect.stringContaining('refused by https://a.example/token: a firewall answered 403'),
      hint: expect.stringContaining('operators'),
    })
    expect(error.message).not.toContain('client c')
  })

  it('that is redirected is refused, and no other key helps', async () => {
    const moved = new Response('', { status: 302, headers: { location: 'https://b.example/' } })
    expect(await answered(moved)).toMatchObject({ refusal: 'other', error: { detail: 'REDIRECT', status: 302 } })
    expect(await answered(refusal({}, 400))).toMatchObject({ refusal: 'key' })
  })

  it.each([0, 199, 300])('is not answered by %d, whatever stands there', async (status) => {
    const fetch = async (): Promise<Response> =>
      ({ status, headers: new Headers(), text: async () => '{"access_token":"x"}' }) as Response
    const failed = ask({ fetch, time }, endpoint('token'), 'https://a.example/token', init, SECRET, signal)
    await expect(failed).rejects.toMatchObject({ error: { code: 'token_refused', detail: 'REDIRECT' } })
  })

  it('that no answer comes to may pass', async () => {
    const cut = Object.assign(new Error('CANARY'), { code: 'ECONNRESET' })
    const failed = await answered(cut, { gives: 'exchange' })
    expect(failed).toMatchObject({
      refusal: undefined,
      durationMs: undefined,
      error: { code: 'exchange_unavailable', detail: 'NETWORK', retryable: true },
    })
    expect((failed as AttemptFailed).error.message).not.toContain('CANARY')
  })

  it('in a runtime without a fetch says what to give', async () => {
    vi.stubGlobal('fetch', undefined)
    const sent = send({ fetch: undefined, time }, 'https://a.example/token?key=CANARY', init, {
      signal,
      limitMs: 1_000,
      failure: 'exchange_unavailable',
    })
    await expect(sent.finally(() => vi.unstubAllGlobals())).rejects.toMatchObject({
      code: 'exchange_unavailable',
      detail: 'FETCH',
      message: expect.stringMatching(/https:\/\/a\.example\/token.*no fetch/),
      hint: expect.stringContaining('option fetch'),
    })
  })

  it('is sent as it was given, and its answer timed on the line of time', async () => {
    const asked: unknown[] = []
    const answer = await send(
      {
        fetch: async (...all) => {
          asked.push(...all)
          return new Response('{}', { headers: { date: 'x' } })
        },
        time,
        onSend: () => expect.fail('only the runtime’s own fetch obeys a proxy'),
      },
      'https://a.example/token?key=CANARY',
      init,
      { signal, limitMs: 1_000, failure: 'token_unavailable' },
    )
    expect(asked).toEqual([
      'https://a.example/token?key=CANARY',
      { ...init, redirect: 'manual', signal: expect.any(AbortSignal) },
    ])
    expect(answer).toMatchObject({
      place: 'https://a.example/token',
      sentAt: time.now,
      receivedAt: 1_000,
      durationMs: 0,
    })
    expect(answer.header('date')).toBe('x')
    expect(answer.header('absent')).toBeNull()
  })
})

describe('the body of an answer', () => {
  const MIB = 1_048_576
  const of = (body: object): Promise<unknown> =>
    send(
      { fetch: async () => ({ status: 200, headers: new Headers(), ...body }) as Response, time },
      'https://a.example/token',
      init,
      { signal, limitMs: 1_000, failure: 'token_unavailable' },
    ).catch((error: unknown) => error)
  async function* chunks(...all: readonly (string | Uint8Array)[]): AsyncGenerator<string | Uint8Array> {
    yield* all
  }
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

  it('may be 1 MiB and not a byte more, as a text or in pieces', async () => {
    const longest = 'x'.repeat(MIB)
    for (const body of [{ text: async () => longest }, { body: chunks('x', 'x'.repeat(MIB - 1)) }])
      expect(await of(body)).toMatchObject({ text: longest })
    for (const body of [{ text: async () => `${longest}x` }, { body: chunks('xx', 'x'.repeat(MIB - 1)) }])
      expect(await of(body)).toMatchObject({
        code: 'token_unavailable',
        detail: 'TOO_LARGE',
        status: 200,
        retryable: true,
        message: expect.stringContaining('1 MiB'),
        hint: expect.stringContaining('proxy'),
      })
  })

  it('is put together from bytes and texts, though a character is cut in two', async () => {
    const [a, b] = [bytes('æ').subarray(0, 1), bytes('æ').subarray(1)]
    expect(await of({ body: chunks('1', a, b, bytes('2')) })).toMatchObject({ text: '1æ2' })
    expect(await of({ body: chunks('1', a) })).toMatchObject({ text: '1\uFFFD' })
    expect(await of({ body: chunks() })).toMatchObject({ text: '' })
  })

  it.each(['locked', 'readableDidRead'])('is asked for as a text where the stream is %s', async (state) => {
    const body = Object.assign(chunks('stream'), { [state]: true })
    expect(await of({ body, text: async () => 'text' })).toMatchObject({ text: 'text' })
    Object.assign(body, { [state]: false })
    expect(await of({ body, text: async () => 'text' })).toMatchObject({ text: 'stream' })
  })

  it.each([undefined, null, 'a body', {}])('is asked for as a text where `body` is %j', async (body) => {
    expect(await of({ body, text: async () => 'text' })).toMatchObject({ text: 'text' })
  })

  it('of an iterator that cannot be ended is ended all the same', async () => {
    const next = async (): Promise<object> => ({ done: false, value: 'x'.repeat(MIB + 1) })
    expect(await of({ body: { [Symbol.asyncIterator]: () => ({ next }) } })).toMatchObject({ detail: 'TOO_LARGE' })
  })

  it('is left behind, and that it ends badly harms nobody', async () => {
    let isLeft = false
    const body = {
      [Symbol.asyncIterator]: () => ({
        next: async () => ({ done: false, value: 'x'.repeat(MIB + 1) }),
        return: () => {
          isLeft = true
          return Promise.reject(new Error('already gone'))
        },
      }),
    }
    expect(await of({ body })).toMatchObject({ detail: 'TOO_LARGE' })
    expect(isLeft).toBe(true)
  })
})

describe('the token of an answer', () => {
  const answerOf = (text: string, status = 200): Answer => ({
    place: 'https://a.example/token',
    status,
    text,
    header: () => null,
    sentAt: 0,
    receivedAt: 0,
    durationMs: 3,
  })
  const of = (value: unknown, answer: Answer, gives: Endpoint['gives'] = 'token'): unknown => {
    try {
      return tokenIn(value, answer, gives, SECRET)
    } catch (error) {
      return error
    }
  }

  it('is a text in the alphabet of tokens; that of the exchange has its form too', () => {
    expect(of('short', answerOf('{}'))).toBe('short')
    expect(of('a.b.c', answerOf('a.b.c'), 'exchange')).toBe('a.b.c')
    expect(of('short', answerOf('short'), 'exchange')).toMatchObject({ error: { code: 'exchange_unavailable' } })
  })

  it.each<[string, unknown, Answer, string]>([
    ['with another status', 'a.b.c', answerOf('{"access_token":"a.b.c"}', 201), 'only a 200'],
    ['that is empty', undefined, answerOf(' \uFEFF \n'), 'empty'],
    ['that is cut short', undefined, answerOf('{"access_token":"a.'), 'cut short'],
    ['that is a text cut short', undefined, answerOf('"a.b'), 'cut short'],
    ['that is a list cut short', undefined, answerOf('["a'), 'cut short'],
    ['with something behind it', undefined, answerOf('{"a":1} x'), 'cut short'],
    ['with a word in its place', 'not a token', answerOf('{"access_token":"not a token"}'), 'form of a token'],
    ['with a number in its place', 5, answerOf('{"access_token":5}'), 'has none'],
    ['with nothing in its place', '', answerOf('{"access_token":""}'), 'has none'],
    ['that is no JSON', undefined, answerOf('OK'), 'has none'],
    ['that is a page', undefined, answerOf('<html>Welcome</html>'), 'a web page'],
  ])('is not in an answer %s', (_name, value, answer, why) => {
    const failed = of(value, answer)
    expect(failed).toMatchObject({
      refusal: undefined,
      durationMs: 3,
      error: {
        code: 'token_unavailable',
        detail: 'NO_TOKEN',
        retryable: true,
        status: answer.status,
        message: expect.stringContaining(why),
        hint: expect.stringContaining(why === 'a web page' ? 'captive portal' : 'check the address'),
      },
    })
    expect((failed as AttemptFailed).error.message).toContain(
      `${answer.place} answered ${answer.status} without a token`,
    )
  })

  it('carries the id of a firewall that answered in its place', () => {
    expect(of(undefined, answerOf('<html>Request rejected, support id: 1234567'))).toMatchObject({
      error: { traceId: '1234567' },
    })
  })
})
