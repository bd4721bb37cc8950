/** Who calls Altinn's APIs: what an Altinn token says. */
import type { EmulatorClock } from '../clock.ts'
import { isJsonObject, isStringArray } from '../json.ts'
import type { Names } from '../network/names.ts'
import type { SigningKeys } from '../tokens/signing-keys.ts'
import { partyIdOf } from './user-token.ts'
import { bearerToken, judgeToken, type Refusal, scopesOf } from '../tokens/verify-token.ts'

export interface AltinnIdentity {
  /** `urn:altinn:org`: a service owner. */
  readonly org: string | undefined
  readonly orgNumber: string | undefined
  readonly systemUserId: string | undefined
  /** Of a person; `partyId` is the number of the same person as a party. */
  readonly userId: string | undefined
  readonly partyId: string | undefined
  /** As Events names who subscribes: `/org/ttd`, `/user/{id}`, `/systemuser/{uuid}`, `/organisation/{nine digits}`. */
  readonly consumer: string | undefined
  readonly scopes: readonly string[]
}

/** What a policy looks at. */
export type Caller = Pick<AltinnIdentity, 'org' | 'systemUserId' | 'partyId'>

/** Or why not: for a missing or invalid token, a raw Maskinporten token included. Zero tolerance for time, as Storage and Events have it. */
export async function identify(
  authorization: string | undefined,
  { keys, clock, names }: { readonly keys: SigningKeys; readonly clock: EmulatorClock; readonly names: Names },
): Promise<{ readonly identity: AltinnIdentity } | { readonly refusal: Refusal }> {
  const judged = await judgeToken(bearerToken(authorization), keys, { now: clock.now(), skewSeconds: 0 })
  if ('refusal' in judged)
    return judged.refusal.rule === 'token_foreign' ? { refusal: { ...judged.refusal, ...notExchanged } } : judged
  const { claims } = judged
  const { iss } = claims
  // One key signs for all platforms here, and each of the real ones has its own.
  if (isTestPlatform(iss) && isTestPlatform(names.platformIssuer) && iss !== names.platformIssuer) {
    const reason = `The token was issued by ${iss}, and this is ${names.platform}.`
    const compared = { of: 'iss', expected: names.platformIssuer, received: iss }
    return { refusal: { rule: 'token_foreign', reason, compared } }
  }
  const { 'urn:altinn:org': org, 'urn:altinn:orgNumber': orgNumber, authorization_details: details } = claims
  const systemUser = isJsonObject(details) ? details['systemuser_id'] : undefined
  const who = {
    org: typeof org === 'string' ? org : undefined,
    orgNumber: typeof orgNumber === 'string' ? orgNumber : undefined,
    systemUserId: isStringArray(systemUser) ? systemUser[0] : undefined,
    userId: numberOf(claims['urn:altinn:userid']),
    partyId: numberOf(claims['urn:altinn:partyid']),
  }
  return { identity: { ...who, consumer: consumerOf(who), scopes: scopesOf(claims) } }
}

function isTestPlatform(issuer: unknown): issuer is string {
  return typeof issuer === 'string' && issuer.startsWith('https://platform.')
}

function numberOf(claim: unknown): string | undefined {
  return typeof claim === 'number' ? String(claim) : undefined
}

function consumerOf({
  org,
  userId,
  systemUserId,
  orgNumber,
}: Omit<AltinnIdentity, 'consumer' | 'scopes'>): string | undefined {
  if (org !== undefined) return `/org/${org}`
  if (userId !== undefined) return `/user/${userId}`
  if (systemUserId !== undefined) return `/systemuser/${systemUserId}`
  return orgNumber === undefined ? undefined : `/organisation/${orgNumber}`
}

/** Who a consumer is, for the policy: the reverse of what a token becomes. */
export function identityOfConsumer(consumer: string): Caller {
  const [, kind, value = ''] = consumer.split('/')
  return {
    org: kind === 'org' ? value : undefined,
    systemUserId: kind === 'systemuser' ? value : undefined,
    partyId: kind === 'user' ? partyIdOf(value) : undefined,
  }
}

const notExchanged: Omit<Refusal, 'compared'> = {
  rule: 'token_not_exchanged',
  reason: 'The token is none of this Altinn: exchange the Maskinporten token first, and send what comes of it.',
}
