/** A token for a request to the token service. */
import {
  type AccessToken,
  type Maskinporten,
  type TokenKind,
  type TokenRequest,
  isMaskinportenError,
} from '@maskinporten-kit/core'
import { invalidRequest } from './refusal.ts'
import type { RequestFields } from './request-fields.ts'

export interface TokenAnswer {
  readonly access_token: string
  /** Seconds. */
  readonly expires_in: number
  readonly token_type: 'Bearer'
}

export interface Answered {
  readonly token: AccessToken
  readonly answer: TokenAnswer
  /** Whether it had been handed out before. */
  readonly isCached: boolean
}

/** Texas' request, with two members more: `kind` and `consumer_org`. */
export interface ServeRequest {
  readonly request: TokenRequest
  readonly skipCache: boolean
}

const KINDS: readonly TokenKind[] = ['maskinporten', 'altinn']

/** @throws Refusal for another identity provider, and for fields of a wrong kind. */
export function readServeRequest(fields: RequestFields): ServeRequest {
  const target = fields.text('target')
  const details = fields.details('authorization_details')
  const request: TokenRequest = {
    scopes: target,
    // An app written for Texas expects Maskinporten's own token, whatever the settings say of the exchange.
    kind: fields.optionalText('kind') === undefined ? 'maskinporten' : fields.oneOf('kind', KINDS),
    resource: fields.optionalText('resource'),
    consumerOrg: fields.optionalText('consumer_org'),
    claims: details === undefined ? undefined : { authorization_details: sorted(details) },
  }
  const skipCache = fields.flag('skip_cache')
  if (fields.provider !== 'maskinporten') throw notEnabled(fields.provider)
  return { request, skipCache }
}

export function notEnabled(provider: string): Error {
  return invalidRequest(`identity provider '${provider}' is not enabled`)
}

/** Hands tokens out and remembers which, so that `skip_cache` never throws a new token away. */
export class TokenAnswers {
  readonly #maskinporten: Maskinporten
  readonly #handedOut = new WeakSet<AccessToken>()

  constructor(maskinporten: Maskinporten) {
    this.#maskinporten = maskinporten
  }

  async get({ request, skipCache }: ServeRequest): Promise<Answered> {
    const held = await this.#maskinporten.getToken(request)
    const token = skipCache && this.#handedOut.has(held) ? await this.#renewed(request, held) : held
    const isCached = this.#handedOut.has(token)
    this.#handedOut.add(token)
    return { token, isCached, answer: answerOf(token) }
  }

  /** At most one in ten seconds: in between the held token comes again. */
  async #renewed(request: TokenRequest, held: AccessToken): Promise<AccessToken> {
    try {
      return await this.#maskinporten.getToken(request, { rejected: held })
    } catch (error) {
      if (isMaskinportenError(error) && error.detail === 'REJECTED_AGAIN') return held
      throw error
    }
  }
}

function answerOf({ value, expiresAt }: AccessToken): TokenAnswer {
  const seconds = Math.max(0, Math.floor((expiresAt - Date.now()) / 1000))
  return { access_token: value, expires_in: seconds, token_type: 'Bearer' }
}

/** The order of members makes no other request. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const members = Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1))
  return Object.fromEntries(members.map(([name, member]) => [name, sorted(member)]))
}
