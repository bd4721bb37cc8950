/** Why an API refused a call, as far as the token, the registry and the answer tell. */
import type { AccessToken, ResolvedSettings } from '@maskinporten-kit/core'
import { environmentOf } from '../addresses.ts'
import type { Text } from '../language.ts'
import { scopesInWords } from '../registry.ts'
import { inspection } from '../token/inspection.ts'
import type { Target } from './target.ts'

export interface Refused {
  readonly method: string
  readonly target: Target
  readonly answer: Pick<Response, 'status' | 'statusText' | 'headers'>
  readonly token: AccessToken
  readonly settings: ResolvedSettings
}

/** One sentence of what happened, and the sentences that help, each on a line. */
export function whyRefused(refused: Refused): Text {
  const { method, target, answer, token } = refused
  const { url } = target
  const what = `${answer.status} ${answer.statusText}`.trim()
  const scopes = token.scopes.join(' ')
  const lines: Text[] = [
    {
      en: `${what} to ${method} ${url.origin}${url.pathname}, with ${token.kind === 'altinn' ? 'an Altinn token' : "Maskinporten's own token"} for ${scopes}`,
      nb: `${what} på ${method} ${url.origin}${url.pathname}, med ${token.kind === 'altinn' ? 'et Altinn-token' : 'Maskinportens eget token'} for ${scopes}`,
    },
    ...causes(refused),
  ]
  const page = target.api?.docs.url
  if (page !== undefined) lines.push({ en: `The API is described at ${page}`, nb: `API-et er beskrevet på ${page}` })
  return { en: lines.map(({ en }) => en).join('\n'), nb: lines.map(({ nb }) => nb).join('\n') }
}

function causes(refused: Refused): readonly Text[] {
  const { status } = refused.answer
  if (status < 400) return status === 304 ? [unchanged] : [redirect(refused)]
  const wrongKind = kindOf(refused)
  if (wrongKind !== undefined && (status === 401 || status === 403)) return [wrongKind]
  switch (status) {
    case 400:
      return [...noOrganisation(refused), ...otherOrganisation(refused)]
    case 401:
      return [unaccepted(refused)]
    case 403:
      return [...missingScopes(refused), ...noOrganisation(refused), ...otherOrganisation(refused)]
    case 404:
      return [
        {
          en: 'There is nothing at that path. Compare the path with the documentation of the API.',
          nb: 'Ingenting finnes på den stien. Sjekk stien i dokumentasjonen til API-et.',
        },
      ]
    case 429:
      return tooMany(refused)
    default:
      return status < 500 ? [] : [{ en: 'The API failed; try again later.', nb: 'API-et feilet; prøv igjen senere.' }]
  }
}

const unchanged: Text = {
  en: 'What the API has is what the headers of the call name: leave If-None-Match and If-Modified-Since out.',
  nb: 'API-et har ikke noe nyere enn det headerne i kallet viser til: utelat If-None-Match og If-Modified-Since.',
}

/** The address that it names may hold a session: its host alone is told. */
function redirect({ target: { url }, answer: { headers } }: Refused): Text {
  const location = headers.get('location') ?? ''
  const to = URL.canParse(location, url.href) && location !== '' ? new URL(location, url.href) : undefined
  if (to === undefined)
    return {
      en: 'A redirect that names no address is not followed.',
      nb: 'En omdirigering uten adresse følges ikke.',
    }
  return {
    en: `The API redirects to ${to.host}; redirects are not followed, so neither the token nor headers nor the body went there. If that is where the API is, call it there.`,
    nb: `API-et omdirigerer til ${to.host}; omdirigeringer følges ikke, så verken token, headere eller innhold ble sendt dit. Hvis API-et er der, kan du kalle den adressen.`,
  }
}

function kindOf({ target, token }: Refused): Text | undefined {
  const kind = target.api?.token.kind ?? target.kind
  if (kind === undefined || kind === token.kind) return undefined
  const name = target.api?.id ?? target.url.host
  return kind === 'altinn'
    ? {
        en: `${name} takes an Altinn token: leave --kind out, or give --kind altinn.`,
        nb: `${name} tar et Altinn-token: utelat --kind, eller oppgi --kind altinn.`,
      }
    : {
        en: `${name} takes Maskinporten's own token: leave --kind out, or give --kind maskinporten.`,
        nb: `${name} tar Maskinportens eget token: utelat --kind, eller oppgi --kind maskinporten.`,
      }
}

