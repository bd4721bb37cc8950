/** A value in an error text: quoted only when it cannot be a secret that was pasted into the wrong place. */

import { escaped } from './http/answer-text.ts'

/** A shorter text is not a secret, nor a useful part of a key. */
const SHORTEST_SECRET = 8
/** A word, or a name as environments have it (`ver2`, `tt02`). An Entra secret and a key in base64 mix case and digits. */
const WORD = /^(?:[A-ZÆØÅ]?[a-zæøå]{1,12}|[A-ZÆØÅ]{1,8}|[a-z]{2,4}\d{1,2})$/
const MOST_WORDS = 2
const HOST = /^[a-z0-9.-]+(?::\d+)?$/
const PATH = /^(?:\/(?:[a-z]{1,15}|v\d{1,2}|\.well-known)?(?:-[a-z]{1,15}){0,3})*$/
const LONGEST_URL = 200

/**
 * Quotes a text that cannot be a secret; of any other text it gives only the length. Of a URL it gives the origin, and the
 * path too when that is made of plain words. It never gives user info, query or fragment.
 */
export function quote(text: string): string {
  if (text.length < SHORTEST_SECRET || isWords(text)) return escaped(JSON.stringify(text))
  const isUrl = text.length <= LONGEST_URL && /^https?:\/\//i.test(text) && URL.canParse(text)
  const url = isUrl ? new URL(text) : undefined
  if (url === undefined || !HOST.test(url.host)) return `a text of ${text.length} characters`
  const isBare = url.username + url.password + url.search + url.hash === '' && PATH.test(url.pathname)
  return JSON.stringify(isBare ? text : `${url.origin}/…`)
}

/** A client id in the form that Samarbeidsportalen gives it is not a secret, so it is quoted. */
export const quoteId = (text: string): string =>
  /^(?:[a-z]{1,8}_)?[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text) ? JSON.stringify(text) : quote(text)

function isWords(text: string): boolean {
  const words = text.split(/[ .|_-]/, MOST_WORDS + 1)
  return words.length <= MOST_WORDS && words.every((word) => WORD.test(word))
}
