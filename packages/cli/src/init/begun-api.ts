/** An API as a new project begins with it: its scopes, its headers, and what its call looks like. */
import { type Api, type ApiId, apis } from '@maskinporten-kit/apis'
import { CommandFailed } from '../failure.ts'
import type { EnvironmentName } from '../portals.ts'

export interface BegunApi {
  readonly id: ApiId
  readonly kind: Api['token']['kind']
  readonly scopes: readonly string[]
  /** What `api()` takes beside id and environment, as it is written in code. */
  readonly options: readonly string[]
  /** Below the address of the API, with a slash before it. */
  readonly path: string
}

/** A call that answers a list to whoever may read; of the others, the pages say what they want. */
const paths: { readonly [Id in ApiId]?: string } = { 'altinn/storage': '/instances?org={org}' }

/** In test, `ttd` is everybody's organisation. */
export const pathOf = (id: ApiId, org: string | undefined): string => paths[id]?.replace('{org}', org ?? 'ttd') ?? '/'

const levels = ['read', 'write', 'admin'] as const

/** @throws CommandFailed `usage` when the registry has no address for that environment, or it needs an organisation. */
export function begin(id: ApiId, environment: EnvironmentName, org: string | undefined): BegunApi {
  const row = apis.find((one) => one.id === id)
  const base = row?.baseUrls[environment]
  if (row === undefined || base === undefined)
    throw new CommandFailed('usage', {
      en: `the registry knows no address of ${id} in ${environment}; choose another API`,
      nb: `registeret har ingen adresse til ${id} i ${environment}; velg et annet API`,
    })
  const isOfOrg = base.includes('{org}')
  // The call that is written names an organisation; only in test is there one that is everybody's.
  if (paths[id]?.includes('{org}') === true && environment === 'prod' && org === undefined)
    throw new CommandFailed('usage', {
      en: `the call of ${id} names your organisation in prod; give its short name with --org`,
      nb: `kallet til ${id} nevner virksomheten din i prod; oppgi kortnavnet med --org`,
    })
  if (isOfOrg && org === undefined)
    throw new CommandFailed('usage', {
      en: `the address of ${id} has the short name of your organisation; give it with --org, such as --org ttd`,
      nb: `adressen til ${id} har kortnavnet til virksomheten din; oppgi det med --org, som --org ttd`,
    })
  if (org !== undefined && !/^[a-z\d][a-z\d-]*$/.test(org))
    throw new CommandFailed('usage', {
      en: '--org is a short name in small letters, such as ttd',
      nb: '--org er et kortnavn med små bokstaver, som ttd',
    })
  const usual = row.scopes.filter(({ byName }) => byName !== true)
  const level = levels.find((one) => usual.some(({ access }) => access === one))
  const named = level === undefined ? row.scopes.slice(0, 1).map(({ name }) => name) : undefined
  const required = (row.headers ?? []).filter((header) => header.required)
  return {
    id,
    kind: row.token.kind,
    scopes: named ?? usual.filter(({ access }) => access === level).map(({ name }) => name),
    options: [
      ...(named === undefined ? [] : [`scopes: ['${named.join("', '")}']`]),
      ...(isOfOrg ? [`org: '${org}'`] : []),
      ...(required.length === 0
        ? []
        : [
            `headers: { ${required.map(({ name }) => `'${name}': process.env.${variableOf(name)} ?? ''`).join(', ')} }`,
          ]),
    ],
    path: pathOf(id, org),
  }
}

/** `Ocp-Apim-Subscription-Key` → `OCP_APIM_SUBSCRIPTION_KEY`. */
const variableOf = (header: string): string => header.toUpperCase().replaceAll('-', '_')
