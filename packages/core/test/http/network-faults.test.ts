// No answer came: the cause that is known is named, and nobody is blamed who is not to blame.
import { spawn } from 'node:child_process'
import { createServer } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { once } from 'node:events'
import { type FetchFunction } from '@maskinporten-kit/core'
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { ask, serve } from './serve.ts'

afterEach(() => vi.unstubAllEnvs())

const failed = (code: string): Error =>
  new TypeError('fetch failed', { cause: Object.assign(new Error('secret words'), { code }) })
const thrower =
  (reason: unknown): FetchFunction =>
  async () => {
    throw reason
  }

describe('what a fetch fails with', () => {
  it.each([
    ['ENOTFOUND', 'not known to DNS', 'NETWORK'],
    ['EAI_AGAIN', 'not known to DNS', 'NETWORK'],
    ['ECONNREFUSED', 'nothing listens there', 'NETWORK'],
    ['ECONNRESET', 'the connection was cut', 'NETWORK'],
    ['UND_ERR_SOCKET', 'the connection was cut', 'NETWORK'],
    ['ETIMEDOUT', 'no answer in time', 'NETWORK'],
    ['UND_ERR_CONNECT_TIMEOUT', 'no answer in time', 'NETWORK'],
    ['UND_ERR_HEADERS_TIMEOUT', 'no answer in time', 'NETWORK'],
    ['UND_ERR_BODY_TIMEOUT', 'no answer in time', 'NETWORK'],
    ['ENETUNREACH', 'no route', 'NETWORK'],
    ['EMFILE', 'too many files or sockets', 'NETWORK'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'NODE_EXTRA_CA_CERTS', 'TLS'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'NODE_EXTRA_CA_CERTS', 'TLS'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'NODE_EXTRA_CA_CERTS', 'TLS'],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'NODE_EXTRA_CA_CERTS', 'TLS'],
    ['CERT_HAS_EXPIRED', 'the date of this machine', 'TLS'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'for another host', 'TLS'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'no TLS that both sides know', 'TLS'],
    ['HPE_INVALID_CONSTANT', 'not the HTTP it should be', 'NETWORK'],
    ['Z_DATA_ERROR', 'not the HTTP it should be', 'NETWORK'],
    ['UND_MOCK_ERR_MOCK_NOT_MATCHED', 'a mock answers', 'FETCH'],
    ['ERR_INVALID_ARG_TYPE', 'look at the fetch', 'FETCH'],
    ['EXDEV', 'check the network, DNS and proxy', 'NETWORK'],
  ])('%s: %s', async (code, says, detail) => {
    const { error, print } = await ask('https://a.example', {}, { fetch: thrower(failed(code)) })
    expect(error).toMatchObject({ code: 'token_unavailable', retryable: true, detail })
    expect(error.message).toContain(code)
    expect(error.hint).toContain(says)
    expect(print).not.toContain('secret words')
  })

  it.each<[string, unknown, string]>([
    ['a TypeError of its own', new TypeError('x.y is not a function (secret words)'), 'TypeError'],
    ['an error of MSW', Object.assign(new Error('[MSW] secret words'), { name: 'InternalError' }), 'InternalError'],
    [
      'an answer of MSW’s that stands for a network error',
      new TypeError('fetch failed', { cause: new Response() }),
      'TypeError',
    ],
    [
      'happy-dom',
      new DOMException('Failed to execute "fetch()" on "Window": secret words', 'NetworkError'),
      'DOMException NetworkError',
    ],
    ['jsdom’s realm', { __proto__: null, name: 'TypeError', message: 'secret words' }, 'TypeError'],
    ['a limit of its own', new DOMException('secret words', 'TimeoutError'), 'DOMException TimeoutError'],
    [
      'an AbortSignal of jsdom',
      new TypeError('RequestInit: Expected signal ("AbortSignal {}") to be an instance of AbortSignal.'),
      'TypeError',
    ],
    ['a text', 'secret words', 'a value that is not an error'],
    ['nothing', undefined, 'a value that is not an error'],
  ])('%s: the class is said, and no network blamed', async (_name, error, says) => {
    const { error: told, print } = await ask('https://a.example', {}, { fetch: thrower(error) })
    expect(told).toMatchObject({ code: 'token_unavailable', detail: 'FETCH' })
    expect(told.message).toContain(`the fetch threw ${says}`)
    expect(told.message).not.toMatch(/network|DNS|proxy/)
    expect(print).not.toContain('secret words')
  })

  it.each([
    'Failed to fetch',
    'Load failed',
    'NetworkError when attempting to fetch resource.',
    'error sending request for url (secret words)',
  ])('a runtime’s own words for a network fault, %s, are one', async (words) => {
    const { error, print } = await ask('https://a.example', {}, { fetch: thrower(new TypeError(words)) })
    expect(error).toMatchObject({ detail: 'NETWORK', hint: 'check the network, DNS and proxy, then try again' })
    expect(print).not.toContain('secret words')
  })

  it('that is not there is told', async () => {
    vi.stubGlobal('fetch', undefined)
    onTestFinished(() => void vi.unstubAllGlobals())
    expect((await ask('https://a.example')).error).toMatchObject({
      code: 'token_unavailable',
      hint: 'give one as the option fetch',
    })
  })
})

