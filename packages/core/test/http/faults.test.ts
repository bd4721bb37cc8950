// Why a request got no answer, and how a wait for one ends.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { MaskinportenError } from '../../src/errors.ts'
import { AttemptFailed, failAttempt } from '../../src/http/attempt-failed.ts'
import { bounded } from '../../src/http/bounded.ts'
import { isHostInterruption } from '../../src/http/host-interruption.ts'
import { noAnswer } from '../../src/http/no-answer.ts'
import { pause, startTimer } from '../../src/timer.ts'

const told = (error: unknown): ReturnType<typeof noAnswer> => noAnswer(error, 'https://a.example/', 'x')
const coded = (code: unknown): Error => Object.assign(new Error('CANARY'), { code })

describe('a code of the network', () => {
  it.each([
    ['SELF_SIGNED_CERT_IN_CHAIN', 'TLS', 'not trusted'],
    ['UNABLE_TO_GET_ISSUER_CERT', 'TLS', 'not trusted'],
    ['CERT_UNTRUSTED', 'TLS', 'not trusted'],
    ['CERT_SIGNATURE_FAILURE', 'TLS', 'not trusted'],
    ['INVALID_CA', 'TLS', 'not trusted'],
    ['UnknownIssuer', 'TLS', 'not trusted'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'TLS', 'another host'],
    ['HOSTNAME_MISMATCH', 'TLS', 'another host'],
    ['CERT_HAS_EXPIRED', 'TLS', 'date of this machine'],
    ['CERT_NOT_YET_VALID', 'TLS', 'date of this machine'],
    ['EPROTO', 'TLS', 'both sides know'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'TLS', 'both sides know'],
    ['ERR_TLS_X', 'TLS', 'both sides know'],
    ['ENOTFOUND', 'NETWORK', 'DNS'],
    ['EAI_AGAIN', 'NETWORK', 'DNS'],
    ['ENODATA', 'NETWORK', 'DNS'],
    ['ECONNREFUSED', 'NETWORK', 'nothing listens'],
    ['ConnectionRefused', 'NETWORK', 'nothing listens'],
    ['FailedToOpenSocket', 'NETWORK', 'nothing listens'],
    ['EMFILE', 'NETWORK', 'too many files'],
    ['ENFILE', 'NETWORK', 'too many files'],
    ['ENOBUFS', 'NETWORK', 'too many files'],
    ['ENETUNREACH', 'NETWORK', 'no route'],
    ['EHOSTUNREACH', 'NETWORK', 'no route'],
    ['ENETDOWN', 'NETWORK', 'no route'],
    ['EADDRNOTAVAIL', 'NETWORK', 'no route'],
    ['ETIMEDOUT', 'NETWORK', 'in time'],
    ['UND_ERR_HEADERS_TIMEOUT', 'NETWORK', 'in time'],
    ['Timeout', 'NETWORK', 'in time'],
    ['Z_DATA_ERROR', 'NETWORK', 'not the HTTP'],
    ['HPE_INVALID_VERSION', 'NETWORK', 'not the HTTP'],
    ['UND_ERR_HEADERS_OVERFLOW', 'NETWORK', 'not the HTTP'],
    ['ERR_CONTENT_DECODING_FAILED', 'NETWORK', 'not the HTTP'],
    ['ECONNRESET', 'NETWORK', 'was cut'],
    ['EPIPE', 'NETWORK', 'was cut'],
    ['UND_ERR_SOCKET', 'NETWORK', 'was cut'],
    ['ERR_STREAM_PREMATURE_CLOSE', 'NETWORK', 'was cut'],
    ['UND_ERR_RES_CONTENT_LENGTH_MISMATCH', 'NETWORK', 'was cut'],
    ['ConnectionClosed', 'NETWORK', 'was cut'],
    ['ERR_HTTP2_ERROR', 'NETWORK', 'check the network'],
    ['ERR_QUIC_ERROR', 'NETWORK', 'check the network'],
    ['E2BIG', 'NETWORK', 'check the network'],
  ])('%s is %s: %s', (code, detail, words) => {
    for (const error of [coded(code), new TypeError('fetch failed', { cause: coded(code) })])
      expect(told(error)).toEqual({ why: code, hint: expect.stringContaining(words), detail })
  })

  it.each([
    'UND_ERR_INVALID_ARG',
    'ERR_INVALID_URL',
    'ECONNRESETx',
    'xECONNRESET',
    'ERR_HTTP2_',
    'Timeouts',
    'xTimeout',
  ])('%s is the fetch’s own', (code) => {
    expect(told(coded(code))).toEqual({
      why: `the fetch threw Error, ${code}`,
      hint: expect.stringContaining('option fetch'),
      detail: 'FETCH',
    })
  })

  it.each(['EX', 'E'.repeat(41), 'ECONN RESET', ' ECONNRESET', 'ECONNRESET ', 5, null])(
    'is not %j, which may be a piece of the request',
    (code) => {
      expect(told(coded(code))).toMatchObject({ why: 'the fetch threw Error', detail: 'FETCH' })
    },
  )

  it('is looked for five causes deep, and in no circle', () => {
    const deep = (depth: number): object => (depth === 0 ? coded('ECONNRESET') : { cause: deep(depth - 1) })
    expect(told(deep(4)).why).toBe('ECONNRESET')
    expect(told(deep(5)).detail).toBe('FETCH')
    const circle: { cause?: unknown } = {}
    circle.cause = circle
    expect(told(circle).detail).toBe('FETCH')
  })
})

