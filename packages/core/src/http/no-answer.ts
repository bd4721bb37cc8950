/** Why a request got no answer. Codes and classes are told, never messages: a message may quote the request. */
import { envProxy } from './proxy.ts'

export interface NoAnswer {
  /** Follows `cannot reach … (`. */
  readonly why: string
  readonly hint: string
  /** `FETCH`: the fetch itself failed, and no network is to blame. */
  readonly detail: 'NETWORK' | 'FETCH' | 'PROXY' | 'TLS'
}

export const PROXY_LOGIN =
  'the proxy in between wants a user and a password: write them into its address (HTTPS_PROXY, HTTP_PROXY)'
const DEFAULT_HINT = 'check the network, DNS and proxy, then try again'
const CHECK = 'check the address in the settings, and any proxy or firewall in between'

type Rows = readonly (readonly [looksLike: RegExp, hint: string])[]

/** What a code looks like, what happened and the way out. The first row that fits counts. */
const TLS_CODES: Rows = [
  [
    /SELF_SIGNED|^UNABLE_TO_|^CERT_(UNT|SIG)|INVALID_CA|^UnknownIss/,
    'its certificate is not trusted here: where a proxy inspects TLS, set NODE_EXTRA_CA_CERTS to the file of its CA before the start',
  ],
  [/ALTNAME|HOSTNAME/, `its certificate is for another host: ${CHECK}`],
  [/CERT_/, `its certificate is refused: check the date of this machine; ${CHECK}`],
  [/^EPROTO$|^ERR_(SSL|TLS)|WRONG_VERSION/, `there is no TLS that both sides know: ${CHECK}`],
]
/** A code of a runtime's network. Any other code is the fetch's own. */
const NETWORK_CODE =
  /^(E[A-Z\d]+|(EAI|HPE|Z|UND_ERR(?!_INV)|ERR_(HTTP2|QUIC|SOCKET|STREAM|PROXY|CONTENT))_\w+|FailedTo\w+|Connection\w+|Timeout)$/
const NETWORK_CODES: Rows = [
  [/NOTFOUND|^EAI|NODATA/, `the host is not known to DNS here: ${CHECK}`],
  [/REFUSED|Refused|^Failed/, `nothing listens there: ${CHECK}`],
  [/FILE$|NOBUFS/, 'this process has too many files or sockets open: look for answers that nobody reads'],
  [/UNREACH|NETDOWN|NOTAVAIL/, 'there is no route to it from here: check the network and VPN'],
  [/TIME|Time/, `no answer in time: a firewall may drop the connection; ${CHECK}`],
  [/^Z_|HPE|OVERFLOW|DECODING/, `the answer is not the HTTP it should be: ${CHECK}`],
  [/CONN|PIPE|_SOCKET$|PREMATURE|_RES_|Closed/, `the connection was cut: ${CHECK}`],
  [/./, DEFAULT_HINT],
]
/** What runtimes say of the network without a code. */
const NETWORK_WORDS =
  /^(Failed to fetch|Load failed|NetworkError when|error sending request|(The )?network connection|internal error; ref|Unable to connect)/i
const MOCK = /\b(UND_MOCK|ERR_NOCK|Mock|NetConnect|InternalError)\w*/

/** @param error undefined when no answer came in time; `why` then says so. */
export function noAnswer(error: unknown, url: string, why: string): NoAnswer {
  const found = error === undefined ? { why, hint: DEFAULT_HINT, detail: 'NETWORK' as const } : reasonOf(error)
  const proxy = found.detail === 'FETCH' ? undefined : envProxy(url)
  if (proxy === undefined) return found
  const asked = `${proxy.variable} is set, so the proxy ${proxy.host} was asked`
  return { ...found, hint: `${found.hint}; ${asked}: check it, or name ${new URL(url).hostname} in NO_PROXY` }
}

function reasonOf(error: unknown): NoAnswer {
  const chain: Readonly<Record<string, unknown>>[] = []
  for (let at = error; chain.length < 5 && isObject(at); at = at['cause']) chain.push(at)
  const words = chain.map(({ message }) => (typeof message === 'string' ? message.slice(0, 300) : ''))
  const code = chain.map((one) => one['code']).find((one) => typeof one === 'string' && /^\w{3,40}$/.test(one))
  const classes = chain.map(classOf)
  const tunnel = words.map((one) => /^proxy\b.*?(?:\((\d{3})\)|authentication required)/i.exec(one)).find(Boolean)
  // For an answer of 407, undici gives no reason.
  const isSilent = words[0] === 'fetch failed' && chain[1]?.['message'] === '' && code === undefined
  if (tunnel || isSilent) {
    const status = tunnel?.[1] ?? '407'
    const hint = status === '407' ? PROXY_LOGIN : 'have this host opened at the proxy'
    return { why: `${isSilent ? 'without a reason, as when ' : ''}the proxy answered ${status}`, hint, detail: 'PROXY' }
  }
  const why = typeof code === 'string' ? code : 'no code'
  const [mock] = MOCK.exec(`${classes.join(' ')} ${why}`) ?? []
  if (mock === undefined) {
    const isNetwork = code === undefined ? words.some((one) => NETWORK_WORDS.test(one)) : NETWORK_CODE.test(why)
    const tls = hintOf(TLS_CODES, why)
    if (tls !== undefined) return { why, hint: tls, detail: 'TLS' }
    if (isNetwork) return { why, hint: hintOf(NETWORK_CODES, why) ?? '', detail: 'NETWORK' }
  }
  const hint =
    mock === undefined
      ? 'look at the fetch that is used here: the option fetch, or what replaces the global one (a test environment does)'
      : 'a mock answers here: give it an answer for this address'
  const thrown = mock ?? [classes[0], code].filter(Boolean).join(', ')
  return { why: `the fetch threw ${thrown || 'a value that is not an error'}`, hint, detail: 'FETCH' }
}

const hintOf = (rows: Rows, code: string): string | undefined => rows.find(([looksLike]) => looksLike.test(code))?.[1]

/** `TypeError`, `DOMException NetworkError`: of any realm, so not by `instanceof`. */
function classOf(error: Readonly<Record<string, unknown>>): string {
  const { name, constructor: made } = error as { name?: unknown; constructor?: { name?: unknown } }
  const both = [made?.name, name].filter((one) => typeof one === 'string' && /^[A-Z]\w{2,40}$/.test(one))
  return [...new Set(both)].join(' ').replace(/^Error /, '')
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
