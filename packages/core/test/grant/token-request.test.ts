// A request's fields: of the wrong type, hidden, or with names that every object has.
import { type TokenRequest, createMaskinporten } from '@maskinporten-kit/core'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { seedRandom } from '../engine/drive.ts'
import { World } from '../engine/world.ts'

const ORG = '991825827'
const PERSON = 'urn:altinn:person:identifier-no:20914695016'
const ID = '0198f6b4-6d5e-7c1a-9b57-2f2f8a1f4a11'

let world: World
beforeEach(() => {
  seedRandom()
  world = new World()
})
afterEach(() => {
  world[Symbol.dispose]()
  vi.restoreAllMocks()
})

/** As JavaScript calls it. */
async function outcome(request: unknown): Promise<unknown> {
  const answer = world
    .create()
    .getToken(request as TokenRequest)
    .catch((error: unknown) => error)
  await world.time.advance(100)
  return answer
}

describe('a request with a value of another type', () => {
  const wrong: readonly (readonly [unknown, string])[] = [
    ...['scopes', 'resource', 'consumerOrg', 'systemUser', 'consent', 'pid', 'kind', 'claims'].map(
      (field) => [{ [field]: null }, field] as const,
    ),
    [{ scopes: 5 }, 'scopes'],
    [{ scopes: ['a:b', null] }, 'scopes'],
    [{ scopes: { 0: 'a:b' } }, 'scopes'],
    [{ resource: 5 }, 'resource'],
    [{ resource: {} }, 'resource'],
    [{ resource: ['https://api.example/', 5] }, 'resource'],
    [{ consumerOrg: 991_825_827 }, 'consumerOrg'],
    [{ consumerOrg: [ORG] }, 'consumerOrg'],
    [{ systemUser: ORG }, 'systemUser'],
    [{ systemUser: [ORG] }, 'systemUser'],
    [{ systemUser: {} }, 'systemUser.org'],
    [{ systemUser: { org: 991_825_827 } }, 'systemUser.org'],
    [{ systemUser: { org: ORG, externalRef: null } }, 'systemUser.externalRef'],
    [{ systemUser: { org: ORG, externalRef: 5 } }, 'systemUser.externalRef'],
    [{ systemUser: { org: ORG, externalRef: ['ref'] } }, 'systemUser.externalRef'],
    [{ consent: ID }, 'consent'],
    [{ consent: {} }, 'consent.id'],
    [{ consent: { id: [ID], from: PERSON } }, 'consent.id'],
    [{ consent: { id: ID, from: [PERSON] } }, 'consent.from'],
    [{ pid: 20_914_695_016 }, 'pid'],
    [{ pid: ['20914695016'] }, 'pid'],
    [{ kind: true }, 'kind'],
    [{ kind: ['altinn'] }, 'kind'],
    [{ claims: 'abc' }, 'claims'],
    [{ claims: 5 }, 'claims'],
    [{ claims: ['abc'] }, 'claims'],
    ['a:b', 'it'],
    [5, 'it'],
    [['a:b'], 'it'],
  ]
  it.each(wrong)('%j is refused, naming %s and the way out', async (request, field) => {
    expect(await outcome(request)).toMatchObject({
      code: 'request_invalid',
      detail: field,
      message: expect.stringContaining(field),
      hint: expect.stringMatching(/./),
    })
    expect(world.tokenCalls).toEqual([])
  })

  it('given to with() is refused there when it is no object', () => {
    const maskinporten = createMaskinporten({ environment: 'test', clientId: 'x', encodedJwk: 'x' })
    expect(() => maskinporten.with(null as never)).toThrow(expect.objectContaining({ code: 'request_invalid' }))
  })

  it('is not sent as a default of settings made by hand either', async () => {
    world.settings.change({ request: { scopes: ['a:b'], kind: null as never } })
    expect(await outcome({})).toMatchObject({ code: 'request_invalid', detail: 'kind' })
  })
})

