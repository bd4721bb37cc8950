// Which proxy of the environment a runtime asks. Node, Bun and Deno differ, so `process` is made by hand here;
// network-faults.test.ts has the same over real sockets.
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { EventBody } from '../../src/events.ts'
import { noAnswer } from '../../src/http/no-answer.ts'
import { type EnvProxy, envProxy, proxyWarning } from '../../src/http/proxy.ts'

afterEach(() => {
  vi.unstubAllGlobals()
})

type Env = Readonly<Record<string, string>>

/** What `look` sees in a process with this environment, which is that of a Node that obeys, if nothing else is said. */
function within<T>(env: Env | undefined, look: () => T, host: object = { versions: { node: '26.0.0' } }): T {
  vi.stubGlobal('process', { env: env && { NODE_USE_ENV_PROXY: '1', ...env }, ...host })
  try {
    return look()
  } finally {
    vi.unstubAllGlobals()
  }
}

const proxyOf = (url: string, env: Env | undefined, host?: object): EnvProxy | undefined =>
  within(env, () => envProxy(url), host)
const PROXY = 'http://user:CANARY@proxy.example:3128/'
const HTTPS = 'https://a.example/token'

describe('the proxy of the environment', () => {
  it.each<[string, Env, string]>([
    [HTTPS, { HTTPS_PROXY: PROXY }, 'HTTPS_PROXY'],
    [HTTPS, { https_proxy: PROXY, HTTPS_PROXY: 'http://other' }, 'https_proxy'],
    [HTTPS, { HTTP_PROXY: PROXY }, 'HTTP_PROXY'],
    [HTTPS, { http_proxy: 'http://other', HTTPS_PROXY: PROXY }, 'HTTPS_PROXY'],
    [HTTPS, { https_proxy: '', HTTPS_PROXY: PROXY }, 'HTTPS_PROXY'],
    ['http://a.example/', { http_proxy: PROXY, HTTPS_PROXY: 'http://other' }, 'http_proxy'],
  ])('for %s with %j', (url, env, variable) => {
    expect(proxyOf(url, env)).toEqual({ variable, host: 'proxy.example:3128' })
  })

  it.each<[string, Env | undefined]>([
    [HTTPS, {}],
    [HTTPS, undefined],
    ['http://a.example/', { HTTPS_PROXY: PROXY }],
    ['no address', { HTTPS_PROXY: PROXY, HTTP_PROXY: PROXY }],
  ])('for %s with %j is none', (url, env) => {
    expect(proxyOf(url, env)).toBeUndefined()
  })

  it('that does not parse has no host, since its text may be a password', () => {
    expect(proxyOf(HTTPS, { HTTPS_PROXY: 'CANARY' })).toEqual({ variable: 'HTTPS_PROXY', host: '' })
  })

  it('is none where there is no `process`', () => {
    vi.stubGlobal('process', undefined)
    const found = envProxy(HTTPS)
    vi.unstubAllGlobals()
    expect(found).toBeUndefined()
  })
})

describe('NODE_USE_ENV_PROXY', () => {
  it.each([
    ['26.0.0', true],
    ['24.0.0', true],
    ['23.11.0', false],
    ['22.21.0', true],
    ['22.22.1', true],
    ['22.20.9', false],
    ['20.21.0', false],
    ['', false],
  ])('is obeyed by Node %s: %s', (node, isObeyed) => {
    expect(proxyOf(HTTPS, { HTTPS_PROXY: PROXY }, { versions: { node } }) !== undefined).toBe(isObeyed)
  })

  it.each<[string, Env, object, boolean]>([
    ['set to 0', { NODE_USE_ENV_PROXY: '0' }, {}, false],
    ['nowhere, with no versions', {}, { versions: undefined }, false],
    ['as an argument', { NODE_USE_ENV_PROXY: '' }, { execArgv: ['--x', '--use-env-proxy'] }, true],
    ['as another argument', { NODE_USE_ENV_PROXY: '' }, { execArgv: ['--use-env', '-proxy'] }, false],
    ['in NODE_OPTIONS', { NODE_USE_ENV_PROXY: '', NODE_OPTIONS: '--a --use-env-proxy' }, {}, true],
    ['in Bun, which needs none', { NODE_USE_ENV_PROXY: '' }, { versions: { bun: '1.2' } }, true],
  ])('%s: %j', (_name, env, host, isObeyed) => {
    const found = proxyOf(HTTPS, { HTTPS_PROXY: PROXY, ...env }, { versions: { node: '26.0.0' }, ...host })
    expect(found !== undefined).toBe(isObeyed)
  })

  it('is not needed in Deno', () => {
    vi.stubGlobal('Deno', {})
    expect(proxyOf(HTTPS, { NODE_USE_ENV_PROXY: '', HTTPS_PROXY: PROXY })).toBeDefined()
  })
})

