/** Why a request got no answer, from codes and classes only: a message may quote the request. */
import { envProxy } from './env-proxy.ts'

export interface NetworkFault {
  /** Follows `cannot reach … (`. */
  readonly why: string
  readonly hint: string
  /** `FETCH`: the fetch itself failed, and no network is to blame. */
  readonly detail: 'NETWORK' | 'FETCH' | 'PROXY' | 'TLS'
}

const DEFAULT_HINT = 'check the network, DNS and proxy, then try again'
const INSPECTED =
  'its certificate is not trusted here: where a proxy inspects TLS, set NODE_EXTRA_CA_CERTS to the file of its CA before the start'

const BY_CODE: readonly (readonly [RegExp, NetworkFault['detail'], string])[] = [
  [
    /^(?:SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT|UNABLE_TO_\w+|CERT_UNTRUSTED|CERT_SIGNATURE_FAILURE|INVALID_CA|UnknownIssuer)$/,
    'TLS',
    INSPECTED,
  ],
  [
    /^CERT_(?:HAS_EXPIRED|NOT_YET_VALID)$/,
    'TLS',
    'check the date of this machine, and the certificate of the server or of the proxy in between',
  ],
  [
    /ALTNAME_INVALID|HOSTNAME_MISMATCH/,
    'TLS',
    'the certificate there is for another host: check the address, DNS and any proxy in between',
  ],
  [
    /WRONG_VERSION_NUMBER|^EPROTO$|^ERR_SSL/,
    'TLS',
    'no TLS that both sides know: check that the address is https there, and any proxy in between',
  ],
  [/^(?:CERT_|ERR_TLS)/, 'TLS', 'check the certificate of the server, and any proxy in between'],
  [
    /^(?:ENOTFOUND|EAI_\w+|ENODATA)$/,
    'NETWORK',
    'the host is not known to DNS here: check its name in the settings, DNS, and whether a proxy is needed',
  ],
  [
    /^(?:ECONNREFUSED|ConnectionRefused)$/,
    'NETWORK',
    'nothing listens there: check host and port in the settings, and that the server or proxy is up',
  ],
  [
    /^(?:ECONNRESET|EPIPE|ECONNABORTED|UND_ERR_SOCKET|ConnectionClosed|ERR_STREAM_PREMATURE_CLOSE|UND_ERR_RES_CONTENT_LENGTH_MISMATCH)$/,
    'NETWORK',
    'the connection was cut by the server, or by a firewall or proxy in between; try again',
  ],
  [
    /^(?:E\w*TIMEDOUT|ETIME|UND_ERR_\w*TIMEOUT|Timeout)$/,
    'NETWORK',
    'no answer in time: a firewall may drop the connection without a word; open it for this host, or set the proxy',
  ],
  [
    /^(?:EHOSTUNREACH|ENETUNREACH|ENETDOWN|EADDRNOTAVAIL)$/,
    'NETWORK',
    'there is no route to it from here: check the network, VPN and IPv6',
  ],
  [
    /^(?:EMFILE|ENFILE|ENOBUFS)$/,
    'NETWORK',
    'this process has too many files or sockets open: look for answers that nobody reads',
  ],
  [/^(?:EACCES|EPERM|ERR_ACCESS_DENIED)$/, 'NETWORK', 'this process may not use the network: look at its permissions'],
  [
    /^(?:Z_|HPE_|UND_ERR_HEADERS_OVERFLOW|ERR_CONTENT_DECODING)/,
    'NETWORK',
    'what came back is not the HTTP it should be: check the address and any proxy in between',
  ],
]

/** Codes of a runtime's network; all else with a code is the fetch's own. */
const NETWORK_CODE =
  /^(?:E[A-Z\d]+|UND_ERR_(?!INVALID)\w+|ERR_(?:HTTP2|QUIC|SOCKET|STREAM|PROXY)\w*|FailedToOpenSocket|Connection\w+)$/
/** What runtimes say without a code; another's words are never shown. */
const NETWORK_WORDS =
  /^(?:Failed to fetch|Load failed|NetworkError when attempting|error sending request|Network connection lost|internal error; reference|Unable to connect|The network connection was lost)/i
const MOCK = /^(?:UND_MOCK_\w+|ERR_NOCK\w*|Mock\w*Error|NetConnectNotAllowedError|InternalError)$/

