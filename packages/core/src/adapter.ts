/** What adapters share: which address may have a token, and which body can be sent again. */
export interface AdapterOptions {
  /** Absolute URL with no path but `/`, a list of them, or a function. Anything else is a TypeError when the adapter is made. */
  readonly allow: string | URL | readonly (string | URL)[] | ((url: URL) => boolean)
  /** What happens to a request to another origin. Default `reject`: the error `origin_not_allowed`, and nothing is sent. */
  readonly otherOrigins?: 'reject' | 'pass-through' | undefined
}
