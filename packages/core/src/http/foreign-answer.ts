/** Answers that are not the endpoint's own: of a firewall, a login page, a gateway, a captive portal. */
import type { Answer } from './send.ts'
import { withoutMark } from './json.ts'
import { serverWords } from './server-words.ts'

export interface ForeignAnswer {
  /** `a firewall answered 403 (support id 123)`. */
  readonly what: string
  readonly hint: string
  /** What the firewall's own people ask for. */
  readonly supportId?: string | undefined
}

/** What is looked at of a page, characters. */
const LOOKED_AT = 65_536
const HTML = /^\s*(?:<!--|<!doctype html|<html|<head|<body|<title|<center|<h1)/i
const FIREWALL =
  /\b(?:firewall|waf\b|request rejected|requested url was rejected|access denied|request blocked|been blocked|attack id|incident id|support id|ray id)/i
const SUPPORT_ID =
  /\b(?:support|incident|attack|event|ray|request|reference|transaction|block|error)[ -]?(?:id|no|number|ref|reference|#)?(?: is)?\s{0,3}[:#=]\s{0,3}#?([\w.:-]{6,80})/i
const SUPPORT_HEADERS = ['cf-ray', 'x-azure-ref', 'x-amz-cf-id', 'x-iinfo', 'x-request-id']
const LOGIN = /log[ -]?in|sign[ -]?in|\bsso\b|saml|adfs|oauth2?\/|authorize|microsoftonline|\/auth\b/i

/** A page where the endpoint would have sent JSON or a token; undefined when it may be its own answer. */
export function foreignAnswer({ status, text, header }: Answer, secret: string): ForeignAnswer | undefined {
  const seen = withoutMark(text.slice(0, LOOKED_AT))
  const isHtml = HTML.test(seen) || /\bhtml\b/i.test(header('content-type') ?? '')
  if (status === 407) return PROXY_LOGIN
  if (/^\s*[{["]/.test(seen) || !(isHtml || FIREWALL.test(seen))) return undefined
  const plain = seen
    .replaceAll(/<[^>]{0,300}>/g, ' ')
    .replaceAll(/&#(\d{1,5});/g, (_, code) => String.fromCharCode(Number(code)))
  // Some answer 200 with their page.
  if (status === 403 || FIREWALL.test(plain)) return firewall(plain, status, header, secret)
  if (!isHtml) return undefined
  if (status === 511 || status < 300) {
    return {
      what: `a web page answered ${status}`,
      hint: LOGIN.test(plain)
        ? 'a login page stands before it: let this machine past that access gateway, or correct the address'
        : 'a proxy, a gateway or the login of a network (captive portal) stands before it: look there, or correct the address',
    }
  }
  if (status >= 500)
    return {
      what: `the gateway before it answered ${status}`,
      hint: 'what is behind the gateway does not answer; try again later',
    }
  return {
    what: `a web page answered ${status}`,
    hint: STATUS_HINTS[status] ?? 'a proxy or gateway in between answered: look there, or correct the address',
  }
}

const PROXY_LOGIN: ForeignAnswer = {
  what: 'the proxy answered 407',
  hint: 'the proxy in between wants a user and a password: write them into its address (HTTPS_PROXY, HTTP_PROXY)',
}

function firewall(plain: string, status: number, header: Answer['header'], secret: string): ForeignAnswer {
  const headed = SUPPORT_HEADERS.map((name) => header(name) ?? '').find((value) => /^[\w.:=+/-]{6,120}$/.test(value))
  const found = SUPPORT_ID.exec(plain)?.[1]?.replace(/[.:-]+$/, '') ?? headed
  const supportId = found === undefined ? undefined : serverWords(found, secret)
  return {
    what: `a firewall answered ${status}${supportId === undefined ? '' : ` (support id ${supportId})`}`,
    hint: `have those who run the firewall let this request through${supportId === undefined ? '' : ', and give them the support id'}`,
    supportId,
  }
}

/** Of an answer without an OAuth error: what the status says about the way there. */
export const STATUS_HINTS: Readonly<Record<number, string>> = {
  404: 'nothing is at this path: correct the address in the settings',
  405: 'this path takes no such request: correct the address in the settings',
  406: 'something in between changed the header accept; look at the proxy',
  408: 'the request did not arrive in time; look at the network and the proxy',
  411: 'something in between took the content-length away; look at the proxy',
  413: 'the request is too large for the server or a gateway: ask for fewer scopes and claims, or sign with a kid instead of a chain',
  414: 'the address is too long for the server or a gateway: correct it in the settings',
  415: 'something in between changed the content-type; look at the proxy',
  421: 'the request reached another host than it names: look at DNS and the proxy',
  426: 'the server wants another protocol: check that the address is https',
  431: 'the headers are too large for the server or a gateway: exchange a token with fewer scopes',
  451: 'the address is blocked in this network: have it opened',
}

/** Where a redirect leads, by its host alone: the rest may hold a session. */
export function redirectHint({ header, place }: Answer): string {
  const location = header('location') ?? ''
  const to = URL.canParse(location, place) ? new URL(location, place) : undefined
  const leads = to === undefined || to.host === '' ? '' : ` (it leads to ${to.host})`
  return LOGIN.test(location.slice(0, 2_000))
    ? `a login page stands before it${leads}, and a redirect is never followed with a credential: let this machine past that access gateway, or set the address it should have`
    : `a redirect is never followed with a credential${leads}; set the address it should have`
}
