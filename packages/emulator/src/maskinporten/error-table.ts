/**
 * Every refusal of the token endpoint: status, `error`, text. The only place where they stand; the README's table is read from here.
 * Texts and codes: Digdir, "Feilsøking" (docs.digdir.no, maskinporten_feilsoking), and captured answers.
 * Ids in lower case are labels of this emulator's: the server sends no code for them, so the answer has no `error_uri`.
 */

export interface TokenErrorRow {
  readonly status: 400 | 403
  readonly error: string
  /** `<name>` stands for a value of the request. */
  readonly text: string
  /** What the documentation says where the server was seen to say something else: sent under `strict: 'docs'`. */
  readonly docsText?: string | undefined
}

export type TokenErrorId =
  | 'missing_parameter'
  | 'repeated_parameter'
  | 'unsupported_grant_type'
  | 'MP-011'
  | 'MP-012'
  | 'MP-100'
  | 'MP-110'
  | 'MP-120'
  | 'MP-121'
  | 'MP-122'
  | 'MP-123'
  | 'MP-124'
  | 'MP-130'
  | 'lifetime_too_long'
  | 'iat_in_future'
  | 'iat_in_past'
  | 'kid_unknown'
  | 'kid_required'
  | 'unknown_claim'
  | 'consumer_org_is_self'
  | 'onbehalfof_unknown'
  | 'pid_required'
  | 'invalid_target'
  | 'MP-200'
  | 'MP-201'
  | 'MP-250'
  | 'MP-251'
  | 'MP-301'
  | 'MP-302'
  | 'MP-303'
  | 'MP-303-customer'

const failed = 'Invalid assertion. Client authentication failed.'

export const tokenErrors: Readonly<Record<TokenErrorId, TokenErrorRow>> = {
  missing_parameter: { status: 400, error: 'invalid_request', text: 'Missing parameter: <name>' },
  repeated_parameter: { status: 400, error: 'invalid_request', text: 'Repeated parameter: <name>' },
  unsupported_grant_type: { status: 400, error: 'unsupported_grant_type', text: 'Unsupported grant type' },
  'MP-011': { status: 400, error: 'invalid_request', text: 'Invalid assertion. Invalid parameter value' },
  'MP-012': { status: 400, error: 'invalid_grant', text: `${failed} Grant is used before` },
  'MP-100': { status: 400, error: 'invalid_grant', text: failed, docsText: `${failed} Client not found` },
  'MP-110': { status: 400, error: 'invalid_grant', text: `${failed} Invalid JWT claim aud.` },
  'MP-120': { status: 400, error: 'invalid_grant', text: `${failed} The JWT is signed with an invalid certificate.` },
  'MP-121': { status: 400, error: 'invalid_grant', text: `${failed} Expired key.` },
  'MP-122': {
    status: 400,
    error: 'invalid_grant',
    text: `${failed} Invalid JWT. Invalid organization number for client. Does not match certificate orgno`,
  },
  'MP-123': { status: 400, error: 'invalid_grant', text: `${failed} Invalid JWT header x5c` },
  'MP-124': { status: 400, error: 'invalid_grant', text: `${failed} Invalid JWT signature.` },
  'MP-130': {
    status: 400,
    error: 'invalid_grant',
    text: `${failed} JWT has expired.`,
    docsText: `${failed} JWT is expired`,
  },
  lifetime_too_long: { status: 400, error: 'invalid_grant', text: `${failed} JWT has too long lifetime.` },
  iat_in_future: {
    status: 400,
    error: 'invalid_grant',
    text: `${failed} Issue time is in the future.`,
    docsText: `${failed} Issue time is after now`,
  },
  /** Docs mode only, where `iat` must be within 10 s; the text is a guess, the documentation gives none. */
  iat_in_past: { status: 400, error: 'invalid_grant', text: `${failed} Issue time is too old` },
  kid_unknown: { status: 400, error: 'invalid_grant', text: `${failed} Unknown key identifier (kid) for client.` },
  kid_required: {
    status: 400,
    error: 'invalid_grant',
    text: `${failed} Invalid JWT. The client requires pre-registered jwk and no key identifier (kid) provided`,
  },
  unknown_claim: { status: 400, error: 'invalid_request', text: 'Invalid assertion. Unknown claim <name>' },
  consumer_org_is_self: {
    status: 400,
    error: 'invalid_request',
    text: 'Validation of JWT claim failed: The combination consumer_org in claim and delegation scope on client is invalid',
  },
  /** No page says it: the text is a guess. Also for both `iss_onbehalfof` and `consumer_org`, of which one may stand there. */
  onbehalfof_unknown: { status: 400, error: 'invalid_request', text: 'Invalid assertion. Unknown iss_onbehalfof' },
  /** Nor this: Digdir leaves the check to the API. */
  pid_required: { status: 400, error: 'invalid_request', text: 'Invalid assertion. The scope <scope> requires pid' },
  invalid_target: { status: 400, error: 'invalid_target', text: 'The requested resource is invalid.' },
  'MP-200': {
    status: 400,
    error: 'invalid_scope',
    text: 'Token request contains invalid scopes for client, <scope>',
  },
  'MP-201': {
    status: 400,
    error: 'invalid_scope',
    text: 'Token request contains scopes not allowed for maskinporten',
  },
  'MP-250': { status: 403, error: 'forbidden', text: 'Consumer has not been granted access to the scope <scope>.' },
  'MP-251': {
    status: 403,
    error: 'forbidden',
    text: 'Consumer <consumer> has not delegated access to the scope <scope> to supplier <supplier>.',
  },
  'MP-301': { status: 400, error: 'invalid_authorization_details', text: 'Unknown authorization details type' },
  'MP-302': {
    status: 400,
    error: 'invalid_authorization_details',
    text: 'Unknown fields in the authorization details',
  },
  'MP-303': {
    status: 400,
    error: 'invalid_authorization_details',
    text: 'Invalid authorization details values: <value>',
  },
  /** Also MP-303 on the wire: the name seen when no system user matches. */
  'MP-303-customer': {
    status: 400,
    error: 'invalid_altinn_customer_configuration',
    text: 'Invalid authorization details values: <value>',
  },
}

export const tokenErrorIds: readonly string[] = Object.keys(tokenErrors)

export function isTokenErrorId(id: string): id is TokenErrorId {
  return Object.hasOwn(tokenErrors, id)
}
