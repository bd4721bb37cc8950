/** Parts of which the views are made. */
import { withoutTokens } from '../http/log.ts'
import type { JsonObject } from '../json.ts'
import { shownJson } from '../shown-json.ts'
import { html, type Html } from './html.ts'
import type { Language } from './language.ts'
import type { Say } from './texts.ts'

export interface Speech {
  readonly language: Language
  readonly say: Say
}

/** Terms with what they are. One without a value is left out. */
export function terms(rows: readonly (readonly [term: string, value: Html | string | undefined])[]): Html {
  const shown = rows.filter(([, value]) => value !== undefined)
  return html`<dl>
    ${shown.map(
      ([term, value]) =>
        html`<div>
          <dt>${term}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`
}

export function list(items: readonly (Html | string)[]): Html {
  return html`<ul class="plain">
    ${items.map((item) => html`<li>${item}</li>`)}
  </ul>`
}

/** What a caller or the emulator wrote: in English, or in no language. */
export function verbatim(text: string): Html {
  return html`<span lang="en">${withoutTokens(text)}</span>`
}

export function code(text: string): Html {
  return html`<code>${withoutTokens(text)}</code>`
}

export function block(text: string): Html {
  return html`<pre>${withoutTokens(text)}</pre>`
}

/** `at`: milliseconds since the epoch. */
export function clockTime(at: number): Html {
  const iso = isoOf(at)
  return html`<time datetime="${iso}">${iso.slice(11, 19)}</time>`
}

export function date(at: number): string {
  return isoOf(at).slice(0, 10)
}

/** A clock may be set, and a claim may be, beyond what a Date can hold. */
function isoOf(at: number): string {
  const time = new Date(at)
  return Number.isNaN(time.getTime()) ? String(at) : time.toISOString()
}

/** Header and claims of a JWT, with its times in words. */
export function jwt(
  { header, claims }: { readonly header: JsonObject; readonly claims: JsonObject },
  { say }: Speech,
): Html {
  return html`<div class="jwt">
    <div>
      <h4>${say('header')}</h4>
      ${block(json(header))}
    </div>
    <div>
      <h4>${say('claims')}</h4>
      ${block(json(claims))}${timesOf(claims, say)}
    </div>
  </div>`
}

export function json(value: unknown): string {
  return shownJson(value, 2) ?? ''
}

function timesOf({ iat, exp }: JsonObject, say: Say): Html | undefined {
  if (typeof iat !== 'number' || typeof exp !== 'number') return undefined
  const words = say('seconds', { count: exp - iat })
  return html`<p class="note">iat ${clockTime(iat * 1000)}, exp ${clockTime(exp * 1000)}: ${words}</p>`
}
