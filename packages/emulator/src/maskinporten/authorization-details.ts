/** Step 19: `authorization_details` (RFC 9396) for system users and consents, checked and filled in from what exists. */
import { isJsonObject, type JsonObject } from '../json.ts'
import { actor } from './claims.ts'
import type { AcceptedGrant } from './grant-checks.ts'
import { TokenRefusal } from './refusal.ts'
import type { Rules } from './rules.ts'
import type { AuthorizationRegistry } from './system-users.ts'

export const authorizationTypes: readonly string[] = ['urn:altinn:systemuser', 'urn:altinn:consent']

/** @throws TokenRefusal MP-301, MP-302, MP-303 */
export function resolveAuthorizationDetails(
  accepted: AcceptedGrant,
  { registry, rules, now }: { readonly registry: AuthorizationRegistry; readonly rules: Rules; readonly now: number },
): readonly JsonObject[] | undefined {
  const details = accepted.grant.authorizationDetails
  if (!details) return undefined
  const [detail, second] = details
  const unknown = details.find((item) => !authorizationTypes.includes(String(item['type'])))
  if (!detail || unknown) throw new TokenRefusal('MP-301')
  // One party, or one consent, per request.
  if (second) throw new TokenRefusal('MP-303', { value: 'authorization_details' })
  return detail['type'] === 'urn:altinn:systemuser'
    ? [systemUser(detail, accepted, registry, rules)]
    : [consent(detail, accepted, registry, now)]
}

function systemUser(
  detail: JsonObject,
  { client }: AcceptedGrant,
  registry: AuthorizationRegistry,
  rules: Rules,
): JsonObject {
  allowOnly(detail, ['type', 'systemuser_org', 'externalRef'])
  const externalRef = detail['externalRef']
  if (
    externalRef !== undefined &&
    !(typeof externalRef === 'string' && /^[a-zA-Z0-9øØæÆåÅ_-]{0,255}$/.test(externalRef))
  ) {
    throw new TokenRefusal('MP-302')
  }
  const owner = detail['systemuser_org']
  if (isJsonObject(owner)) allowOnly(owner, ['authority', 'ID'])
  const id = isJsonObject(owner) ? owner['ID'] : undefined
  const orgNumber = typeof id === 'string' ? /^0192:(\d{9})$/.exec(id)?.[1] : undefined
  if (!isJsonObject(owner) || owner['authority'] !== 'iso6523-actorid-upis' || orgNumber === undefined) {
    throw new TokenRefusal('MP-303', { value: 'systemuser_org' })
  }
  const found = registry.findSystemUser(orgNumber, client.clientId, externalRef)
  if (!found?.approved) {
    const asked = externalRef === undefined ? 'no externalRef' : `the externalRef ${externalRef}`
    const said = found
      ? `The system user ${found.systemUserId} is not approved.`
      : `No system user of ${orgNumber} has the client ${client.clientId} and ${asked}.`
    throw new TokenRefusal('MP-303-customer', { value: `0192:${orgNumber}` }, said)
  }
  return {
    type: 'urn:altinn:systemuser',
    systemuser_org: actor(orgNumber),
    ...(rules.echoExternalRef && externalRef !== undefined ? { externalRef } : {}),
    systemuser_id: [found.systemUserId],
    system_id: found.systemId,
  }
}

function consent(
  detail: JsonObject,
  { consumer }: AcceptedGrant,
  registry: AuthorizationRegistry,
  now: number,
): JsonObject {
  allowOnly(detail, ['type', 'id', 'from'])
  const { id, from } = detail
  const refuse = (value: string, said: string): never => {
    throw new TokenRefusal('MP-303', { value }, said)
  }
  const found = typeof id === 'string' ? registry.findConsent(id) : undefined
  if (!found) return refuse('id', 'No consent has this id.')
  if (!found.approved) return refuse('id', `The consent ${found.id} is not given, or was taken back.`)
  if (found.from !== from) return refuse('from', 'The consent is from somebody else.')
  if (found.to !== consumer) return refuse('to', `The consent is to ${found.to}, and the consumer is ${consumer}.`)
  if (found.validTo <= now) return refuse('validTo', `The consent ended at ${new Date(found.validTo).toISOString()}.`)
  return {
    type: 'urn:altinn:consent',
    id: found.id,
    from: found.from,
    to: actor(found.to),
    consented: new Date(found.consented).toISOString(),
    validTo: new Date(found.validTo).toISOString(),
    consentRights: found.consentRights,
  }
}

function allowOnly(detail: JsonObject, names: readonly string[]): void {
  if (Object.keys(detail).some((name) => !names.includes(name))) throw new TokenRefusal('MP-302')
}
