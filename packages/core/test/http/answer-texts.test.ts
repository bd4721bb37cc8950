// What a server's words become: an OAuth error, a token, a number, and text that is fit for an error of ours.
import { describe, expect, it } from 'vitest'
import { escaped, parseErrorBody, parseObject, serverWords, withoutMark } from '../../src/http/answer-text.ts'
import { isTokenOf, lifetimeMs, numberIn } from '../../src/http/token-text.ts'

describe('an error body', () => {
  const TRACE = '0123456789abcdef0123456789abcdef'

  it('gives what RFC 6749 names, and what Digdir puts there', () => {
    const body = {
      error: 'invalid_grant',
      error_description: `Invalid assertion (trace_id: ${TRACE}) `,
      error_uri: 'https://docs.digdir.no/errors/MP-110',
      detail: 'not this',
    }
    expect(parseErrorBody(JSON.stringify(body), '')).toEqual({
      oauthError: 'invalid_grant',
      description: body.error_description,
      errorUri: body.error_uri,
      mpCode: 'MP-110',
      traceId: TRACE,
    })
  })

  it.each([
    [{ error_description: 'a', detail: 'b', title: 'c' }, 'a'],
    [{ detail: 'b', title: 'c' }, 'b'],
    [{ title: 'c' }, 'c'],
    [{ error_description: 5, title: 'c' }, 'c'],
    [{ other: 'd' }, '{"other":"d"}'],
  ])('%j is described by its first text', (body, description) => {
    expect(parseErrorBody(JSON.stringify(body), '')).toMatchObject({ description })
  })

  it('that is not JSON is the description, without blanks around it and to 500 characters', () => {
    expect(parseErrorBody('  Service down\n', '').description).toBe('Service down')
    expect(parseErrorBody(`  ${'x'.repeat(900)}`, '').description).toBe('x'.repeat(500))
  })

  it.each(['', '  \n'])('of nothing, %j, says nothing', (text) => {
    expect(parseErrorBody(text, '')).toEqual({
      oauthError: undefined,
      description: undefined,
      errorUri: undefined,
      mpCode: undefined,
      traceId: undefined,
    })
  })

  it.each([
    'https://x.no/errors/MP-110/more',
    'https://x.no/MP-110',
    'https://x.no/errors/MP-',
    'https://x.no/errors/XMP-1',
  ])('has no MP code in %s', (error_uri) => {
    expect(parseErrorBody(JSON.stringify({ error_uri }), '').mpCode).toBeUndefined()
  })

  it.each([
    [`x (correlation id: ${TRACE})`, TRACE],
    ['x (Trace_ID: 0a-1b)', '0a-1b'],
    [`(trace_id: ${TRACE}) x`, undefined],
    ['x (trace_id: )', undefined],
    ['x (trace_id: xyz)', undefined],
    [`x trace_id: ${TRACE}`, undefined],
  ])('the trace id of %j', (error_description, traceId) => {
    expect(parseErrorBody(JSON.stringify({ error_description }), '').traceId).toBe(traceId)
  })

  it('holds no piece of what was sent', () => {
    const secret = 'grant_type=x&assertion=eyJhbGciOiJSUzI1NiJ9.CANARY-CANARY'
    const words = {
      error: secret,
      error_description: `bad: ${secret.slice(11, 40)}!`,
      error_uri: `https://x/${secret}`,
    }
    expect(parseErrorBody(JSON.stringify(words), secret)).toMatchObject({
      oauthError: '[left out]',
      description: 'bad: [left out]!',
      errorUri: 'https://x/[left out]',
    })
    expect(parseErrorBody(`echo ${secret}`, secret).description).toBe('echo [left out]')
  })
})

