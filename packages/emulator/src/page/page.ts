/** The whole page, made on the server. */
import type { Emulator } from '../emulator.ts'
import type { RecordedRequest } from '../http/recorded-request.ts'
import type { Client } from '../maskinporten/clients.ts'
import { type Approvals, approvalsView } from './approvals.ts'
import { clientsView } from './clients-view.ts'
import { html, type Html } from './html.ts'
import { code, type Speech, terms } from './parts.ts'
import { outcomeOf, requestView } from './request-view.ts'

/** How many requests are shown. */
export const shownRequests = 50

export interface PageContent {
  /** Newest first. */
  readonly requests: readonly RecordedRequest[]
  readonly onlyRefused: boolean
  readonly clients: readonly Client[]
  readonly approvals: Approvals
  /** Milliseconds since the epoch, by the emulator's clock. */
  readonly now: number
  readonly addresses: Pick<Emulator, AddressName>
}

type AddressName = 'maskinporten' | 'altinn' | 'register' | 'selfService' | 'keyVault' | 'entra' | 'texas' | 'control'

export function page(content: PageContent, speech: Speech): Html {
  const { language, say } = speech
  const other = language === 'en' ? 'nb' : 'en'
  return html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${say('title')}</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="/page/style.css" />
        <script src="/page/script.js" defer></script>
      </head>
      <body>
        <a class="skip" href="#requests">${say('skip')}</a>
        <header>
          <h1>${say('title')}</h1>
          <p class="note">${say('clock')} ${say('notAffiliated')}</p>
          <p><a href="${addressOf(content, other)}" lang="${other}" hreflang="${other}">${say('otherLanguage')}</a></p>
          <p class="note" role="status" id="live" data-live="${say('live')}" data-lost="${say('lost')}">
            ${say('notLive')}
          </p>
        </header>
        <main id="content">${mainView(content, speech)}</main>
      </body>
    </html> `
}

/** What changes while somebody looks. */
function mainView(content: PageContent, speech: Speech): Html {
  const { say } = speech
  return html`<section id="requests" aria-labelledby="requests-title">${requestsView(content, speech)}</section>
    <div class="beside">
      <section id="addresses" aria-labelledby="addresses-title">${addressesView(content, speech)}</section>
      <section id="clients" aria-labelledby="clients-title">
        <h2 id="clients-title">${say('clients')}</h2>
        ${clientsView(content.clients, content.now, speech)}
      </section>
      ${approvalsView(content.approvals, speech)}
    </div>`
}

function addressOf({ onlyRefused }: PageContent, language: string, refused = onlyRefused): string {
  return `/?lang=${language}${refused ? '&show=refused' : ''}`
}

function requestsView(content: PageContent, speech: Speech): Html {
  const { requests, onlyRefused } = content
  const { say, language } = speech
  const kinds = requests.map((request) => outcomeOf(request, speech).kind)
  const refused = kinds.filter((kind) => kind === 'refused').length
  const remarked = kinds.filter((kind) => kind === 'partly').length
  const choice = (name: 'all' | 'onlyRefused', only: boolean): Html => {
    const href = addressOf(content, language, only)
    return only === onlyRefused
      ? html`<a href="${href}" aria-current="true">${say(name)}</a>`
      : html`<a href="${href}">${say(name)}</a>`
  }
  return html`<h2 id="requests-title">${say('requests')}</h2>
    <p>
      ${say('counted', { shown: requests.length, refused })}${remarked === 0 ? '' : `, ${say('remarked', { count: remarked })}`}.
      <span class="note">${say('newestFirst', { limit: shownRequests })}</span>
    </p>
    <nav aria-label="${say('filter')}">${choice('all', false)} ${choice('onlyRefused', true)}</nav>
    ${
      requests.length === 0
        ? html`<p>${say(onlyRefused ? 'noRefusals' : 'noRequests')}</p>`
        : html`<ul class="requests" data-list>
            ${requests.map((request) => requestView(request, speech))}
          </ul>`
    }`
}

function addressesView({ addresses }: PageContent, { say }: Speech): Html {
  const { maskinporten, altinn, register, selfService, keyVault, entra, texas, control } = addresses
  return html`<h2 id="addresses-title">${say('addresses')}</h2>
    ${terms([
      ['Maskinporten', code(maskinporten.issuer)],
      ['Altinn', code(altinn.url)],
      [say('register'), code(register.url)],
      [say('selfService'), code(selfService.url)],
      ['Key Vault', code(keyVault.url)],
      ['Entra ID', code(entra.url)],
      ['Texas', code(texas.url)],
      [say('controls'), html`${code(control.url)}<br /><a href="/__emulator/openapi.json">${say('described')}</a>`],
    ])}`
}
