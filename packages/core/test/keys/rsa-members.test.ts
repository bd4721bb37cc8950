// The members of a JWK, and JSON that holds one: what is taken, what is warned of, what is refused.
import { beforeAll, describe, expect, it } from 'vitest'
import { chooseJwk, parseKeyJson, textWithin } from '../../src/keys/jwk-in-json.ts'
import { KeyRefusal, refusalOf } from '../../src/keys/key-refusal.ts'
import { type RsaJwk, ownKid, readRsaJwk } from '../../src/keys/rsa-jwk.ts'
import { isAlgorithm, keyName, signingKeyOf } from '../../src/keys/signer.ts'
import { type TestJwk, rsaKey } from '../settings/rsa-keys.ts'

let one: TestJwk
let two: TestJwk
beforeAll(async () => {
  const keys = await Promise.all([rsaKey('k1'), rsaKey('k2')])
  ;[one, two] = [keys[0].jwk, keys[1].jwk]
})

/** What comes of it: the value, or the code of the refusal; and the codes of the warnings. */
function outcome<T>(read: (warn: (code: string, message: string) => void) => T): {
  readonly value?: T
  readonly code?: string
  readonly message?: string
  readonly warnings: readonly string[]
} {
  const warnings: string[] = []
  try {
    return { value: read((code) => void warnings.push(code)), warnings }
  } catch (error) {
    if (error instanceof KeyRefusal) return { code: error.code, message: error.message, warnings }
    throw error
  }
}
const read = (changes: object = {}, kid?: string): ReturnType<typeof outcome<RsaJwk>> =>
  outcome((warn) => readRsaJwk({ ...one, ...changes }, kid, warn))
const bytes = (member: string): Buffer => Buffer.from(member, 'base64url')

