/** What the API's answer means, together with what is known of the token. */
import type { Api } from '@maskinporten-kit/apis'
import type { TokenKind } from '@maskinporten-kit/core'
import type { Actor } from '../catalogue/actors.ts'
import type { Text } from '../language.ts'
import type { Facts } from './facts.ts'
import type { Finding } from './finding.ts'
import { pageFinding } from './network.ts'

export interface ApiAnswer {
  readonly url: string
  /** `undefined`: the registry does not know the address. */
  readonly api?: Api | undefined
  readonly kind: TokenKind
  readonly status: number
  /** The beginning of a refusal's. */
  readonly body: string
  readonly facts: Facts
}

export function answerFinding(answer: ApiAnswer): Finding {
  const { url, kind, status, body, facts } = answer
  const { host } = new URL(url)
  const evidence = { url: url.replace(/[?#].*$/, ''), status, kind, body: body === '' ? undefined : body }
  if (status >= 200 && status < 300)
    return {
      status: 'OK',
      cause: { en: `${host} answers ${status}`, nb: `${host} svarer ${status}` },
      evidence,
    }
  if (/^\s*<(?:!doctype|html)/i.test(body) || (status >= 300 && status < 400)) {
    const page = /<title>([^<]{1,120})/i.exec(body)?.[1]?.trim() ?? ''
    return { ...pageFinding({ url, status, page, isRedirect: status < 400 }, facts.env), evidence }
  }
  const { code, cause, action, actor } = meaningOf(answer, host)
  return { status: 'FAIL', code, cause, action, actor, evidence }
}

interface Meaning {
  readonly code: string
  readonly cause: Text
  readonly action: Text
  readonly actor: Actor
}

const SUBSCRIPTION_KEY = /subscription.?key/i

function meaningOf({ api: wanted, kind, status, body }: ApiAnswer, host: string): Meaning {
  if (SUBSCRIPTION_KEY.test(body))
    return {
      code: 'SUBSCRIPTION_KEY',
      cause: {
        en: `${host} wants a subscription key beside the token`,
        nb: `${host} krever en abonnementsnøkkel i tillegg til tokenet`,
      },
      action: {
        en: 'Get one from the API’s owner, and send it in the header Ocp-Apim-Subscription-Key.',
        nb: 'Få en av API-tilbyderen, og send den i headeren Ocp-Apim-Subscription-Key.',
      },
      actor: 'apiOwner',
    }
  if (status === 401 && wanted !== undefined && wanted.token.kind !== kind && wanted.token.eitherKind !== true)
    return {
      code: kind === 'altinn' ? 'RAW_TOKEN_NEEDED' : 'ALTINN_TOKEN_NEEDED',
      cause: {
        en: `${host} takes ${kind === 'altinn' ? 'Maskinporten’s own token' : 'an exchanged Altinn token'}, and got the other kind`,
        nb: `${host} tar ${kind === 'altinn' ? 'Maskinportens eget token' : 'et vekslet Altinn-token'}, og fikk den andre typen`,
      },
      action: {
        en: `Set ExhangeToAltinnToken to ${String(kind !== 'altinn')}.`,
        nb: `Sett ExhangeToAltinnToken til ${String(kind !== 'altinn')}.`,
      },
      actor: 'settings',
    }
  return BY_STATUS[status]?.(host) ?? other(host, status)
}

const BY_STATUS: Readonly<Record<number, (host: string) => Meaning>> = {
  400: (host) => ({
    code: 'API_400',
    cause: {
      en: `${host} answers 400: a parameter is missing or wrong, or the token says no organisation (urn:altinn:org)`,
      nb: `${host} svarer 400: en parameter mangler eller er feil, eller tokenet mangler tjenesteeier (urn:altinn:org)`,
    },
    action: {
      en: 'Compare the path with the API’s documentation, and look at the check of the exchange.',
      nb: 'Sammenlign stien med API-ets dokumentasjon, og se hva sjekken «Vekslingen hos Altinn» sier.',
    },
    actor: 'developer',
  }),
  401: (host) => ({
    code: 'API_401',
    cause: {
      en: `${host} does not accept the token, which Maskinporten has just given: another environment, another audience, or an outage of theirs`,
      nb: `${host} godtar ikke tokenet, som Maskinporten nettopp har gitt: annet miljø, annen mottaker (aud), eller feil hos dem`,
    },
    action: {
      en: 'Check that the address is of the token’s environment, and whether the API wants a Resource; else ask its owner.',
      nb: 'Sjekk at adressen er i samme miljø som tokenet, og om API-et krever Resource; spør ellers API-tilbyderen.',
    },
    actor: 'settings',
  }),
  403: (host) => ({
    code: 'API_403',
    cause: {
      en: `${host} knows the token and refuses the call: the scope is not enough, or the organisation has no right to this resource`,
      nb: `${host} kjenner tokenet og avviser kallet: scopet er ikke nok, eller virksomheten har ikke rettighet til ressursen`,
    },
    action: {
      en: 'Compare the scopes with those of the call in the API’s documentation; then ask the API’s owner for the right.',
      nb: 'Sammenlign scopene med dem API-dokumentasjonen krever for kallet; be så API-tilbyderen om rettigheten.',
    },
    actor: 'apiOwner',
  }),
  404: (host) => ({
    code: 'API_404',
    cause: { en: `${host} has nothing at this path`, nb: `${host} har ingenting på denne stien` },
    action: {
      en: 'Correct the path that --api names.',
      nb: 'Rett stien som --api oppgir.',
    },
    actor: 'developer',
  }),
  429: (host) => ({
    code: 'API_429',
    cause: { en: `${host} limits how often it is asked`, nb: `${host} begrenser hvor ofte det kan spørres` },
    action: {
      en: 'Ask less often, and heed Retry-After.',
      nb: 'Spør sjeldnere, og følg Retry-After.',
    },
    actor: 'developer',
  }),
}

const other = (host: string, status: number): Meaning => ({
  code: `API_${status}`,
  cause: { en: `${host} answers ${status}`, nb: `${host} svarer ${status}` },
  action:
    status >= 500
      ? {
          en: 'Try again later; if it lasts, ask the API’s owner.',
          nb: 'Prøv igjen senere; spør API-tilbyderen hvis det varer ved.',
        }
      : { en: 'See the API’s documentation for this status.', nb: 'Se API-ets dokumentasjon for denne statusen.' },
  actor: status >= 500 ? 'apiOwner' : 'developer',
})
