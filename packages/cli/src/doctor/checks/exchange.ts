/** Does Altinn exchange the token, and does the new one say whose it is (`urn:altinn:org`)? */
import type { Facts } from '../facts.ts'
import type { Check, Finding } from '../finding.ts'
import { decodeJwt } from '../jwt.ts'
import { exchangeFailure } from '../exchange-refusals.ts'

export const exchange: Check = {
  id: 'exchange',
  title: { en: 'Altinn’s exchange', nb: 'Vekslingen hos Altinn' },
  needs: ['token'],
  async run(facts) {
    const { settings } = facts
    if (settings?.request.kind !== 'altinn')
      return {
        status: 'SKIP',
        code: 'NO_EXCHANGE',
        cause: {
          en: 'the settings ask for Maskinporten’s own token (ExhangeToAltinnToken is not true)',
          nb: 'innstillingene ber om Maskinportens eget token (ExhangeToAltinnToken er ikke true)',
        },
      }
    const { token, error } = await facts.token('altinn', facts.scopes)
    if (error !== undefined) return exchangeFailure(error, facts)
    return organisation(facts, decodeJwt(token?.value ?? '')?.claims)
  },
}

function organisation(facts: Facts, claims: Readonly<Record<string, unknown>> | undefined): Finding {
  const org = claims?.['urn:altinn:org']
  const number = claims?.['urn:altinn:orgNumber']
  const evidence = {
    org: typeof org === 'string' ? org : undefined,
    orgNumber: typeof number === 'string' || typeof number === 'number' ? String(number) : undefined,
    issuer: typeof claims?.['iss'] === 'string' ? claims['iss'] : undefined,
  }
  if (claims === undefined)
    return {
      status: 'INFO',
      code: 'TOKEN_OPAQUE',
      cause: { en: 'Altinn gives a token that cannot be looked into', nb: 'Altinn gir et token som ikke kan leses' },
      evidence,
    }
  if (typeof org === 'string')
    return {
      status: 'OK',
      cause: {
        en: `Altinn exchanges the token, and the token is for the service owner ${org}`,
        nb: `Altinn veksler tokenet, og tokenet er for tjenesteeieren ${org}`,
      },
      evidence,
    }
  const hasScope = facts.scopes.some((scope) => scope.startsWith('altinn:serviceowner'))
  return {
    status: 'WARN',
    code: hasScope ? 'NOT_A_SERVICE_OWNER' : 'SERVICE_OWNER_SCOPE_MISSING',
    cause: hasScope
      ? {
          en: `Altinn exchanges the token, but without urn:altinn:org: ${evidence.orgNumber ?? 'the organisation'} is not among Altinn's service owners in this environment`,
          nb: `Altinn veksler tokenet, men uten urn:altinn:org: ${evidence.orgNumber ?? 'virksomheten'} er ikke blant Altinns tjenesteeiere i dette miljøet`,
        }
      : {
          en: 'Altinn exchanges the token, but without urn:altinn:org, since no scope begins with altinn:serviceowner: APIs for service owners refuse it',
          nb: 'Altinn veksler tokenet, men uten urn:altinn:org, siden ingen av scopene begynner med altinn:serviceowner: API-er for tjenesteeiere avviser det',
        },
    action: hasScope
      ? {
          en: 'Have Altinn register the organisation as a service owner; Digdir itself sets UseAltinnTestOrg in test.',
          nb: 'Få Altinn til å registrere virksomheten som tjenesteeier; Digdir selv setter UseAltinnTestOrg i test.',
        }
      : {
          en: 'Add a service-owner scope, such as altinn:serviceowner/instances.read, to the client and to Scope.',
          nb: 'Legg et tjenesteeierscope, for eksempel altinn:serviceowner/instances.read, til på klienten og i Scope.',
        },
    actor: hasScope ? 'altinn' : 'clientAdministrator',
    evidence,
  }
}
