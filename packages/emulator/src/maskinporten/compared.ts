/** What a rule of the token endpoint compared: for the recorder, since the answers say little. Looked up only when a grant is refused. */
import { isJsonObject, isStringArray, type JsonObject } from '../json.ts'
import { readCompactJws } from '../tokens/jws.ts'
import { type Comparison, oneOf, shortly } from '../tokens/verify-token.ts'
import { authorizationTypes } from './authorization-details.ts'
import type { Client } from './clients.ts'
import { grantAlgorithms, jwtBearer } from './grant.ts'
import type { Judge } from './grant-checks.ts'
import { malformedIn } from './malformed.ts'
import type { TokenRefusal } from './refusal.ts'

interface Facts {
  readonly parameters: URLSearchParams
  readonly header: JsonObject
  readonly claims: JsonObject
  readonly client: Client | undefined
  /** Of the text of the refusal: the scope, the parameter or the claim that it names. */
  readonly values: Readonly<Record<string, string>>
  readonly judge: Judge
}

/** `parameters`: the request's, of its body and its query. `undefined` where the rule compares nothing. */
export function comparedBy(
  { id, values }: TokenRefusal,
  parameters: URLSearchParams,
  judge: Judge,
): Comparison | undefined {
  const assertion = parameters.get('assertion') ?? ''
  const { header, claims } = readCompactJws(assertion) ?? { header: {}, claims: {} }
  const iss = claims['iss']
  const client = typeof iss === 'string' ? judge.clients.get(iss) : undefined
  const compare = comparisons[id]
  if (id === 'MP-011') return malformedIn(assertion, grantAlgorithms)
  const [of, expected, received] = compare?.({ parameters, header, claims, client, values, judge }) ?? []
  return of === undefined || expected === undefined ? undefined : { of, expected, received: shortly(received) }
}

/** What was looked at, what is expected, and the value that came. */
type Compare = (facts: Facts) => readonly [of: string, expected: string, received: unknown]

const nowOf = ({ judge }: Facts): number => Math.floor(judge.clock.now() / 1000)
const keyOf = ({ client, header }: Facts): ReturnType<Client['keys']['get']> => client?.keys.get(String(header['kid']))
const namedIn = (value: string | undefined): string => value ?? 'authorization_details'
const dateOf = (ms: number): string => new Date(ms).toISOString()

function detailOf({ claims }: Facts): JsonObject {
  const details = claims['authorization_details']
  const first: unknown = Array.isArray(details) ? details[0] : undefined
  return isJsonObject(first) ? first : {}
}

