/** Are there settings, and where is each of them from? */
import type { Check, Finding } from '../finding.ts'
import { failureFinding, placeOf, problemFinding } from '../problems.ts'

export const settings: Check = {
  id: 'settings',
  title: { en: 'Settings', nb: 'Innstillinger' },
  needs: [],
  run(facts) {
    const { settingsError: error } = facts
    const problems = error?.problems?.filter((problem) => placeOf(problem) === 'settings') ?? []
    const warnings = facts.warnings
      .filter((warning) => placeOf(warning) === 'settings' && !isExpected(warning.code, facts.settings !== undefined))
      .map((warning) => problemFinding(warning, 'WARN'))
    const failed: readonly Finding[] =
      error !== undefined && error.problems === undefined
        ? [failureFinding(error)]
        : problems.map((problem) => problemFinding(problem, 'FAIL'))
    if (failed.length > 0) return [...failed, ...warnings]
    const rows = facts.maskinporten.settings.describe()
    const places = byPlace(rows)
    return [
      {
        status: 'OK',
        cause: {
          en: `${rows.length} settings are read, from ${places}`,
          nb: `${rows.length} innstillinger er lest, fra ${places}`,
        },
        evidence: { settings: rows.map(({ key, origin, value }) => `${key} = ${value} (${origin})`) },
      },
      ...warnings,
    ]
  },
}

/** A vault that nobody named is not missed when the settings are whole. */
const isExpected = (code: string, isWhole: boolean): boolean => code === 'KV_INACTIVE' && isWhole

/** `appsettings.json (Environment, Scope), Key Vault my-kv (ClientId, EncodedJwk)`. */
function byPlace(rows: readonly { readonly key: string; readonly origin: string }[]): string {
  const places = new Map<string, readonly string[]>()
  for (const { key, origin } of rows) {
    const place = placeOfRow(origin)
    places.set(place, [...(places.get(place) ?? []), key.replace(/^.*:/, '')])
  }
  return [...places].map(([place, names]) => `${place} (${names.join(', ')})`).join(', ')
}

/** `appsettings.json` of `appsettings.json:4; hidden: …`. */
const placeOfRow = (origin: string): string =>
  origin
    .replace(/;.*$/s, '')
    .replace(/:\d+$/, '')
    .replace(/^(env) .*$/, '$1')
    .replace(/^(Key Vault [^,]+),.*$/, '$1')
