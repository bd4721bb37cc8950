/** System users and consents on the page, and the forms that approve and revoke them, as a customer does in Altinn. */
import type { Context } from 'hono'
import type { EmulatedMaskinporten } from '../emulator.ts'
import { problem } from '../http/problem.ts'
import { readBody } from '../http/read-body.ts'
import type { ServiceEnv } from '../http/service.ts'
import { html, type Html } from './html.ts'
import { code, date, type Speech, terms } from './parts.ts'
import type { TextName } from './texts.ts'

/** The controls that the forms use, and those that list what there is. */
export type Approvals = Pick<EmulatedMaskinporten, 'systemUsers' | 'consents' | (typeof actions)[number]>

const actions: readonly ['approveSystemUser', 'revokeSystemUser', 'approveConsent', 'revokeConsent'] = [
  'approveSystemUser',
  'revokeSystemUser',
  'approveConsent',
  'revokeConsent',
]

export function approvalsView(approvals: Approvals, speech: Speech): Html {
  const { say } = speech
  const systemUsers = approvals.systemUsers().map((one) =>
    card(
      `system-user-${one.systemUserId}`,
      one.systemUserId,
      [
        [say('state'), stateOf(one.approved, speech)],
        [say('customer'), one.orgNumber],
        [say('system'), code(one.systemId)],
        [say('reference'), one.externalRef === undefined ? undefined : code(one.externalRef)],
        [say('clients'), html`${one.clientIds.map((id) => html`${code(id)} `)}`],
      ],
      form('SystemUser', one.systemUserId, one.approved, speech),
    ),
  )
  const consents = approvals.consents().map((one) =>
    card(
      `consent-${one.id}`,
      one.id,
      [
        [say('state'), stateOf(one.approved, speech)],
        [say('givenBy'), code(one.from)],
        [say('givenTo'), one.to],
        [say('validTo'), date(one.validTo)],
      ],
      form('Consent', one.id, one.approved, speech),
    ),
  )
  return html`${listed('system-users', 'systemUsers', 'noSystemUsers', systemUsers, speech)}
  ${listed('consents', 'consents', 'noConsents', consents, speech)}`
}

function listed(id: string, title: TextName, none: TextName, cards: readonly Html[], { say }: Speech): Html {
  return html`<section id="${id}" aria-labelledby="${id}-title">
    <h2 id="${id}-title">${say(title)}</h2>
    ${
      cards.length === 0
        ? html`<p>${say(none)}</p>`
        : html`<ul class="cards" data-list>
            ${cards}
          </ul>`
    }
  </section> `
}

function card(id: string, name: string, rows: Parameters<typeof terms>[0], action: Html): Html {
  return html`<li id="${id}" class="card">
    <h3>${code(name)}</h3>
    ${terms(rows)} ${action}
  </li> `
}

function stateOf(approved: boolean, { say }: Speech): Html {
  return html`<span class="${approved ? 'accepted' : 'refused'}">${say(approved ? 'approved' : 'notApproved')}</span>`
}

type Kind = 'SystemUser' | 'Consent'

function form(kind: Kind, id: string, approved: boolean, { say, language }: Speech): Html {
  const action = approved ? 'revoke' : 'approve'
  return html`<form method="post" action="/page/approvals">
    <input type="hidden" name="lang" value="${language}" />
    <input type="hidden" name="id" value="${id}" />
    <button name="action" value="${action}${kind}">${say(action)} <span class="hidden">${id}</span></button>
  </form>`
}

/** Bytes: a form of the page has a fraction of it. */
const longestForm = 64 * 1024

/** @throws TypeError for one that is not there. */
export async function takeForm(c: Context<ServiceEnv>, approvals: Approvals): Promise<Response> {
  if (!isOwnForm(c)) return problem(403, 'Forbidden', 'Only a form of the page is taken here; use the controls.')
  const fields = new URLSearchParams(await readBody(c.env.incoming, longestForm))
  const action = actions.find((one) => one === fields.get('action'))
  if (!action) return problem(400, 'Bad Request', `\`action\` must be one of: ${actions.join(', ')}.`)
  approvals[action](fields.get('id') ?? '')
  const place = action.endsWith('Consent') ? 'consents' : 'system-users'
  const language = fields.get('lang') === 'nb' ? 'nb' : 'en'
  // Another request, so that reloading the page sends no form again.
  return new Response(null, { status: 303, headers: { location: `/?lang=${language}#${place}` } })
}

/** A page from elsewhere may send a form here, too: the browser then says so, in `Origin` and in `Sec-Fetch-Site`. */
function isOwnForm(c: Context<ServiceEnv>): boolean {
  const origin = c.req.header('origin') ?? ''
  const site = c.req.header('sec-fetch-site') ?? 'same-origin'
  return site === 'same-origin' && URL.canParse(origin) && new URL(origin).host === c.req.header('host')?.toLowerCase()
}
