/** What stands between this machine and a server: no answer, a page of somebody else, a proxy. */
import type { DiscoveryAnswer } from './discovery.ts'
import type { Finding } from './finding.ts'
import type { Text } from '../language.ts'

type Env = Readonly<Record<string, string | undefined>>

/** The variable that sends requests for this address to a proxy, and the proxy's host; never its password. */
function proxyFor(url: string, env: Env): { readonly variable: string; readonly host: string } | undefined {
  if (!URL.canParse(url)) return undefined
  const { protocol, hostname } = new URL(url)
  const not = (env['no_proxy'] ?? env['NO_PROXY'] ?? '').split(/[\s,]+/).filter((one) => one !== '')
  if (not.some((one) => one === '*' || hostname === one || hostname.endsWith(`.${one.replace(/^\*?\./, '')}`)))
    return undefined
  const names = protocol === 'https:' ? ['https_proxy', 'HTTPS_PROXY'] : ['http_proxy', 'HTTP_PROXY']
  const variable = names.find((name) => (env[name] ?? '') !== '')
  const value = variable === undefined ? '' : (env[variable] ?? '')
  const address = /^[a-z]+:\/\//i.test(value) ? value : `http://${value}`
  if (variable === undefined) return undefined
  return { variable, host: URL.canParse(address) ? new URL(address).host : '?' }
}

/** Node's fetch obeys these variables only when it is told to. */
const usesProxy = (env: Env): boolean =>
  env['NODE_USE_ENV_PROXY'] === '1' ||
  /--use-env-proxy\b/.test(`${env['NODE_OPTIONS'] ?? ''} ${process.execArgv.join(' ')}`)

interface Reason {
  readonly looksLike: RegExp
  readonly why: Text
  readonly action: Text
}

const ADDRESS: Text = {
  en: 'Check the address in the settings, and any proxy or firewall in between.',
  nb: 'Sjekk adressen i innstillingene, og proxy og brannmur på veien.',
}

const REASONS: readonly Reason[] = [
  {
    looksLike: /SELF_SIGNED|^UNABLE_TO_|CERT|ALTNAME/,
    why: { en: 'its certificate is not trusted here', nb: 'sertifikatet er ikke klarert her' },
    action: {
      en: 'Where a proxy inspects TLS, set NODE_EXTRA_CA_CERTS to the file of its CA before the start.',
      nb: 'Bak en proxy som åpner TLS: sett NODE_EXTRA_CA_CERTS til CA-filen dens før start.',
    },
  },
  {
    looksLike: /NOTFOUND|EAI/,
    why: { en: 'DNS does not know the host here', nb: 'DNS kjenner ikke vertsnavnet herfra' },
    action: ADDRESS,
  },
  { looksLike: /REFUSED/, why: { en: 'nothing listens there', nb: 'ingen lytter der' }, action: ADDRESS },
  {
    looksLike: /TIMEOUT|Timeout|ABORT|Abort/,
    why: { en: 'no answer came in time', nb: 'det kom ikke noe svar i tide' },
    action: {
      en: 'Look for a firewall that drops the connection, and have the host opened.',
      nb: 'Se etter en brannmur som stopper forbindelsen, og få verten åpnet.',
    },
  },
  {
    looksLike: /UNREACH|NETDOWN|NOTAVAIL/,
    why: { en: 'there is no route to it', nb: 'det finnes ingen rute dit' },
    action: { en: 'Check the network and the VPN.', nb: 'Sjekk nettverk og VPN.' },
  },
]

const OTHER: Reason = {
  looksLike: /./,
  why: { en: 'the connection was cut', nb: 'forbindelsen ble brutt' },
  action: ADDRESS,
}

