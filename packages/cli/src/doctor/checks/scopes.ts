/** Is each scope spelt as the registry has it? Before any request, and a warning only: the registry does not have all scopes. */
import type { Facts } from '../facts.ts'
import type { Check, Finding } from '../finding.ts'
import { nearestScopes } from '@maskinporten-kit/apis'
import { apisOf, knownScopes } from '../registry.ts'

export const scopes: Check = {
  id: 'scopes',
  title: { en: 'Spelling of the scopes', nb: 'Skrivemåten til scopene' },
  needs: [],
  run(facts) {
    const asked = facts.scopes
    const found = [...misspelt(facts, asked), ...unknown(asked)]
    if (found.length > 0 || asked.length === 0) return found.length > 0 ? found : NONE
    const names = asked.flatMap((scope) => apisOf(scope)).map(({ name }) => name)
    const listed = (language: 'en' | 'nb'): string =>
      [...new Set(names.map((name) => name[language]))].slice(0, 3).join(', ')
    return {
      status: 'OK',
      cause: { en: `the registry knows them: ${listed('en')}`, nb: `registeret kjenner dem: ${listed('nb')}` },
      evidence: { scopes: asked },
    }
  },
}

const NONE: Finding = {
  status: 'SKIP',
  code: 'NEEDS',
  cause: { en: 'no scope is named', nb: 'ingen scopes er oppgitt' },
  evidence: { needs: 'settings' },
}

function misspelt(facts: Facts, asked: readonly string[]): readonly Finding[] {
  return asked.flatMap((scope, place) => {
    if (knownScopes.has(scope)) return []
    const meant = meantBy(asked, place)
    if (meant.length === 0) return []
    const names = meant.join(' / ')
    return [
      {
        status: 'WARN',
        code: 'SCOPE_MISSPELT',
        cause: {
          en: `the registry does not know the scope ${scope}; ${names} is nearest`,
          nb: `registeret kjenner ikke scopet ${scope}; det nærmeste er ${names}`,
        },
        action: {
          en: `If you meant that, correct Scope to ${meant[0] ?? ''}.`,
          nb: `Hvis det var det du mente, rett Scope til ${meant[0] ?? ''}.`,
        },
        actor: 'settings',
        evidence: { scope, nearest: meant, origin: facts.entryOf('Scope')?.origin },
      },
    ]
  })
}

/** What a name may stand for; also where a space too many has cut a scope in two, or one too few has joined two. */
export function meantBy(asked: readonly string[], place: number): readonly string[] {
  const scope = asked[place] ?? ''
  const known = [...knownScopes]
  const cut = [
    [asked[place - 1], scope],
    [scope, asked[place + 1]],
  ].flatMap(([before = '', after = '']) =>
    before === '' || after === '' ? [] : known.filter(isCutInTwo(before, after)),
  )
  if (cut.length > 0) return [...new Set(cut)]
  const two = known.flatMap((name) => {
    const rest = scope.startsWith(name) ? scope.slice(name.length).replace(/^[,;]/, '') : ''
    return rest !== '' && knownScopes.has(rest) ? [`${name} ${rest}`] : []
  })
  return two.length > 0 ? two : nearestScopes(scope)
}

/** The space stands between two letters, or in the place of one. */
const isCutInTwo =
  (before: string, after: string) =>
  (name: string): boolean =>
    name.startsWith(before) && name.endsWith(after) && [0, 1].includes(name.length - before.length - after.length)

/** Told, and no warning: APIs that the registry does not have are fine. */
function unknown(asked: readonly string[]): readonly Finding[] {
  const names = asked.filter((scope, place) => !knownScopes.has(scope) && meantBy(asked, place).length === 0)
  if (names.length === 0) return []
  return [
    {
      status: 'INFO',
      code: 'SCOPE_UNKNOWN',
      cause: {
        en: `the registry does not have ${names.join(', ')}, which may be right`,
        nb: `registeret har ikke ${names.join(', ')}, som kan være riktig likevel`,
      },
      evidence: { scopes: names },
    },
  ]
}
