/** What the token endpoint's refusals mean: who can mend them, and whether another key, another time or nobody can. */
import type { RefusalKind } from '../http/attempt-failed.ts'
import type { ErrorBody } from '../http/answer-text.ts'

/** Codes and texts that mean the key or the certificate: the next key of the ring may do. */
const KEY_CODES = new Set(['MP-120', 'MP-121', 'MP-122', 'MP-124'])
const TIME_TEXT = /JWT (has|is) expired|Issue time is (in the future|after now)/i
const LIFETIME_TEXT = /too long lifetime/i

export function classifyRefusal({ oauthError, description = '', mpCode }: ErrorBody): RefusalKind {
  if (mpCode === 'MP-130' || TIME_TEXT.test(description)) return 'time'
  if (mpCode !== undefined) return KEY_CODES.has(mpCode) ? 'key' : 'other'
  // Maskinporten gives an unknown kid no code, so an invalid_grant without one counts as the key's fault.
  return oauthError === 'invalid_grant' && !LIFETIME_TEXT.test(description) ? 'key' : 'other'
}

const BY_CODE: Readonly<Record<string, string>> = {
  'MP-011': 'the assertion did not arrive whole; look for a proxy that changes the body',
  'MP-012': 'a jti was used twice; look for a proxy that sends requests again',
  'MP-100': 'check that ClientId is an active client of this environment',
  'MP-110': 'set Authority or Environment to the environment the client is registered in',
  'MP-120': 'sign with a valid enterprise certificate of this environment',
  'MP-121': 'upload a new key (or the same again) to the client in Samarbeidsportalen; keys live one year',
  'MP-122': 'use a certificate of the organisation that owns the client',
  'MP-124': 'use the private key that belongs to the registered kid',
  'MP-130': 'keep the clock synchronised (NTP)',
  'MP-200': 'add the scope to the client in Samarbeidsportalen, or correct its name',
  'MP-201': 'create a client with an integration type that the scope allows',
  'MP-250': 'ask the API owner to grant the scope to the consumer, or set consumerOrg when you act for a customer',
  'MP-251': 'have the consumer delegate the scope to the supplier in Altinn, in the same environment',
  'MP-301': 'use an authorization_details type that Maskinporten’s metadata lists',
  'MP-302': 'remove undocumented fields, and keep externalRef to 255 letters, digits, _ and -',
  'MP-303': 'register the client id on the system in the System Register, and name an approved system user',
}

const BY_TEXT: readonly (readonly [RegExp, string])[] = [
  [/Unknown key identifier/i, 'register the key’s kid on this client; a new key takes some minutes to be known'],
  [/no key identifier/i, 'the client has registered keys: sign with one of them, by kid'],
  [TIME_TEXT, 'keep the clock synchronised (NTP)'],
  [/consumer_org in claim/i, 'leave out consumerOrg when you act for your own organisation'],
]

/** The way out of a refusal that is known. */
export function explainRefusal({ mpCode, description = '' }: ErrorBody): string | undefined {
  return BY_CODE[mpCode ?? ''] ?? BY_TEXT.find(([text]) => text.test(description))?.[1]
}
