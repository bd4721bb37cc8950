import { describe, expect, test } from 'vitest'
import {
  api,
  apis,
  apisAt,
  nearestScopes,
  scopeOf,
  type ApiId,
  type ApiOptions,
  type Environment,
} from '@maskinporten-kit/apis'

describe('api', () => {
  test('gives the address, the origin, the token kind and the scopes to read', () => {
    expect(api('altinn/storage', 'test')).toEqual({
      id: 'altinn/storage',
      environment: 'test',
      baseUrl: 'https://platform.tt02.altinn.no/storage/api/v1',
      allow: ['https://platform.tt02.altinn.no'],
      headers: {},
      request: { kind: 'altinn', scopes: ['altinn:serviceowner/instances.read'] },
    })
  })

  test('adds the scopes to write', () => {
    const { request } = api('altinn/storage', 'prod', { access: 'write' })
    expect(request.scopes).toEqual(['altinn:serviceowner/instances.read', 'altinn:serviceowner/instances.write'])
  })

  test('asks for the lowest level that an API has', () => {
    expect(api('altinn/notifications', 'test').request.scopes).toEqual(['altinn:serviceowner/notifications.create'])
  })

  test('takes exactly the scopes that are named', () => {
    const scopes = ['altinn:instances.read']
    expect(api('altinn/app', 'test', { org: 'ttd', scopes }).request.scopes).toEqual(scopes)
  })

  test('puts the short name of the organisation into the address', () => {
    expect(api('altinn/app', 'test', { org: 'ttd' })).toMatchObject({
      baseUrl: 'https://ttd.apps.tt02.altinn.no',
      allow: ['https://ttd.apps.tt02.altinn.no'],
    })
  })

  test.each<[string, string, string, ApiOptions, RegExp]>([
    [
      'an id',
      'altinn/storag',
      'test',
      {},
      /"altinn\/storag" is not an API of the registry: did you mean "altinn\/storage"\?/,
    ],
    ['an id of another kind', 'toString', 'test', {}, /is not an API of the registry/],
    [
      'an environment',
      'altinn/storage',
      'tt02',
      {},
      /environment of altinn\/storage is "tt02": write 'test' or 'prod'/,
    ],
    [
      'a scope',
      'altinn/storage',
      'test',
      { scopes: ['altinn:serviceowner/instances.raed'] },
      /did you mean "altinn:serviceowner\/instances.read"/,
    ],
    ['no organisation', 'altinn/app', 'test', {}, /the short name of an organisation: give it as \{ org: 'ttd' \}/],
    [
      'an organisation that is another host',
      'altinn/app',
      'test',
      { org: 'evil.example/' },
      /option `org` of altinn\/app/,
    ],
    ['an organisation in capitals', 'altinn/app', 'test', { org: 'TTD' }, /small letters/],
    [
      'a level that the API has not',
      'digdir/krr',
      'test',
      { access: 'write' },
      /no scope for `access: 'write'`, only krr:global/,
    ],
    [
      'a header that the API has not',
      'altinn/storage',
      'test',
      { headers: { 'X-Key': 'canary' } },
      /no static header "X-Key"/,
    ],
  ])('refuses %s', (_, id, environment, options, message) => {
    const call = (): unknown => api(id as ApiId, environment as Environment, options)
    expect(call).toThrow(TypeError)
    expect(call).toThrow(message)
    expect(call).not.toThrow(/canary/)
  })
})

