/** What `--api` names: an API of the registry, with or without a path in it, or an address. As `call` reads it. */
import { type Api, apisAt } from '@maskinporten-kit/apis'
import { safeUrl } from '../call/target.ts'
import { findApi } from '../registry.ts'

export interface NamedApi {
  readonly api?: Api | undefined
  /** In the API's address: `/instances?org=ttd`. */
  readonly path?: string | undefined
  /** The whole address, where one was given. */
  readonly url?: string | undefined
}

/**
 * @throws CommandFailed `usage` for an id that the registry does not have, and for an address that may get no token: http to
 * another machine, or one with a user name or password. It repeats none.
 */
export function namedApi(text: string | undefined): NamedApi {
  if (text === undefined) return {}
  const [, id, path] = /^([\w-]+\/[\w-]+)(?::(.+))?$/s.exec(text) ?? []
  if (id === undefined) return { url: safeUrl(text).href, api: apisAt(text)[0]?.api }
  return { api: findApi(id), path }
}
