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
    const origins = [...new Set(rows.map(({ origin }) => placeOfRow(origin)))]
    return [
      {
        status: 'OK',
        cause: {
          en: `${rows.length} settings are read, from ${origins.join(', ')}`,
          nb: `${rows.length} innstillinger er lest, fra ${origins.join(', ')}`,
        },
        evidence: { settings: rows.map(({ key, origin, value }) => `${key} = ${value} (${origin})`) },
      },
      ...warnings,
    ]
  },
}

/** A vault that nobody named is not missed when the settings are whole. */
const isExpected = (code: string, isWhole: boolean): boolean => code === 'KV_INACTIVE' && isWhole

/** `appsettings.json` of `appsettings.json:4; hidden: …`. */
const placeOfRow = (origin: string): string =>
  origin
    .replace(/;.*$/s, '')
    .replace(/:\d+$/, '')
    .replace(/^(env) .*$/, '$1')
    .replace(/^(Key Vault [^,]+),.*$/, '$1')
