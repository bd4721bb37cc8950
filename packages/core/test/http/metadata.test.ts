// Where metadata may lead assertions.
import { Time } from '../../src/time.ts'
import { describe, expect, it } from 'vitest'
import type { FetchFunction } from '@maskinporten-kit/core'
import { Discovery } from '../../src/grant/metadata.ts'
import { type Reply, GOOD, ask, serve } from './serve.ts'

async function withMetadata(make: (origin: string) => unknown): Promise<Awaited<ReturnType<typeof ask>>> {
  const origin: string = await serve((request, response) => {
    const isMetadata = request.url?.includes('well-known') === true
    response.end(JSON.stringify(isMetadata ? make(origin) : { access_token: GOOD }))
  })
  return ask(origin, {}, {}, origin)
}

describe('metadata that names a token endpoint', () => {
  it.each<[string, (origin: string) => string]>([
    ['with user info', (origin) => `${origin.replace('//', '//user:pass-9f2b@')}/token`],
    ['with a user', (origin) => `${origin.replace('//', '//pass-9f2b@')}/token`],
    ['elsewhere with user info', () => 'https://user:pass-9f2b@elsewhere.example/token'],
    ['that does not parse, with user info', () => 'https://user:pass-9f2b@else where/token'],
    ['with a key in the query elsewhere', () => 'https://elsewhere.example/token?key=pass-9f2b'],
    ['as blob:', (origin) => `blob:${origin}/pass-9f2b`],
    ['as data:', () => 'data:application/json,{"access_token":"pass-9f2b"}'],
    ['as file:', () => 'file:///pass-9f2b'],
    ['as javascript:', () => 'javascript:pass-9f2b'],
    ['with control characters', () => 'https://elsewhere.example\u001b[2J\r\n/\u202e'],
  ])('%s is refused, and nothing of a password quoted', async (_name, endpoint) => {
    const { error, print } = await withMetadata((origin) => ({ issuer: origin, token_endpoint: endpoint(origin) }))
    expect(error).toMatchObject({
      code: 'metadata_invalid',
      message: expect.stringContaining('names a token endpoint'),
    })
    expect(print).not.toContain('pass-9f2b')
    expect(error.message).not.toMatch(/[\p{Cc}\p{Cf}]/u)
  })

  it('of its own origin is asked', async () => {
    expect(await withMetadata((origin) => ({ issuer: origin, token_endpoint: `${origin}/token` }))).toMatchObject({
      token: GOOD,
    })
  })

  it('and another issuer quotes no user info of it', async () => {
    const { error, print } = await withMetadata((origin) => ({
      issuer: 'https://user:pass-9f2b@other.example/\u0007',
      token_endpoint: `${origin}/token`,
    }))
    expect(error).toMatchObject({ code: 'metadata_invalid', message: expect.stringContaining('other.example') })
    expect(print).not.toContain('pass-9f2b')
  })
})

it.each<[string, Reply, string]>([
  [
    'a firewall',
    { status: 403, headers: { 'content-type': 'text/html' }, body: '<html>Your support ID is: 4711471147</html>' },
    'a firewall answered 403 (support id 4711471147)',
  ],
  [
    'a captive portal',
    { headers: { 'content-type': 'text/html' }, body: '<html>Welcome</html>' },
    'a web page answered 200',
  ],
  [
    'a redirect',
    { status: 302, headers: { location: 'https://login.example.no/sso' } },
    'a login page stands before it',
  ],
  ['nothing', {}, 'without an issuer and a token endpoint'],
])('metadata from %s is told as such', async (_name, { status = 200, headers = {}, body }, says) => {
  const origin = await serve((_request, response) => response.writeHead(status, headers).end(body))
  const { error } = await ask(origin, {}, {}, origin)
  expect(error).toMatchObject({ code: 'metadata_invalid', status, message: expect.stringContaining(says) })
})

it('whose request another page’s interruption ended is asked anew at the address that the settings name', async () => {
  const asked: string[] = []
  const metadata = { issuer: 'https://issuer.example/', token_endpoint: 'https://issuer.example/token' }
  const fetch: FetchFunction = async (url) => {
    asked.push(url)
    if (asked.length === 1) throw Object.assign(new Error('x'), { digest: 'DYNAMIC_SERVER_USAGE' })
    return new Response(JSON.stringify(metadata))
  }
  const discovery = new Discovery({ fetch, time: new Time({ now: Date.now, monotonic: Date.now }) })
  const find = () =>
    discovery.find(metadata.issuer, new AbortController().signal, 'https://issuer.example/a/.well-known/x')
  const [first, second] = await Promise.allSettled([find(), find()])
  expect([first.status, second.status]).toEqual(['rejected', 'fulfilled'])
  expect(asked).toEqual(['https://issuer.example/a/.well-known/x', 'https://issuer.example/a/.well-known/x'])
})