/** `failure`: the code or class of what the fetch threw. */
export function noAnswerFinding(url: string, failure: string, env: Env): Finding {
  const { host, hostname } = new URL(url)
  const { why, action } = REASONS.find(({ looksLike }) => looksLike.test(failure)) ?? OTHER
  const proxy = proxyFor(url, env)
  if (proxy !== undefined && !usesProxy(env))
    return {
      status: 'FAIL',
      code: 'PROXY_NOT_USED',
      cause: {
        en: `${host} cannot be reached (${failure}): ${proxy.variable} names the proxy ${proxy.host}, but Node goes past it`,
        nb: `${host} kan ikke nås (${failure}): ${proxy.variable} peker på proxyen ${proxy.host}, men Node går utenom den`,
      },
      action: {
        en: 'Set NODE_USE_ENV_PROXY=1 before the start, here and for your app (Node 22.21, 24.5 or newer).',
        nb: 'Sett NODE_USE_ENV_PROXY=1 før start, både her og for appen (Node 22.21, 24.5 eller nyere).',
      },
      actor: 'operations',
      evidence: { url, failure, proxyVariable: proxy.variable, proxyHost: proxy.host },
    }
  if (proxy !== undefined)
    return {
      status: 'FAIL',
      code: 'PROXY',
      cause: {
        en: `${host} cannot be reached through the proxy ${proxy.host}, which ${proxy.variable} names (${failure})`,
        nb: `${host} kan ikke nås gjennom proxyen ${proxy.host}, som ${proxy.variable} peker på (${failure})`,
      },
      action: {
        en: `Have ${hostname} opened at the proxy, or name it in NO_PROXY where there is a direct way.`,
        nb: `Få ${hostname} åpnet i proxyen, eller sett den i NO_PROXY hvis det finnes en direkte vei.`,
      },
      actor: 'operations',
      evidence: { url, failure, proxyVariable: proxy.variable, proxyHost: proxy.host },
    }
  return {
    status: 'FAIL',
    code: 'NETWORK',
    cause: {
      en: `${host} cannot be reached: ${why.en} (${failure})`,
      nb: `${host} kan ikke nås: ${why.nb} (${failure})`,
    },
    action,
    actor: 'operations',
    evidence: { url, failure },
  }
}

/** Another than the server answered, or the server is down. */
export function pageFinding(answer: DiscoveryAnswer, env: Env): Finding {
  const { url, status = 0, page, isRedirect } = answer
  const { host } = new URL(url)
  const proxy = proxyFor(url, env)
  const evidence = { url, status, page, proxyVariable: proxy?.variable, proxyHost: proxy?.host }
  const through = {
    en: proxy === undefined ? '' : `, through the proxy ${proxy.host} (${proxy.variable})`,
    nb: proxy === undefined ? '' : `, gjennom proxyen ${proxy.host} (${proxy.variable})`,
  }
  if (status >= 500 && page === undefined)
    return {
      status: 'FAIL',
      code: 'server_error',
      cause: { en: `${host} answers ${status}`, nb: `${host} svarer ${status}` },
      action: {
        en: 'Try again later; if it lasts, see Digdir’s status page.',
        nb: 'Prøv igjen senere; se statussiden til Digdir hvis det varer ved.',
      },
      actor: 'nobody',
      evidence,
    }
  if (isRedirect === true)
    return {
      status: 'FAIL',
      code: 'FOREIGN_ANSWER',
      cause: {
        en: `a redirect (${status}) came in the place of ${host}: a login page or the gateway of a network stands before it${through.en}`,
        nb: `en omdirigering (${status}) kom i stedet for ${host}: en innloggingsside eller nettverkets gateway står foran${through.nb}`,
      },
      action: PASS,
      actor: 'operations',
      evidence,
    }
  return {
    status: 'FAIL',
    code: 'FOREIGN_ANSWER',
    cause: {
      en: `a web page (${status}, “${page ?? ''}”) came in the place of ${host}: a firewall, a proxy or the login of a network stands before it${through.en}`,
      nb: `en nettside (${status}, «${page ?? ''}») kom i stedet for ${host}: en brannmur, en proxy eller nettverkets innlogging står foran${through.nb}`,
    },
    action: PASS,
    actor: 'operations',
    evidence,
  }
}

const PASS: Text = {
  en: 'Ask its operators to let requests from this machine through, and give them the id on the page.',
  nb: 'Be dem som drifter den, slippe gjennom forespørsler fra denne maskinen, og oppgi ID-en som står på siden.',
}
