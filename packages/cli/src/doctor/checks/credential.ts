/** Are the client id and the key one credential, of the environment that is asked? */
import type { Facts } from '../facts.ts'
import type { Check, Finding } from '../finding.ts'
import { nameOfEnvironment } from '../environment.ts'
import { placeOf, problemFinding } from '../problems.ts'

export const credential: Check = {
  id: 'credential',
  title: { en: 'One credential', nb: 'Klient og nøkkel' },
  needs: [],
  run(facts) {
    const problems = facts.settingsError?.problems?.filter((one) => placeOf(one) === 'credential') ?? []
    const warnings = facts.warnings.filter((one) => placeOf(one) === 'credential')
    const found = [
      ...problems.map((one) => problemFinding(one, 'FAIL')),
      ...warnings.map((one) => problemFinding(one, 'WARN')),
      ...mistakenId(facts),
      ...otherEnvironment(facts),
    ]
    if (problems.length > 0) return found
    const { settings } = facts
    if (settings === undefined) {
      const cause = {
        en: 'the client id or the key is missing, so there is nothing to compare',
        nb: 'klient-ID eller nøkkel mangler, så det er ingenting å sammenligne',
      }
      return found.length > 0 ? found : { status: 'SKIP', code: 'NEEDS', cause, evidence: { needs: 'settings' } }
    }
    const { clientId, credential: from } = settings
    const kid = settings.keys[0]?.kid ?? ''
    const whole: Finding = {
      status: 'OK',
      cause: {
        en: `the client ${clientId} (${from?.clientIdOrigin ?? ''}) signs with the key ${kid} (${from?.keyOrigin ?? ''})`,
        nb: `klienten ${clientId} (${from?.clientIdOrigin ?? ''}) signerer med nøkkelen ${kid} (${from?.keyOrigin ?? ''})`,
      },
      evidence: { clientId, kid, clientIdOrigin: from?.clientIdOrigin, keyOrigin: from?.keyOrigin },
    }
    return found.length > 0 ? found : whole
  },
}

/** Other ids that people paste for the client id. */
function mistakenId(facts: Facts): readonly Finding[] {
  const id = facts.valueOf('ClientId') ?? facts.valueOf('MASKINPORTEN_CLIENT_ID')
  if (id === undefined) return []
  const kid = facts.settings?.keys[0]?.kid ?? facts.valueOf('Kid')
  const what =
    id === facts.valueOf('kvSetting:ClientId')
      ? { en: 'the application of Entra ID (kvSetting:ClientId)', nb: 'applikasjonen i Entra ID (kvSetting:ClientId)' }
      : id === kid
        ? { en: 'the kid of the key', nb: 'kid-en til nøkkelen' }
        : /^(?:0192:)?\d{9}$/.test(id)
          ? { en: 'an organisation number', nb: 'et organisasjonsnummer' }
          : undefined
  if (what === undefined) return []
  return [
    {
      status: 'WARN',
      code: 'CLIENT_ID_MISTAKEN',
      cause: {
        en: `the client id looks like ${what.en}, not like that of a client in Samarbeidsportalen`,
        nb: `klient-ID-en ser ut som ${what.nb}, ikke som ID-en til en klient i Samarbeidsportalen`,
      },
      action: {
        en: 'Set ClientId to the id that Samarbeidsportalen shows for the client.',
        nb: 'Sett ClientId til ID-en som Samarbeidsportalen viser for klienten.',
      },
      actor: 'settings',
      evidence: { origin: facts.entryOf('ClientId')?.origin },
    },
  ]
}

const WORDS = {
  prod: /(?:^|[^a-z])(?:prod|production|prd)(?:[^a-z]|$)/i,
  test: /(?:^|[^a-z])(?:test|tt02|dev|staging|ver2)(?:[^a-z]|$)/i,
} as const

/** The key of one environment under the name of the other: what names the key and what names the server disagree. */
export function otherEnvironmentIn(facts: Facts): { readonly of: 'test' | 'prod'; readonly by: string } | undefined {
  const asked = facts.environment?.name
  if (asked === undefined) return undefined
  const of = asked === 'test' ? 'prod' : 'test'
  const names = [
    facts.settings?.keys[0]?.kid,
    facts.settings?.credential?.keyOrigin,
    facts.settings?.credential?.clientIdOrigin,
  ]
  // appsettings.Production.json is what .NET reads where no other is named, test or not.
  const by = names.find((name) => name !== undefined && isOnlyOf(of, name.replaceAll(/appsettings\.[\w.]+/gi, '')))
  return by === undefined ? undefined : { of, by }
}

const isOnlyOf = (of: 'test' | 'prod', name: string): boolean =>
  WORDS[of].test(name) && !WORDS[of === 'test' ? 'prod' : 'test'].test(name)

function otherEnvironment(facts: Facts): readonly Finding[] {
  const other = otherEnvironmentIn(facts)
  const { environment } = facts
  if (other === undefined || environment === undefined) return []
  const asked = nameOfEnvironment(environment)
  return [
    {
      status: 'WARN',
      code: 'ENVIRONMENTS_MIXED',
      cause: {
        en: `“${other.by}” speaks of ${other.of}, but ${asked.en} is asked: the key may be one of the other environment`,
        nb: `«${other.by}» tyder på ${other.of}, men det er ${asked.nb} som blir spurt: nøkkelen kan være fra det andre miljøet`,
      },
      action: {
        en: 'Give each environment a client and a key of its own, or correct Environment.',
        nb: 'Bruk egen klient og egen nøkkel i hvert miljø, eller rett Environment.',
      },
      actor: 'settings',
      evidence: { environment: environment.name, name: other.by },
    },
  ]
}
