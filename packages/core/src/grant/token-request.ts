/** A caller's request, checked and brought to the one form that the grant and the cache know. */
import { type MaskinportenError, fault } from '../errors.ts'
import type { TokenKind, TokenRequest } from '../token-source.ts'
import { isOrganisationNumber } from './organisation-number.ts'

/** What is asked of the token endpoint and, for `altinn`, of the exchange. Frozen; holds copies only. */
export interface Grant {
  readonly kind: TokenKind
  readonly scopes: readonly string[]
  /** Claims beside those of every grant, by their wire names. */
  readonly claims: Readonly<Record<string, unknown>>
}

const FIELDS = ['scopes', 'resource', 'consumerOrg', 'systemUser', 'consent', 'pid', 'kind', 'claims'] as const

/** Claims that every grant has, or that a field of the request stands for. */
const OWN_CLAIMS = new Set([
  'aud',
  'iss',
  'sub',
  'scope',
  'iat',
  'exp',
  'nbf',
  'jti',
  'resource',
  'consumer_org',
  'pid',
])

/** ISO 6523 identifier of a Norwegian organisation, as Maskinporten writes it. */
const ORGANISATION_AUTHORITY = 'iso6523-actorid-upis'
const EXTERNAL_REF = /^[a-zA-Z0-9øØæÆåÅ_-]{1,255}$/
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
const CONSENT_FROM = /^urn:altinn:(person:identifier-no:\d{11}|organization:identifier-no:\d{9})$/

/** A copy that later changes by the caller cannot reach. @throws MaskinportenError `request_invalid` for an unknown field. */
export function copyRequest(request: TokenRequest): TokenRequest {
  const copy: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(request)) {
    if (value === undefined) continue
    if (!(FIELDS as readonly string[]).includes(name)) throw unknownField(name)
    copy[name] = deepFreeze(jsonCopy(name, value))
  }
  return Object.freeze(copy)
}

/** Field by field, a field replaced whole: settings ← `with()` ← call. */
export function mergeRequests(base: TokenRequest, over: TokenRequest): TokenRequest {
  return Object.freeze({ ...base, ...over })
}

/** @throws MaskinportenError `request_invalid`, before any round trip, with the way out. */
export function toGrant(request: TokenRequest): Grant {
  const scopes = splitScopes(request.scopes)
  const claims: Record<string, unknown> = {}
  if (request.resource !== undefined) claims['resource'] = checkResource(request.resource)
  if (request.consumerOrg !== undefined) {
    claims['consumer_org'] = checkOrganisation('consumerOrg', request.consumerOrg)
  }
  if (request.pid !== undefined) {
    if (!/^\d{11}$/.test(request.pid))
      throw invalid('pid', 'is not eleven digits', 'give the whole national identity number as a string')
    claims['pid'] = request.pid
  }
  const details = authorizationDetails(request)
  if (details.length > 0) claims['authorization_details'] = details
  for (const [name, value] of Object.entries(request.claims ?? {})) {
    if (OWN_CLAIMS.has(name) || name in claims) {
      throw invalid(
        'claims',
        `holds "${name}", which is set here already`,
        'use the request field of that name, or leave it out',
      )
    }
    claims[name] = value
  }
  const kind = request.kind ?? 'maskinporten'
  if (kind !== 'maskinporten' && kind !== 'altinn')
    throw invalid('kind', 'is unknown', "use 'maskinporten' or 'altinn'")
  if (scopes.length === 0)
    throw invalid('scopes', 'is empty', 'set Scope in the settings, or give scopes with the call')
  return deepFreeze({ kind, scopes, claims })
}

