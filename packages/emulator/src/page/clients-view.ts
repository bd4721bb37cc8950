/** The clients that Maskinporten knows: what a grant can be signed for. */
import type { Client, RegisteredKey } from '../maskinporten/clients.ts'
import { html, type Html } from './html.ts'
import { code, date, list, type Speech, terms } from './parts.ts'

/** `now`: milliseconds since the epoch, by the emulator's clock. */
export function clientsView(clients: readonly Client[], now: number, { say }: Speech): Html {
  const keyOf = ({ jwk, expiresAt }: RegisteredKey): Html => {
    const ended = expiresAt <= now
    const words = say(ended ? 'ended' : 'ends', { date: date(expiresAt) })
    return html`${code(jwk.kid)} <span class="until ${ended ? 'refused' : 'note'}">${words}</span>`
  }
  const one = ({ clientId, orgNumber, scopes, keys, active }: Client): Html =>
    html`<li id="client-${clientId}" class="card">
      <h3>${code(clientId)}</h3>
      ${terms([
        [
          say('state'),
          html`<span class="${active ? 'accepted' : 'refused'}">${say(active ? 'active' : 'deactivated')}</span>`,
        ],
        [say('organisation'), orgNumber],
        [say('scopes'), list([...scopes].map(code))],
        [say('keys'), keys.size === 0 ? say('noKey') : list([...keys.values()].map(keyOf))],
      ])}
    </li> `
  return clients.length === 0
    ? html`<p>${say('noClients')}</p>`
    : html`<ul class="cards" data-list>
        ${clients.map(one)}
      </ul>`
}