/** `error` is undefined when no answer came in time. */
export function networkFault(error: unknown, url: string, why: string): NetworkFault {
  const fault = error === undefined ? { why, hint: DEFAULT_HINT, detail: 'NETWORK' as const } : faultOf(error)
  const proxy = fault.detail === 'FETCH' ? undefined : envProxy(url)
  if (proxy === undefined) return fault
  const asked = `${proxy.variable} is set, so the proxy${proxy.host === '' ? '' : ` ${proxy.host}`} was asked`
  return { ...fault, hint: `${fault.hint}; ${asked}: check it, or name ${new URL(url).hostname} in NO_PROXY` }
}

function faultOf(error: unknown): NetworkFault {
  const chain: unknown[] = []
  for (let at = error; chain.length < 5 && isObject(at); at = at['cause']) chain.push(at)
  const all = chain.filter(isObject)
  const words = all.map(({ message }) => (typeof message === 'string' ? message.slice(0, 300) : ''))
  const codes = all.map(({ code }) => (typeof code === 'string' && /^\w{3,40}$/.test(code) ? code : '')).filter(Boolean)
  const names = all.map(classOf).filter((name) => name !== '')
  if (words.some((one) => /^proxy\b.*(?:\(407\)|authentication required)/i.test(one)))
    return {
      why: 'the proxy answered 407',
      hint: 'the proxy wants a user and a password: write them into its address',
      detail: 'PROXY',
    }
  const refused = words.map((one) => /^Proxy response \((\d{3})\)/.exec(one)?.[1]).find((one) => one !== undefined)
  if (refused !== undefined)
    return {
      why: `the proxy answered ${refused}`,
      hint: 'the proxy lets nothing through to this host: have it opened there',
      detail: 'PROXY',
    }
  const mock = [...codes, ...names].find((one) => MOCK.test(one))
  if (mock !== undefined) return ownFault(mock, 'a mock answers here: give it an answer for this address')
  for (const code of codes) {
    const [, detail, hint] = BY_CODE.find(([pattern]) => pattern.test(code)) ?? []
    if (hint !== undefined && detail !== undefined) return { why: code, hint, detail }
  }
  // undici gives no reason for an answer of 407, which fetch may not hand over (WHATWG Fetch, «HTTP-network-or-cache fetch»).
  if (words[0] === 'fetch failed' && all[1]?.['message'] === '' && codes.length === 0)
    return {
      why: 'as fetch fails when the proxy answered 407',
      hint: 'a proxy in between wants a user and a password: write them into its address (HTTPS_PROXY, HTTP_PROXY)',
      detail: 'PROXY',
    }
  const [code] = codes
  if (code !== undefined && NETWORK_CODE.test(code)) return { why: code, hint: DEFAULT_HINT, detail: 'NETWORK' }
  if (words.includes('bad port'))
    return {
      why: 'bad port',
      hint: 'fetch refuses this port (WHATWG Fetch, «port blocking»): use another',
      detail: 'FETCH',
    }
  if (code === undefined && all.length === chain.length && words.some((one) => NETWORK_WORDS.test(one)))
    return { why: 'no code', hint: DEFAULT_HINT, detail: 'NETWORK' }
  if (words.some((one) => one.includes('AbortSignal')))
    return ownFault(
      names[0],
      'it takes no AbortSignal of this environment: run such tests under node, not jsdom or happy-dom',
    )
  if (names.some((name) => /\b(?:Abort|Timeout)Error$/.test(name)))
    return ownFault(names[0], 'it gave up by a limit or signal of its own: look there')
  return ownFault(
    [names[0], code].filter(Boolean).join(', '),
    'look at the fetch that is used here: the option fetch, or what replaces the global one',
  )
}

function ownFault(name: string | undefined, hint: string): NetworkFault {
  return {
    why: `the fetch threw ${name === undefined || name === '' ? 'what is no error' : name}`,
    hint,
    detail: 'FETCH',
  }
}

/** `TypeError`, `DOMException NetworkError`: of any realm, so not by `instanceof`. */
function classOf(error: Readonly<Record<string, unknown>>): string {
  const { name, constructor: made } = error as { name?: unknown; constructor?: { name?: unknown } }
  const both = [made?.name, name].filter((one): one is string => typeof one === 'string' && /^[A-Z]\w{2,40}$/.test(one))
  return [...new Set(both)].filter((one, _, every) => one !== 'Error' || every.length === 1).join(' ')
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
