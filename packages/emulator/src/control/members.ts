/** How the members of a body, of an options object and of a file are described: once, for their check and for their published schema. */

/** What a value may be. Over HTTP each is JSON. */
export type Kind =
  | {
      readonly type: 'string'
      readonly oneOf?: readonly string[]
      readonly pattern?: RegExp
      /** What `pattern` wants, in words that follow "give it as". */
      readonly form?: string
      /** A number is taken, too, and written as text. */
      readonly orNumber?: true
    }
  | {
      readonly type: 'number'
      readonly oneOf?: readonly number[]
      readonly whole?: true
      readonly minimum?: number
      readonly above?: number
      readonly maximum?: number
      readonly unit?: string
      /** In words that follow "give it as", where the bounds need more than their numbers. */
      readonly form?: string
      /** Takes the word "forever", and Infinity in process. */
      readonly orForever?: true
    }
  | { readonly type: 'boolean' }
  /** A `Date` in process; ISO 8601 text in JSON. */
  | {
      readonly type: 'instant'
      /** Milliseconds since the Unix epoch are taken, too. */
      readonly orNumber?: true
    }
  /** Nine digits, the last of which is the check digit (modulus 11). */
  | { readonly type: 'orgNumber' }
  | { readonly type: 'list'; readonly of: Kind }
  /** An object whose names are the caller's. */
  | { readonly type: 'map'; readonly of: Kind }
  /** An object with these members and no others. */
  | { readonly type: 'record'; readonly members: Members }
  /** A JSON object whose members are somebody else's to define: a JWK. */
  | { readonly type: 'object' }
  | { readonly type: 'any' }

interface Described {
  readonly description: string
  readonly optional?: true
  readonly default?: string | number | boolean | readonly string[]
}

export type Member = Kind & Described

export type Members = Readonly<Record<string, Member>>

/** One description for each member of `T`, optional where the member is. */
export type MembersOf<T> = {
  readonly [Name in keyof T]-?: Member &
    (undefined extends T[Name] ? { readonly optional: true } : { readonly optional?: never })
}
