/** What `--api` names: an API of the registry, with or without a path in it, or an address. */
import { type Api, apis, apisAt } from '@maskinporten-kit/apis'
import { CommandFailed } from '../failure.ts'

export interface NamedApi {
  readonly api?: Api | undefined
  /** In the API's address: `/instances?org=ttd`. */
  readonly path?: string | undefined
  /** The whole address, where one was given. */
  readonly url?: string | undefined
}

/** @throws CommandFailed `usage` for an id that the registry does not have, and for http to another machine. */
export function namedApi(text: string | undefined): NamedApi {
  if (text === undefined) return {}
  if (/^https?:\/\//i.test(text) && URL.canParse(text)) return { url: text, api: apisAt(text)[0]?.api }
  const [, id = text, path] = /^([\w-]+\/[\w-]+)(?::(\/.*))?$/.exec(text) ?? []
  const api = apis.find((one) => one.id === id)
  if (api !== undefined) return { api, path }
  throw new CommandFailed('usage', {
    en: `${id} is not an API of the registry; maskinporten apis shows them, and an address is taken, too`,
    nb: `${id} er ikke et API i registeret; maskinporten apis viser dem, og en adresse kan også oppgis`,
  })
}
