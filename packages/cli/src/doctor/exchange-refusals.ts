/** Why Altinn exchanged nothing. Source: Altinn/altinn-authentication, `AuthenticationController.cs`. */
import { type MaskinportenError, environments } from '@maskinporten-kit/core'
import type { Facts } from './facts.ts'
import type { Finding } from './finding.ts'
import { noTokenFinding } from './no-token.ts'

export function exchangeFailure(error: MaskinportenError, facts: Facts): Finding {
  const { settings } = facts
  const url = settings?.exchange?.url ?? ''
  const host = URL.canParse(url) ? new URL(url).host : 'Altinn'
  const status = facts.observer.exchanges.at(-1)?.status ?? error.status
  const evidence = { url, status, description: error.description, traceId: error.traceId }
  if (status === 410)
    return {
      status: 'FAIL',
      code: 'ENTERPRISE_USER',
      cause: {
        en: 'Altinn has removed enterprise users (virksomhetsbruker), and the exchange answers 410 to one',
        nb: 'Altinn har fjernet virksomhetsbrukere, og vekslingen svarer 410 på en slik',
      },
      action: {
        en: 'Use a system user (systembruker), and delete EnterpriseUserName and EnterpriseUserPassword.',
        nb: 'Bruk en systembruker, og slett EnterpriseUserName og EnterpriseUserPassword.',
      },
      actor: 'settings',
      evidence,
    }
  if (status === 401) {
    const isProdAltinn = url.startsWith(environments.prod.altinn)
    const takes = isProdAltinn ? 'prod' : /\.altinn\.(?:no|cloud)\//.test(url) ? 'test' : undefined
    const { name } = facts.environment ?? {}
    if (takes !== undefined && name !== undefined && takes !== name)
      return {
        status: 'FAIL',
        code: 'EXCHANGE_ENVIRONMENT',
        cause: {
          en: `the token is of Maskinporten ${name}, and ${host} takes those of ${takes}`,
          nb: `tokenet er fra Maskinporten ${name}, og ${host} tar bare dem fra ${takes}`,
        },
        action: {
          en: 'Set Environment and TokenExchangeEnvironment to the same environment.',
          nb: 'Sett Environment og TokenExchangeEnvironment til samme miljø.',
        },
        actor: 'settings',
        evidence,
      }
    return {
      status: 'FAIL',
      code: 'exchange_unavailable',
      cause: {
        en: `${host} answered 401 to a token that Maskinporten has just given: Altinn answers so in an outage, too`,
        nb: `${host} svarte 401 på et token som Maskinporten nettopp har gitt: Altinn svarer slik også når noe er nede hos dem`,
      },
      action: {
        en: 'Try again later; if it lasts, give Altinn the time and the trace id.',
        nb: 'Prøv igjen senere; hvis det varer ved, gi Altinn tidspunktet og sporings-ID-en.',
      },
      actor: 'altinn',
      evidence,
    }
  }
  if (error.code === 'exchange_refused')
    return {
      status: 'FAIL',
      code: error.code,
      cause: {
        en: `${host} refused to exchange the token (${status ?? '?'})`,
        nb: `${host} nektet å veksle tokenet (${status ?? '?'})`,
      },
      action: {
        en: 'Check TokenExchangeEnvironment, and that the scopes are Altinn’s.',
        nb: 'Sjekk TokenExchangeEnvironment, og at scopene er Altinns.',
      },
      actor: 'settings',
      evidence,
    }
  return { ...noTokenFinding(error, facts), evidence }
}