describe('static headers', () => {
  const values = { IntegrasjonId: 'canary-id', IntegrasjonPassord: 'canary-password' }

  test('are handed on as given, in any case', () => {
    expect(api('ks/fiks', 'test', { headers: values }).headers).toEqual(values)
    const lower = { integrasjonid: 'a', integrasjonpassord: 'b' }
    expect(api('ks/fiks', 'test', { headers: lower }).headers).toEqual(lower)
  })

  test('may be left out when the API does not require them', () => {
    const headers = { SenderGln: '7080000000000' }
    expect(api('elhub/access', 'test', { scopes: ['elhub:balancesupplier'], headers }).headers).toEqual(headers)
  })

  test.each<[string, ApiOptions, RegExp]>([
    [
      'both',
      {},
      /ks\/fiks needs IntegrasjonId and IntegrasjonPassord in each call: give the values as \{ headers: \{ 'IntegrasjonId': …, /,
    ],
    ['one', { headers: { IntegrasjonId: 'canary-id' } }, /needs IntegrasjonPassord in each call: give the value as/],
    ['one that is empty', { headers: { ...values, IntegrasjonPassord: '' } }, /needs IntegrasjonPassord/],
    [
      'one that is misspelt',
      { headers: { ...values, IntegrasjonPasord: 'canary' } },
      /no static header "IntegrasjonPasord"/,
    ],
  ])('are asked for by name when missing: %s', (_, options, message) => {
    const call = (): unknown => api('ks/fiks', 'test', options)
    expect(call).toThrow(TypeError)
    expect(call).toThrow(message)
    expect(call).not.toThrow(/canary/)
  })
})

test('gives the audience that the API asks for', () => {
  expect(api('vegvesen/kjoretoyopplysninger', 'prod').request).toEqual({
    kind: 'maskinporten',
    scopes: ['svv:kjoretoy/kjoretoyopplysninger'],
    resource: 'https://www.vegvesen.no',
  })
})

test('does not choose between the scopes of different legal bases', () => {
  expect(() => api('skatteetaten/folkeregisteret', 'test')).toThrow(
    /has scopes to choose from: give those that you may use as \{ scopes: \[…\] \}, of folkeregister:deling\/offentligmedhjemmel/,
  )
  const scopes = ['folkeregister:deling/privat']
  expect(api('skatteetaten/folkeregisteret', 'test', { scopes }).request.scopes).toEqual(scopes)
})

test('refuses an environment of which no address is known', () => {
  expect(() => api('vegvesen/kjoretoyopplysninger', 'test')).toThrow(
    /knows no address of vegvesen\/kjoretoyopplysninger in test/,
  )
})

describe.each(apis.map((known) => [known.id, known] as const))('%s', (id, { baseUrls, headers, scopes, token }) => {
  const options: ApiOptions = {
    org: 'ttd',
    headers: Object.fromEntries((headers ?? []).map(({ name }) => [name, 'a'])),
    scopes: scopes.map(({ name }) => name),
  }

  test.each(environmentsOf(baseUrls))(
    'in %s: the adapter gets the origin of the address, and it leads back',
    (environment) => {
      const { allow, baseUrl, request } = api(id, environment, options)
      expect(allow).toEqual([new URL(baseUrl).origin])
      expect(request.kind).toBe(token.kind)
      expect(apisAt(`${baseUrl}/x`).map((found) => `${found.api.id} ${found.environment}`)).toContain(
        `${id} ${environment}`,
      )
    },
  )
})

function environmentsOf(baseUrls: Partial<Record<Environment, unknown>>): readonly Environment[] {
  return (['test', 'prod'] as const).filter((environment) => baseUrls[environment] !== undefined)
}

test('finds the APIs of a scope', () => {
  expect(scopeOf('altinn:serviceowner/instances.read').map(({ api: { id } }) => id)).toEqual([
    'altinn/storage',
    'altinn/app',
  ])
  expect(scopeOf('altinn:no/such')).toEqual([])
})

describe('apisAt', () => {
  test.each<[string, string | undefined]>([
    ['https://platform.tt02.altinn.no/storage/api/v1/instances?org=ttd', 'altinn/storage test'],
    ['https://platform.altinn.no/storage/api/v1', 'altinn/storage prod'],
    ['https://platform.altinn.no/storage/api/v10/x', undefined],
    ['https://ttd.apps.tt02.altinn.no/ttd/app/instances', 'altinn/app test'],
    ['https://ttd.apps.altinn.no', 'altinn/app prod'],
    ['https://a.b.apps.altinn.no', undefined],
    ['https://apps.altinn.no', undefined],
    ['https://platform.altinn.no.evil.example/storage/api/v1', undefined],
    ['https://api.samarbeid.digdir.no/scopes/all', 'digdir/scopes prod'],
    ['/storage/api/v1', undefined],
  ])('of %s: %s', (url, found) => {
    const [first] = apisAt(url)
    expect(first && `${first.api.id} ${first.environment}`).toBe(found)
  })
})

describe('nearestScopes', () => {
  const names = [...new Set(apis.flatMap(({ scopes }) => scopes.map(({ name }) => name)))]

  test('names every scope that is misspelt by one letter', () => {
    const unnamed = names.flatMap((name) =>
      typos(name).filter((typo) => !names.includes(typo) && !nearestScopes(typo).includes(name)),
    )
    expect(unnamed).toEqual([])
  })

  test('names none for a scope that is right, and for one that is like none', () => {
    expect(nearestScopes('altinn:serviceowner/instances.read')).toEqual([])
    expect(nearestScopes('example:something/else')).toEqual([])
  })

  test('sees a scope in capitals', () => {
    expect(nearestScopes('ALTINN:ServiceOwner/Instances.Read')).toEqual(['altinn:serviceowner/instances.read'])
  })
})

/** At each place one letter less, doubled, another, or swapped with the next. */
function typos(name: string): readonly string[] {
  return Array.from(name, (letter, at) => {
    const [before, after] = [name.slice(0, at), name.slice(at + 1)]
    return [after, letter + letter + after, `q${after}`, after.slice(0, 1) + letter + after.slice(1)].map(
      (rest) => before + rest,
    )
  }).flat()
}
