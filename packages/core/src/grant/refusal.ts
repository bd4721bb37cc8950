/** What the token endpoint's refusals mean: whether another key, another time or nobody can mend them, and what to do. */
import type { RefusalKind } from '../http/attempt-failed.ts'
import type { ErrorBody } from '../http/answer-text.ts'
import { type SigningKey, keyName } from '../keys/signer.ts'
import type { ResolvedSettings } from '../settings/settings-provider.ts'
import type { Grant } from './token-request.ts'

/** Who asked for what: advice that this call has followed already is not given. */
export interface Asked {
  readonly settings: ResolvedSettings
  readonly key: SigningKey
  readonly grant: Grant
}

/** Codes that mean the key or the certificate: the next key of the ring may do. */
const KEY_CODES = new Set(['MP-120', 'MP-121', 'MP-122', 'MP-124'])
const TIME_TEXT = /JWT (has|is) expired|Issue time is (in the future|after now)/i
const LIFETIME_TEXT = /too long lifetime/i

export function classifyRefusal({ oauthError, description = '', mpCode }: ErrorBody): RefusalKind {
  if (mpCode === 'MP-130' || TIME_TEXT.test(description)) return 'time'
  if (mpCode !== undefined) return KEY_CODES.has(mpCode) ? 'key' : 'other'
  // Maskinporten gives an unknown kid no code, so an invalid_grant without one counts as the key's fault.
  return oauthError === 'invalid_grant' && !LIFETIME_TEXT.test(description) ? 'key' : 'other'
}

/** ` for the client c1 (from env MASKINPORTEN_CLIENT_ID) with the kid k1 (from jwk.json)`. */
export function askedBy({ settings: { clientId, credential, keys }, key }: Asked): string {
  const from = (origin: string | undefined): string => (origin ? ` (from ${origin})` : '')
  const name = key.kid === undefined ? 'its certificate' : `the kid ${keyName(key)}`
  return ` for the client ${clientId}${from(credential?.clientIdOrigin)} with ${name}${key.id === keys[0]?.id ? from(credential?.keyOrigin) : ' (the key before the newest)'}`
}

/** The way out of a refusal that is known. */
export function explainRefusal({ mpCode = '', description = '' }: ErrorBody, asked: Asked): string | undefined {
  const advice = BY_CODE[mpCode] ?? BY_TEXT.find(([text]) => text.test(description))?.[1]
  return typeof advice === 'function' ? advice(asked) : advice
}

type Advice = string | ((asked: Asked) => string)

const NTP = 'keep the clock synchronised (NTP)'
const consumerOf = ({ grant }: Asked): string | undefined => textOf(grant.claims['consumer_org'])
const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

const BY_CODE: Readonly<Record<string, Advice>> = {
  'MP-011': 'the assertion did not arrive whole; look for a proxy that changes the body',
  'MP-012': 'a jti was used twice; look for a proxy that sends requests again',
  'MP-100': ({ settings }) =>
    `check the client id in Samarbeidsportalen: it must be an active client of the environment ${settings.authority}`,
  'MP-110': ({ settings: { audience, authority, tokenEndpoint } }) => {
    if (audience !== undefined) return `leave AssertionAudience out: it is ${audience}, and the issuer is ${authority}`
    if (tokenEndpoint !== undefined) return `make TokenEndpoint and the issuer, ${authority}, those of one environment`
    return `the issuer is ${authority}; set Authority or Environment to where the client is registered`
  },
  'MP-120': ({ settings }) => `sign with a valid enterprise certificate of the environment ${settings.authority}`,
  'MP-121': 'upload a new key (or the same again) to the client in Samarbeidsportalen; keys live one year',
  'MP-122': 'use a certificate of the organisation that owns the client',
  'MP-124': ({ key }) => `use the private key that belongs to the ${key.kid ? 'registered kid' : 'certificate'}`,
  'MP-130': NTP,
  'MP-200':
    'add the scope to the client in Samarbeidsportalen; if it is not offered there, ask the owner of the API to give it to your organisation',
  'MP-201': 'create a client with an integration type that the scope allows',
  'MP-250': (asked) => {
    const consumer = consumerOf(asked)
    const isOwn = consumer === undefined && asked.grant.claims['authorization_details'] === undefined
    const customer = isOwn ? ', or give consumerOrg when you act for a customer' : ''
    const whom = consumer === undefined ? 'your organisation' : `${consumer} (consumerOrg)`
    return `ask the API's owner to grant the scope to ${whom} (the client's own list of scopes has it already)${customer}`
  },
  'MP-251': (asked) => {
    const consumer = consumerOf(asked)
    return consumer
      ? `have ${consumer} (consumerOrg) delegate the scope to your organisation in Altinn, in the same environment`
      : 'give consumerOrg, the customer who has delegated the scope to your organisation in Altinn'
  },
  'MP-301': 'use an authorization_details type that Maskinporten’s metadata lists',
  'MP-302': ({ grant }) =>
    `remove undocumented fields${externalRefOf(grant) ? ', and compare externalRef with that of the system user' : ''}`,
  'MP-303': ({ grant }) => {
    const ref = externalRefOf(grant)
    const which = ref ? `check its externalRef, ${ref}` : 'give externalRef if it was approved with one'
    return `register the client id on the system in the System Register, and name an approved system user; ${which}`
  },
}

const BY_TEXT: readonly (readonly [RegExp, Advice])[] = [
  [
    /Unknown key identifier/i,
    'register the public key with this kid on this client in Samarbeidsportalen; a new key works after a few minutes; if it is registered, check that it is on this client and not on another',
  ],
  [/no key identifier/i, 'the client has registered keys: sign with one of them, by kid'],
  [TIME_TEXT, NTP],
  [
    /consumer_org in claim/i,
    (asked) =>
      `leave out ${asked.settings.request.consumerOrg === consumerOf(asked) ? 'ConsumerOrgNo in the settings' : 'consumerOrg'} when you act for your own organisation`,
  ],
]

function externalRefOf({ claims }: Grant): string | undefined {
  const details = claims['authorization_details']
  const list: readonly unknown[] = Array.isArray(details) ? details : []
  return list.map((one) => textOf(Reflect.get(new Object(one), 'externalRef'))).find(Boolean)
}
