/** Answers that are not the endpoint's own: of a firewall, a login page, a gateway, a captive portal, a proxy, or a redirect. */
import { serverWords, withoutMark } from './answer-text.ts'
import { PROXY_LOGIN } from './no-answer.ts'
import type { Answer } from './send.ts'

export interface ForeignAnswer {
  /** `a firewall answered 403 (support id 123)`. */
  readonly what: string
  readonly hint: string
  /** What those who run the firewall ask for. */
  readonly supportId?: string | undefined
}

/** How much of a page is read, characters. */
const MAX_READ = 65_536
const HTML = /^\s*<(?:!--|!doctype html|html|head|body|title|center|h1)/i
const FIREWALL =
  /\b(?:firewall|waf\b|request rejected|url was rejected|access denied|(?:request|been) blocked|(?:attack|incident|support|ray) id)/i
const SUPPORT_ID =
  /\b(?:support|incident|attack|event|ray|request|reference|transaction|block|error)[ -]?(?:id|no|number|ref|reference|#)?(?: is)?\s{0,3}[:#=]\s{0,3}#?([\w.:-]{6,80})/i
const SUPPORT_HEADERS = ['cf-ray', 'x-azure-ref', 'x-amz-cf-id', 'x-iinfo', 'x-request-id']
const LOGIN = /log[ -]?in|sign[ -]?in|\bsso\b|saml|adfs|oauth2?\/|authorize|microsoftonline|\/auth\b/i
const LOGIN_PAGE = 'a login page stands before it'
const PASS_GATEWAY = 'let this machine past, or correct the address'

/** Undefined for what may be the endpoint's own answer. A page stands where the endpoint would have sent JSON or a token. */
export function foreignAnswer(answer: Answer, secret: string): ForeignAnswer | undefined {
  const { status, text, header } = answer
  // A redirect that a browser hides has the status 0.
  if (status < 200 || (status >= 300 && status < 400)) return redirect(answer)
  if (status === 407) return { what: 'the proxy answered 407', hint: PROXY_LOGIN }
  const start = withoutMark(text.slice(0, MAX_READ))
  const isHtml = HTML.test(start) || /\bhtml\b/i.test(header('content-type') ?? '')
  if (/^\s*[{["]/.test(start) || !(isHtml || FIREWALL.test(start))) return undefined
  const plain = start
    .replaceAll(/<[^>]{0,300}>/g, ' ')
    .replaceAll(/&#(\d{1,5});/g, (_, code) => String.fromCharCode(Number(code)))
  // Some answer 200 with their page.
  if (status === 403 || FIREWALL.test(plain)) return firewall(plain, answer, secret)
  if (status >= 500 && status !== 511)
    return { what: `the gateway before it answered ${status}`, hint: 'the server behind it is silent; try again later' }
  const who = LOGIN.test(plain)
    ? LOGIN_PAGE
    : 'a proxy, a gateway or the login of a network (captive portal) stands before it'
  return { what: `a web page answered ${status}`, hint: statusHint(status) ?? `${who}: ${PASS_GATEWAY}` }
}

/** A redirect is named by its host alone: the rest may hold a session. */
function redirect({ status, header, place }: Answer): ForeignAnswer {
  const location = header('location')?.slice(0, 2_000) ?? ''
  const host = URL.canParse(location, place) ? new URL(location, place).host : ''
  const never = `a redirect is never followed with a credential${location && host && ` (it leads to ${host})`}`
  const hint = LOGIN.test(location)
    ? `${LOGIN_PAGE}, and ${never}: ${PASS_GATEWAY}`
    : `${never}; set the address it should have`
  return { what: `a redirect (${status})`, hint }
}

function firewall(plain: string, { status, header }: Answer, secret: string): ForeignAnswer {
  const headed = SUPPORT_HEADERS.map((name) => header(name) ?? '').find((value) => /^[\w.:=+/-]{6,120}$/.test(value))
  const found = SUPPORT_ID.exec(plain)?.[1]?.replace(/[.:-]+$/, '') ?? headed
  const supportId = found && serverWords(found, secret)
  return {
    what: `a firewall answered ${status}${supportId ? ` (support id ${supportId})` : ''}`,
    hint: `have its operators let this request through${supportId ? ', and give them the support id' : ''}`,
    supportId,
  }
}

/** What a status says about the way to the server, where the answer has no OAuth error. */
export function statusHint(status: number): string | undefined {
  return STATUS_HINTS.find(([statuses]) => statuses.includes(status))?.[1]
}

const STATUS_HINTS: readonly (readonly [statuses: readonly number[], hint: string])[] = [
  [[404, 405, 421, 426], 'nothing is at this path, or it takes no such request: correct the address in the settings'],
  [[406, 411, 415], 'something in between changed the content-type or another header: look at the proxy'],
  [
    [413, 414, 431],
    'the request is too large for the server or a gateway: ask for fewer scopes and claims, or sign with a kid instead of a chain',
  ],
  [[451], 'the address is blocked in this network: have it opened'],
]
