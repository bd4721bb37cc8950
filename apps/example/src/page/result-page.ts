/** The citizen's receipt, and the panel that shows what it took. */
import { html } from 'hono/html'
import type { Texts } from '../texts/texts.ts'
import type { Step, Trace } from '../trace.ts'
import { type Html, inLanguage, layout } from './layout.ts'
import { stepDetails } from './step-details.ts'

export interface ResultPage {
  readonly texts: Texts
  readonly trace: Trace
  readonly path: string
}

export function resultPage({ texts, trace, path }: ResultPage): Html {
  const words = texts.result
  const title = trace.failure === undefined ? words.received : words.failed
  const content = html` <h1>${title}</h1>
    ${receipt(trace, texts)}
    <section aria-labelledby="panel">
      <h2 id="panel">${words.panel}</h2>
      <p>${words.panelIntro(trace.adapter)}</p>
      <ol class="steps">
        ${trace.steps.map((step) => stepItem(step, texts))}
        ${
          trace.failure === undefined
            ? ''
            : html`<li>
                <h3>${words.step[trace.failure.id]}</h3>
                <p class="meta"><strong class="failed">${words.notDone}</strong></p>
                <p class="sentence" lang="en">${trace.failure.sentence}</p>
              </li>`
        }
      </ol>
    </section>
    <p><a href="${inLanguage('/', texts)}">${words.another}</a></p>`
  return layout({ texts, title, path, content })
}

function receipt({ steps }: Trace, { result }: Texts): Html {
  const form = steps.find((step) => step.id === 'form')
  const register = steps.find((step) => step.id === 'register')
  const word = register !== undefined && 'word' in register ? register.word : undefined
  return html`<div class="receipt">
    ${form === undefined ? '' : html`<p>${result.reference(form.instance)}</p>`}
    ${word === undefined ? '' : html`<p>${result.notification(word)}</p>`}
  </div>`
}

function stepItem(step: Step, texts: Texts): Html {
  const words = texts.result
  return html`<li>
    <h3>${words.step[step.id]}</h3>
    <p class="meta"><strong>${words.done}</strong> · ${texts.ms(step.ms)} ms${freshness(step, texts)}</p>
    <p class="what">${texts.what(step)}</p>
    <details>
      <summary>${words.details}<span class="hidden">: ${words.step[step.id]}</span></summary>
      ${stepDetails(step, texts)}
    </details>
  </li>`
}

function freshness(step: Step, { result }: Texts): string {
  if (step.id === 'form') return ''
  const words = step.id === 'settings' ? result.freshness : result.tokenFreshness
  return ` · ${words[step.freshness]}`
}
