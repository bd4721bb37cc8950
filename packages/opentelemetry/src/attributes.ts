/** What an event may say outside of this process. A message never goes out: it has the server's own words in it. */
import type { Attributes } from '@opentelemetry/api'
import type { MaskinportenError, MaskinportenEvents } from '@maskinporten-kit/core'
import { OWN, SEMCONV } from './names.ts'

export type TokenEnd = MaskinportenEvents['token.end']
export type TokenStart = MaskinportenEvents['token.start']

/** `abandoned`: nothing came of it, since all was closed or the settings are of another client now. */
export type Outcome = 'success' | 'failure' | 'abandoned'

export function outcomeOf({ error, expiresAt }: Pick<TokenEnd, 'error' | 'expiresAt'>): Outcome {
  if (error !== undefined) return 'failure'
  return expiresAt === undefined ? 'abandoned' : 'success'
}

/** Few values each, so for metrics too. */
export function errorAttributes(error: MaskinportenError | undefined): Attributes {
  if (error === undefined) return {}
  return {
    [SEMCONV.errorType]: word(error.code),
    [SEMCONV.status]: error.status,
    [OWN.mpCode]: word(error.mpCode),
  }
}

/** For spans: many values each. */
export function errorDetails(error: MaskinportenError | undefined): Attributes {
  return { ...errorAttributes(error), [OWN.detail]: word(error?.detail), [OWN.traceId]: traceId(error?.traceId) }
}

export function organisationsOf({ consumerOrg, systemUserOrg }: TokenStart): Attributes {
  return { [OWN.consumerOrg]: consumerOrg, [OWN.systemUserOrg]: systemUserOrg }
}

/** As on the wire. A scope's name may hold the number of an organisation. */
export function scopesOf({ scopes }: TokenStart): string {
  return scopes.join(' ').replaceAll(/\d{9,}/g, '…')
}

/** A code or an id, which has no spaces and no long number. Anything else is left out: others than core write these too. */
function word(text: string | undefined): string | undefined {
  if (typeof text !== 'string') return undefined
  return /^[\w.:|-]{1,64}$/.test(text) && !/\d{9}/.test(text) ? text : undefined
}

/** In hexadecimal, with or without hyphens. A part of nine or eleven digits may be an organisation or a person. */
function traceId(text: string | undefined): string | undefined {
  if (typeof text !== 'string') return undefined
  return /^[\da-f-]{8,64}$/i.test(text) && !/\b(?:\d{9}|\d{11})\b/.test(text) ? text : undefined
}

/** Where a request goes, and how; nothing where that is not known, as of a platform's own tokens. */
export function requestTo(url: string | undefined, method: 'GET' | 'POST'): Attributes {
  if (url === undefined || !URL.canParse(url)) return {}
  const { hostname, port, protocol } = new URL(url)
  const usual = protocol === 'http:' ? 80 : 443
  return {
    [SEMCONV.method]: method,
    [SEMCONV.address]: hostname,
    [SEMCONV.port]: port === '' ? usual : Number(port),
  }
}
