// Who answered in the place of an endpoint, from the answer alone; answers-of-others.test.ts has the same over sockets.
import { describe, expect, it } from 'vitest'
import { type ForeignAnswer, foreignAnswer, statusHint } from '../../src/http/foreign-answer.ts'

function of(
  status: number,
  text = '',
  headers: Readonly<Record<string, string>> = {},
  secret = '',
): ForeignAnswer | undefined {
  const given = new Headers(headers)
  const header = (name: string): string | null => given.get(name)
  return foreignAnswer(
    { place: 'https://a.example/token', status, text, header, sentAt: 0, receivedAt: 0, durationMs: 0 },
    secret,
  )
}
const page = (text: string): string => `<html><body>${text}</body></html>`
const HTML = { 'content-type': 'text/html' }

describe('the endpoint’s own answer', () => {
  it.each([
    [200, '{"access_token":"x"}'],
    [200, ' \n{"a":"access denied"}'],
    [400, '[1]'],
    [400, '"access denied"'],
    [404, 'Not Found'],
    [500, 'oops'],
    [403, ''],
    [200, 'xhtml'],
  ])('%d with %j is told by nobody else', (status, text) => {
    expect(of(status, text)).toBeUndefined()
  })

  it('stays its own with JSON that is called HTML, and with a type that only sounds like it', () => {
    expect(of(403, '{"x":1}', HTML)).toBeUndefined()
    expect(of(200, 'x', { 'content-type': 'text/xhtmlish' })).toBeUndefined()
  })
})

describe('a page in its place', () => {
  it.each([
    '<!-- x -->',
    '<!DOCTYPE html>',
    '<html>',
    '<head>',
    ' \n<body>',
    '<title>',
    '<center>',
    '<h1>',
    '\uFEFF<html>',
  ])('starts with %j', (text) => {
    expect(of(200, text)?.what).toBe('a web page answered 200')
  })

  it.each(['<xml>', 'see <html>'])('does not start with %j', (text) => {
    expect(of(200, text)).toBeUndefined()
  })

  it('may be told by its type alone', () => {
    expect(of(200, 'Welcome', { 'content-type': 'application/XHTML; x=html' })?.what).toContain('a web page')
  })

  it.each([
    [499, 'a web page'],
    [500, 'gateway'],
    [502, 'gateway'],
    [511, 'a web page'],
  ])('with %d is of %s', (status, who) => {
    expect(of(status, page('x'))?.what).toContain(`${who} `)
  })

  it.each(['Log in', 'sign-in', 'SSO', 'saml', 'adfs', 'OAuth2/x', 'authorize', 'microsoftonline', '/auth'])(
    'that says %s is a login page',
    (text) => {
      expect(of(200, page(text))?.hint).toContain('login page')
    },
  )

  it.each(['Welcome', '/authors', 'lesson'])('that says %s may be of a proxy, a gateway or a network', (text) => {
    expect(of(200, page(text))?.hint).toContain('captive portal')
  })

  it('says of a wrong path what its status says', () => {
    expect(of(404, page('x'))?.hint).toBe(statusHint(404))
  })

  it('is read to 65,536 characters', () => {
    const start = page('x'.repeat(70_000))
    expect(of(200, `${start}request rejected`)?.what).toContain('a web page')
  })
})

describe('a redirect', () => {
  it.each([0, 199, 300, 302, 399])('has the status %d', (status) => {
    expect(of(status, '{}')?.what).toBe(`a redirect (${status})`)
  })

  it.each([200, 299, 400])('has not the status %d', (status) => {
    expect(of(status, '{}')).toBeUndefined()
  })

  it('is named by its host alone, since the rest may hold a session', () => {
    const hint = of(302, '', { location: 'https://new.example/x?session=CANARY' })?.hint
    expect(hint).toContain('it leads to new.example')
    expect(hint).toContain('set the address')
    expect(hint).not.toContain('CANARY')
  })

  it('to a path leads to the same host, and one that does not parse to none', () => {
    expect(of(302, '', { location: '/other' })?.hint).toContain('it leads to a.example')
    expect(of(302, '', { location: 'https://' })?.hint).not.toContain('leads to')
    expect(of(302, '', { location: 'data:x' })?.hint).not.toContain('leads to')
    expect(of(302)?.hint).not.toContain('leads to')
    expect(of(302)?.hint).toMatch(/^a redirect is never followed with a credential; /)
  })

  it('to a login tells of it', () => {
    const hint = of(302, '', { location: 'https://x.example/adfs/ls' })?.hint
    expect(hint).toContain('login page')
    expect(hint).toContain('it leads to x.example')
    expect(of(302, '', { location: '/x' })?.hint).not.toContain('login page')
  })
})

