/** The scopes of a client: of the APIs that are named, those that are named themselves, else those of the settings. */
import type { Access } from '@maskinporten-kit/apis'
import { CommandFailed } from '../failure.ts'

export interface ScopeFlags {
  readonly api?: readonly string[] | undefined
  readonly scope?: readonly string[] | undefined
}

/**
 * Each once, in the order in which they were named. `--api altinn/storage` is for reading, `altinn/storage:write` for
 * writing, too.
 *
 * @throws CommandFailed `usage` when there is none, and for an API that the registry does not know.
 */
export async function scopesOf(
  { api = [], scope = [] }: ScopeFlags,
  ofSettings: string | undefined,
): Promise<readonly string[]> {
  const ofApis = api.length === 0 ? [] : await scopesOfApis(api)
  const named = [...ofApis, ...scope.flatMap((one) => one.split(/[\s,]+/))]
  const all = named.length > 0 ? named : (ofSettings ?? '').split(/\s+/)
  const scopes = [...new Set(all.filter((one) => one !== ''))]
  if (scopes.length > 0) return scopes
  throw new CommandFailed('usage', {
    en: 'a client has one scope or more; name them with --api or --scope, or set MaskinportenSettings:Scope',
    nb: 'en klient har minst ett scope; oppgi dem med --api eller --scope, eller sett MaskinportenSettings:Scope',
  })
}

/** Scopes are the same in both environments; an API may be known in one of them only. */
async function scopesOfApis(ids: readonly string[]): Promise<readonly string[]> {
  const { api } = await import('@maskinporten-kit/apis')
  const { findApi } = await import('../registry.ts')
  return ids
    .flatMap((one) => one.split(','))
    .flatMap((one) => {
      const [name = '', access] = one.split(':')
      const row = findApi(name)
      try {
        const environment = row.baseUrls.test === undefined ? 'prod' : 'test'
        const options = { access: access as Access | undefined, org: 'ttd', headers: emptyHeaders(row.headers ?? []) }
        return api(row.id, environment, options).request.scopes
      } catch (error) {
        // It says what is missing, such as scopes to choose from.
        throw new CommandFailed('usage', { en: wordsOf(error), nb: wordsOf(error) })
      }
    })
}

const emptyHeaders = (headers: readonly { readonly name: string }[]): Readonly<Record<string, string>> =>
  Object.fromEntries(headers.map(({ name }) => [name, '-']))

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
