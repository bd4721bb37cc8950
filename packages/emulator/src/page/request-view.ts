/** One request: a line that tells how it went, and behind it all that is known. */
import { STATUS_CODES } from 'node:http'
import { pathFor } from '../http/log.ts'
import type { RecordedRequest } from '../http/recorded-request.ts'
import { parseJsonObject } from '../json.ts'
import { exchangeView } from './exchange-view.ts'
import { html, type Html } from './html.ts'
import { block, clockTime, code, json, jwt, type Speech } from './parts.ts'
import { refusalView } from './refusal-view.ts'
import type { TextName } from './texts.ts'

export function requestView(request: RecordedRequest, speech: Speech): Html {
  const { id, at, method, target, path, refusal } = request
  const { kind, words } = outcomeOf(request, speech)
  return html`<li id="request-${id}">
    <details id="details-${id}">
      <summary>
        <span class="outcome ${kind}">${words}</span>
        <span class="what"
          >${method} ${pathFor(path)} ${refusal && html`<span class="rule">${code(refusal.rule)}</span>`}</span
        >
        <span class="for">${target}</span>
        ${clockTime(at)}
      </summary>
      <div class="inside">
        ${refusalView(request, speech)} ${answerView(request, speech)} ${exchangeView(request, speech)}
        ${tokensView(request, speech)}
      </div>
    </details>
  </li> `
}

/** Of a rule that does not make the answer an error. Another one left something out. */
const partly: Readonly<Record<string, TextName>> = { texas_inactive: 'inactive', fault: 'ordered' }

export function outcomeOf(
  { status, refusal }: RecordedRequest,
  { say }: Speech,
): { readonly kind: 'refused' | 'partly' | 'open' | 'accepted'; readonly words: string } {
  if (status === undefined) return { kind: refusal ? 'refused' : 'open', words: say('unanswered') }
  if (status >= 500) return { kind: 'refused', words: `${status} ${say('failed')}` }
  if (refusal && status < 400) return { kind: 'partly', words: `${status} ${say(partly[refusal.rule] ?? 'partly')}` }
  if (refusal) return { kind: 'refused', words: `${status} ${say('refused')}` }
  if (status >= 400) return { kind: 'open', words: `${status} ${say('challenged')}` }
  return { kind: 'accepted', words: `${status} ${say('accepted')}` }
}

function answerView({ status, answer }: RecordedRequest, { say }: Speech): Html | undefined {
  if (status === undefined || answer?.body === undefined) return undefined
  const { body } = answer
  const parsed = parseJsonObject(body)
  const shown = parsed ? json(parsed) : body
  return html`<h3>${say('answer')}: ${status} <span lang="en">${STATUS_CODES[status]}</span></h3>
    ${body === '' ? html`<p class="note">${say('emptyBody')}</p>` : block(shown)}`
}

function tokensView({ grant, bearer, answer }: RecordedRequest, speech: Speech): readonly Html[] {
  const { say } = speech
  const views: Html[] = []
  if (grant)
    views.push(
      html`<h3>${say('assertion')}</h3>
        <p class="note">${say('unverified')}</p>
        ${jwt(grant, speech)}`,
    )
  if (bearer)
    views.push(
      html`<h3>${say('bearer')}</h3>
        ${jwt(bearer, speech)}`,
    )
  if (answer?.token)
    views.push(
      html`<h3>${say('issued')}</h3>
        ${jwt(answer.token, speech)}`,
    )
  return views
}
