import { createAccessToken, MaskinportenError } from '@maskinporten-kit/core'
import type { TokenSource } from '@maskinporten-kit/core'
import {
  answeredElsewhere,
  bearers,
  canSendAgain,
  copyPerCall,
  discardBody,
  originGuard,
  renewedToken,
} from '@maskinporten-kit/core/adapter'
import type { AdapterOptions } from '@maskinporten-kit/core/adapter'
import { describe, expect, it, vi } from 'vitest'

const altinn = 'https://platform.tt02.altinn.no'
const codeOf = (action: () => unknown): unknown => {
  try {
    return action()
  } catch (error) {
    return error instanceof MaskinportenError ? error.code : error
  }
}

describe('originGuard', () => {
  it.each([
    ['its text', altinn],
    ['its text with a slash', `${altinn}/`],
    ['a URL', new URL(altinn)],
    ['a list of several', ['https://a.no', altinn, new URL('https://b.no')]],
    ['a function', (url: URL) => url.hostname.endsWith('.altinn.no')],
    ['its text in another case, with its port', 'HTTPS://Platform.TT02.altinn.no:443/'],
  ] satisfies [string, AdapterOptions['allow']][])('gives a token to an origin that is allowed by %s', (_, allow) => {
    const guard = originGuard({ allow })
    expect(guard(`${altinn}/storage/api/v1/instances?org=ttd`, undefined, false)).toBe(true)
    expect(guard(new URL(`${altinn}/x`), { scopes: 'a' }, false)).toBe(true)
    expect(codeOf(() => guard('https://altinn.no.evil.example/', undefined, false))).toBe('origin_not_allowed')
  })

  it.each([
    `${altinn}/storage`,
    `${altinn}/?org=ttd`,
    `${altinn}/#x`,
    `${altinn}?`,
    'https://user:secret@platform.tt02.altinn.no',
    'https://*.altinn.no',
    'platform.tt02.altinn.no',
    'ftp://platform.tt02.altinn.no',
    'xhttps://platform.tt02.altinn.no/',
    '',
  ])('takes no allow of %j, and does not print it', (allow) => {
    expect(() => originGuard({ allow })).toThrow(TypeError)
    expect(() => originGuard({ allow: [altinn, allow] })).toThrow(/^(?!.*secret).*(?:such as allow: |: write 'https)/)
  })

  it('takes no allow that is missing or of another kind', () => {
    for (const allow of [undefined, null, 7, {}, [7]]) {
      expect(() => Reflect.apply(originGuard, undefined, [{ allow }])).toThrow(TypeError)
    }
  })

  it.each([
    [undefined, 'the option `allow` of the adapter is missing: list the servers'],
    [{}, 'the option `allow` of the adapter is missing: list the servers'],
    [{ allow: '/api' }, 'the option `allow` of the adapter names an address "/api": list the servers'],
    [{ allow: 'ftp://api.example' }, 'the option `allow` of the adapter names an address of the scheme ftp:'],
    [
      { allow: 'https://api.example.no/v1?key=secret' },
      'the option `allow` of the adapter names an address with a path, "https://api.example.no/v1": write \'https://api.example.no\'',
    ],
  ])('says of the options %j what is wrong', (options, says) => {
    expect(() => Reflect.apply(originGuard, undefined, [options])).toThrow(says)
  })

  it('tells a relative address from a malformed one', () => {
    const guard = originGuard({ allow: altinn })
    expect(() => guard('/persons?id=1', undefined, false)).toThrow('"/persons" is relative, and nothing resolves it')
    expect(() => guard('https://a b/', undefined, false)).toThrow('"https://a b/" is malformed: give an absolute URL')
  })

  it('names an address that nothing resolves, without what may be secret in it, whatever may pass through', () => {
    const guard = originGuard({ allow: altinn, otherOrigins: 'pass-through' })
    for (const [address, named] of [
      ['/persons?key=secret', '"/persons"'],
      ['//kari:secret@host/persons#secret', '"host/persons"'],
      ['https://', '"https://"'],
    ] as const) {
      expect(() => guard(address, undefined, false)).toThrow(
        expect.objectContaining({ code: 'request_invalid', message: expect.stringContaining(named) }),
      )
      expect(() => guard(address, {}, false)).toThrow(/^(?!.*secret)/)
      // For the client to refuse, or to resolve.
      expect(guard(address, undefined, true)).toBe(false)
      expect(guard(address, false, false)).toBe(false)
    }
  })

  it('compares origins whole: scheme, host and port', () => {
    const guard = originGuard({ allow: 'https://api.no' })
    for (const url of [
      'https://api.no:8443/',
      'https://sub.api.no/',
      'https://api.no.evil.example/',
      'https://xn--pi-7ka.no/',
    ]) {
      expect(codeOf(() => guard(url, undefined, false))).toBe('origin_not_allowed')
    }
    expect(guard('https://api.no:443/', undefined, false)).toBe(true)
  })

  it.each(['https://api.no', 'http://127.0.0.1:8080', 'http://[::1]', 'https://xn--brnehjelp-98a.no:8443'])(
    'judges what only looks like %s by the address that it is',
    (allow) => {
      const guard = originGuard({ allow })
      const [scheme = '', host = ''] = allow.split('//')
      const other = [
        `${allow}.evil.example/`,
        `${allow}.evil.example`,
        `${allow}@evil.example/`,
        `${allow}:443@evil.example/`,
        `${allow}\t.evil.example/`,
        `${allow}0/`,
        `${scheme}//evil.example/${allow}/`,
        `${scheme}//evil.example\\@${host}/`,
        `${scheme}//evil.example#@${host}/`,
        ` ${scheme}//evil.example/`,
      ]
      for (const url of other) expect([url, codeOf(() => guard(url, undefined, false))]).not.toEqual([url, true])
      const same = [
        allow,
        `${allow}?x`,
        `${allow}#x`,
        `${allow}\\evil.example/`,
        `${allow}\\@evil.example`,
        `${allow}/@evil.example/`,
        `${allow}//evil.example/`,
        `${allow}/\\evil.example`,
        `${allow}/../../evil.example`,
        `${allow}/:8443`,
        `${allow}/\t\n:@evil.example`,
        `${allow.replace('//', '\\\\')}/`,
        `${allow.replace('h', 'H').replace('t', '\t\nt')}/`,
        `\n ${allow}/ `,
        `${scheme}${host}/`,
      ]
      for (const url of same) {
        expect([new URL(url).origin, new URL(url).username]).toEqual([new URL(allow).origin, ''])
        expect([url, codeOf(() => guard(url, undefined, false))]).toEqual([url, true])
      }
    },
  )

  it('knows the address of a call in its shortest way too: a credential and plain http count there', () => {
    const guard = originGuard({ allow: ['https://api.no', 'http://api.no'] })
    expect(guard('https://api.no/x', undefined, true)).toBe(false)
    expect(codeOf(() => guard('https://api.no/x', {}, true))).toBe('request_invalid')
    expect(codeOf(() => guard('https://api.no/x', null, false))).toBe('request_invalid')
    expect(guard('https://api.no/x', false, false)).toBe(false)
    expect(codeOf(() => guard('http://api.no/x', undefined, false))).toBe('origin_not_allowed')
    expect(guard('https://api.no/x', undefined, false)).toBe(true)
  })

  it('takes only true for permission: a promise of an async function is none', () => {
    const allow: unknown = () => Promise.resolve(true)
    const guard: ReturnType<typeof originGuard> = Reflect.apply(originGuard, undefined, [{ allow }])
    expect(codeOf(() => guard(altinn, undefined, false))).toBe('origin_not_allowed')
  })

  it('decides in order: false, a credential of one’s own, plain http, another origin, the token', () => {
    const strict = originGuard({ allow: altinn })
    const open = originGuard({ allow: altinn, otherOrigins: 'pass-through' })
    const request = { scopes: 'a' }
    const outcomes: [unknown, unknown][] = [
      [() => strict('http://other.no', false, true), false],
      [() => strict('http://other.no', undefined, true), false],
      [() => strict('http://kari:secret@other.no', undefined, false), false],
      [() => strict('http://:secret@other.no', undefined, false), false],
      [() => strict('https://:secret@platform.tt02.altinn.no', undefined, false), false],
      [() => strict('https://:secret@platform.tt02.altinn.no', request, false), 'request_invalid'],
      [() => strict('https://kari@platform.tt02.altinn.no', request, false), 'request_invalid'],
      [() => strict(altinn, request, true), 'request_invalid'],
      [() => open('http://other.no', undefined, false), 'origin_not_allowed'],
      [() => open('https://other.no', undefined, false), false],
      [() => open('data:text/plain,x', undefined, false), false],
      [() => strict('data:text/plain,x', undefined, false), 'origin_not_allowed'],
      [() => strict('https://other.no', undefined, false), 'origin_not_allowed'],
      [() => open(altinn, undefined, false), true],
    ]
    for (const [action, outcome] of outcomes)
      expect(typeof action === 'function' ? codeOf(() => Reflect.apply(action, undefined, [])) : action).toBe(outcome)
  })

  it('gives a token to http and https only, whatever a function allows', () => {
    const guard = originGuard({ allow: () => true })
    for (const url of ['data:text/plain,x', 'file:///etc/passwd', 'ws://localhost/']) {
      expect(codeOf(() => guard(url, undefined, false))).toBe('origin_not_allowed')
    }
  })

  it('lets plain http through on loopback only', () => {
    const guard = originGuard({ allow: () => true })
    for (const host of [
      'localhost:1',
      'api.localhost',
      '127.0.0.1',
      '127.3.2.1',
      '127.10.20.30',
      '127.1',
      '[::1]:8080',
      '0x7f000001',
    ]) {
      expect(guard(`http://${host}/`, undefined, false)).toBe(true)
    }
    for (const host of [
      'api.no',
      'localhost.no',
      '127.0.0.1.no',
      '128.0.0.1',
      '0.0.0.0',
      '[::2]',
      'notlocalhost',
      '10.0.0.1',
    ]) {
      expect(codeOf(() => guard(`http://${host}/`, undefined, false))).toBe('origin_not_allowed')
    }
  })

  it('refuses what is no token request', () => {
    const guard = originGuard({ allow: altinn })
    const hint = 'give an object such as { scopes }, or leave it out'
    for (const wrong of [true, null, 'altinn:x', 7]) {
      expect(() => guard(altinn, wrong, false)).toThrow(
        expect.objectContaining({
          code: 'request_invalid',
          hint,
          message: `\`maskinporten\` is neither a token request nor false: ${hint}`,
        }),
      )
    }
  })

  it('says the way out, and neither path nor user info', () => {
    const guard = originGuard({ allow: altinn })
    for (const url of ['https://other.no/person/12345678901?q=secret', 'http://other.no/person/12345678901?q=secret']) {
      expect(() => guard(url, undefined, false)).toThrow(
        /^[^]*other\.no(?![^]*(12345678901|secret))[^]*: .*`maskinporten: false`/,
      )
    }
    expect(() => guard('https://kari:secret@other.no', {}, false)).toThrow(
      'the call to other.no has a user name or password in its address, and `maskinporten` asks for a token: to send your own credential, leave out `maskinporten`; to send a token, leave out your own credential',
    )
    expect(() => guard('/x', undefined, false)).toThrow(/: give an absolute URL such as https:\/\/[^ ]+$/)
  })
})

describe('canSendAgain', () => {
  it('says yes to what can be read twice', () => {
    const bodies = [
      undefined,
      null,
      '',
      'x',
      new Uint8Array(1),
      new DataView(new ArrayBuffer(1)),
      new ArrayBuffer(1),
      Buffer.from('x'),
      new Blob(['x']),
      new File(['x'], 'x'),
      new FormData(),
      new URLSearchParams(),
    ]
    expect(bodies.filter((body) => !canSendAgain(body))).toEqual([])
  })

  it('says no to streams, iterators and what it does not know', async () => {
    const { Readable } = await import('node:stream')
    const wearsTheTag = Object.assign(Readable.from(['x']), { [Symbol.toStringTag]: 'FormData' })
    const bodies = [new ReadableStream(), Readable.from(['x']), wearsTheTag, [1][Symbol.iterator](), {}, 7, true]
    expect(bodies.filter((body) => canSendAgain(body))).toEqual([])
  })
})

describe('renewedToken', () => {
  const rejected = createAccessToken({ value: 'old' })

  it('asks for the same token, naming the rejected one', async () => {
    const asked: unknown[] = []
    const tokens: TokenSource = {
      getToken: async (...words) => (asked.push(words), createAccessToken({ value: 'new' })),
    }
    const { signal } = new AbortController()
    expect((await renewedToken(tokens, { scopes: 'a' }, rejected, signal))?.value).toBe('new')
    expect(asked).toEqual([[{ scopes: 'a' }, { rejected, signal }]])
  })

  it('is undefined when there is none to be had, and throws the reason when the caller has given up', async () => {
    const tokens: TokenSource = {
      getToken: () => Promise.reject(new MaskinportenError('token_unavailable', 'not now')),
    }
    expect(await renewedToken(tokens, undefined, rejected, undefined)).toBeUndefined()
    expect(await renewedToken(tokens, undefined, rejected, new AbortController().signal)).toBeUndefined()
    const reason = new Error('given up')
    await expect(renewedToken(tokens, undefined, rejected, AbortSignal.abort(reason))).rejects.toBe(reason)
  })
})

describe('copyPerCall', () => {
  it('copies a request, so that a later change of the caller’s object changes nothing', () => {
    const own = { scopes: ['a'], claims: { org: '1' } }
    const copy = copyPerCall(own)
    own.scopes.push('b')
    own.claims.org = '2'
    expect(copy).toEqual({ scopes: ['a'], claims: { org: '1' } })
  })

  it('gives what is not an object as it is, for the guard to refuse', () => {
    for (const value of [undefined, null, false, true, 'a', 7]) expect(copyPerCall(value)).toBe(value)
  })

  it('refuses a field that a copy would lose', () => {
    expect(codeOf(() => copyPerCall({ claims: { a: () => 1 } }))).toBe('request_invalid')
  })
})

it('writes the header of RFC 6750, and that of the token as it is now', () => {
  const bearer = bearers()
  expect(bearer(createAccessToken({ value: 'abc' }))).toBe('Bearer abc')
  const changing = { ...createAccessToken({ value: '' }), value: 'first' }
  const headers = ['first', 'first', 'second'].map((value) => bearer(Object.assign(changing, { value })))
  expect(headers).toEqual(['Bearer first', 'Bearer first', 'Bearer second'])
})

it('knows an answer from elsewhere by its origin, and trusts one that does not tell', () => {
  expect(answeredElsewhere('https://a.no/x', 'https://a.no/y')).toBe(false)
  expect(answeredElsewhere('https://a.no/x', 'https://b.no/x')).toBe(true)
  expect(answeredElsewhere('https://a.no/x', 'https://a.no:8443/x')).toBe(true)
  expect(answeredElsewhere('https://a.no/x', '')).toBe(false)
  expect(answeredElsewhere('https://a.no/x', 'b.no/x')).toBe(false)
  expect(answeredElsewhere('https://a.no/x', undefined)).toBe(false)
})

describe('discardBody', () => {
  it('fails nothing, whatever it is given, and waits for nothing', () => {
    const stop = vi.fn<() => unknown>(() => Promise.reject(new Error('no')))
    const holders = [undefined, null, {}, { body: null }, { body: 7 }, { body: 'text' }, { body: { cancel: 'no' } }]
    for (const holder of holders) expect(() => discardBody(holder)).not.toThrow()
    for (const name of ['cancel', 'destroy', 'return']) expect(discardBody({ body: { [name]: stop } })).toBeUndefined()
    expect(stop).toHaveBeenCalledTimes(3)
    const locked = new Response('x')
    locked.body?.getReader()
    discardBody(locked)
  })
})