describe('a fault without a code', () => {
  it.each([
    'Failed to fetch',
    'load failed',
    'NetworkError when attempting to fetch resource.',
    'error sending request for url',
    'The network connection was lost.',
    'Network connection lost.',
    'internal error; reference = x',
    'Unable to connect. Is the computer able to access the url?',
  ])('%j is the network’s', (message) => {
    expect(told(new TypeError(message))).toMatchObject({
      why: 'no code',
      hint: expect.stringContaining('check the network'),
      detail: 'NETWORK',
    })
  })

  it('is the fetch’s where a code of the fetch stands beside the words', () => {
    expect(told(Object.assign(new Error('Failed to fetch'), { code: 'ERR_INVALID_ARG' })).detail).toBe('FETCH')
    expect(told(new Error('it Failed to fetch')).detail).toBe('FETCH')
  })

  it('names classes, never messages', () => {
    class SecretError extends Error {
      override readonly name: string = 'Named'
    }
    expect(told(new SecretError('CANARY')).why).toBe('the fetch threw SecretError Named')
    expect(told(new TypeError('CANARY')).why).toBe('the fetch threw TypeError')
    expect(told(Object.assign(new Error('x'), { name: 'AbortError' })).why).toBe('the fetch threw AbortError')
    expect(told(Object.assign(new Error('x'), { name: 'CANARY with blanks' })).why).toBe('the fetch threw Error')
    expect(told({ name: 'lower', constructor: undefined }).why).toBe('the fetch threw a value that is not an error')
  })

  it.each(['CANARY', 5, null, Object.create(null)])('that is the value %j is told as one', (value) => {
    expect(told(value)).toMatchObject({ why: 'the fetch threw a value that is not an error', detail: 'FETCH' })
  })

  it.each([
    ['UND_MOCK_ERR_MOCK_NOT_MATCHED', coded('UND_MOCK_ERR_MOCK_NOT_MATCHED')],
    ['ERR_NOCK_NO_MATCH', coded('ERR_NOCK_NO_MATCH')],
    ['MockNotMatchedError', Object.assign(new Error('x'), { name: 'MockNotMatchedError' })],
    ['NetConnectNotAllowedError', Object.assign(new Error('x'), { name: 'NetConnectNotAllowedError' })],
    ['InternalError', { cause: Object.assign(new Error('Failed to fetch'), { name: 'InternalError' }) }],
  ])('of %s is a mock’s, and no network’s', (name, error) => {
    expect(told(error)).toEqual({
      why: `the fetch threw ${name}`,
      hint: expect.stringContaining('a mock answers here'),
      detail: 'FETCH',
    })
  })
})

