import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect, test } from 'vitest'
import {
  apis,
  type Api,
  type Audience,
  type BaseUrls,
  type Owner,
  type RateLimit,
  type Scope,
  type Source,
  type StaticHeader,
  type Text,
  type Token,
} from '@maskinporten-kit/apis'

const environments = ['test', 'prod'] as const
const published = (name: string): unknown => JSON.parse(readFileSync(new URL(`../${name}`, import.meta.url), 'utf8'))

test('apis.json is the same data: `vitest -u` writes it anew', async () => {
  await expect(`${JSON.stringify(apis, undefined, 2)}\n`).toMatchFileSnapshot('../apis.json')
})

test('the data are as the published schema says', () => {
  const ajv = new Ajv2020({ allErrors: true, strict: true })
  const valid = ajv.compile(published('schema.json') as object)
  valid(JSON.parse(JSON.stringify(apis)))
  expect(valid.errors).toBeNull()
})

// The compiler holds this to the types.
const members: {
  readonly api: MembersOf<Api>
  readonly text: MembersOf<Text>
  readonly source: MembersOf<Source>
  readonly owner: MembersOf<Owner>
  readonly baseUrls: MembersOf<BaseUrls>
  readonly audience: MembersOf<Audience>
  readonly token: MembersOf<Token>
  readonly scope: MembersOf<Scope>
  readonly staticHeader: MembersOf<StaticHeader>
  readonly rateLimit: MembersOf<RateLimit>
} = {
  api: {
    id: 'required',
    name: 'required',
    owner: 'required',
    baseUrls: 'required',
    token: 'required',
    scopes: 'required',
    docs: 'required',
    audience: 'optional',
    headers: 'optional',
    delegable: 'optional',
    systemUser: 'optional',
    consent: 'optional',
    rateLimits: 'optional',
  },
  text: { nb: 'required', en: 'required' },
  source: { url: 'required', date: 'required', dateOf: 'required' },
  owner: { name: 'required', source: 'required', orgNumber: 'optional' },
  baseUrls: { source: 'required', test: 'optional', prod: 'optional' },
  audience: { source: 'required', test: 'optional', prod: 'optional' },
  token: { kind: 'required', source: 'required', eitherKind: 'optional' },
  scope: {
    name: 'required',
    access: 'required',
    meaning: 'required',
    source: 'required',
    byName: 'optional',
    grantedBy: 'optional',
  },
  staticHeader: { name: 'required', required: 'required', meaning: 'required', source: 'required' },
  rateLimit: { requests: 'required', seconds: 'required', counted: 'required', source: 'required' },
}

type MembersOf<T> = { readonly [K in keyof T]-?: undefined extends T[K] ? 'optional' : 'required' }

test('the published schema has the members of the types', () => {
  const { $defs } = published('schema.json') as {
    $defs: Record<string, { properties: Record<string, unknown>; required: readonly string[] }>
  }
  const named = Object.keys(members).map((name) => {
    const { properties = {}, required = [] } = $defs[name] ?? {}
    return [
      name,
      Object.fromEntries(
        Object.keys(properties).map((key) => [key, required.includes(key) ? 'required' : 'optional'] as const),
      ),
    ] as const
  })
  expect(Object.fromEntries(named)).toEqual(members)
})

test('the registry holds at least 40 APIs of 10 owners', () => {
  expect(apis.length).toBeGreaterThanOrEqual(40)
  expect(new Set(apis.map(({ owner }) => owner.name.nb)).size).toBeGreaterThanOrEqual(10)
})

test('no id is there twice', () => {
  const ids = apis.map(({ id }) => id)
  expect(ids).toEqual([...new Set(ids)])
})

test.each(apis.map((api) => [api.id, api] as const))('%s: each fact has its source and date', (_, api) => {
  const { id, docs, ...facts } = api
  expect(id).toMatch(/^[a-z\d-]+\/[a-z\d-]+$/)
  expectSource(docs)
  for (const fact of Object.values(facts).flat()) if (fact !== undefined) expectSourced(fact)
})

/** Objects within are facts of their own, except texts. */
function expectSourced(fact: object): void {
  const { source, ...rest } = fact as { readonly source?: unknown }
  expectSource(source)
  for (const part of Object.values(rest))
    if (typeof part === 'object' && part !== null && !isText(part)) expectSourced(part)
}

function isText(part: object): boolean {
  return Object.keys(part).toSorted().join() === 'en,nb'
}

function expectSource(source: unknown): void {
  const { url, date, dateOf } = source as { url: string; date: string; dateOf: string }
  expect(new URL(url).protocol).toBe('https:')
  expect(url.startsWith('https://github.com/')).toBe(
    dateOf === 'commit' || /\/blob\/[\da-f]{40}\//.test(url) || url.includes('/pull/'),
  )
  expect(date).toMatch(/^20\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/)
  expect(Number.isNaN(Date.parse(date))).toBe(false)
  expect(date <= '2026-11-30').toBe(true)
}

test.each(apis.map((api) => [api.id, api] as const))(
  '%s: addresses are of https, end without a slash, and hold no secret',
  (_, api) => {
    const addresses = environments.flatMap((name) => [api.baseUrls[name] ?? [], api.audience?.[name] ?? []].flat())
    for (const address of addresses) {
      const url = new URL(address.replace('{org}', 'ttd'))
      expect(url.protocol).toBe('https:')
      expect([url.username, url.password, url.search, url.hash]).toEqual(['', '', '', ''])
    }
    for (const base of environments.map((name) => api.baseUrls[name] ?? '')) expect(base).not.toMatch(/\/$/)
    expect(api.baseUrls.test ?? api.baseUrls.prod).toBeDefined()
  },
)

test.each(apis.map((api) => [api.id, api] as const))(
  '%s: scopes are prefix and subscope, each once',
  (_, { scopes }) => {
    const names = scopes.map(({ name }) => name)
    expect(names.length).toBeGreaterThan(0)
    expect(names).toEqual([...new Set(names)])
    for (const name of names) expect(name).toMatch(/^[a-z\d]+:[A-Za-z\d/._:-]+$/)
  },
)

test('nothing in the data looks like a key or a token', () => {
  expect(JSON.stringify(apis)).not.toMatch(/eyJ|BEGIN |"[\w-]{43,}"/)
})

test('no text is empty or has spaces around it', () => {
  const texts = (value: unknown): readonly string[] =>
    typeof value === 'object' && value !== null
      ? isText(value)
        ? Object.values(value as Record<string, string>)
        : Object.values(value).flatMap(texts)
      : []
  for (const text of texts(apis)) {
    expect(text.trim()).toBe(text)
    expect(text).not.toBe('')
  }
})