describe('NO_PROXY', () => {
  it.each([
    ['a.example', HTTPS],
    ['A.EXAMPLE', HTTPS],
    ['*', HTTPS],
    ['b.example, a.example', HTTPS],
    ['b.example  a.example', HTTPS],
    ['.example', HTTPS],
    ['*.example', HTTPS],
    ['a.example:443', HTTPS],
    ['a.example:80', 'http://a.example/'],
    ['a.example:8443', 'https://a.example:8443/'],
    ['*:443', HTTPS],
  ])('%j exempts %s', (list, url) => {
    const env = { HTTPS_PROXY: PROXY, HTTP_PROXY: PROXY }
    expect(proxyOf(url, { ...env, NO_PROXY: list })).toBeUndefined()
    expect(proxyOf(url, { ...env, no_proxy: list })).toBeUndefined()
  })

  it.each([
    ['', HTTPS],
    [',', HTTPS],
    [':443', HTTPS],
    ['example', HTTPS],
    ['xa.example', HTTPS],
    ['.a.example', HTTPS],
    ['a.example:80', HTTPS],
    ['a.example:443', 'http://a.example/'],
    ['a.example:443', 'https://a.example:8443/'],
    ['a.example.no', HTTPS],
  ])('%j does not exempt %s', (list, url) => {
    expect(proxyOf(url, { HTTPS_PROXY: PROXY, HTTP_PROXY: PROXY, NO_PROXY: list })).toBeDefined()
  })

  it('in lower case counts before the one in upper case', () => {
    expect(proxyOf(HTTPS, { HTTPS_PROXY: PROXY, no_proxy: 'b.example', NO_PROXY: '*' })).toBeDefined()
  })
})

describe('a warning of plain http to a proxy', () => {
  function warned(...urls: readonly string[]): EventBody[] {
    const events: EventBody[] = []
    const warn = proxyWarning((event) => void events.push(event))
    within({ HTTP_PROXY: PROXY }, () => urls.forEach(warn))
    return events
  }

  it('names the variable, the proxy and the way out, once for each host', () => {
    const events = warned('http://localhost:80/a', 'http://localhost/b', 'http://127.0.0.1:9/', 'https://localhost/')
    expect(events).toHaveLength(2)
    expect(events[0]).toMatchObject({
      type: 'settings.warning',
      level: 'warn',
      code: 'CONFIG_PROXY_CLEARTEXT',
      key: 'HTTP_PROXY',
      origin: 'environment',
    })
    const text = JSON.stringify(events)
    for (const part of ['proxy.example:3128', 'http://localhost ', 'NO_PROXY', '127.0.0.1:9'])
      expect(text).toContain(part)
    expect(text).not.toContain('CANARY')
  })

  it('is not given of https', () => {
    expect(warned(HTTPS)).toEqual([])
  })
})

describe('a request that got no answer', () => {
  const refused = { code: 'ECONNREFUSED' }

  it('names the proxy that was asked', () => {
    const { hint } = within({ HTTPS_PROXY: PROXY }, () => noAnswer(refused, HTTPS, 'x'))
    for (const part of ['nothing listens there', 'HTTPS_PROXY is set', 'proxy.example:3128', 'a.example in NO_PROXY'])
      expect(hint).toContain(part)
    expect(hint).not.toContain('CANARY')
  })

  it('names no proxy where the fetch itself is at fault', () => {
    const { detail, hint } = within({ HTTPS_PROXY: PROXY }, () => noAnswer({ code: 'UND_MOCK_X' }, HTTPS, 'x'))
    expect(detail).toBe('FETCH')
    expect(hint).not.toContain('HTTPS_PROXY')
  })

  it('in its time says that it took too long', () => {
    expect(noAnswer(undefined, HTTPS, 'no answer within 30 s')).toMatchObject({
      why: 'no answer within 30 s',
      hint: expect.stringContaining('check the network'),
      detail: 'NETWORK',
    })
  })
})
