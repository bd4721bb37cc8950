import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ResolvedSettings, TokenRequest } from '@maskinporten-kit/core'
import { grantIdentity, settingsIdentity } from '../../src/tokens/identity.ts'
import { copyRequest, toGrant } from '../../src/grant/token-request.ts'
import { fakeKey } from './world.ts'

const key = (request: TokenRequest): string => grantIdentity(toGrant(copyRequest({ scopes: 'a:b', ...request })))

/** Two values of each field. A new field of the contract does not compile here until it has its row, and fails until it is in the key. */
const REQUEST_FIELDS: { readonly [F in keyof Required<TokenRequest>]: readonly [TokenRequest[F], TokenRequest[F]] } = {
  scopes: ['a:b', 'a:b c:d'],
  resource: ['https://one.example', 'https://two.example'],
  consumerOrg: ['991825827', '310702641'],
  systemUser: [{ org: '310702641' }, { org: '310702641', externalRef: 'x' }],
  consent: [
    { id: '6f1b2c3d-0000-4000-8000-000000000001', from: 'urn:altinn:person:identifier-no:20914695016' },
    { id: '6f1b2c3d-0000-4000-8000-000000000002', from: 'urn:altinn:person:identifier-no:20914695016' },
  ],
  pid: ['20914695016', '20914695017'],
  kind: ['maskinporten', 'altinn'],
  claims: [{ iss_onbehalfof: 'a' }, { iss_onbehalfof: 'b' }],
}

const SETTINGS: ResolvedSettings = {
  revision: 1,
  authority: 'https://one.example/',
  tokenEndpoint: 'https://one.example/token',
  clientId: 'client',
  keys: [fakeKey('k1')],
  request: {},
  exchange: { url: 'https://platform.example/exchange', testOrg: false },
}

describe('the identity of a request', () => {
  for (const [field, [one, other]] of Object.entries(REQUEST_FIELDS)) {
    it(`differs with ${field}, and without it`, () => {
      expect(key({ [field]: one })).not.toBe(key({ [field]: other }))
      expect(new Set([key({}), key({ [field]: one }), key({ [field]: other })]).size).toBeGreaterThanOrEqual(
        field === 'scopes' || field === 'kind' ? 2 : 3,
      )
    })
  }

  it('is one for the same scopes in any order, number and form', () => {
    fc.assert(
      fc.property(
        fc.array(fc.stringMatching(/^[a-z:/.]{1,8}$/), { minLength: 1 }),
        fc.infiniteStream(fc.nat()),
        (scopes, draws) => {
          const shuffled = scopes
            .map((scope) => [scope, draws.next().value] as const)
            .toSorted((a, b) => a[1] - b[1])
            .map(([scope]) => scope)
          expect(key({ scopes: [...shuffled, ...scopes].join('  ') })).toBe(key({ scopes }))
        },
      ),
    )
  })

  it('is another for any two requests that ask for something else', () => {
    const text = fc.string({ maxLength: 6 })
    const request = fc.record({
      scopes: fc.array(fc.stringMatching(/^[a-z:\][{}|]{1,5}$/), { minLength: 1, maxLength: 3 }),
      claims: fc.dictionary(fc.stringMatching(/^x[a-z]{0,2}$/), fc.oneof(text, fc.array(text))),
      kind: fc.constantFrom('maskinporten' as const, 'altinn' as const),
    })
    const meaning = ({
      scopes,
      claims,
      kind,
    }: {
      scopes: string[]
      claims: Record<string, unknown>
      kind: string
    }): string =>
      JSON.stringify({
        kind,
        scopes: [...new Set(scopes)].toSorted(),
        claims: Object.fromEntries(Object.entries(claims).toSorted(([a], [b]) => a.localeCompare(b))),
      })
    fc.assert(
      fc.property(request, request, (a, b) => {
        expect(key(a) === key(b)).toBe(meaning(a) === meaning(b))
      }),
      { numRuns: 2000 },
    )
  })
})

describe('the identity of the settings', () => {
  const changes: Readonly<Record<string, Partial<ResolvedSettings>>> = {
    issuer: { authority: 'https://two.example/' },
    'token endpoint': { tokenEndpoint: 'https://one.example/other' },
    'no token endpoint': { tokenEndpoint: undefined },
    'client id': { clientId: 'client-2' },
    'credential type': { keys: [{ ...fakeKey('k1'), kid: undefined, x5c: ['MII'] }] },
    'exchange address': { exchange: { url: 'https://other.example/exchange', testOrg: false } },
    'test flag': { exchange: { url: 'https://platform.example/exchange', testOrg: true } },
    'no exchange': { exchange: undefined },
  }
  for (const [name, change] of Object.entries(changes)) {
    it(`differs with ${name}`, () =>
      expect(settingsIdentity({ ...SETTINGS, ...change })).not.toBe(settingsIdentity(SETTINGS)))
  }

  it('is one for another key of the same type: tokens outlive keys', () => {
    expect(settingsIdentity({ ...SETTINGS, keys: [fakeKey('k2'), fakeKey('k1')], revision: 2 })).toBe(
      settingsIdentity(SETTINGS),
    )
  })
})