describe('a field that a request does not have', () => {
  it.each<[object, string]>([
    [{ scope: 'a:b' }, 'did you mean scopes?'],
    [{ consumer_org: ORG }, 'did you mean consumerOrg?'],
    [{ consumerorg: ORG }, 'did you mean consumerOrg?'],
    [{ org: ORG }, 'did you mean consumerOrg?'],
    [{ audience: 'https://api.example/' }, 'did you mean resource?'],
    [{ systemuser: { org: ORG } }, 'did you mean systemUser?'],
    [{ externalRef: 'ref' }, 'did you mean systemUser.externalRef?'],
    [{ systemUser: { org: ORG, external_ref: 'ref' } }, 'did you mean systemUser.externalRef?'],
    [{ consent: { id: ID, From: PERSON } }, 'did you mean consent.from?'],
    [{ signal: 'x' }, 'getToken(request, { signal })'],
    [{ rejected: 'x' }, 'getToken(request, { rejected })'],
  ])('%j is refused, and the nearest named', async (request, says) => {
    expect(await outcome(request)).toMatchObject({ code: 'request_invalid', hint: expect.stringContaining(says) })
  })

  it('names the fields where nothing is near', async () => {
    const error = await outcome({ toString: 'x', qqqqqqqq: 'y' })
    expect(error).toMatchObject({ hint: expect.stringContaining('The fields are scopes, resource') })
    expect(error).toMatchObject({ hint: expect.not.stringContaining('did you mean') })
  })
})

describe('a field that is not the request’s own', () => {
  class Customer {
    readonly #org = ORG
    get consumerOrg(): string {
      return this.#org
    }
  }

  it.each([
    ['inherited', Object.create({ consumerOrg: ORG }) as object],
    ['a getter of a class', new Customer()],
    ['hidden', Object.defineProperty({}, 'consumerOrg', { value: ORG })],
  ])('but %s, is refused rather than left out', async (_, request) => {
    expect(await outcome(request)).toMatchObject({
      code: 'request_invalid',
      detail: 'consumerOrg',
      hint: expect.stringContaining('plain object'),
    })
    expect(world.tokenCalls).toEqual([])
  })

  it('but undefined, is not given', async () => {
    expect(await outcome(Object.create({ consumerOrg: undefined }))).toHaveProperty('value')
  })

  it('in a system user or in claims, is refused rather than left out', async () => {
    const systemUser: object = Object.create({ externalRef: 'ref-1' }, { org: { value: ORG, enumerable: true } })
    expect(await outcome({ systemUser })).toMatchObject({ code: 'request_invalid', detail: 'systemUser' })
    const claims = { nested: [Object.defineProperty({ a: 1 }, 'iss_onbehalfof', { value: ORG })] }
    expect(await outcome({ claims })).toMatchObject({ code: 'request_invalid', detail: 'claims' })
    expect(world.tokenCalls).toEqual([])
  })

  it.each([
    ['that shows all', new Proxy({ consumerOrg: ORG }, {})],
    [
      'that shows a field to one who asks for it only',
      new Proxy({}, { get: (_, name) => (name === 'consumerOrg' ? ORG : undefined) }),
    ],
    ['within', { systemUser: new Proxy({ org: ORG }, {}) }],
  ])('but a Proxy’s %s, is refused', async (_, request) => {
    expect(await outcome(request)).toMatchObject({ code: 'request_invalid' })
    expect(world.tokenCalls).toEqual([])
  })

  it('is refused as well when a token for the visible fields is there', async () => {
    const maskinporten = world.create()
    for (const request of [{ scopes: 'a:b' }, {}]) {
      const token = maskinporten.getToken(request)
      await world.time.advance(100)
      await token
    }
    const hidden = { value: ORG }
    for (const request of [
      Object.defineProperty({ scopes: 'a:b' }, 'consumerOrg', hidden),
      Object.defineProperty({}, 'consumerOrg', hidden),
      new Proxy({}, { get: (_, name) => (name === 'consumerOrg' ? ORG : undefined) }),
    ]) {
      await expect(maskinporten.getToken(request)).rejects.toMatchObject({ code: 'request_invalid' })
    }
  })

  it('such as a method of a class, is not meant', async () => {
    class Query {
      readonly consumerOrg = ORG
      describe(): string {
        return this.consumerOrg
      }
    }
    expect(await outcome(new Query())).toHaveProperty('value')
  })
})

