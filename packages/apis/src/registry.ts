/** All APIs, and what leads to them: an id, a scope, an address. */
import { nearest } from './nearest.ts'
import type { Environment, Row, Scope } from './row.ts'
import { altinnApps, type AltinnAppsId } from './rows/altinn-apps.ts'
import { altinnAuthorization, type AltinnAuthorizationId } from './rows/altinn-authorization.ts'
import { altinnDialogporten, type AltinnDialogportenId } from './rows/altinn-dialogporten.ts'
import { altinnMessages, type AltinnMessagesId } from './rows/altinn-messages.ts'
import { altinnSystems, type AltinnSystemsId } from './rows/altinn-systems.ts'
import { brreg, type BrregId } from './rows/brreg.ts'
import { dataAltinnNo, type DataAltinnNoId } from './rows/data-altinn-no.ts'
import { digdir, type DigdirId } from './rows/digdir.ts'
import { elhub, type ElhubId } from './rows/elhub.ts'
import { folkeregisteret, type FolkeregisteretId } from './rows/folkeregisteret.ts'
import { kartverket, type KartverketId } from './rows/kartverket.ts'
import { ks, type KsId } from './rows/ks.ts'
import { nav, type NavId } from './rows/nav.ts'
import { sdir, type SdirId } from './rows/sdir.ts'
import { skatteetaten, type SkatteetatenId } from './rows/skatteetaten.ts'
import { toll, type TollId } from './rows/toll.ts'
import { vegvesen, type VegvesenId } from './rows/vegvesen.ts'

export type ApiId =
  | AltinnAppsId
  | AltinnAuthorizationId
  | AltinnDialogportenId
  | AltinnMessagesId
  | AltinnSystemsId
  | BrregId
  | DataAltinnNoId
  | DigdirId
  | ElhubId
  | FolkeregisteretId
  | KartverketId
  | KsId
  | NavId
  | SdirId
  | SkatteetatenId
  | TollId
  | VegvesenId

export interface Api extends Row {
  readonly id: ApiId
}

const rows: Readonly<Record<ApiId, Row>> = {
  ...altinnApps,
  ...altinnAuthorization,
  ...altinnDialogporten,
  ...altinnMessages,
  ...altinnSystems,
  ...brreg,
  ...dataAltinnNo,
  ...digdir,
  ...elhub,
  ...folkeregisteret,
  ...kartverket,
  ...ks,
  ...nav,
  ...sdir,
  ...skatteetaten,
  ...toll,
  ...vegvesen,
}

/** In no promised order. */
export const apis: readonly Api[] = (Object.keys(rows) as ApiId[]).map((id) => ({ id, ...rows[id] }))

/** As many edits as a misspelt scope may have. */
const MOST_EDITS = 3

/** @throws {TypeError} for an id that is not in the registry; the message names the nearest one. */
export function rowOf(id: unknown): Row {
  const name = String(id)
  if (isApiId(name)) return rows[name]
  const ids = Object.keys(rows)
  const [likely] = nearest(name, ids, Number.POSITIVE_INFINITY)
  throw new TypeError(
    `"${name}" is not an API of the registry: did you mean "${likely}"? \`apis\` has all ${ids.length}`,
  )
}

function isApiId(name: string): name is ApiId {
  return Object.hasOwn(rows, name)
}

/** What is known of a scope, once for each API that takes it. Empty: the registry does not know the scope. */
export function scopeOf(name: string): readonly { readonly api: Api; readonly scope: Scope }[] {
  return apis.flatMap((api) => api.scopes.filter((scope) => scope.name === name).map((scope) => ({ api, scope })))
}

/**
 * The known scopes that a name may be a misspelling of: those with the fewest edits, at most three; more than one when they
 * are equally near. Empty for a known scope too. The registry does not have all scopes, so an unknown name may be right.
 */
export function nearestScopes(name: string): readonly string[] {
  const names = [...new Set(apis.flatMap(({ scopes }) => scopes.map((scope) => scope.name)))]
  return names.includes(name) ? [] : nearest(name, names, MOST_EDITS)
}

/** The API, or the APIs, whose address this is, longest address first, and the environment. */
export function apisAt(url: string | URL): readonly { readonly api: Api; readonly environment: Environment }[] {
  const asked = URL.canParse(String(url)) ? new URL(url) : undefined
  if (asked === undefined) return []
  const found = apis.flatMap((api) =>
    (['test', 'prod'] as const).flatMap((environment) => {
      const base = api.baseUrls[environment]
      return base !== undefined && isBelow(asked, base) ? [{ api, environment, length: base.length }] : []
    }),
  )
  return found.toSorted((a, b) => b.length - a.length).map(({ api, environment }) => ({ api, environment }))
}

/** `{org}` in the base stands for one label of the host. */
function isBelow(url: URL, base: string): boolean {
  const address = `${url.origin}${url.pathname}`.replace(/\/?$/, '/')
  const [before = '', after] = `${base}/`.split('{org}')
  if (after === undefined) return address.startsWith(before)
  const rest = address.startsWith(before) ? address.slice(before.length) : ''
  const org = /^[a-z\d-]+/.exec(rest)?.[0]
  return org !== undefined && rest.slice(org.length).startsWith(after)
}
