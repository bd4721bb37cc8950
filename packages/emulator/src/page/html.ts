/** HTML from templates: every value is escaped, but for what such a template made itself. */

export class Html {
  readonly text: string

  constructor(parts: TemplateStringsArray, values: readonly HtmlValue[]) {
    this.text = parts.reduce((text, part, at) => `${text}${escaped(values[at - 1])}${part}`)
  }
}

/** `undefined` is nothing. A list is its items, one after the other. */
export type HtmlValue = Html | string | number | undefined | readonly HtmlValue[]

/** Values in attributes stand between double quotes. */
export function html(parts: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  return new Html(parts, values)
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escaped(value: HtmlValue): string {
  if (value === undefined) return ''
  if (value instanceof Html) return value.text
  if (typeof value === 'object') return value.map(escaped).join('')
  return String(value).replaceAll(/[&<>"']/g, (sign) => entities[sign] ?? sign)
}
