/** Digdir's self-service API: the clients of an organisation and their keys ([Digdir](https://docs.digdir.no/docs/Maskinporten/maskinporten_sjolvbetjening_api)). */
import { type Maskinporten, isMaskinportenError } from '@maskinporten-kit/core'
import { type MaskinportenFetch, maskinportenFetch } from '@maskinporten-kit/fetch'
import { CommandFailed } from '../failure.ts'
import type { Text } from '../language.ts'
import { memberOf } from '../member.ts'
import { noAnswer, refusalOf } from './refusal.ts'

/** For one request, milliseconds. Digdir's own clients wait 15 to 30 s. */
const TIMEOUT_MS = 20_000
/** Waits before a request that changes nothing is sent again, milliseconds. */
const WAITS_MS = [500, 2_000]
const PREFIX = '/api/v1'

export interface RegisteredClient {
  readonly client_id: string
  readonly client_name: string
  readonly description?: string | undefined
  readonly integration_type?: string | undefined
  readonly scopes: readonly string[]
  readonly client_orgno?: string | undefined
}

/** A key of a client, with whatever else the API has said of it: it is posted back as it came. */
export interface PublishedKey {
  readonly kid: string
  readonly n: string
  readonly e: string
  /** Its end, seconds since the Unix epoch. */
  readonly exp?: number | undefined
  readonly [member: string]: unknown
}

export type NewClient = Omit<RegisteredClient, 'client_id' | 'client_orgno'> & { readonly description: string }

/** Scopes of an administration client, the fittest first. Some have one of them only. */
const scopesFor = {
  read: ['idporten:dcr.read', 'idporten:dcr.supplier'],
  create: ['idporten:dcr.write', 'idporten:dcr.supplier'],
  change: ['idporten:dcr.modify', 'idporten:dcr.write', 'idporten:dcr.supplier'],
} as const

type Operation = keyof typeof scopesFor

interface Call {
  readonly operation: Operation
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly body?: object | undefined
  /** What is tried, as in "could not …". */
  readonly doing: Text
}

export class SelfService {
  readonly baseUrl: string
  readonly adminClientId: string
  readonly #maskinporten: Maskinporten
  readonly #fetches = new Map<Operation, MaskinportenFetch>()

  constructor(
    maskinporten: Maskinporten,
    { baseUrl, adminClientId }: { readonly baseUrl: string; readonly adminClientId: string },
  ) {
    this.#maskinporten = maskinporten
    this.baseUrl = baseUrl
    this.adminClientId = adminClientId
  }

