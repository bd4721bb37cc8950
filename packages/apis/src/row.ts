/** What is known of an API. Every fact has its source; what is not known is absent. */
import type { TokenKind } from '@maskinporten-kit/core'

export type Environment = 'test' | 'prod'

/** `write` and `admin` include the levels before them. */
export type Access = 'read' | 'write' | 'admin'

/** The same in bokmål and in English. */
export interface Text {
  readonly nb: string
  readonly en: string
}

/** The copy in which a fact was read. */
export interface Source {
  /** Of the page, or of the file in its repository. */
  readonly url: string
  /** YYYY-MM-DD. */
  readonly date: string
  /** What `date` is: that of the commit, what the page says of itself, or the day on which a copy without either was read. */
  readonly dateOf: 'commit' | 'page' | 'reading'
}

export interface Sourced {
  readonly source: Source
}

export interface Owner extends Sourced {
  readonly name: Text
  /** Nine digits. */
  readonly orgNumber?: string | undefined
}

export interface BaseUrls extends Sourced {
  /** Without a slash at the end. `{org}` stands for the short name of an organisation, such as `ttd`. */
  readonly test?: string | undefined
  readonly prod?: string | undefined
}

/** The `resource` that the API asks for; it becomes the token's `aud`. */
export interface Audience extends Sourced {
  readonly test?: string | undefined
  readonly prod?: string | undefined
}

export interface Token extends Sourced {
  readonly kind: TokenKind
  /** The other kind is accepted too. */
  readonly eitherKind?: true | undefined
}

export interface Scope extends Sourced {
  readonly name: string
  readonly access: Access
  readonly meaning: Text
  /** One of several, or for some callers only: `api()` takes it when it is named in `scopes`. */
  readonly byName?: true | undefined
  /** Who gives a client access to it. */
  readonly grantedBy?: (Text & Sourced) | undefined
}

/** A header with a value of the caller's own, the same in each call. */
export interface StaticHeader extends Sourced {
  readonly name: string
  readonly required: boolean
  readonly meaning: Text
}

export interface RateLimit extends Sourced {
  /** So many in each period of `seconds`. */
  readonly requests: number
  readonly seconds: number
  /** What is counted, and for whom. */
  readonly counted: Text
}

export interface Fact<T> extends Sourced {
  readonly value: T
}

export interface Row {
  readonly name: Text & Sourced
  readonly owner: Owner
  readonly baseUrls: BaseUrls
  readonly token: Token
  readonly scopes: readonly Scope[]
  readonly audience?: Audience | undefined
  readonly headers?: readonly StaticHeader[] | undefined
  /** Whether an organisation can delegate the scopes to a supplier in Altinn (`consumerOrg`). */
  readonly delegable?: Fact<boolean> | undefined
  /** Altinn system user (`systemUser`). */
  readonly systemUser?: Fact<'required' | 'accepted'> | undefined
  /** Altinn consent (`consent`). */
  readonly consent?: Fact<'required' | 'accepted'> | undefined
  readonly rateLimits?: readonly RateLimit[] | undefined
  /** The page to read first. */
  readonly docs: Source
}