function splitScopes(scopes: TokenRequest['scopes']): readonly string[] {
  const list = typeof scopes === 'string' ? [scopes] : (scopes ?? [])
  if (!Array.isArray(list) || list.some((scope) => typeof scope !== 'string')) {
    throw invalid('scopes', 'is not text', 'give a space-delimited string or a list of strings')
  }
  const names = list.flatMap((scope: string) => scope.split(/\s+/)).filter((name: string) => name !== '')
  if (names.some((name: string) => /[,;"\\]/.test(name))) {
    throw invalid('scopes', 'holds a comma, a semicolon or a quote', 'separate scopes with spaces')
  }
  return [...new Set(names)].toSorted()
}

/** RFC 8707 §2: an absolute URI without a fragment. */
function checkResource(resource: string | readonly string[]): readonly string[] {
  const list = [...new Set(typeof resource === 'string' ? [resource] : resource)]
  for (const uri of list) {
    if (typeof uri !== 'string' || !URL.canParse(uri) || uri.includes('#')) {
      throw invalid(
        'resource',
        'is not an absolute URI without a fragment',
        'Maskinporten answers invalid_target otherwise; write it as https://api.example.no/path',
      )
    }
  }
  if (list.length === 0) throw invalid('resource', 'is empty', 'leave it out, or name the API')
  return list
}

function checkOrganisation(field: string, value: unknown): string {
  const digits = typeof value === 'string' ? value.replace(/^0192:/, '') : ''
  if (!isOrganisationNumber(digits))
    throw invalid(field, 'is not a Norwegian organisation number', 'give nine digits with a valid check digit')
  return digits
}

/** RFC 9396 §2: the types that Maskinporten's metadata lists. */
function authorizationDetails({ systemUser, consent }: TokenRequest): readonly Record<string, unknown>[] {
  const details: Record<string, unknown>[] = []
  if (systemUser !== undefined) {
    rejectExtra('systemUser', systemUser, ['org', 'externalRef'])
    const { org, externalRef } = systemUser
    if (externalRef !== undefined && !EXTERNAL_REF.test(externalRef)) {
      throw invalid(
        'systemUser.externalRef',
        'has characters or a length that Altinn refuses',
        'use at most 255 letters, digits, _ and -',
      )
    }
    details.push({
      type: 'urn:altinn:systemuser',
      systemuser_org: { authority: ORGANISATION_AUTHORITY, ID: `0192:${checkOrganisation('systemUser.org', org)}` },
      ...(externalRef === undefined ? {} : { externalRef }),
    })
  }
  if (consent !== undefined) {
    rejectExtra('consent', consent, ['id', 'from'])
    if (!UUID.test(consent.id)) throw invalid('consent.id', 'is not a UUID', 'give the id that Altinn gave the consent')
    if (!CONSENT_FROM.test(consent.from)) {
      throw invalid(
        'consent.from',
        'is not a URN of a person or an organisation',
        'write urn:altinn:person:identifier-no:<11 digits> or urn:altinn:organization:identifier-no:<9 digits>',
      )
    }
    details.push({ type: 'urn:altinn:consent', id: consent.id, from: consent.from })
  }
  return details
}

function rejectExtra(field: string, value: object, known: readonly string[]): void {
  for (const name of Object.keys(value)) if (!known.includes(name)) throw unknownField(`${field}.${name}`)
}

function unknownField(name: string): MaskinportenError {
  return invalid(name, 'is not a field of a token request', `use ${FIELDS.join(', ')}; other claims go into claims`)
}

function invalid(field: string, what: string, hint: string): MaskinportenError {
  return fault('request_invalid', `token request: ${field} ${what}`, hint, { detail: field })
}

/** Claims travel as JSON, so what JSON cannot carry is refused here. */
function jsonCopy(name: string, value: unknown): unknown {
  try {
    const text = JSON.stringify(value)
    if (text !== undefined) return JSON.parse(text)
  } catch {
    // A cycle or a bigint: answered below, without the value.
  }
  throw invalid(name, 'cannot be written as JSON', 'give text, lists and plain objects only')
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const inner of Object.values(value)) deepFreeze(inner)
  }
  return value
}
