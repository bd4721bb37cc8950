/** The citizen's form. */
import { html } from 'hono/html'
import { type AdapterName, adapterNames } from '../arguments.ts'
import { type FormError, type FormField, type FormText, measureLimit } from '../form.ts'
import type { Texts } from '../texts/texts.ts'
import { type Html, inLanguage, layout } from './layout.ts'

export interface FormPage {
  readonly texts: Texts
  readonly text: FormText
  readonly adapter: AdapterName
  readonly errors: ReadonlyMap<FormField, FormError>
  /** Shows that the form is ours; good for one application. */
  readonly token: string
}

const fields: readonly FormField[] = ['person', 'measure', 'amount']

export function formPage(page: FormPage): Html {
  const { texts, errors, token, adapter } = page
  const words = texts.form
  const title = errors.size > 0 ? words.errorPrefix + words.title : words.title
  const content = html` <h1>${words.title}</h1>
    ${errors.size > 0 ? errorSummary(page) : ''}
    <p>${words.intro}</p>
    <form method="post" action="${inLanguage('/', texts)}" novalidate>
      <p>${words.allRequired}</p>
      <input type="hidden" name="token" value="${token}" />
      ${fields.map((name) => field(page, name))}
      <fieldset aria-describedby="adapter-hint">
        <legend>${words.adapter}</legend>
        <p class="hint" id="adapter-hint">${words.adapterHint}</p>
        ${adapterNames.map(
          (name) =>
            html`<label class="choice"
              ><input type="radio" name="adapter" value="${name}" ${name === adapter ? 'checked' : ''} />
              ${words.adapters[name]}</label
            >`,
        )}
      </fieldset>
      <button type="submit">${words.send}</button>
    </form>`
  return layout({ texts, title, path: '/', content })
}

/** Takes the focus without a script, so that it is the first thing read. */
function errorSummary({ texts, errors }: FormPage): Html {
  const words = texts.form
  return html`<div class="errors" role="group" aria-labelledby="errors-title" tabindex="-1" autofocus>
    <h2 id="errors-title">${words.errorTitle}</h2>
    <ul>
      ${[...errors].map(([name, error]) => html`<li><a href="#${name}">${words.errors[name][error]}</a></li>`)}
    </ul>
  </div>`
}

function field({ texts, text, errors }: FormPage, name: FormField): Html {
  const words = texts.form
  const error = errors.get(name)
  const described = error === undefined ? `${name}-hint` : `${name}-hint ${name}-error`
  const invalid = error === undefined ? '' : html`aria-invalid="true"`
  return html`<div class="field">
    <label for="${name}">${words.labels[name]}</label>
    <p class="hint" id="${name}-hint">${words.hints[name]}</p>
    ${error === undefined ? '' : html`<p class="error" id="${name}-error">${words.errorPrefix}${words.errors[name][error]}</p>`}
    ${
      name === 'measure'
        ? html`<textarea
            id="${name}"
            name="${name}"
            rows="4"
            maxlength="${measureLimit}"
            required
            aria-describedby="${described}"
            ${invalid}
          >
${text[name]}</textarea>`
        : html`<input
            id="${name}"
            name="${name}"
            value="${text[name]}"
            inputmode="numeric"
            autocomplete="off"
            required
            aria-describedby="${described}"
            ${invalid}
          />`
    }
  </div>`
}
