// What stands between core and its endpoints answers in their place: who it was, and what to do, is said.
import { describe, expect, it } from 'vitest'
import { type Reply, GOOD, askWith } from './serve.ts'

const html = (status: number, text: string, headers = {}): Reply => ({
  status,
  headers: { 'content-type': 'text/html; charset=utf-8', ...headers },
  body: `<!DOCTYPE html><html><head><title>x</title></head><body>${text}</body></html>`,
})
const F5 =
  'The requested URL was rejected. Please consult with your administrator.<br><br>Your support ID is: 1234567890123456<br>'

describe.each(['token', 'exchange'] as const)('the answer of the %s endpoint', (gives) => {
  it.each([
    'null',
    'true',
    '401',
    'OK',
    'Unauthorized',
    '{}',
    '"null"',
    '"OK"',
    '[]',
    '""',
    'a.b',
    'undefined',
    'Service-Unavailable',
    '{"access_token":"null"}',
    '{"access_token":true}',
    '{"access_token":401}',
  ])('%j holds no token', async (body) => {
    const { error, token } = await askWith(gives, { body })
    expect(token).toBeUndefined()
    expect(error).toMatchObject({ code: `${gives}_unavailable`, detail: 'NO_TOKEN', status: 200 })
  })

  it.each([
    ['three base64url parts', GOOD],
    ['32 characters', '0123456789abcdef0123456789ABCD+/'],
  ])('of %s holds one', async (_name, value) => {
    const body = gives === 'token' ? JSON.stringify({ access_token: value }) : `\uFEFF"${value}"`
    expect(await askWith(gives, { body })).toMatchObject({ token: value })
  })

  it.each<[string, Reply, Readonly<Record<string, unknown>>, readonly string[]]>([
    [
      'a firewall (F5)',
      html(403, F5),
      { code: `${gives}_refused`, traceId: '1234567890123456' },
      ['a firewall answered 403', '1234567890123456'],
    ],
    [
      'a firewall that says 200',
      html(200, F5),
      { code: `${gives}_unavailable`, traceId: '1234567890123456' },
      ['a firewall answered 200'],
    ],
    [
      'Cloudflare',
      html(403, 'Sorry, you have been blocked. Cloudflare Ray ID: <strong class="x">8a1b2c3d4e5f6789</strong>'),
      { traceId: '8a1b2c3d4e5f6789' },
      ['a firewall answered 403'],
    ],
    [
      'Akamai',
      html(403, 'Access Denied. Reference&#32;&#35;18&#46;2d351ab8&#46;1557333295&#46;a4e16ab'),
      { traceId: '18.2d351ab8.1557333295.a4e16ab' },
      ['a firewall answered 403'],
    ],
    [
      'Azure',
      html(403, 'Forbidden', { 'x-azure-ref': '0abcDEF123456' }),
      { traceId: '0abcDEF123456' },
      ['a firewall answered 403'],
    ],
    ['a proxy that wants a login', { status: 407, body: 'no' }, {}, ['the proxy answered 407', 'HTTPS_PROXY']],
    [
      'a captive portal',
      html(200, 'Welcome to the guest network'),
      { code: `${gives}_unavailable` },
      ['a web page answered 200', 'captive portal'],
    ],
    ['a login page', html(200, '<form>Sign in</form>'), {}, ['a login page stands before it']],
    [
      'a redirect to a login page',
      { status: 302, headers: { location: 'https://login.example.no/adfs/ls?session=abc123' } },
      { detail: 'REDIRECT' },
      ['a login page stands before it', 'login.example.no', 'a redirect is never followed with a credential'],
    ],
    [
      'a redirect',
      { status: 301, headers: { location: 'https://new.example.no/token' } },
      { detail: 'REDIRECT' },
      ['new.example.no', 'set the address it should have'],
    ],
    ['a wrong path', { status: 404, body: 'Not Found' }, { code: `${gives}_refused` }, ['nothing is at this path']],
    ['a wrong path in HTML', html(404, 'Not Found'), {}, ['nothing is at this path']],
    ['a limit', { status: 413, body: '' }, {}, ['too large']],
    ['a changed content type', { status: 415, body: '' }, {}, ['changed the content-type']],
    [
      'a gateway',
      html(502, 'Bad Gateway nginx'),
      { code: `${gives}_unavailable`, retryable: true },
      ['the gateway before it answered 502'],
    ],
    ['a network that wants a login', html(511, 'Login to network'), { retryable: true }, ['login']],
    ['nothing', { body: '' }, { detail: 'NO_TOKEN' }, ['the answer is empty']],
    ['JSON cut short', { body: '{"access_token":"e30.e30' }, {}, ['cut short']],
    [
      'JSON with something behind it',
      { body: `{"access_token":"${GOOD}"}\n<!-- proxy -->` },
      {},
      ['something stands behind it'],
    ],
  ])('from %s is told as such', async (_name, reply, fields, says) => {
    const { error, print } = await askWith(gives, reply)
    expect(error).toMatchObject(fields)
    for (const one of says) expect(error.message).toContain(one)
    expect(error.message).toContain(error.hint)
    expect(print).not.toContain('abc123')
  })

  it('in JSON with a byte order mark is read', async () => {
    const body = gives === 'token' ? `\uFEFF{"access_token":"${GOOD}"}` : `\uFEFF${GOOD}`
    expect(await askWith(gives, { body })).toMatchObject({ token: GOOD })
  })

  it('that refuses with an OAuth error in a 200 is that refusal, and asked for once', async () => {
    const description = 'Consumer has no access (trace_id: 0123456789abcdef0123456789abcdef)'
    const body = JSON.stringify({
      error: 'invalid_scope',
      error_description: description,
      error_uri: 'https://x.no/errors/MP-250',
    })
    const { error, asked } = await askWith(gives, { body }, { timeoutMs: 10_000 })
    expect(error).toMatchObject({
      code: `${gives}_refused`,
      status: 200,
      oauthError: 'invalid_scope',
      mpCode: 'MP-250',
      traceId: '0123456789abcdef0123456789abcdef',
      retryable: false,
    })
    expect(asked).toBe(1)
  })

  it('has no character in the error that acts on a terminal or a log', async () => {
    const nasty = 'a\u001b[31m\r\nFATAL: x\u0007\u009b\u202e\u2028\u0000\u007f'
    for (const body of [
      JSON.stringify({ error: `invalid${nasty}`, error_description: nasty, error_uri: nasty }),
      JSON.stringify({ title: nasty }),
      `no ${nasty}`,
    ]) {
      const { error } = await askWith(gives, { status: 400, body })
      const all = [
        error.message,
        ...['oauthError', 'description', 'errorUri', 'hint'].map((name) => String(error[name])),
      ].join(' ')
      expect(all).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
      expect(all).toContain('\\u001b[31m\\r\\nFATAL')
    }
  })
})