describe('a private RSA JWK', () => {
  it('is read with the members that make it alone', () => {
    const { value, warnings } = read({ x5t: 'x', key_ops: ['sign'] })
    const { kty: _kty, kid: _kid, ...members } = one
    expect(value).toEqual({
      members,
      modulus: new Uint8Array(bytes(one.n)),
      bits: 2048,
      alg: 'RS256',
      kid: 'k1',
      issuedAt: undefined,
      expiresAt: undefined,
    })
    expect(warnings).toEqual([])
  })

  it('may have leading zeros, padding and the standard alphabet', () => {
    const padded = Buffer.concat([Buffer.alloc(3), bytes(one.n)]).toString('base64')
    expect(read({ n: padded }).value).toMatchObject({ bits: 2048, members: { n: one.n } })
  })

  it.each(['RSA', 'rsa', 'Rsa'])('has the type %s', (kty) => {
    expect(read({ kty }).value?.bits).toBe(2048)
  })

  it.each([
    [undefined, 'KEY_NOT_JWK'],
    ['oct', 'KEY_SYMMETRIC'],
    ['EC', 'KEY_NOT_RSA'],
    ['RSAx', 'KEY_NOT_RSA'],
    ['xRSA', 'KEY_NOT_RSA'],
    [5, 'KEY_NOT_RSA'],
    [null, 'KEY_NOT_RSA'],
    [['RSA'], 'KEY_NOT_RSA'],
  ])('has not the type %j: %s', (kty, code) => {
    expect(read({ kty }).code).toBe(code)
  })

  it.each([undefined, '', ' ', null])('without "d", %j, is the public half', (d) => {
    expect(read({ d }).code).toBe('KEY_PUBLIC_ONLY')
  })

  it.each(['n', 'e', 'p', 'q', 'dp', 'dq', 'qi'])('without "%s" is incomplete', (name) => {
    for (const nothing of [undefined, '', ' \n', null])
      expect(read({ [name]: nothing })).toMatchObject({
        code: 'KEY_INCOMPLETE',
        message: expect.stringContaining(` ${name}.`),
      })
  })

  it('names all that it lacks', () => {
    expect(read({ p: '', q: '' }).message).toContain('p, q')
  })

  it.each([5, {}, 'a b!', 'æ', '*', true])('with a member that is %j is refused, and the member named', (qi) => {
    const refused = read({ qi })
    expect(refused.code).toBe('KEY_JWK_BAD')
    expect(refused.message).toContain('"qi"')
  })

  it('of fewer than 2048 bits is too small, to the bit', () => {
    const n = bytes(one.n)
    n[0] = 0x7f
    expect(read({ n: n.toString('base64url') })).toMatchObject({
      code: 'KEY_TOO_SMALL',
      message: expect.stringContaining('2047'),
    })
    n[0] = 0x80
    expect(read({ n: n.toString('base64url') }).code).toBe('KEY_PAIR_MISMATCH')
    expect(read({ n: Buffer.from([1, 0]).toString('base64url') }).message).toContain('9 bits')
  })

  it.each(['n', 'e', 'p', 'q'] as const)('with the "%s" of another key does not fit together', (name) => {
    const other = name === 'e' ? 'AQAD' : two[name]
    expect(read({ [name]: other }).code).toBe('KEY_PAIR_MISMATCH')
  })

  it('may have a wrong "d", or wrong CRT members, but not both', () => {
    expect(read({ d: two.d }).value).toBeDefined()
    expect(read({ dp: two.dp }).value).toBeDefined()
    expect(read({ qi: two.qi, dq: two.dq }).value).toBeDefined()
    for (const name of ['dp', 'dq', 'qi'] as const)
      expect(read({ d: two.d, [name]: two[name] }).code).toBe('KEY_PAIR_MISMATCH')
  })

  it('made of 1 and a number, or of nothing, does not fit together', () => {
    const tiny = { p: 'AQ', q: one.n }
    for (const changes of [tiny, { p: one.n, q: 'AQ' }, { p: 'AA', q: 'AA' }])
      expect(read({ ...changes, d: one.d }).code).toBe('KEY_PAIR_MISMATCH')
  })

  it.each(['RS256', 'RS384', 'RS512'])('signs with its "alg" %s', (alg) => {
    expect(read({ alg })).toMatchObject({ value: { alg }, warnings: [] })
    expect(isAlgorithm(alg)).toBe(true)
  })

  it.each(['PS256', 'rs256', 'RS2560', 'xRS256', 5, ['RS256']])('has no such "alg" as %j, and is warned of', (alg) => {
    expect(read({ alg })).toMatchObject({ value: { alg: 'RS256' }, warnings: ['KEY_ALG'] })
    expect(isAlgorithm(alg)).toBe(false)
  })

  it.each([undefined, '', null, ' '])('without an "alg" or a "use", %j, is warned of in nothing', (blank) => {
    expect(read({ alg: blank, use: blank })).toMatchObject({ value: { alg: 'RS256' }, warnings: [] })
  })

  it('is for signatures', () => {
    expect(read({ use: 'sig' }).warnings).toEqual([])
    expect(read({ use: 'enc' }).warnings).toEqual(['KEY_USE'])
  })

  it.each([
    [1_700_000_000, 1_700_000_000_000],
    ['1700000000', 1_700_000_000_000],
    [1_700_000_000_000, 1_700_000_000_000],
    [99_999_999_999, 99_999_999_999_000],
    [1e11, 1e11],
    [0, undefined],
    [-5, undefined],
    ['x', undefined],
    [null, undefined],
    [undefined, undefined],
  ])('with the time %j is of %j ms', (time, ms) => {
    expect(read({ iat: time, exp: time }).value).toMatchObject({ issuedAt: ms, expiresAt: ms })
    expect(read({ nbf: time }).value).toMatchObject({ issuedAt: ms, expiresAt: undefined })
    expect(read({ iat: 1_600_000_000, nbf: time }).value?.issuedAt).toBe(1_600_000_000_000)
  })

  it('shows no value that may be a part of a key', () => {
    for (const [name, changes] of [
      ['kty', { kty: 'CANARY-1' }],
      ['kty', { kty: { CANARY: 1 } }],
    ] as const)
      expect(read(changes).message).toEqual(expect.stringContaining(`a "${name}" of its own`))
    expect(read({ kty: 'EC' }).message).toContain('"kty":"EC"')
  })

  it('of another kind names members that look like names, six of them at most', () => {
    const names = Object.fromEntries(['one', 'two_b', 'three', 'four', 'five', 'six', 'seven'].map((name) => [name, 1]))
    const { message } = outcome((warn) => readRsaJwk({ ...names, CANARY9: 1, ab: 1 }, undefined, warn))
    expect(message).toContain('one, two_b, three, four, five, six)')
    for (const odd of ['CANARY9', 'ab', '_abc', 'abc_', 'a'.repeat(21), 'a b c'])
      expect(outcome((warn) => readRsaJwk({ [odd]: 1 }, undefined, warn)).message).not.toContain('members')
  })
})

