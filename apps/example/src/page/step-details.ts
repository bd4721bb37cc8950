/** What stands behind a step: settings, grant, claims, the exchange's difference, the call. Never a token. */
import { html } from 'hono/html'
import { tokenNames } from '../texts/token-names.ts'
import type { Texts } from '../texts/texts.ts'
import type { CallStep, ExchangeStep, FormStep, SettingsStep, Step, TokenStep } from '../trace.ts'
import type { Html } from './layout.ts'

export function stepDetails(step: Step, texts: Texts): Html {
  if ('status' in step) return call(step, texts)
  switch (step.id) {
    case 'form':
      return form(step, texts)
    case 'settings':
      return settings(step, texts)
    case 'token':
      return token(step, texts)
    case 'exchange':
      return exchange(step, texts)
  }
}

function form({ instance, event }: FormStep, { result }: Texts): Html {
  return list([
    [result.instance, instance],
    [result.event, event],
  ])
}

function settings(step: SettingsStep, { result }: Texts): Html {
  return html`<h4>${result.settings}</h4>
    <dl class="settings">
      ${step.settings.map(
        ({ key, value, origin }) =>
          html`<dt>${key}</dt>
            <dd><code>${value}</code><br />${result.from} <span lang="en">${origin}</span></dd>`,
      )}
    </dl>`
}

function token({ grant, claims }: TokenStep, { result }: Texts): Html {
  const sent =
    grant === undefined
      ? html`<p>${result.noGrant}</p>`
      : html`<h4>${result.grantHeader}</h4>
          ${list(Object.entries(grant.header))}
          <h4>${result.grantClaims}</h4>
          ${list(Object.entries(grant.claims))}
          <p>${result.signature}</p>`
  const entries = Object.entries(claims)
  return html`${sent}
    <h4>${result.tokenClaims}</h4>
    ${entries.length > 0 ? list(entries) : html`<p>${result.noClaims}</p>`}`
}

function exchange({ difference }: ExchangeStep, { result }: Texts): Html {
  const { added, removed, changed, kept } = difference
  const part = (title: string, entries: readonly (readonly [string, unknown])[]): Html =>
    html`<h4>${title}</h4>
      ${entries.length > 0 ? list(entries) : html`<p>${result.nothing}</p>`}`
  return html`${part(result.added, Object.entries(added))} ${part(result.removed, Object.entries(removed))}
    <h4>${result.changed}</h4>
    <dl>
      ${Object.entries(changed).map(
        ([name, { before, after }]) =>
          html`<dt>${name}</dt>
            <dd><code>${shown(name, before)}</code> ${result.became} <code>${shown(name, after)}</code></dd>`,
      )}
    </dl>
    <h4>${result.kept}</h4>
    <p>${kept.join(', ')}</p>`
}

function call(step: CallStep, { result }: Texts): Html {
  return list([
    [result.call, `${step.method} ${step.url}`],
    [result.status, String(step.status)],
    [result.token, `${tokenNames[step.kind]}, ${result.tokenFreshness[step.freshness]}`],
  ])
}

function list(entries: readonly (readonly [string, unknown])[]): Html {
  return html`<dl>
    ${entries.map(
      ([name, value]) =>
        html`<dt>${name}</dt>
          <dd><code>${shown(name, value)}</code></dd>`,
    )}
  </dl>`
}

/** RFC 7519 §2, NumericDate: seconds, which nobody reads. */
const times: readonly string[] = ['iat', 'exp', 'nbf']

function shown(name: string, value: unknown): string {
  if (times.includes(name) && typeof value === 'number') return `${value} (${new Date(value * 1000).toISOString()})`
  return typeof value === 'string' ? value : JSON.stringify(value)
}
