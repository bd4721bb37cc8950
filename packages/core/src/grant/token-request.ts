/** A caller's request, checked and brought to the one form that the grant and the token cache use. */
import type { MaskinportenError } from '../errors.ts'
import { nearest } from '../nearest.ts'
import type { TokenKind, TokenRequest } from '../token-source.ts'
import { isOrganisationNumber } from '../organisation-number.ts'
import { invalidRequest as invalid, readRequest } from './read-request.ts'

/** What is asked of the token endpoint and, for `altinn`, of the exchange. Frozen; holds copies only. */
export interface Grant {
  readonly kind: TokenKind
  readonly scopes: readonly string[]
  /** Claims beside those of every grant, by their wire names. */
  readonly claims: Readonly<Record<string, unknown>>
  /** Whom it is for, for events. */
  readonly organisations?: Organisations | undefined
}

export interface Organisations {
  readonly consumerOrg?: string
  readonly systemUserOrg?: string
}

const FIELDS = ['scopes', 'resource', 'consumerOrg', 'systemUser', 'consent', 'pid', 'kind', 'claims'] as const

/** Claims that every grant has, or that a field of the request stands for. */
const OWN_CLAIM = /^(aud|iss|sub|scope|iat|exp|nbf|jti|resource|consumer_org|pid)$/

const FIELD_OF = new Map([
  ['scope', 'scopes'],
  ['resource', 'resource'],
  ['consumer_org', 'consumerOrg'],
  ['pid', 'pid'],
  ['authorization_details', 'systemUser or consent'],
])

/** ISO 6523 identifier of a Norwegian organisation, as Maskinporten writes it. */
const ORGANISATION_AUTHORITY = 'iso6523-actorid-upis'
const EXTERNAL_REF = /^[a-zA-Z0-9øØæÆåÅ_-]{1,255}$/
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
const CONSENT_FROM = /^urn:altinn:(person:identifier-no:\d{11}|organization:identifier-no:\d{9})$/

/**
 * A frozen copy: the caller's later changes do not reach it.
 *
 * @throws MaskinportenError `request_invalid` for an unknown field and for what `readRequest` refuses. Such a field would be
 * lost, and the token would come without its delegation.
 */
export function copyRequest(request: TokenRequest): TokenRequest {
  const copy = readRequest(request)
  for (const name of Object.keys(copy)) if (!(FIELDS as readonly string[]).includes(name)) throw unknownField(name)
  for (const name of FIELDS) {
    // A Proxy, in an environment without structuredClone.
    if (request[name] !== undefined && !Object.hasOwn(copy, name))
      throw invalid(name, 'is inherited or hidden', 'give a plain object')
  }
  return copy
}

/** Field by field, a field replaced whole: settings ← `with()` ← call. */
export function mergeRequests(base: TokenRequest, over: TokenRequest): TokenRequest {
  return Object.freeze({ ...base, ...over })
}

/** @throws MaskinportenError `request_invalid`, before any round trip, with the way out. */
export function toGrant(request: TokenRequest): Grant {
  const { resource, consumerOrg, pid, kind = 'maskinporten', claims: further = {} } = request
  const scopes = splitScopes(request.scopes)
  // Without a prototype: a claim may be called toString.
  const claims: Record<string, unknown> = { __proto__: null }
  if (resource !== undefined) claims['resource'] = checkResource(resource)
  if (consumerOrg !== undefined) claims['consumer_org'] = checkOrganisation('consumerOrg', consumerOrg)
  if (pid !== undefined) {
    claims['pid'] = checkText(
      'pid',
      pid,
      /^\d{11}$/,
      'is not eleven digits',
      'give the national identity number as a string',
    )
  }
  const details = authorizationDetails(request)
  if (details.length > 0) claims['authorization_details'] = details
  checkObject('claims', further)
  for (const [name, value] of Object.entries(further)) {
    if (OWN_CLAIM.test(name) || name in claims) {
      const field = FIELD_OF.get(name)
      const hint = field === undefined ? 'leave it out' : `use the request field ${field}, or leave it out`
      throw invalid('claims', `holds "${name}", which core sets itself`, hint)
    }
    claims[name] = value
  }
  if (kind !== 'maskinporten' && kind !== 'altinn')
    throw invalid('kind', 'is unknown', "use 'maskinporten' or 'altinn'")
  if (scopes.length === 0)
    throw invalid('scopes', 'is empty', 'set Scope in the settings, or give scopes with the call')
  // A copy: an object that grew name by name takes three times the memory.
  return Object.freeze({ kind, scopes, claims: Object.freeze({ ...claims }), organisations: organisationsOf(request) })
}