describe('the kid', () => {
  it('beside the key counts, and another one in the key is warned of', () => {
    expect(read({}, 'k1')).toMatchObject({ value: { kid: 'k1' }, warnings: [] })
    expect(read({}, 'other')).toMatchObject({ value: { kid: 'other' }, warnings: ['KEY_KID_OVERRIDDEN'] })
    for (const kid of [undefined, '', null])
      expect(read({ kid }, 'other')).toMatchObject({ value: { kid: 'other' }, warnings: [] })
    expect(read({ kid: 5 }, 'other')).toMatchObject({ value: { kid: 'other' }, warnings: ['KEY_KID_OVERRIDDEN'] })
  })

  it.each([undefined, '', ' ', null])('that is %j is none', (kid) => {
    expect(read({ kid }).value).toHaveProperty('kid', undefined)
  })

  it.each([5, {}, ['k1'], true])('that is %j is refused', (kid) => {
    expect(read({ kid }).code).toBe('KEY_KID_TYPE')
  })

  it('holds no eight characters of the private key', () => {
    for (const name of ['d', 'p', 'q', 'dp', 'dq', 'qi'] as const) {
      expect(read({ kid: `x${one[name].slice(5, 13)}y` }).code).toBe('KEY_JWK_BAD')
      expect(read({ kid: one[name].slice(5, 12) }).value).toBeDefined()
      expect(read({ kid: one[name].slice(-8) }).code).toBe('KEY_JWK_BAD')
    }
    expect(read({ kid: one.n.slice(0, 20) }).value).toBeDefined()
  })

  it('is 200 characters at most', () => {
    expect(ownKid({ kid: '-'.repeat(200) })).toBe('-'.repeat(200))
    expect(outcome(() => ownKid({ kid: '-'.repeat(201) })).code).toBe('KEY_JWK_BAD')
  })
})

describe('JSON around a JWK', () => {
  const choose = (json: unknown, kid?: string): ReturnType<typeof outcome<unknown>> =>
    outcome((warn) => chooseJwk(json, kid, 'the name', warn))
  const wrapped = (json: unknown, layers: number): unknown => (layers === 0 ? json : { a: wrapped(json, layers - 1) })

  it('is none around the JWK itself, whatever the case of its names', () => {
    expect(choose(one)).toEqual({ value: one, warnings: [] })
    expect(choose({ KTY: 'RSA', D: 'x' })).toEqual({ value: { kty: 'RSA', d: 'x' }, warnings: [] })
    expect(choose({ a: 1 })).toEqual({ value: { a: 1 }, warnings: [] })
  })

  it.each([
    ['KEY_UNWRAPPED_JWKS', () => ({ keys: [one] })],
    ['KEY_UNWRAPPED_JWKS', () => ({ Keys: [one, { kty: 'RSA', n: 'x' }] })],
    ['KEY_UNWRAPPED_JWKS', () => ({ kty: 'x', keys: [one] })],
    ['KEY_UNWRAPPED_JWKS', () => ({ keys: [{ value: one }] })],
    ['KEY_UNWRAPPED_LIST', () => [one]],
    ['KEY_UNWRAPPED_JSON', () => ({ jwk: one })],
    ['KEY_UNWRAPPED_JSON', () => ({ a: [{ b: one }], c: null, d: 'x' })],
    ['KEY_UNWRAPPED_JSON', () => wrapped(one, 5)],
  ])('is taken off: %s', (warning, json) => {
    expect(choose(json())).toEqual({ value: one, warnings: [warning] })
  })

  it('is none around what has a name that only sounds like "kty"', () => {
    for (const name of ['xkty', 'ktyx']) expect(choose({ [name]: 'x', jwk: one }).value).toEqual(one)
  })

  it('is not looked through without end, nor inside a JWK', () => {
    expect(choose(wrapped(one, 6)).value).toHaveProperty('a')
    expect(choose({ a: { kty: 'oct', inner: one } }).code).toBe('KEY_PUBLIC_ONLY')
  })

  it('with public keys alone, or none, is refused', () => {
    for (const json of [{ keys: [{ kty: 'RSA' }] }, { keys: [] }, [], { a: { kty: 'RSA' } }])
      expect(choose(json)).toMatchObject({ code: 'KEY_PUBLIC_ONLY', warnings: [] })
  })

  it.each([[5], [null], [['x']], ['x']])('that holds %j in its list is no JWK', (entry) => {
    expect(choose([entry]).code).toBe('KEY_NOT_JWK')
    expect(choose({ keys: [entry] }).code).toBe('KEY_NOT_JWK')
  })

  it.each([5, null, 'x', true])('that is %j is no JWK', (json) => {
    expect(choose(json).code).toBe('KEY_NOT_JWK')
  })

  it('with several private keys has the one that the kid names', () => {
    const json = { keys: [one, two] }
    expect(choose(json, 'k2')).toEqual({ value: two, warnings: ['KEY_UNWRAPPED_JWKS'] })
    expect(choose({ a: one, b: two }, 'k2')).toEqual({ value: two, warnings: ['KEY_UNWRAPPED_JSON'] })
    expect(choose(json)).toMatchObject({ code: 'KEY_JWKS', message: expect.stringContaining('the name') })
    expect(choose(json, 'k3')).toMatchObject({
      code: 'KEY_KID_NOT_FOUND',
      message: expect.stringContaining('"k1", "k2"'),
    })
  })

  it('shows six kids at most, each cut at 64 characters', () => {
    const keys = Array.from({ length: 8 }, (_, at) => ({ kty: 'RSA', d: 'd', kid: `${at}${'x'.repeat(80)}` }))
    const { message = '' } = choose({ keys }, 'absent')
    expect(message).toContain(`"5${'x'.repeat(63)}"`)
    expect(message).not.toContain('"6x')
    expect(message).not.toContain('x'.repeat(64))
  })

  it('holds the one key as a text, or none', () => {
    const text = 'x'.repeat(1000)
    expect(textWithin({ value: text, id: 'y' })).toBe(text)
    expect(textWithin([{ a: { b: text } }])).toBe(text)
    expect(textWithin({ value: text.slice(1) })).toBeUndefined()
    expect(textWithin({ a: text, b: text })).toBeUndefined()
    expect(textWithin({ kty: 'RSA', n: text })).toBeUndefined()
    for (const json of [null, 5, {}, []]) expect(textWithin(json)).toBeUndefined()
  })
})