function unaccepted({ target, settings, token }: Refused): Text {
  const where = environmentOf(settings) ?? settings.authority
  if (target.api === undefined && target.kind === undefined) {
    const other = token.kind === 'altinn' ? 'maskinporten' : 'altinn'
    return {
      en: `The API did not take a token of ${where}. It may want the other kind: --kind ${other}.`,
      nb: `API-et godtok ikke et token fra ${where}. Kanskje det vil ha den andre typen: --kind ${other}.`,
    }
  }
  return {
    en: `The API did not take a token of ${where}: the kind is right, so look at the environment, the audience (--resource) and the clock.`,
    nb: `API-et godtok ikke et token fra ${where}: typen er rett, så se på miljøet, mottakeren (--resource) og klokken.`,
  }
}

function missingScopes({ target: { api }, token }: Refused): readonly Text[] {
  if (api === undefined) {
    return [
      {
        en: 'The token is taken but may not do this: name the scope of the API with --scope.',
        nb: 'Tokenet godtas, men gir ikke lov til dette: oppgi scopet til API-et med --scope.',
      },
    ]
  }
  const lacking = api.scopes.filter(({ name }) => !token.scopes.includes(name))
  if (lacking.length === 0)
    return [
      {
        en: `The token has all scopes of ${api.id}: the organisation lacks the right to this resource.`,
        nb: `Tokenet har alle scopes for ${api.id}: virksomheten mangler rettigheten til denne ressursen.`,
      },
    ]
  return [
    {
      en: `The token lacks these scopes of ${api.id}, one of which may be needed (--scope, --access): ${scopesInWords(lacking)}`,
      nb: `Tokenet mangler disse scopene for ${api.id}, og ett av dem kan være nødvendig (--scope, --access): ${scopesInWords(lacking)}`,
    },
  ]
}

/** Altinn answers a bare 400 or 403 to an organisation's token that names no service owner. */
function noOrganisation({ token }: Refused): readonly Text[] {
  const { claims } = inspection(token)
  if (token.kind !== 'altinn' || claims === undefined || claims['urn:altinn:org'] !== undefined) return []
  if (!token.scopes.every((scope) => !scope.startsWith('altinn:serviceowner'))) return []
  return [
    {
      en: 'The token names no service owner (urn:altinn:org): the exchange gives one for a scope that begins with altinn:serviceowner.',
      nb: 'Tokenet mangler tjenesteeier (urn:altinn:org): Tokenvekslingen legger den bare til når et scope begynner med altinn:serviceowner.',
    },
  ]
}

/** Altinn answers "AppId must be defined." or 403 to a service owner that asks for another's. */
function otherOrganisation({ token, target: { url } }: Refused): readonly Text[] {
  const own = inspection(token).claims?.['urn:altinn:org']
  const asked = url.searchParams.get('org') ?? url.searchParams.get('appId')?.split('/')[0]
  if (typeof own !== 'string' || asked === undefined || asked === own) return []
  const isTestOrg = asked === 'ttd'
  return [
    {
      en: `The token is of the service owner ${own}, and ${asked} was asked for.${isTestOrg ? ' In test, "UseAltinnTestOrg": true in the settings makes it ttd.' : ''}`,
      nb: `Tokenet er for tjenesteeieren ${own}, og det ble spurt etter ${asked}.${isTestOrg ? ' I test gjør "UseAltinnTestOrg": true i innstillingene det til ttd.' : ''}`,
    },
  ]
}

function tooMany({ target: { api }, answer }: Refused): readonly Text[] {
  const after = answer.headers.get('retry-after')
  const known = (api?.rateLimits ?? []).map(({ requests, seconds, counted }) => ({
    en: `Known limit: ${requests} in ${seconds} s (${counted.en}).`,
    nb: `Kjent grense: ${requests} per ${seconds} s (${counted.nb}).`,
  }))
  if (after === null) return known
  return [...known, { en: `Try again after ${after}.`, nb: `Prøv igjen etter ${after}.` }]
}
