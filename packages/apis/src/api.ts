/** One API in one environment, in the form that token sources and adapters take. */
import type { TokenKind } from '@maskinporten-kit/core'
import { nearest } from './nearest.ts'
import { rowOf, type ApiId } from './registry.ts'
import type { Access, Environment, Row, Scope, StaticHeader } from './row.ts'

export interface ApiOptions {
  /** `write` adds the scopes to write to those to read, `admin` all. Default: the lowest level that the API has. */
  readonly access?: Access | undefined
  /** Exactly these of the API's scopes, instead of those of `access`. Required where the API offers only scopes to choose from. */
  readonly scopes?: readonly string[] | undefined
  /** Short name of an organisation, such as `ttd`, for an address that has it. */
  readonly org?: string | undefined
  /** The values of the API's static headers. */
  readonly headers?: Readonly<Record<string, string>> | undefined
}

/** What `with()` of a token source takes. */
export interface ApiRequest {
  readonly kind: TokenKind
  readonly scopes: readonly string[]
  readonly resource?: string
}

/** Adapters take it as their options. */
export interface ApiAccess<Id extends ApiId = ApiId> {
  readonly id: Id
  readonly environment: Environment
  /** Without a slash at the end. */
  readonly baseUrl: string
  /** The origin of `baseUrl`. */
  readonly allow: readonly string[]
  readonly headers: Readonly<Record<string, string>>
  readonly request: ApiRequest
}

const LEVELS = ['read', 'write', 'admin'] as const satisfies readonly Access[]

/**
 * Where an API is, and which token it takes.
 *
 * @throws {TypeError} for an unknown id, environment, scope or header, for an API without a known address in that
 * environment, and for an option that the API needs and that is missing.
 */
export function api<Id extends ApiId>(id: Id, environment: Environment, options: ApiOptions = {}): ApiAccess<Id> {
  const row = rowOf(id)
  const baseUrl = baseUrlOf(id, row, environment, options.org)
  const resource = row.audience?.[environment]
  const scopes = scopesOf(id, row, options)
  return {
    id,
    environment,
    baseUrl,
    allow: [new URL(baseUrl).origin],
    headers: headersOf(id, row.headers ?? [], options.headers ?? {}),
    request: { kind: row.token.kind, scopes, ...(resource === undefined ? {} : { resource }) },
  }
}

function baseUrlOf(id: ApiId, { baseUrls }: Row, environment: Environment, org: string | undefined): string {
  if (environment !== 'test' && environment !== 'prod')
    throw new TypeError(`the environment of ${id} is "${String(environment)}": write 'test' or 'prod'`)
  const base = baseUrls[environment]
  if (base === undefined)
    throw new TypeError(
      `the registry knows no address of ${id} in ${environment}: give the adapter its address in \`allow\``,
    )
  if (!base.includes('{org}')) return base
  if (org === undefined)
    throw new TypeError(`the address of ${id} has the short name of an organisation: give it as { org: 'ttd' }`)
  // It becomes a part of the host name that gets the token.
  if (!/^[a-z\d][a-z\d-]*$/.test(org))
    throw new TypeError(
      `the option \`org\` of ${id} is not the short name of an organisation: write it in small letters, such as 'ttd'`,
    )
  return base.replaceAll('{org}', org)
}

function scopesOf(id: ApiId, { scopes: known }: Row, { access, scopes: asked }: ApiOptions): readonly string[] {
  if (asked !== undefined) {
    const names = known.map(({ name }) => name)
    for (const name of asked)
      if (!names.includes(name))
        throw new TypeError(
          `"${name}" is not a scope of ${id}: did you mean "${nearest(name, names, Number.POSITIVE_INFINITY)[0]}"?`,
        )
    return [...asked]
  }
  if (access !== undefined && !LEVELS.includes(access))
    throw new TypeError(`\`access\` of ${id} is "${access}": write 'read', 'write' or 'admin'`)
  const usual = known.filter(({ byName }) => byName !== true)
  const level = access ?? LEVELS.find((one) => usual.some((scope) => scope.access === one))
  if (level === undefined)
    throw new TypeError(
      `${id} has scopes to choose from: give those that you may use as { scopes: […] }, of ${listed(known)}`,
    )
  if (!usual.some((scope) => scope.access === level))
    throw new TypeError(`${id} has no scope for \`access: '${level}'\`, only ${listed(known)}`)
  const wanted = LEVELS.slice(0, LEVELS.indexOf(level) + 1)
  return usual.filter((scope) => wanted.some((one) => one === scope.access)).map(({ name }) => name)
}

function listed(scopes: readonly Scope[]): string {
  return scopes.map(({ name, access }) => `${name} (${access})`).join(', ')
}

/** Values are never in a message: some are passwords. */
function headersOf(
  id: ApiId,
  known: readonly StaticHeader[],
  given: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const names = known.map(({ name }) => name)
  const same = (left: string) => (right: string) => left.toLowerCase() === right.toLowerCase()
  for (const name of Object.keys(given))
    if (!names.some(same(name)))
      throw new TypeError(`${id} has no static header "${name}"${names.length > 0 ? `, only ${names.join(', ')}` : ''}`)
  const missing = known.filter(
    ({ name, required }) => required && !Object.entries(given).some(([key, value]) => same(key)(name) && value !== ''),
  )
  if (missing.length > 0)
    throw new TypeError(
      `${id} needs ${missing.map(({ name }) => name).join(' and ')} in each call: give the value${missing.length > 1 ? 's' : ''} as { headers: { ${missing.map(({ name }) => `'${name}': …`).join(', ')} } }`,
    )
  return { ...given }
}
