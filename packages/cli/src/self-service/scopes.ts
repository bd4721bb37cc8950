/** The scopes of a client: of the APIs that are named, those that are named themselves, else those of the settings. */
import { CommandFailed } from '../failure.ts'

export interface ScopeFlags {
  readonly api?: readonly string[] | undefined
  readonly scope?: readonly string[] | undefined
}

/** Each once, in the order in which they were named. @throws CommandFailed `usage` when there is none. */
export async function scopesOf({ scope = [] }: ScopeFlags, ofSettings: string | undefined): Promise<readonly string[]> {
  const named = scope.flatMap((one) => one.split(/[\s,]+/))
  const all = named.length > 0 ? named : (ofSettings ?? '').split(/\s+/)
  const scopes = [...new Set(all.filter((one) => one !== ''))]
  if (scopes.length > 0) return scopes
  throw new CommandFailed('usage', {
    en: 'a client has one scope or more; name them with --scope, or set MaskinportenSettings:Scope',
    nb: 'en klient har minst ett scope; oppgi dem med --scope, eller sett MaskinportenSettings:Scope',
  })
}
