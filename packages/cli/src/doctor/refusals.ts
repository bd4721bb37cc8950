/** Why there is no token: the refusal, together with what is known of the settings. */
import { nearestScopes, scopeOf } from '@maskinporten-kit/apis'
import type { MaskinportenError } from '@maskinporten-kit/core'
import { otherEnvironmentIn } from './checks/credential.ts'
import { nameOfEnvironment, portalOf } from './environment.ts'
import type { Facts } from './facts.ts'
import type { Evidence, Finding } from './finding.ts'
import { noTokenFinding } from './no-token.ts'
import { actorOf, explained } from './explained.ts'
import type { Refused } from './refused.ts'
import { grantRows } from './refused-grants.ts'
import { scopeRows } from './refused-scopes.ts'

/** `scopes`: those that were asked for. */
export function refusalFinding(error: MaskinportenError, scopes: readonly string[], facts: Facts): Finding {
  // A page of a firewall is no refusal of Maskinporten's.
  if (error.code !== 'token_refused' || error.oauthError === undefined) return noTokenFinding(error, facts)
  const { settings, environment } = facts
  const id = refusalIdOf(error)
  const scope = scopeIn(error.description, scopes)
  const refused: Refused = {
    clientId: settings?.clientId ?? '',
    clientIdOrigin: settings?.credential?.clientIdOrigin ?? '',
    kid: settings?.keys[0]?.kid ?? '',
    keyOrigin: settings?.credential?.keyOrigin ?? '',
    environment:
      environment === undefined ? { en: 'Maskinporten', nb: 'Maskinporten' } : nameOfEnvironment(environment),
    portal: portalOf(environment),
    scope,
    scopes,
    owner: scopeOf(scope)[0]?.api.owner.name,
    description: error.description ?? '',
    consumerOrg: settings?.request.consumerOrg,
    audience: settings?.audience,
    authority: settings?.authority ?? '',
    organisations: [...(error.description ?? '').matchAll(/\b\d{9}\b/g)].map(([number]) => number),
    other: otherEnvironmentIn(facts),
    certificate: settings?.keys[0]?.x5c !== undefined,
  }
  const row = grantRows[id] ?? scopeRows[id]
  const evidence = {
    scopes,
    error: error.oauthError,
    description: error.description,
    mpCode: error.mpCode,
    traceId: error.traceId,
    status: error.status,
  }
  const [meant] = error.mpCode === 'MP-200' ? nearestScopes(refused.scope) : []
  if (meant !== undefined) return misspelt(error.mpCode ?? id, refused, meant, evidence)
  if (row === undefined) {
    const known = explained(id)
    return {
      status: 'FAIL',
      code: id,
      cause: known?.happened ?? { en: error.message, nb: error.message },
      action: known?.wayOut ?? { en: error.hint, nb: error.hint },
      actor: actorOf(id),
      evidence,
    }
  }
  return { status: 'FAIL', code: error.mpCode ?? id, ...row(refused), evidence }
}

/** Such a scope does not exist, so nobody can add it to the client. */
function misspelt(code: string, { scope, clientId }: Refused, meant: string, evidence: Evidence): Finding {
  return {
    status: 'FAIL',
    code,
    cause: {
      en: `the client ${clientId} does not have ${scope}, which is probably misspelt: the registry has ${meant}`,
      nb: `klienten ${clientId} har ikke ${scope}, som trolig er skrevet feil: registeret har ${meant}`,
    },
    action: { en: `Correct Scope to ${meant}.`, nb: `Rett Scope til ${meant}.` },
    actor: 'settings',
    evidence: { ...evidence, nearest: meant },
  }
}

/** The server gives some refusals no code: their text tells. */
const BY_TEXT: readonly (readonly [RegExp, string])[] = [
  [/unknown key identifier/i, 'kid_unknown'],
  [/no key identifier/i, 'kid_required'],
  [/issue time is (?:in the future|after now)/i, 'iat_in_future'],
  [/issue time is too old/i, 'iat_in_past'],
  [/too long lifetime/i, 'lifetime_too_long'],
  [/consumer_org in claim/i, 'consumer_org_is_self'],
  [/iss_onbehalfof/i, 'onbehalfof_unknown'],
  [/requires pid/i, 'pid_required'],
  [/unknown claim/i, 'unknown_claim'],
  [/missing parameter/i, 'missing_parameter'],
  [/repeated parameter/i, 'repeated_parameter'],
]

function refusalIdOf({ mpCode, description = '', oauthError = '' }: MaskinportenError): string {
  return mpCode ?? BY_TEXT.find(([text]) => text.test(description))?.[1] ?? oauthError
}

/** The one that the server names, of several. */
function scopeIn(description = '', scopes: readonly string[]): string {
  const words = description.split(/[\s,]+/).map((word) => word.replace(/\.$/, ''))
  return scopes.find((scope) => words.includes(scope)) ?? scopes.join(' ')
}