it.each([
  [5, 'a number'],
  [null, 'null'],
  [{}, 'an object'],
  [['Bearer'], 'a list'],
])('a token_type that is %j is told of as what it is', async (type, kind) => {
  const { error } = await askWith('token', { body: JSON.stringify({ access_token: GOOD, token_type: type }) })
  expect(error).toMatchObject({ code: 'token_unavailable', detail: 'TOKEN_TYPE' })
  expect(error.message).toContain(`a token_type that is ${kind} instead of "Bearer"`)
  expect(error.hint).toContain(
    'this is not an answer of Maskinporten: check Authority and TokenEndpoint in the settings',
  )
})

it.each(['DPoP', 'N_A', 'mac'])('a token of the type %s is named, and asked for once', async (type) => {
  const body = JSON.stringify({ access_token: GOOD, token_type: type, expires_in: 120 })
  const { error, asked, print } = await askWith('token', { body }, { timeoutMs: 10_000 })
  expect(error).toMatchObject({ code: 'token_unavailable', detail: 'TOKEN_TYPE', retryable: false })
  expect(error.message).toContain(
    `of the type ${type}, but this library takes only Bearer tokens; check Authority and TokenEndpoint`,
  )
  expect(error.message).not.toContain('not an answer of Maskinporten')
  expect(print).not.toContain(GOOD)
  expect(asked).toBe(1)
})
