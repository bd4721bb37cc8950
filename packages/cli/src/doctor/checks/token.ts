/** Does Maskinporten give a token for each scope? */
import { nameOfEnvironment } from '../environment.ts'
import type { Facts, TokenOutcome } from '../facts.ts'
import type { Check, Finding } from '../finding.ts'
import { decodeJwt } from '../jwt.ts'
import { problemFinding } from '../problems.ts'
import { refusalFinding } from '../refusals.ts'

/** What is refused of one scope may be given of another; all other refusals are of the client. */
const OF_ONE_SCOPE = /^MP-(?:200|201|25[01])$/

export const token: Check = {
  id: 'token',
  title: { en: 'A token for each scope', nb: 'Token for hvert scope' },
  needs: ['settings', 'credential', 'key', 'discovery'],
  async run(facts) {
    const { scopes } = facts
    if (scopes.length === 0)
      return {
        status: 'FAIL',
        code: 'SCOPE_MISSING',
        cause: {
          en: 'no scope is named, neither in the settings (Scope) nor with --scope, so there is nothing to ask for',
          nb: 'ingen scopes er oppgitt, verken i innstillingene (Scope) eller med --scope, så det er ingenting å be om',
        },
        action: {
          en: 'Set Scope to the scopes of the API that you call; maskinporten apis finds them.',
          nb: 'Sett Scope til scopene for API-et du kaller; maskinporten apis finner dem.',
        },
        actor: 'settings',
      }
    const whole = await facts.token('maskinporten', scopes)
    if (whole.error !== undefined && OF_ONE_SCOPE.test(whole.error.mpCode ?? '') && scopes.length > 1)
      return oneByOne(facts, scopes)
    return [findingOf(whole, facts), ...cleartext(facts)]
  },
}

/** Core says so when it sends: after the check of the settings. */
function cleartext(facts: Facts): readonly Finding[] {
  return facts.warnings
    .filter(({ code }) => code === 'CONFIG_PROXY_CLEARTEXT')
    .map((warning) => problemFinding(warning, 'WARN'))
}

async function oneByOne(facts: Facts, scopes: readonly string[]): Promise<readonly Finding[]> {
  const findings: Finding[] = []
  for (const scope of scopes) findings.push(findingOf(await facts.token('maskinporten', [scope]), facts))
  return findings
}

function findingOf(outcome: TokenOutcome, facts: Facts): Finding {
  const { token: given, scopes, error } = outcome
  if (error !== undefined) return refusalFinding(error, scopes, facts)
  const { environment } = facts
  const name = environment === undefined ? { en: 'Maskinporten', nb: 'Maskinporten' } : nameOfEnvironment(environment)
  const claims = decodeJwt(given?.value ?? '')?.claims ?? {}
  return {
    status: 'OK',
    cause: {
      en: `${name.en} gives a token for ${scopes.join(' ')}`,
      nb: `${name.nb} gir token for ${scopes.join(' ')}`,
    },
    evidence: {
      scopes,
      consumer: organisationIn(claims['consumer']),
      supplier: organisationIn(claims['supplier']),
      lifetimeSeconds: Math.round(((given?.expiresAt ?? 0) - Date.now()) / 1000),
    },
  }
}

/** `0192:991825827` of `{ authority, ID }`. */
function organisationIn(claim: unknown): string | undefined {
  return typeof claim === 'object' && claim !== null && 'ID' in claim && typeof claim.ID === 'string'
    ? claim.ID
    : undefined
}
