/** What is called: an API of the registry with a path, or an absolute address. */
import { type Api, apis, apisAt } from '@maskinporten-kit/apis'
import { type ResolvedSettings, type TokenKind, environments } from '@maskinporten-kit/core'
import { isSafeUrl } from '@maskinporten-kit/core/internal'
import { type Whereabouts, addressOf, environmentOf } from '../addresses.ts'
import { CommandFailed } from '../failure.ts'
import { findApi } from '../registry.ts'

export interface Target {
  readonly url: URL
  /** `undefined`: the registry does not know the address. */
  readonly api?: Api | undefined
  /** Of the host, where its path is of no known API. */
  readonly kind?: TokenKind | undefined
}

/** `altinn/storage:/instances?org=ttd` or `https://…`. @throws CommandFailed `usage` */
export async function targetOf(word: string, settings: ResolvedSettings, where: Whereabouts): Promise<Target> {
  const [, id, path = ''] = /^([\w-]+\/[\w-]+)(?::(.*))?$/s.exec(word) ?? []
  if (id !== undefined) {
    const api = findApi(id)
    const base = await addressOf(api, settings, where)
    return { url: safeUrl(`${base}${path === '' || path.startsWith('/') ? path : `/${path}`}`), api }
  }
  const url = safeUrl(word)
  const { api, kind } = knownAt(url, settings)
  return { url, api, kind }
}

/** @throws CommandFailed `usage` for an address that may get no token; it does not repeat it. */
export function safeUrl(text: string): URL {
  if (isSafeUrl(text)) return new URL(text)
  throw new CommandFailed('usage', {
    en: 'name an API and a path, such as altinn/storage:/instances?org=ttd, or an absolute https address (http on loopback) without user name and password',
    nb: 'oppgi et API og en sti, som altinn/storage:/instances?org=ttd, eller en absolutt https-adresse (http på loopback) uten brukernavn og passord',
  })
}

/** @throws CommandFailed `usage` for an address of the other environment, whose APIs do not take these tokens. */
function knownAt(url: URL, settings: ResolvedSettings): Omit<Target, 'url'> {
  const environment = environmentOf(settings)
  const own = environment === undefined ? asReal(url, settings) : url
  const found = apisAt(own)
  const [first] = found.filter((one) => environment === undefined || one.environment === environment)
  if (first !== undefined) return { api: first.api }
  const [other] = found
  if (other !== undefined && environment !== undefined)
    throw new CommandFailed('usage', {
      en: `${url.host} is ${other.api.id} in ${other.environment}, and the settings are of ${environment}: its tokens are not taken there`,
      nb: `${url.host} er ${other.api.id} i ${other.environment}, og innstillingene er for ${environment}: et token fra ${environment} godtas ikke der. Bruk adressen i ${environment}, eller innstillinger for ${other.environment}`,
    })
  const kinds = new Set(
    apis
      .filter(({ baseUrls }) => [baseUrls.test, baseUrls.prod].some((base) => base?.startsWith(`${own.origin}/`)))
      .map(({ token }) => token.kind),
  )
  const [kind] = kinds
  return { kind: kinds.size === 1 ? kind : undefined }
}

/** The emulator's Altinn under the name that the registry knows. */
function asReal(url: URL, { exchange }: ResolvedSettings): URL {
  if (exchange === undefined || new URL(exchange.url).origin !== url.origin) return url
  return new URL(`${url.pathname}${url.search}`, environments.test.altinn)
}
