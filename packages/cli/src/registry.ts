/** The registry as flags use it: an API by its id, and the token that it takes. */
import { type Access, type Api, type Scope, apis, nearestScopes } from '@maskinporten-kit/apis'
import type { ResolvedSettings, TokenRequest } from '@maskinporten-kit/core'
import { environmentOf } from './addresses.ts'
import { CommandFailed } from './failure.ts'
import type { Text } from './language.ts'

const LEVELS: readonly Access[] = ['read', 'write', 'admin']

/** @throws CommandFailed `usage` for an id that the registry does not have; it names those with a word of it. */
export function findApi(id: string): Api {
  const found = apis.find((api) => api.id === id.toLowerCase())
  if (found !== undefined) return found
  const words = id.toLowerCase().split(/[^a-zæøå\d]+/)
  const near = apis
    .map((api) => api.id)
    .filter((known) => words.some((word) => word.length > 2 && known.includes(word)))
    .slice(0, 5)
  const meant = (or: string): string => (near.length > 0 ? `${near.join(or)}? ` : '')
  throw new CommandFailed('usage', {
    en: `the registry has no API ${id}: ${near.length > 0 ? 'is it ' : ''}${meant(' or ')}maskinporten apis lists them`,
    nb: `registeret har ikke API-et ${id}: ${near.length > 0 ? 'er det ' : ''}${meant(' eller ')}maskinporten apis viser dem`,
  })
}

export interface ApiWish {
  /** Those that were named; nothing is added to them. */
  readonly scopes?: readonly string[] | undefined
  readonly access?: Access | undefined
  /** The call changes something, so that scopes to write are wanted where the API has them. */
  readonly isWriting?: boolean | undefined
}

/**
 * The token that an API takes. Scopes that were not named are those of the settings that the API takes; else those of its
 * lowest level.
 *
 * @throws CommandFailed `usage` when the API has scopes to choose from, or not that level.
 */
export function requestTo(api: Api, settings: ResolvedSettings, wish: ApiWish = {}): TokenRequest {
  const environment = environmentOf(settings)
  // The audience of an environment is no API of an emulator.
  const resource = environment === undefined ? undefined : api.audience?.[environment]
  return { kind: api.token.kind, scopes: wish.scopes ?? scopesFor(api, settings, wish), resource }
}

function scopesFor(api: Api, settings: ResolvedSettings, { access, isWriting = false }: ApiWish): readonly string[] {
  if (access === undefined) {
    const own = [settings.request.scopes ?? []].flat().flatMap((scopes) => scopes.split(/\s+/))
    const taken = own.filter((scope) => api.scopes.some(({ name }) => name === scope))
    if (taken.length > 0) return taken
  }
  const usual = api.scopes.filter(({ byName }) => byName !== true)
  const has = (level: Access): boolean => usual.some((scope) => scope.access === level)
  const level = access ?? (isWriting ? ['write' as const, ...LEVELS] : LEVELS).find(has)
  if (level === undefined || !has(level)) throw noScopes(api, access)
  const wanted = LEVELS.slice(0, LEVELS.indexOf(level) + 1)
  return usual.filter((scope) => wanted.includes(scope.access)).map(({ name }) => name)
}

function noScopes({ id, scopes }: Api, access: Access | undefined): CommandFailed {
  const all = scopesInWords(scopes)
  if (access !== undefined)
    return new CommandFailed('usage', {
      en: `${id} has no scope for --access ${access}, only ${all}`,
      nb: `${id} har ikke noe scope for --access ${access}, bare ${all}`,
    })
  if (scopes.length === 0)
    return new CommandFailed('usage', {
      en: `the scopes of ${id} are not in the registry: name them with --scope`,
      nb: `scopene til ${id} står ikke i registeret: oppgi dem med --scope`,
    })
  return new CommandFailed('usage', {
    en: `${id} has scopes to choose from: name yours with --scope, of ${all}`,
    nb: `${id} har flere scopes å velge mellom: oppgi ditt med --scope, av ${all}`,
  })
}

/** Of scopes that are asked for, wherever they are named: those that are a known one but for a letter or two. */
export function adviceOnScopes(asked: TokenRequest['scopes']): readonly Text[] {
  const names = [asked ?? []].flat().flatMap((scopes) => scopes.split(/\s+/))
  return [...new Set(names)].flatMap((scope) => {
    const near = nearestScopes(scope)
    if (near.length === 0) return []
    return [
      {
        en: `the registry has no scope ${scope}: is it ${near.join(' or ')}?`,
        nb: `registeret har ikke scopet ${scope}: er det ${near.join(' eller ')}?`,
      },
    ]
  })
}

/**
 * What the registry finds odd in a request, whose scopes are those of the settings where it names none. The registry does
 * not know all, so nothing is refused for it.
 */
export function adviceOn(
  api: Api | undefined,
  request: TokenRequest,
  settings?: Pick<ResolvedSettings, 'request'>,
): readonly Text[] {
  const missing: Text[] = []
  if (api?.systemUser?.value === 'required' && request.systemUser === undefined)
    missing.push({
      en: `${api.id} wants the token of a system user: give --system-user`,
      nb: `${api.id} krever et token for en systembruker: oppgi den med --system-user`,
    })
  if (api?.consent?.value === 'required' && request.consent === undefined)
    missing.push({
      en: `${api.id} wants a token for a consent: give --consent`,
      nb: `${api.id} krever et token for et samtykke: oppgi det med --consent`,
    })
  return [...adviceOnScopes(request.scopes ?? settings?.request.scopes), ...missing]
}

export function scopesInWords(scopes: readonly Scope[]): string {
  return scopes.map(({ name, access }) => `${name} (${access})`).join(', ')
}