describe('what is not a request or not a signal', () => {
  const getTokenOf = (maskinporten: object, call: readonly unknown[]): unknown =>
    Reflect.apply(Reflect.get(maskinporten, 'getToken'), maskinporten, call)

  it('rejects, and throws nothing at once', async () => {
    const maskinporten = world.create()
    for (const call of [[null], [undefined, { signal: null }], [{}, { signal: null }], [{}, { signal: {} }]]) {
      const token: unknown = getTokenOf(maskinporten, call)
      await expect(token).rejects.toMatchObject({ code: 'request_invalid' })
    }
  })

  it('rejects when the token is there too', async () => {
    const maskinporten = world.create()
    const token = maskinporten.getToken()
    await world.time.advance(100)
    await token
    for (const call of [[null], [undefined, { signal: null }], [{}, { signal: null }]]) {
      const failing: unknown = getTokenOf(maskinporten, call)
      await expect(failing).rejects.toMatchObject({ code: 'request_invalid' })
    }
  })
})

describe('a claim', () => {
  it('whose name every object has is sent as it is', async () => {
    expect(await outcome({ claims: JSON.parse('{"toString":"a","constructor":"b","__proto__":"c"}') })).toHaveProperty(
      'value',
    )
    const claims = world.tokenCalls[0]?.claims ?? {}
    expect(Object.entries(claims)).toEqual(
      expect.arrayContaining([
        ['toString', 'a'],
        ['constructor', 'b'],
        ['__proto__', 'c'],
      ]),
    )
  })

  it('is part of the identity under such a name too', async () => {
    const maskinporten = world.create()
    for (const claims of ['{"toString":"a"}', '{"toString":"b"}', '{"__proto__":"a"}', '{"__proto__":"b"}']) {
      const token = maskinporten.getToken({ claims: JSON.parse(claims) })
      await world.time.advance(100)
      await token
    }
    expect(world.tokenCalls).toHaveLength(4)
  })

  it.each(['aud', 'iss', 'sub', 'scope', 'iat', 'exp', 'nbf', 'jti', 'resource', 'consumer_org', 'pid'])(
    'named %s is refused: core sets it',
    async (name) => {
      expect(await outcome({ claims: { [name]: 'x' } })).toMatchObject({ code: 'request_invalid', detail: 'claims' })
    },
  )

  it('named much like one of those is not', async () => {
    expect(await outcome({ claims: { audience: 'x', my_pid: 'y' } })).toHaveProperty('value')
  })
})

describe('what core keeps of a request', () => {
  it('does not change when the caller’s object does', async () => {
    const request = { scopes: ['a:b'], claims: { deep: { list: ['x'] } } }
    const bound = world.create().with(request)
    request.scopes.push('c:d')
    request.claims.deep.list.push('y')
    const token = bound.getToken()
    await world.time.advance(100)
    expect((await token).scopes).toEqual(['a:b'])
    expect(world.tokenCalls[0]?.claims).toMatchObject({ scope: 'a:b', deep: { list: ['x'] } })
  })

  it('cannot be changed by a listener', async () => {
    const maskinporten = world.create()
    maskinporten.subscribe((event) => {
      if (event.type === 'token.start') (event.scopes as string[]).push('c:d')
    })
    const token = maskinporten.getToken()
    await world.time.advance(100)
    await token
    expect(world.tokenCalls[0]?.claims).toMatchObject({ scope: 'a:b' })
  })
})

it.each(['\u200Ba:b', '“a:b”', 'a:b\u00AD', 'a:ø'])(
  'a scope with a character that no scope has, %j, is refused',
  async (scopes) => {
    expect(await outcome({ scopes })).toMatchObject({ code: 'request_invalid', detail: 'scopes' })
  },
)

it.each([null, 'token', {}, { value: 5 }])('a `rejected` that is not a token, %j, is refused', async (rejected) => {
  const answer = world
    .create()
    .getToken({}, { rejected: rejected as never })
    .catch((error: unknown) => error)
  await world.time.advance(100)
  expect(await answer).toMatchObject({ code: 'request_invalid', detail: 'rejected' })
})

it('a promise of a request is named: somebody forgot to await it', async () => {
  expect(await outcome(Promise.resolve({ scopes: 'a:b' }))).toMatchObject({
    code: 'request_invalid',
    message: 'token request: it is a promise; await it first',
  })
})