describe('over real sockets', () => {
  it('http where https is asked for', async () => {
    const origin = await serve((_request, response) => response.end())
    const { error } = await ask(origin.replace('http:', 'https:'))
    expect(error).toMatchObject({ detail: 'TLS', hint: expect.stringContaining('no TLS that both sides know') })
  })

  it('https where http is asked for, or a connection that is cut', async () => {
    const server = createTlsServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    onTestFinished(() => void server.close())
    const address = server.address()
    const { error } = await ask(`http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`)
    expect(error).toMatchObject({ detail: 'NETWORK', hint: expect.stringMatching(/was cut|not the HTTP/) })
  })

  it('a host that is not there', async () => {
    const { error } = await ask('https://nobody.invalid')
    expect(error.message).toMatch(/ENOTFOUND|EAI_AGAIN/)
    expect(error.hint).toContain('not known to DNS')
  })
})

const CHILD = `
import { createMaskinporten } from '@maskinporten-kit/core'
const authority = process.argv[1]
const settings = { current: () => resolved, get: async () => resolved, refresh: async () => false, subscribe: () => () => {}, describe: () => [], close: async () => {} }
const resolved = { revision: 1, authority, tokenEndpoint: authority + '/token', clientId: 'c', request: { scopes: ['a:b'] }, keys: [{ id: 'k', kid: 'k', alg: 'RS256', addedAt: 0, sign: async () => new Uint8Array([1]) }] }
const events = []
const maskinporten = createMaskinporten(settings, { timeoutMs: 2000 })
maskinporten.subscribe((event) => event.type === 'settings.warning' && events.push(event))
const outcome = []
for (const consumerOrg of ['991825827', '310702641']) outcome.push(await maskinporten.getToken({ consumerOrg }).then(() => 'a token', ({ message, detail }) => ({ message, detail })))
console.log(JSON.stringify({ outcome, events }))
await maskinporten.close()
`

/** What a process says that asks `authority` with these variables. */
async function child(authority: string, env: Readonly<Record<string, string>>): Promise<string> {
  const args = ['--conditions=@maskinporten-kit/source', '--input-type=module', '-e', CHILD, authority]
  const {
    HTTP_PROXY: _1,
    HTTPS_PROXY: _2,
    NO_PROXY: _3,
    http_proxy: _4,
    https_proxy: _5,
    no_proxy: _6,
    ...rest
  } = process.env
  const run = spawn(process.execPath, args, {
    cwd: import.meta.dirname,
    env: { ...rest, NODE_NO_WARNINGS: '1', ...env },
  })
  let said = ''
  for (const stream of [run.stdout, run.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (said += text))
  await once(run, 'close')
  return said
}

const REFUSING = 'http://user:pass-9f2b@127.0.0.1:9'
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
const obeys = major >= 24 || (major === 22 && minor >= 21)

describe('a proxy of the environment', () => {
  beforeEach(({ skip }) => skip(!obeys, `Node ${process.versions.node} does not obey NODE_USE_ENV_PROXY`))

  it('that cannot be reached is named, without its password', async () => {
    const said = await child('https://a.example', { NODE_USE_ENV_PROXY: '1', HTTPS_PROXY: REFUSING })
    expect(said).toContain('HTTPS_PROXY is set, so the proxy 127.0.0.1:9 was asked')
    expect(said).not.toContain('pass-9f2b')
  })

  it.each(['http://127.0.0.1:18080', 'https://a.example'])(
    'that answers 407 to a request for %s is named',
    async (authority) => {
      const proxy = createServer((_request, response) => response.writeHead(407).end())
        .on('connect', (_request, socket) => socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n'))
        .listen(0, '127.0.0.1')
      await once(proxy, 'listening')
      onTestFinished(() => void proxy.close())
      const address = proxy.address()
      const place = `127.0.0.1:${typeof address === 'object' ? address?.port : 0}`
      const said = await child(authority, {
        NODE_USE_ENV_PROXY: '1',
        HTTP_PROXY: `http://${place}`,
        HTTPS_PROXY: `http://${place}`,
      })
      expect(said).toContain('the proxy answered 407')
      expect(said).toContain(`so the proxy ${place} was asked`)
    },
  )

  it('that this host is exempt from is not named', async () => {
    const env = { NODE_USE_ENV_PROXY: '1', HTTPS_PROXY: REFUSING, NO_PROXY: 'b.example, *.invalid' }
    expect(await child('https://nobody.invalid', env)).not.toContain('HTTPS_PROXY')
  })

  it('that gets plain http to this machine is warned of, once', async () => {
    const origin = await serve((_request, response) => response.end('{}'))
    const said = await child(origin, { NODE_USE_ENV_PROXY: '1', HTTP_PROXY: REFUSING })
    expect(said).toContain(`requests to ${origin} go to the proxy 127.0.0.1:9, with assertion and token in clear`)
    expect(said.split('CONFIG_PROXY_CLEARTEXT')).toHaveLength(2)
    expect(said).not.toContain('pass-9f2b')
  })

  it.each([
    { NODE_USE_ENV_PROXY: '1', HTTP_PROXY: REFUSING, NO_PROXY: '127.0.0.1' },
    { HTTP_PROXY: REFUSING },
    { NODE_USE_ENV_PROXY: '1', HTTPS_PROXY: REFUSING },
  ])('that does not get it is not warned of: %j', async (env) => {
    const origin = await serve((_request, response) => response.end('{}'))
    expect(await child(origin, env)).not.toContain('CONFIG_PROXY_CLEARTEXT')
  })
})

it.each([{}, ...(obeys ? [] : [{ NODE_USE_ENV_PROXY: '1' }])])(
  'a proxy that the runtime does not obey is not named: %j',
  async (env) => {
    expect(await child('https://nobody.invalid', { HTTPS_PROXY: REFUSING, ...env })).not.toContain('HTTPS_PROXY')
  },
)