  /** The active ones. @throws CommandFailed */
  async clients(): Promise<readonly RegisteredClient[]> {
    const answer = await this.#read({
      operation: 'read',
      method: 'GET',
      path: '/clients',
      doing: { en: 'list the clients', nb: 'liste klientene' },
    })
    return Array.isArray(answer) ? answer.filter(isClient) : []
  }

  /** Not sent again when its answer is lost: then it may have been made. @throws CommandFailed, or `LostAnswer`. */
  async create(client: NewClient): Promise<RegisteredClient> {
    const answer = await this.#once({
      operation: 'create',
      method: 'POST',
      path: '/clients',
      body: {
        ...client,
        application_type: 'web',
        token_endpoint_auth_method: 'private_key_jwt',
        grant_types: ['urn:ietf:params:oauth:grant-type:jwt-bearer'],
      },
      doing: { en: 'register the client', nb: 'registrere klienten' },
    })
    if (isClient(answer)) return answer
    throw noAnswer(this.baseUrl, 'a client without an id')
  }

  /** @throws CommandFailed */
  async keys(clientId: string): Promise<readonly PublishedKey[]> {
    return keysOf(
      await this.#read({
        operation: 'read',
        method: 'GET',
        path: `/clients/${encodeURIComponent(clientId)}/jwks`,
        doing: { en: `read the keys of ${clientId}`, nb: `lese nøklene til ${clientId}` },
      }),
    )
  }

  /**
   * The API replaces the whole set, so the set is read right before each try, and `change` says what it becomes.
   *
   * @param known - Of a client that was just made: what it has.
   * @throws CommandFailed
   */
  async putKeys(
    clientId: string,
    change: (published: readonly PublishedKey[]) => readonly object[],
    known?: readonly PublishedKey[],
  ): Promise<readonly PublishedKey[]> {
    let published = known ?? (await this.keys(clientId))
    for (const waitMs of [...WAITS_MS, undefined]) {
      const keys = change(published)
      const call: Call = {
        operation: 'change',
        method: 'POST',
        path: `/clients/${encodeURIComponent(clientId)}/jwks`,
        body: { keys },
        doing: { en: `publish the keys of ${clientId}`, nb: `registrere nøklene til ${clientId}` },
      }
      try {
        return keysOf(await this.#once(call))
      } catch (error) {
        if (!(error instanceof LostAnswer)) throw error
        published = await this.keys(clientId)
        if (isSameSet(published, change(published))) return published
        if (waitMs === undefined) throw error
        await pause(waitMs)
        published = await this.keys(clientId)
      }
    }
    throw noAnswer(this.baseUrl)
  }

  close(): Promise<void> {
    return this.#maskinporten.close()
  }

  async #read(call: Call): Promise<unknown> {
    for (const waitMs of WAITS_MS) {
      try {
        return await this.#once(call)
      } catch (error) {
        if (!(error instanceof LostAnswer)) throw error
        await pause(waitMs)
      }
    }
    return this.#once(call)
  }

  async #once({ operation, method, path, body, doing }: Call): Promise<unknown> {
    const send = await this.#fetchFor(operation)
    let answer: Response
    let text: string
    try {
      answer = await send(`${this.baseUrl}${PREFIX}${path}`, {
        method,
        headers: { accept: 'application/json', ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(TIMEOUT_MS),
        // A redirect would be sent without a body, or elsewhere.
        redirect: 'manual',
      })
      text = await answer.text()
    } catch (error) {
      if (isMaskinportenError(error)) throw error
      throw new LostAnswer(noAnswer(this.baseUrl).text)
    }
    const { status } = answer
    if (status >= 500 || status === 429) throw new LostAnswer(noAnswer(this.baseUrl, `status ${status}`).text)
    const json = parse(text)
    if (answer.ok) return json
    throw refusalOf({ status, json, doing, needed: scopesFor[operation], adminClientId: this.adminClientId })
  }

  /** With a token of the first scope that the administration client has. */
  async #fetchFor(operation: Operation): Promise<MaskinportenFetch> {
    const known = this.#fetches.get(operation)
    if (known !== undefined) return known
    for (const scope of scopesFor[operation]) {
      const tokens = this.#maskinporten.with({ scopes: [scope], kind: 'maskinporten' })
      try {
        await tokens.getToken()
      } catch (error) {
        if (isMaskinportenError(error, 'token_refused') && /^MP-2(?:00|50)$/.test(error.mpCode ?? '')) continue
        throw error
      }
      const made = maskinportenFetch(tokens, { allow: new URL(this.baseUrl).origin })
      this.#fetches.set(operation, made)
      return made
    }
    const list = scopesFor[operation].join(', ')
    throw new CommandFailed('failed', {
      en: `the administration client ${this.adminClientId} has none of the scopes ${list}; ask Digdir for one (servicedesk@digdir.no)`,
      nb: `administrasjonsklienten ${this.adminClientId} har ingen av scopene ${list}; be Digdir om ett (servicedesk@digdir.no)`,
    })
  }
}

/** It is not known whether the server did what was asked. */
export class LostAnswer extends CommandFailed {
  constructor(text: Text) {
    super('failed', text)
  }
}

function keysOf(json: unknown): readonly PublishedKey[] {
  const keys = memberOf(json, 'keys')
  return Array.isArray(keys) ? keys.filter(isKey) : []
}

const isKey = (value: unknown): value is PublishedKey => hasTexts(value, 'kid', 'n', 'e')
const isClient = (value: unknown): value is RegisteredClient =>
  hasTexts(value, 'client_id', 'client_name') && Array.isArray(memberOf(value, 'scopes'))

function hasTexts(value: unknown, ...names: readonly string[]): boolean {
  return names.every((name) => typeof memberOf(value, name) === 'string')
}

function isSameSet(published: readonly PublishedKey[], wanted: readonly object[]): boolean {
  const nameOf = (key: object): string => `${String(Reflect.get(key, 'kid'))} ${String(Reflect.get(key, 'n'))}`
  const have = new Set(published.map(nameOf))
  return have.size === wanted.length && wanted.every((key) => have.has(nameOf(key)))
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
