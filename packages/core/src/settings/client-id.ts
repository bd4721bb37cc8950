/** What may be wrong with the text of an id: the client's, or a key's. */
import { looksLikeKey } from '../keys/look-alikes.ts'
import { quote } from './quote.ts'
import type { Found, Reading } from './lookup.ts'

/** Docker's `--env-file` and other readers keep the quotes of `NAME="value"`. */
export const unquoted = (text: string): string => /^(["'`])(.*)\1$/s.exec(text)?.[2]?.trim() ?? text

export function readClientIdText(reading: Reading, found: Found): string {
  const text = readIdText(reading, found)
  const wrong = (message: string): void => reading.problem('CONFIG_CLIENT_ID', found, message)
  if (looksLikeKey(text)) wrong('looks like a key. Set it to the id of the client.')
  else if (/^(?:0192:)?\d{9}$/.test(text.replaceAll(/\s/g, '')))
    wrong('is an organisation number. Set it to the id of the client, which Samarbeidsportalen shows.')
  else if (/\s/.test(text)) wrong(`contains a space: ${quote(text)}. Remove it.`)
  else refuseOdd(reading, found, 'CONFIG_CLIENT_ID', /[^!-~]|["'`{}]/u.exec(text)?.[0])
  return text
}

/** A kid may be any text, but not one with characters that nobody sees. */
export function readKidText(reading: Reading, found: Found): string {
  const text = readIdText(reading, found)
  refuseOdd(reading, found, 'CONFIG_KID', /[\p{Cc}\p{Cf}]/u.exec(text)?.[0])
  return text
}

function readIdText(reading: Reading, found: Found): string {
  const text = unquoted(found.text)
  if (text !== found.text) reading.warn('CONFIG_QUOTES', found, 'has quotes around it; they were taken off.')
  return text
}

function refuseOdd(reading: Reading, found: Found, code: string, odd: string | undefined): void {
  if (odd === undefined) return
  const kind = /[\p{Cc}\p{Cf}]/u.test(odd)
    ? 'a zero-width or other invisible'
    : /\p{P}/u.test(odd)
      ? 'a curly or other special'
      : 'an odd'
  const point = odd.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')
  reading.problem(code, found, `contains ${kind} character (U+${point}). Type it anew.`)
}
