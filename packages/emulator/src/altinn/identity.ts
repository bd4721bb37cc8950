/** Who calls Altinn's APIs: what an Altinn token says. */
import type { EmulatorClock } from '../clock.ts'
import { isJsonObject, isStringArray } from '../json.ts'
import type { SigningKeys } from '../tokens/signing-keys.ts'
import { bearerToken, judgeToken, type Refusal, scopesOf } from '../tokens/verify-token.ts'

export interface AltinnIdentity {
  /** `urn:altinn:org`: a service owner. */
  readonly org: string | undefined
  readonly orgNumber: string | undefined
  readonly systemUserId: string | undefined
  readonly scopes: readonly string[]
}

/** Or why not: for a missing or invalid token, a raw Maskinporten token included. Zero tolerance for time, as Storage and Events have it. */
export async function identify(
  authorization: string | undefined,
  keys: SigningKeys,
  clock: EmulatorClock,
): Promise<{ readonly identity: AltinnIdentity } | { readonly refusal: Refusal }> {
  const judged = await judgeToken(bearerToken(authorization), keys, { now: clock.now(), skewSeconds: 0 })
  if ('refusal' in judged)
    return judged.refusal.rule === 'token_foreign' ? { refusal: { ...judged.refusal, ...notExchanged } } : judged
  const { claims } = judged
  const { 'urn:altinn:org': org, 'urn:altinn:orgNumber': orgNumber, authorization_details: details } = claims
  const systemUser = isJsonObject(details) ? details['systemuser_id'] : undefined
  const identity = {
    org: typeof org === 'string' ? org : undefined,
    orgNumber: typeof orgNumber === 'string' ? orgNumber : undefined,
    systemUserId: isStringArray(systemUser) ? systemUser[0] : undefined,
    scopes: scopesOf(claims),
  }
  return { identity }
}

const notExchanged: Omit<Refusal, 'compared'> = {
  rule: 'token_not_exchanged',
  reason: 'The token is none of this Altinn: exchange the Maskinporten token first, and send what comes of it.',
}
