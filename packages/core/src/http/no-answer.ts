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
const ADDRESS = 'check the address and any proxy in between'

/** What the code looks like, what it is about, what happened and the way out. The first that fits counts. */
const CODES: readonly (readonly [code: RegExp, detail: NoAnswer['detail'], hint: string])[] = [
  [
    /SELF_SIGNED|^UNABLE_TO_|^CERT_(?:UNTR|SIG)|INVALID_CA|^UnknownIssuer/,
    'TLS',
    'its certificate is not trusted here: where a proxy inspects TLS, set NODE_EXTRA_CA_CERTS to the file of its CA before the start',
  ],
  [/ALTNAME|HOSTNAME_MISMATCH/, 'TLS', `its certificate is for another host: ${ADDRESS}`],
  [/^CERT_|^ERR_TLS/, 'TLS', `check the date of this machine and the certificate of the server; ${ADDRESS}`],
  [/^EPROTO$|^ERR_SSL/, 'TLS', `no TLS that both sides know: ${ADDRESS}, and that https is spoken there`],
  [/^(?:ENOTFOUND|EAI_\w+|ENODATA)$/, 'NETWORK', `the host is not known to DNS here: ${ADDRESS}`],
  [/^(?:ECONNREFUSED|ConnectionRefused|FailedToOpenSocket)$/, 'NETWORK', `nothing listens there: ${ADDRESS}`],
  [/^E(?:MFILE|NFILE|NOBUFS)$/, 'NETWORK', 'this process has too many files or sockets open: read every answer'],
  [/^E(?:ACCES|PERM)$|^ERR_ACCESS/, 'NETWORK', 'this process may not use the network: look at its permissions'],
  [/UNREACH$|^ENETDOWN$|^EADDRNOT/, 'NETWORK', 'there is no route to it from here: check the network, VPN and IPv6'],
  [
    /TIME|^Timeout$/,
    'NETWORK',
    'no answer in time: a firewall may drop the connection; have it opened for this host, or set the proxy',
  ],
  [/^(?:Z_|HPE_|UND_ERR_HEADERS|ERR_CONTENT)/, 'NETWORK', `the answer is not the HTTP it should be: ${ADDRESS}`],
  [
    /^(?:ECONN|EPIPE|UND_ERR_(?:SOCKET|RES)|ERR_STREAM_PRE|ConnectionClosed)/,
    'NETWORK',
    'the connection was cut by the server, or by a firewall or proxy in between; try again',
  ],
  // A code of a runtime's network. Any other is of the fetch itself.
  [
    /^(?:E[A-Z\d]+|UND_ERR_(?!INVALID)\w+|ERR_(?:HTTP2|QUIC|SOCKET|STREAM|PROXY)\w*|Connection\w+)$/,
    'NETWORK',
    DEFAULT_HINT,
  ],
]
const MOCK = /^(?:UND_MOCK|ERR_NOCK|Mock|NetConnect|InternalError)/
/** What runtimes say of the network without a code. */
const NETWORK_WORDS =
  /^(?:Failed to fetch|Load failed|NetworkError when|error sending request|Network connection|internal error; ref|Unable to connect|The network connection)/i

/** @param error undefined when no answer came in time; `why` then says so. */
export function noAnswer(error: unknown, url: string, why: string): NoAnswer {
  const found = error === undefined ? { why, hint: DEFAULT_HINT, detail: 'NETWORK' as const } : causeOf(error)
  const proxy = found.detail === 'FETCH' ? undefined : envProxy(url)
  if (proxy === undefined) return found
  const asked = `${proxy.variable} is set, so the proxy ${proxy.host} was asked`
  return { ...found, hint: `${found.hint}; ${asked}: check it, or name ${new URL(url).hostname} in NO_PROXY` }
}

function causeOf(error: unknown): NoAnswer {
  const chain: Readonly<Record<string, unknown>>[] = []
  for (let at = error; chain.length < 5 && isObject(at); at = at['cause']) chain.push(at)
  const words = chain.map(({ message }) => (typeof message === 'string' ? message.slice(0, 300) : ''))
  const codes = chain.flatMap(({ code }) => (typeof code === 'string' && /^\w{3,40}$/.test(code) ? [code] : []))
  const names = chain.map(classOf).filter(Boolean)
  const tunnel = words.map((one) => /^proxy\b.*?(?:\((\d{3})\)|authentication required)/i.exec(one)).find(Boolean)
  // For an answer of 407, undici gives no reason.
  const isSilent = words[0] === 'fetch failed' && chain[1]?.['message'] === '' && codes.length === 0
  if (tunnel || isSilent) {
    const status = tunnel?.[1] ?? '407'
    const hint = status === '407' ? PROXY_LOGIN : 'the proxy lets nothing through to this host: have it opened there'
    return { why: `${isSilent ? 'without a reason, as when ' : ''}the proxy answered ${status}`, hint, detail: 'PROXY' }
  }
  const mock = [...codes, ...names].find((one) => MOCK.test(one))
  if (mock !== undefined) return ofFetch(mock, 'a mock answers here: give it an answer for this address')
  for (const why of codes) {
    const [, detail, hint] = CODES.find(([code]) => code.test(why)) ?? []
    if (hint !== undefined && detail !== undefined) return { why, hint, detail }
  }
  if (codes.length === 0 && words.some((one) => NETWORK_WORDS.test(one)))
    return { why: 'no code', hint: DEFAULT_HINT, detail: 'NETWORK' }
  let hint = 'look at the fetch that is used here: the option fetch, or what replaces the global one'
  if (words.some((one) => one.includes('AbortSignal')))
    hint = 'it takes no AbortSignal of this environment: run such tests under node, not jsdom or happy-dom'
  else if (/(?:Abort|Timeout)Error\b/.test(names.join(' '))) hint = 'it gave up by a limit or signal of its own: look there'
  return ofFetch([names[0], codes[0]].filter(Boolean).join(', '), hint)
}

const ofFetch = (name: string, hint: string): NoAnswer => ({
  why: `the fetch threw ${name || 'what is no error'}`,
  hint,
  detail: 'FETCH',
})

/** `TypeError`, `DOMException NetworkError`: of any realm, so not by `instanceof`. */
function classOf(error: Readonly<Record<string, unknown>>): string {
  const { name, constructor: made } = error as { name?: unknown; constructor?: { name?: unknown } }
  const both = [made?.name, name].filter((one): one is string => typeof one === 'string' && /^[A-Z]\w{2,40}$/.test(one))
  return [...new Set(both)].filter((one, _, every) => one !== 'Error' || every.length === 1).join(' ')
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