describe('a proxy that lets nothing through', () => {
  it.each([
    ['Proxy response (403) !== 200 when HTTP Tunneling', '403', 'opened at the proxy'],
    ['proxy authentication required', '407', 'HTTPS_PROXY'],
    ['Proxy said (407)', '407', 'HTTPS_PROXY'],
  ])('%j is told by its status', (message, status, words) => {
    expect(told(new TypeError('fetch failed', { cause: coded(undefined) })).detail).toBe('FETCH')
    expect(told(new TypeError('fetch failed', { cause: new Error(message) }))).toEqual({
      why: `the proxy answered ${status}`,
      hint: expect.stringContaining(words),
      detail: 'PROXY',
    })
  })

  it.each(['a proxy (403)', 'proxyx (403)', 'proxy (40)', 'proxy'])('%j is none', (message) => {
    expect(told(new Error(message)).detail).toBe('FETCH')
  })

  it('is what undici gives no reason for', () => {
    expect(told(new TypeError('fetch failed', { cause: new Error('') }))).toMatchObject({
      why: 'without a reason, as when the proxy answered 407',
      detail: 'PROXY',
    })
    expect(
      told(new TypeError('fetch failed', { cause: Object.assign(new Error(''), { code: 'ECONNRESET' }) })),
    ).toMatchObject({ why: 'ECONNRESET' })
    expect(told(new TypeError('fetch failed')).detail).toBe('FETCH')
    expect(told(new TypeError('other', { cause: new Error('') })).detail).toBe('FETCH')
  })
})

describe('an error by which a host ends a page', () => {
  it.each([
    { digest: 'NEXT_REDIRECT;replace;/login;307;' },
    { digest: 'NEXT_NOT_FOUND' },
    { digest: 'DYNAMIC_SERVER_USAGE' },
    { code: 'NEXT_STATIC_GEN_BAILOUT' },
    { $$typeof: Symbol.for('react.postpone') },
  ])('is %j', (error) => {
    expect(isHostInterruption(error)).toBe(true)
  })

  it.each([
    null,
    undefined,
    'NEXT_NOT_FOUND',
    {},
    { digest: 'xNEXT_NOT_FOUND' },
    { digest: 'NEXT_NOT_FOUNDx' },
    { digest: 'NEXT_' },
    { digest: ['NEXT_NOT_FOUND'] },
    { digest: '2837465928' },
    { code: 'NEXT_OTHER' },
    { $$typeof: Symbol.for('react.element') },
  ])('is not %j', (error) => {
    expect(isHostInterruption(error)).toBe(false)
  })

  it('is not one that cannot be looked at', () => {
    const error = Object.defineProperty({}, 'digest', { get: () => expect.fail('looked at') })
    expect(isHostInterruption(error)).toBe(false)
  })
})