describe('the words of a server', () => {
  it('are whole where nothing was sent', () => {
    expect(serverWords('abcdefgh', '')).toBe('abcdefgh')
  })

  it.each([
    ['abcdefg', 'xabcdefghx', 'abcdefg'],
    ['abcdefgh', 'xabcdefghx', '[left out]'],
    ['1 abcdefgh 2 bcdefghx 3', 'xabcdefghx', '1 [left out] 2 [left out] 3'],
    ['abc and ab', 'abc', '[left out] and ab'],
    ['zzz', 'abcdefgh', 'zzz'],
    ['abcdefghabcdefgh', 'abcdefgh', '[left out][left out]'],
  ])('%j, after %j was sent, are %j', (text, secret, words) => {
    expect(serverWords(text, secret)).toBe(words)
  })

  it('end at 2,000 characters', () => {
    expect(serverWords('y'.repeat(3000), '')).toHaveLength(2000)
    expect(serverWords('y'.repeat(3000), 'abcdefgh')).toHaveLength(2000)
  })

  it.each([
    ['a\nb', 'a\\nb'],
    ['\u001B[31m', '\\u001b[31m'],
    ['a\u200Bb', 'a\\u200bb'],
    ['\u2028', '\\u2028'],
    ['\u2029', '\\u2029'],
    ['\uD800', '\\ud800'],
    ['\u{E0041}', '\\udb40\\udc41'],
    ['\u0085', '\\u0085'],
    ['"quoted" æøå 👍', '"quoted" æøå 👍'],
  ])('%j are printed as %j', (text, printed) => {
    expect(escaped(text)).toBe(printed)
    expect(serverWords(text, 'abcdefgh')).toBe(printed)
  })
})

describe('a JSON object', () => {
  it.each([
    ['{"a":1}', { a: 1 }],
    ['\uFEFF{"a":1}', { a: 1 }],
    ['null', {}],
    ['5', {}],
    ['"text"', {}],
    ['{"a":', {}],
    ['', {}],
  ])('of %j', (text, object) => {
    expect(parseObject(text)).toEqual(object)
  })

  it('loses a byte order mark at its start only', () => {
    expect(withoutMark('\uFEFFa\uFEFF')).toBe('a\uFEFF')
  })
})

describe('a token', () => {
  const OPAQUE = '0123456789abcdef0123456789abcde+'

  it.each([
    ['maskinporten', 'x'],
    ['maskinporten', 'nullable'],
    ['maskinporten', 'a.null'],
    ['maskinporten', 'aZ09-._~+/=='],
    ['altinn', OPAQUE],
    ['altinn', 'a.b.c'],
    ['altinn', 'aZ_.b-9.c'],
  ] as const)('of %s may be %j', (kind, value) => {
    expect(isTokenOf(kind, value)).toBe(true)
  })

  it.each([
    ['maskinporten', ''],
    ['maskinporten', 'null'],
    ['maskinporten', 'undefined'],
    ['maskinporten', 'a b'],
    ['maskinporten', ' ab'],
    ['maskinporten', 'ab\n'],
    ['maskinporten', 'a=b'],
    ['maskinporten', 'æ'],
    ['maskinporten', 5],
    ['maskinporten', ['abc']],
    ['maskinporten', undefined],
    ['altinn', OPAQUE.slice(1)],
    ['altinn', 'a.b'],
    ['altinn', 'a.b.c.d'],
    ['altinn', '.b.c'],
    ['altinn', 'a..c'],
    ['altinn', 'a.b.'],
    ['altinn', 'a+.b.c'],
    ['altinn', 'a.b.c='],
    ['altinn', `${OPAQUE} x`],
  ] as const)('of %s is not %j', (kind, value) => {
    expect(isTokenOf(kind, value)).toBe(false)
  })
})

describe('a life', () => {
  it.each([
    [120, 120],
    [1.5, 1.5],
    ['120', 120],
  ])('of %j is a number', (value, number) => {
    expect(numberIn(value)).toBe(number)
  })

  it.each(['', 'x', '1x', 'x1', '-1', '1.5', ' 1', undefined, null, [5], true])('of %j is none', (value) => {
    expect(numberIn(value)).toBeNaN()
  })

  it.each([
    [60, 60_000],
    [0, 0],
    [-1, 100_000],
    [Number.NaN, 100_000],
    [86_400, 86_400_000],
    [999_999, 86_400_000],
    [Infinity, 86_400_000],
  ])('of %d seconds is %d ms, where 100 s is the default', (seconds, ms) => {
    expect(lifetimeMs(seconds, 100)).toBe(ms)
  })

  it('is a day at most, by default too', () => {
    expect(lifetimeMs(Number.NaN, 100_000)).toBe(86_400_000)
  })
})
