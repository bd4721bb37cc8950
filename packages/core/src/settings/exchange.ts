/** The addresses that assertions and tokens are sent to: the token endpoint, if the settings name one, and Altinn's exchange. */
import { environments } from '../environments.ts'
import { isSafeUrl, whyUnsafe } from '../http/address.ts'
import { type Authority, NAIS_AUTHORITY, environmentOf, issuerOf } from './issuer.ts'
import { quote } from '../quote.ts'
import type { Found, Lookup } from './lookup.ts'

const NAMES = 'prod, tt02, at21, at22, at23, at24, yt01'
const EXCHANGE_PATH = new URL(environments.test.exchangeUrl).pathname

export interface Exchange {
  readonly url: string
  readonly testOrg: boolean
}

/**
 * `TokenExchangeEndpoint` as it is, else from `TokenExchangeEnvironment` (a name or a base URL), else the exchange of the
 * issuer's environment. Another issuer has no known exchange, so the settings must name one.
 */
export function readExchange(
  lookup: Lookup,
  authority: string | undefined,
  needed: boolean,
  testOrg: boolean,
): Exchange | undefined {
  const endpoint = lookup.highest(['TokenExchangeEndpoint'])
  const named = lookup.highest(['TokenExchangeEnvironment'])
  const environment = authority === undefined ? undefined : environmentOf(authority)
  const found = endpoint ?? named
  if (found !== undefined) {
    const url = found === endpoint ? (isSafeUrl(found.text) ? found.text : undefined) : exchangeOf(found.text)
    if (url === undefined) {
      const why = whyUnsafe(found.text)
      const wrong =
        found === endpoint
          ? `${why}. Use the whole address of the exchange.`
          : `${why.startsWith('has') ? why : `is ${quote(found.text)}`}. Use ${NAMES}, or an https base URL.`
      lookup.problem('CONFIG_EXCHANGE_ENVIRONMENT', found, wrong)
    } else if (environment !== undefined && (platformOf(url) ?? environment) !== environment) {
      lookup.problem(
        'CONFIG_AUTHORITY_CONFLICT',
        found,
        `says ${quote(found.text)} but the issuer is ${authority}. Delete ${lookup.name(found === endpoint ? 'TokenExchangeEndpoint' : 'TokenExchangeEnvironment')}: without it, the Altinn that fits the issuer is used. If the issuer is wrong, correct that instead.`,
      )
    } else return { url, testOrg }
  } else if (environment !== undefined) return { url: environments[environment].exchangeUrl, testOrg }
  else if (needed && authority !== undefined) {
    const key = lookup.path('TokenExchangeEnvironment')
    lookup.problem(
      'CONFIG_EXCHANGE_ENVIRONMENT',
      { key, origin: '' },
      `is missing, and no Altinn is known for the issuer ${authority}. Set it to "tt02" (test) or "prod".`,
    )
  }
  return undefined
}

/** The environment that this Altinn belongs to; `undefined`: the address is a gateway of the user. */
function platformOf(url: string): 'test' | 'prod' | undefined {
  const host = new URL(url).hostname
  if (host === new URL(environments.prod.exchangeUrl).hostname) return 'prod'
  return /^platform\.\w+\.altinn\.(?:no|cloud)$/.test(host) ? 'test' : undefined
}

function exchangeOf(text: string): string | undefined {
  const base = baseOf(text)
  return base === undefined ? undefined : base + EXCHANGE_PATH
}

function baseOf(text: string): string | undefined {
  const name = text.toLowerCase()
  if (name === 'prod') return new URL(environments.prod.exchangeUrl).origin
  if (/^(?:test|ver1|ver2|tt02)$/.test(name)) return new URL(environments.test.exchangeUrl).origin // As in the .NET original.
  if (/^(?:at2[1-4]|yt01)$/.test(name)) return `https://platform.${name}.altinn.cloud`
  return isSafeUrl(text) && !/[?#]/.test(text) ? text.replace(/(?<!\/)\/+$/, '') : undefined
}

/**
 * A `TokenEndpoint` of the settings is used as it is, without discovery. It may be an egress gateway: the user named it, and
 * gets a warning. The token endpoint of NAIS must have the issuer's origin. It is used when the exact issuer is known.
 */
export function readTokenEndpoint(lookup: Lookup, authority: Authority | undefined): string | undefined {
  const named = lookup.highest(['TokenEndpoint'])
  const nais = lookup.highest(['MASKINPORTEN_TOKEN_ENDPOINT'])
  for (const one of [named, nais])
    if (one !== undefined && !isSafeUrl(one.text))
      lookup.problem(
        'CONFIG_TOKEN_ENDPOINT',
        one,
        `${whyUnsafe(one.text)}. Delete ${one === named ? lookup.name('TokenEndpoint') : one.key}: without it, the token endpoint of the issuer is used.`,
      )
  if (authority === undefined) return named?.text
  const { issuer, audience = issuer, isDerived } = authority
  checkAudience(lookup, authority, named !== undefined)
  const isElsewhere = ({ text }: Found, server: string): boolean =>
    isSafeUrl(text) && URL.canParse(server) && new URL(text).origin !== new URL(server).origin
  if (named && isElsewhere(named, audience))
    lookup.warn(
      'CONFIG_ENDPOINT_ELSEWHERE',
      named,
      `is ${quote(named.text)}, so assertions for ${audience === issuer ? issuer : quote(audience)} are sent to another server. Check that the other server is a gateway of yours.`,
    )
  if (nais && isElsewhere(nais, issuer))
    lookup.problem(
      'CONFIG_AUTHORITY_CONFLICT',
      nais,
      `is ${quote(nais.text)}, which is another server than the issuer ${issuer}. If that server is a gateway of yours, set ${lookup.nameIn(lookup.layers[nais.level], 'TokenEndpoint')} to its address. In either case delete ${nais.key}.`,
    )
  const usesNais = nais !== undefined && !isDerived && belongsTo(lookup, nais, issuer)
  return named?.text ?? (usesNais ? nais.text : undefined)
}

/** Whether the source that names this token endpoint names no other issuer than the one in force. */
function belongsTo(lookup: Lookup, { level }: Found, issuer: string): boolean {
  return NAIS_AUTHORITY.map((name) => lookup.valueIn(level, name)?.text ?? '').every(
    (text) => !/^https?:/i.test(text) || issuerOf(text) === issuerOf(issuer),
  )
}

/** An assertion that is valid at one of the two environments is not sent to another server, unless `TokenEndpoint` names that server. */
function checkAudience(lookup: Lookup, { issuer, audience }: Authority, isEndpointNamed: boolean): void {
  const found = lookup.highest(['AssertionAudience'])
  if (audience === undefined || found === undefined || isEndpointNamed) return
  if (environmentOf(audience) !== undefined)
    lookup.problem(
      'CONFIG_AUTHORITY_CONFLICT',
      found,
      `is ${quote(found.text)}, but the token is requested from ${issuer}. Delete ${lookup.name('AssertionAudience')}: the default fits the issuer. If the issuer is wrong, correct that instead.`,
    )
  else
    lookup.warn(
      'CONFIG_ENDPOINT_ELSEWHERE',
      found,
      `is ${quote(found.text)}, but assertions are sent to ${issuer}. If they should go to another server, set ${lookup.name('TokenEndpoint')} to its address.`,
    )
}