it('a proxy that wants a login is known by its status, whatever it says', () => {
  expect(of(407, '{}')).toMatchObject({ what: 'the proxy answered 407', hint: expect.stringContaining('HTTPS_PROXY') })
})

describe('a firewall', () => {
  it.each([
    'Web Application Firewall',
    'blocked by WAF',
    'Request rejected',
    'The requested URL was rejected',
    'Access Denied',
    'request blocked',
    'you have been blocked',
    'Attack ID 1',
    'Incident ID',
    'support id',
    'Ray ID',
  ])('says %j, as a page or as plain text', (text) => {
    expect(of(200, text)?.what).toContain('a firewall answered 200')
    expect(of(503, page(text))?.what).toContain('a firewall answered 503')
  })

  it('is who sends a page with 403', () => {
    expect(of(403, page('Forbidden'))?.what).toBe('a firewall answered 403')
    expect(of(401, page('x'))?.what).toContain('a web page')
  })

  it.each([
    ['Your support ID is: 1234567890', '1234567890'],
    ['support id: <b>1234567</b>', '1234567'],
    ['Incident number #ABC-123456.', 'ABC-123456'],
    ['Ray ID: 8a1b2c3d4e5f', '8a1b2c3d4e5f'],
    ['Event ID = x:1.2-34567', 'x:1.2-34567'],
    ['Reference&#32;&#35;18&#46;2d351ab8&#46;15', '18.2d351ab8.15'],
    ['transaction: 123456', '123456'],
    ['error no. 12345', undefined],
    ['support id: 12345', undefined],
    ['support id', undefined],
  ])('gives of %j the id %s', (text, supportId) => {
    const found = of(403, page(text))
    expect(found?.supportId).toBe(supportId)
    expect(found?.what).toBe(`a firewall answered 403${supportId === undefined ? '' : ` (support id ${supportId})`}`)
    expect(found?.hint.includes('support id')).toBe(supportId !== undefined)
    expect(found?.hint).toContain('operators')
  })

  it.each(['cf-ray', 'x-azure-ref', 'x-amz-cf-id', 'x-iinfo', 'x-request-id'])('has its id in %s', (name) => {
    expect(of(403, page('x'), { [name]: 'aB.9:=+/-x' })?.supportId).toBe('aB.9:=+/-x')
  })

  it.each(['12345', 'a b c d e f', 'abcdef!', '!abcdef', 'x'.repeat(121)])('has no id in a header with %j', (value) => {
    expect(of(403, page('x'), { 'cf-ray': value })?.supportId).toBeUndefined()
    expect(of(403, page('x'), { 'cf-ray': value, 'x-iinfo': 'abcdef' })?.supportId).toBe('abcdef')
  })

  it('takes the id of its page before that of a header', () => {
    expect(of(403, page('support id: 1234567'), { 'cf-ray': 'abcdef' })?.supportId).toBe('1234567')
  })

  it('that echoes what was sent has that left out', () => {
    const found = of(403, page('support id: SECRETSECRET'), {}, 'assertion=SECRETSECRET')
    expect(JSON.stringify(found)).not.toContain('SECRETSECRET')
  })
})

describe('a status', () => {
  it.each([
    [[404, 405, 421, 426], 'at this path'],
    [[406, 411, 415], 'content-type'],
    [[413, 414, 431], 'too large'],
    [[451], 'blocked in this network'],
  ])('of %j has its way out', (statuses, words) => {
    for (const status of statuses) expect(statusHint(status)).toContain(words)
  })

  it.each([200, 400, 401, 403, 412, 500])('of %d has none of its own', (status) => {
    expect(statusHint(status)).toBeUndefined()
  })
})