function splitScopes(scopes: TokenRequest['scopes'] = []): readonly string[] {
  const names = listOf('scopes', scopes)
    .flatMap((scope) => scope.split(/\s+/))
    .filter((name) => name !== '')
  if (names.some((name) => /[,;"\\]/.test(name))) {
    throw invalid('scopes', 'holds a comma, a semicolon or a quote', 'separate scopes with spaces')
  }
  // RFC 6749 §3.3 (https://www.rfc-editor.org/rfc/rfc6749#section-3.3): such as a curly quote, or a character of no width.
  if (names.some((name) => /[^!-~]/.test(name))) {
    throw invalid('scopes', 'holds a character that no scope has, perhaps an invisible one', 'type it anew')
  }
  return Object.freeze([...new Set(names)].toSorted())
}

function listOf(field: string, value: string | readonly string[]): readonly string[] {
  const list: unknown = typeof value === 'string' ? [value] : value
  if (Array.isArray(list) && list.every((item) => typeof item === 'string')) return list
  throw invalid(field, 'is not text', 'give a string or a list of strings')
}

/** [RFC 8707 §2](https://www.rfc-editor.org/rfc/rfc8707#section-2): an absolute URI without a fragment. */
function checkResource(resource: string | readonly string[]): readonly string[] {
  const list = [...new Set(listOf('resource', resource))]
  for (const uri of list) {
    if (!URL.canParse(uri) || uri.includes('#')) {
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

function organisationsOf({ consumerOrg, systemUser }: TokenRequest): Organisations {
  return {
    ...(consumerOrg !== undefined && { consumerOrg: checkOrganisation('consumerOrg', consumerOrg) }),
    ...(systemUser !== undefined && { systemUserOrg: checkOrganisation('systemUser.org', systemUser.org) }),
  }
}

function checkOrganisation(field: string, value: unknown): string {
  const digits = typeof value === 'string' ? value.replace(/^0192:/, '') : ''
  if (!isOrganisationNumber(digits))
    throw invalid(field, 'is not a Norwegian organisation number', 'give nine digits with a valid check digit')
  return digits
}

/** [RFC 9396 §2](https://www.rfc-editor.org/rfc/rfc9396#section-2): the types that Maskinporten's metadata lists. */
function authorizationDetails({ systemUser, consent }: TokenRequest): readonly Record<string, unknown>[] {
  const details: Record<string, unknown>[] = []
  if (systemUser !== undefined) {
    checkObject('systemUser', systemUser, ['org', 'externalRef'])
    const { org, externalRef } = systemUser
    details.push({
      type: 'urn:altinn:systemuser',
      systemuser_org: { authority: ORGANISATION_AUTHORITY, ID: `0192:${checkOrganisation('systemUser.org', org)}` },
      externalRef:
        externalRef === undefined
          ? undefined
          : checkText(
              'systemUser.externalRef',
              externalRef,
              EXTERNAL_REF,
              'has characters or a length that Altinn refuses',
              'use at most 255 letters, digits, _ and -',
            ),
    })
  }
  if (consent !== undefined) {
    checkObject('consent', consent, ['id', 'from'])
    details.push({
      type: 'urn:altinn:consent',
      id: checkText('consent.id', consent.id, UUID, 'is not a UUID', 'give the id that Altinn gave the consent'),
      from: checkText(
        'consent.from',
        consent.from,
        CONSENT_FROM,
        'is not a URN of a person or an organisation',
        'write urn:altinn:person:identifier-no:<11 digits> or urn:altinn:organization:identifier-no:<9 digits>',
      ),
    })
  }
  return details
}

/** A pattern alone would let a number pass, and a list with one text. */
function checkText(field: string, value: unknown, pattern: RegExp, what: string, hint: string): string {
  if (typeof value === 'string' && pattern.test(value)) return value
  throw invalid(field, what, hint)
}

function checkObject(field: string, value: object, known?: readonly string[]): void {
  if (Object(value) !== value || Array.isArray(value))
    throw invalid(field, 'is not an object', 'give a plain object, or leave it out')
  for (const name in value) if (known?.includes(name) === false) throw unknownField(name, known, `${field}.`)
}

/** What people write for a field whose name is not near. */
const MEANT = new Map([
  ['aud', 'resource'],
  ['audience', 'resource'],
  ['org', 'consumerOrg'],
  ['externalRef', 'systemUser.externalRef'],
])

function unknownField(name: string, fields: readonly string[] = FIELDS, of = ''): MaskinportenError {
  if (of === '' && /^(?:signal|rejected)$/.test(name))
    return invalid(
      name,
      'is not a field of a token request',
      `give it beside the request: getToken(request, { ${name} })`,
    )
  const near = (of === '' ? MEANT.get(name) : undefined) ?? nearest(name, fields)
  const meant = near === undefined ? '' : `did you mean ${of}${near}? `
  const others = of === '' ? '; other claims go into claims' : ''
  return invalid(of + name, 'is not a field of a token request', `${meant}The fields are ${fields.join(', ')}${others}`)
}