describe('a bounded wait', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())
  const never = new AbortController().signal
  const reasons: unknown[][] = []
  const cannot = (...args: unknown[]): MaskinportenError => {
    reasons.push(args)
    return new MaskinportenError('token_unavailable', String(args[0]))
  }
  const outcome = (work: (signal: AbortSignal) => Promise<unknown>, signal = never): Promise<unknown> =>
    bounded(work, signal, 2000, cannot).catch((error: unknown) => error)

  it('gives what the work gives', async () => {
    expect(await outcome(async () => 'done')).toBe('done')
  })

  it('ends in its time, though the work heeds no signal, and tells how long it was', async () => {
    let own: AbortSignal | undefined
    const ended = outcome((signal) => {
      own = signal
      return new Promise(() => undefined)
    })
    await vi.advanceTimersByTimeAsync(1999)
    expect(own?.aborted).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    expect(own?.aborted).toBe(true)
    expect(await ended).toMatchObject({ message: 'no answer within 2 s' })
    expect(reasons.at(-1)).toHaveLength(1)
  })

  it('ends with the signal, by its reason', async () => {
    const controller = new AbortController()
    const reason = new Error('given up')
    const ended = outcome(() => new Promise(() => undefined), controller.signal)
    controller.abort(reason)
    expect(await ended).toBe(reason)
    expect(await outcome(async () => 'too late', controller.signal)).toBe(reason)
  })

  it('lets errors of ours and of a host through as they are', async () => {
    for (const error of [new MaskinportenError('closed', 'x'), { digest: 'NEXT_NOT_FOUND' }])
      expect(await outcome(() => Promise.reject(error))).toBe(error)
  })

  const chained = (depth: number): object => (depth === 0 ? { code: 'EDEEP' } : { cause: chained(depth - 1) })
  it.each([
    [{ code: 'ECONNREFUSED' }, 'ECONNREFUSED'],
    [chained(3), 'EDEEP'],
    [chained(4), 'an error without a code'],
    [{ code: 'a code with blanks', cause: { code: 'EINNER' } }, 'EINNER'],
    [{ code: 'ab' }, 'an error without a code'],
    [{ code: 'x'.repeat(41) }, 'an error without a code'],
    [{ code: 12_345 }, 'an error without a code'],
    [new Error('CANARY'), 'an error without a code'],
    ['CANARY', 'an error without a code'],
    [{ cause: null }, 'an error without a code'],
  ])('tells of %j by a code alone', async (thrown, why) => {
    expect(await outcome(() => Promise.reject(thrown))).toMatchObject({ message: why })
    expect(reasons.at(-1)).toEqual([why, thrown])
  })

  it.each([undefined, null])('tells a rejection with %s from a wait that took too long', async (nothing) => {
    await outcome(() => Promise.reject(nothing))
    expect(reasons.at(-1)).toEqual(['an error without a code', null])
  })
})

describe('a pause', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('takes its time', async () => {
    let isOver = false
    const paused = pause(100, new AbortController().signal).then(() => (isOver = true))
    await vi.advanceTimersByTimeAsync(99)
    expect(isOver).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    await paused
    expect(vi.getTimerCount()).toBe(0)
  })

  it('ends with the signal, and leaves no timer', async () => {
    const controller = new AbortController()
    const paused = pause(100, controller.signal)
    controller.abort('enough')
    await expect(paused).rejects.toBe('enough')
    expect(vi.getTimerCount()).toBe(0)
    await expect(pause(100, controller.signal)).rejects.toBe('enough')
    expect(vi.getTimerCount()).toBe(0)
  })

  it('leaves no listener on the signal', async () => {
    const controller = new AbortController()
    const removed = vi.spyOn(controller.signal, 'removeEventListener')
    const paused = pause(100, controller.signal)
    await vi.advanceTimersByTimeAsync(100)
    await paused
    expect(removed).toHaveBeenCalledWith('abort', expect.any(Function))
  })
})

describe('a timer', () => {
  afterEach(() => void vi.restoreAllMocks())
  const isKept = (keepAlive?: boolean): boolean => {
    const made = vi.spyOn(globalThis, 'setTimeout')
    const stop = startTimer(60_000, () => undefined, keepAlive)
    const kept = made.mock.results[0]?.value.hasRef() === true
    stop()
    return kept
  }

  it('keeps a process alive only where a caller waits for it', () => {
    expect(isKept()).toBe(false)
    vi.restoreAllMocks()
    expect(isKept(true)).toBe(true)
  })

  it.each([5, null, {}])('may be %j, as in other runtimes', (id) => {
    vi.spyOn(globalThis, 'setTimeout').mockReturnValue(id as never)
    expect(startTimer(1, () => undefined)).toBeTypeOf('function')
  })
})

describe('an attempt that got no answer', () => {
  it('has no answer’s times', () => {
    const failed = new AttemptFailed(new MaskinportenError('token_unavailable', 'why'))
    expect(failed).toMatchObject({ message: 'why', retryAfterMs: 0, durationMs: undefined, refusal: undefined })
    expect(failed.skewMs).toBeNaN()
  })

  it('is made of an error of ours; what a host throws goes on as it is', () => {
    const ours = new MaskinportenError('token_unavailable', 'x')
    expect(() => failAttempt(ours)).toThrow(expect.objectContaining({ error: ours }))
    const interruption = Object.assign(new Error('page'), { digest: 'NEXT_NOT_FOUND' })
    expect(() => failAttempt(interruption)).toThrow(interruption)
  })
})
