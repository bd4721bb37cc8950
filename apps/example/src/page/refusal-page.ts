import { html } from 'hono/html'
import type { Texts } from '../texts/texts.ts'
import { type Html, inLanguage, layout } from './layout.ts'

export type Refusal = Exclude<keyof Texts['refused'], 'title' | 'back'>

export function refusalPage(texts: Texts, why: Refusal): Html {
  const { refused } = texts
  const content = html` <h1>${refused.title}</h1>
    <p>${refused[why]}</p>
    <p><a href="${inLanguage('/', texts)}">${refused.back}</a></p>`
  return layout({ texts, title: refused.title, path: undefined, content })
}
