/** Why a request was refused, who must act, and the way out. Which rule refused it stands in the line above. */
import type { RecordedRequest } from '../http/recorded-request.ts'
import { adviceFor, adviceForStatus } from './advice/advice.ts'
import { whoTexts } from './advice/row.ts'
import { html, type Html } from './html.ts'
import { type Speech, terms, verbatim } from './parts.ts'

/** `undefined` for a request that was not refused. */
export function refusalView({ refusal, status = 0 }: RecordedRequest, { say, language }: Speech): Html | undefined {
  if (!refusal) return undefined
  const { rule, reason, compared } = refusal
  const { who, why, wayOut } = adviceFor(rule) ?? adviceForStatus(status)
  return html`<div class="refusal">
    ${terms([
      [say('why'), why[language]],
      [say('whoMustAct'), html`<strong>${whoTexts[who][language]}</strong>`],
      [say('wayOut'), wayOut[language]],
      [say('emulatorSays'), verbatim(reason)],
    ])}
    ${
      compared &&
      html`<h3>${say('compared')}: ${verbatim(compared.of)}</h3>
        ${terms([
          [say('expected'), verbatim(compared.expected)],
          [say('received'), verbatim(compared.received)],
        ])}`
    }
  </div>`
}