const comparisons: Readonly<Partial<Record<TokenRefusal['id'], Compare>>> = {
  missing_parameter: ({ values }) => [namedIn(values['name']), 'a value', undefined],
  repeated_parameter: ({ values: { name = '' }, parameters }) => [
    name,
    'once',
    `${parameters.getAll(name).length} times`,
  ],
  unsupported_grant_type: ({ parameters }) => ['grant_type', jwtBearer, parameters.get('grant_type') ?? undefined],
  'MP-012': ({ claims }) => [
    'jti',
    'one that was not used before',
    claims['jti'] ?? 'the same assertion again, without jti',
  ],
  'MP-100': ({ claims, client }) => [
    'iss',
    'the id of an active client',
    `${shortly(claims['iss'])} (${client ? 'deactivated' : 'not registered'})`,
  ],
  'MP-110': ({ claims, judge }) => ['aud', judge.issuer, claims['aud']],
  'MP-120': ({ header }) => [
    'x5c',
    'a certificate, valid now, of the authority that is trusted here, with its chain',
    `${isStringArray(header['x5c']) ? header['x5c'].length : 0} in the list`,
  ],
  'MP-121': (facts) => [
    'end of the key',
    `later than ${dateOf(facts.judge.clock.now())}`,
    dateOf(keyOf(facts)?.expiresAt ?? 0),
  ],
  'MP-122': ({ client, header, judge }) => [
    'organisation of the certificate',
    client?.orgNumber ?? '',
    organisationOf(judge.authority.verifyChain(isStringArray(header['x5c']) ? header['x5c'] : [], judge.clock.now())),
  ],
  'MP-123': ({ header }) => ['x5c', 'a list of base64 texts', header['x5c']],
  'MP-124': ({ header }) => [
    'signature',
    header['kid'] === undefined
      ? 'one by the key of the certificate'
      : `one by the private key of kid ${shortly(header['kid'])}`,
    `one by another key, alg ${shortly(header['alg'])}`,
  ],
  'MP-130': (facts) => ['exp', `${nowOf(facts) - facts.judge.rules.skewSeconds} or later`, facts.claims['exp']],
  lifetime_too_long: ({ claims, judge }) => [
    'exp - iat',
    `${judge.rules.maxLifetimeSeconds} s or less`,
    `${Number(claims['exp']) - Number(claims['iat'])} s`,
  ],
  iat_in_future: (facts) => ['iat', `${nowOf(facts) + facts.judge.rules.skewSeconds} or earlier`, facts.claims['iat']],
  iat_in_past: (facts) => ['iat', `${nowOf(facts) - facts.judge.rules.skewSeconds} or later`, facts.claims['iat']],
  kid_unknown: (facts) => [
    'kid',
    oneOf([...(facts.client?.keys.keys() ?? [])]),
    `${shortly(facts.header['kid'])}${keyOf(facts) ? ' (uploaded, but not known to the token endpoint yet)' : ''}`,
  ],
  kid_required: ({ client, header }) => ['kid', oneOf([...(client?.keys.keys() ?? [])]), header['kid']],
  unknown_claim: ({ values }) => ['claim', 'one that is documented', values['name']],
  consumer_org_is_self: ({ client, claims }) => [
    'consumer_org',
    `another organisation than ${client?.orgNumber ?? ''}`,
    claims['consumer_org'],
  ],
  onbehalfof_unknown: ({ claims }) => ['iss_onbehalfof', 'a registration of the client', claims['iss_onbehalfof']],
  pid_required: ({ claims }) => ['pid', 'eleven digits', claims['pid']],
  invalid_target: ({ claims }) => ['resource', 'an absolute URI without a fragment', claims['resource']],
  'MP-200': ({ client, values: { scope = '' } }) => [
    'scope',
    client?.scopes.has(scope) === true
      ? 'an active scope'
      : `of the client: ${[...(client?.scopes ?? [])].join(' ') || 'none'}`,
    scope,
  ],
  'MP-201': ({ client }) => [
    'integration type of the client',
    'maskinporten, allowed by the scope',
    client?.integrationType,
  ],
  'MP-250': ({ client, claims, values: { scope = '' }, judge }) => {
    const consumer = shortly(claims['consumer_org'] ?? client?.orgNumber)
    const before = judge.scopes.accesses({ scope, orgNumber: consumer })
    return [`access of ${consumer} to the scope`, 'granted', before.length > 0 ? 'revoked' : 'never granted']
  },
  'MP-251': ({ values: { consumer = '', supplier = '' } }) => [
    'delegation',
    `from ${consumer} to ${supplier}`,
    undefined,
  ],
  'MP-301': (facts) => ['type', oneOf(authorizationTypes), detailOf(facts)['type']],
  'MP-302': (facts) => [
    'members of authorization_details',
    detailOf(facts)['type'] === 'urn:altinn:consent' ? 'type, id, from' : 'type, systemuser_org, externalRef',
    Object.keys(detailOf(facts)).join(', '),
  ],
  'MP-303': (facts) => {
    const { value } = facts.values
    return [namedIn(value), 'one that exists in Altinn and fits the client', detailOf(facts)[namedIn(value)]]
  },
  'MP-303-customer': (facts) => [
    'system user',
    `one of ${facts.values['value'] ?? ''} whose system has the client ${shortly(facts.claims['iss'])}`,
    `externalRef ${shortly(detailOf(facts)['externalRef'])}`,
  ],
}

function organisationOf(chain: ReturnType<Judge['authority']['verifyChain']>): string | undefined {
  return 'distrusted' in chain ? undefined : chain.orgNumber
}