describe('JSON that does not parse', () => {
  const parse = (
    text: string,
    isDecoded = false,
  ): ReturnType<typeof outcome<unknown>> & { taken: readonly string[] } => {
    const taken = new Set<string>()
    return { ...outcome(() => parseKeyJson(text, isDecoded, taken)), taken: [...taken] }
  }

  it.each(['{"a":1}', '[1]', ' {"a":1} '])('is not %s', (text) => {
    expect(parse(text)).toMatchObject({ value: JSON.parse(text), taken: [] })
  })

  it.each([
    '{\\"a\\":\\"b\\"}',
    '{\\\\"a\\\\":"b"}',
    '{"a":\\n"b"}',
    '{"a":\\r\\n\\t"b"}',
    '{"a":"b\n"}',
    '{“a”:„b‟}',
    '{"a":"b"},',
    '{"a":"b"};',
    '{"a":\t"b\r\n"}',
  ])('is mended where it is %j', (text) => {
    const { value, taken } = parse(text)
    expect(value).toEqual({ a: 'b' })
    expect(taken).toHaveLength(1)
  })

  it.each([
    ['{"a":1}{"b":2}', 'two JSON'],
    ['{"a":1} \n {"b":2}', 'two JSON'],
    ['{a:1}', 'double quotes'],
    ['[a]', 'double quotes'],
    ['{"a":"CANARY', 'cut short'],
    ['{"a":1},,', 'cut short'],
  ])('%j is refused: %s', (text, words) => {
    const { code, message = '' } = parse(text)
    expect(code).toBe('KEY_JSON_BAD')
    expect(message).toContain(words)
    expect(message).not.toContain('CANARY')
  })

  it('says whether it was decoded, and how long it is', () => {
    expect(parse('{a').message).toMatch(/^starts.*2 characters/)
    expect(parse('{a', true).message).toMatch(/^decodes.*2 characters/)
  })
})

describe('a signer', () => {
  const sign = async (): Promise<Uint8Array> => new Uint8Array([7])

  it('of a caller’s own is known by its kid or its leaf certificate', async () => {
    const key = signingKeyOf({ alg: 'RS512', kid: 'k', sign }, 5)
    expect(key).toMatchObject({ id: 'k', alg: 'RS512', kid: 'k', x5c: undefined, addedAt: 5 })
    expect(await key.sign(new Uint8Array(), { signal: new AbortController().signal })).toEqual(new Uint8Array([7]))
    expect(signingKeyOf({ alg: 'RS256', x5c: ['leaf', 'ca'], sign }, 5)).toMatchObject({ id: 'leaf', kid: undefined })
    expect(signingKeyOf({ alg: 'RS256', sign }, 5).id).toBe('')
    expect(signingKeyOf({ alg: 'RS256', x5c: [], sign }, 5).id).toBe('')
  })

  it('is named by its kid, else by its id', () => {
    const key = signingKeyOf({ alg: 'RS256', x5c: ['leaf'], sign }, 5)
    expect(keyName(key)).toBe('leaf')
    expect(keyName({ ...key, kid: 'k' })).toBe('k')
  })
})

it('any other error may quote the key, so its message is replaced', () => {
  const refusal = new KeyRefusal('KEY_X', 'x')
  expect(refusalOf(refusal)).toBe(refusal)
  expect(refusalOf(new Error('CANARY'))).toMatchObject({
    code: 'KEY_JWK_BAD',
    message: expect.not.stringContaining('CANARY'),
  })
})
