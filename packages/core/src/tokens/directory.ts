/** Which entry a request has under which settings; and a former client's tokens, which serve until the new one has its first. */
import { type MaskinportenError, fault } from '../errors.ts'
import { type Grant, mergeRequests, toGrant } from '../grant/token-request.ts'
import type { ResolvedSettings } from '../settings/settings-provider.ts'
import type { TokenRequest } from '../token-source.ts'
import { Entry, type Target } from './entry.ts'
import type { HeldToken } from './held-token.ts'
import { grantIdentity, settingsIdentity } from './identity.ts'
import { TokenTable } from './token-table.ts'

export class Directory {
  readonly #table: TokenTable
  #current: ResolvedSettings | undefined
  #client = ''
  #former: ResolvedSettings | undefined

  constructor(maxTokens: number) {
    this.#table = new TokenTable(maxTokens)
  }

  get current(): ResolvedSettings | undefined {
    return this.#current
  }

  /** Takes the provider's settings of now over. A new client id or authority becomes current with its first token. */
  adopt(settings: ResolvedSettings): void {
    const before = this.#current
    this.#current = settings
    this.#client = settingsIdentity(settings)
    if (before !== undefined && !isSameClient(before, settings)) this.#former ??= before
    if (this.#former !== undefined && isSameClient(this.#former, settings)) this.#former = undefined
  }

  find(request: TokenRequest, settings: ResolvedSettings): Target {
    const grant = toGrant(mergeRequests(settings.request, request))
    if (grant.kind === 'altinn' && settings.exchange === undefined) throw noExchange()
    return this.target(settings, grant)
  }

  target(settings: ResolvedSettings, grant: Grant): Target {
    const client = this.#clientOf(settings)
    const identity = grantIdentity(grant)
    let entry = this.#table.get(client, identity)
    if (entry === undefined) {
      entry = new Entry(client, identity, grant.kind)
      this.#table.add(entry)
    }
    return { entry, grant, settings }
  }

  /** What the identity of an entry has now. */
  listed(entry: Entry): Entry | undefined {
    return entry.listed ? entry : this.#table.get(entry.client, entry.grant)
  }

  trim(): void {
    this.#table.trim()
  }

  touch(entry: Entry): void {
    this.#table.touch(entry)
  }

  /** What the former client has for this request, until the new one's first token is there. */
  formerToken(request: TokenRequest): HeldToken | undefined {
    const former = this.#former
    if (former === undefined) return undefined
    let grant: Grant
    try {
      grant = toGrant(mergeRequests(former.request, request))
    } catch {
      // Under the former settings there was no such grant: no default scope, say.
      return undefined
    }
    const entry = this.#table.get(settingsIdentity(former), grantIdentity(grant))
    if (entry !== undefined) this.touch(entry)
    return entry?.held
  }

  /** The new client works: the former's tokens are never served again. */
  arrived(entry: Entry): void {
    if (this.#former === undefined || entry.client !== this.#client) return
    this.#table.removeAll(settingsIdentity(this.#former))
    this.#former = undefined
  }

  /** Whether these settings give the same identity. */
  isSame({ entry, grant }: Target, settings: ResolvedSettings): boolean {
    return entry.client === this.#clientOf(settings) && entry.grant === grantIdentity(grant)
  }

  some(test: (entry: Entry) => boolean): boolean {
    return this.#table.entries().some(test)
  }

  clear(): void {
    this.#table.removeAll()
  }

  #clientOf(settings: ResolvedSettings): string {
    return settings === this.#current ? this.#client : settingsIdentity(settings)
  }
}

function isSameClient(a: ResolvedSettings, b: ResolvedSettings): boolean {
  return a.clientId === b.clientId && a.authority === b.authority
}

function noExchange(): MaskinportenError {
  const what = 'token request: kind is altinn, but the settings name no exchange'
  return fault('request_invalid', what, 'set TokenExchangeEnvironment, which a custom Authority needs', {
    detail: 'kind',
  })
}
