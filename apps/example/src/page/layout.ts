/** What every page has: language, skip link, one main part, and no script. */
import { html } from 'hono/html'
import type { HtmlEscapedString } from 'hono/utils/html'
import type { Texts } from '../texts/texts.ts'

export type Html = HtmlEscapedString | Promise<HtmlEscapedString>

export interface Page {
  readonly texts: Texts
  readonly title: string
  /** The address of this page, without its language; `undefined` for one that cannot be asked for again. */
  readonly path: string | undefined
  readonly content: Html
}

export function layout({ texts, title, path, content }: Page): Html {
  const { otherLanguage } = texts
  return html`<!doctype html>
    <html lang="${texts.language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title} – ${texts.name}</title>
        <link rel="icon" href="/icon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/style.css" />
      </head>
      <body>
        <a class="skip" href="#main">${texts.skip}</a>
        <header>
          <nav aria-label="${texts.name}">
            <a class="name" href="${inLanguage('/', texts)}">${texts.name}</a>
            <a
              href="${path ?? '/'}?lang=${otherLanguage.language}"
              lang="${otherLanguage.language}"
              hreflang="${otherLanguage.language}"
              >${otherLanguage.name}</a
            >
          </nav>
          <p class="notice">${texts.notice}</p>
        </header>
        <main id="main" tabindex="-1">${content}</main>
        <footer><p>${texts.footer}</p></footer>
      </body>
    </html> `
}

/** Bokmål needs no mention. */
export function inLanguage(path: string, { language }: Texts): string {
  return language === 'nb' ? path : `${path}?lang=${language}`
}
