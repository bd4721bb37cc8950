/** What may be wrong with the text of an id: the client's, or a key's. */
import { looksLikeKey } from './key-shape.ts'
import { quote } from './quote.ts'
import type { Found, Reading } from './reading.ts'

/** Docker's `--env-file` and other readers keep the quotes of `NAME="value"`. */
export const unquoted = (text: string): string => /^(["'`])(.*)\1$/s.exec(text)?.[2]?.trim() ?? text

/** The id without quotes around it. */
export function readClientIdText(reading: Reading, found: Found): string {
  const text = unquoted(found.text)
  const wrong = (message: string): void => reading.problem('CONFIG_CLIENT_ID', found, message)
  warnOfQuotes(reading, found)
  const odd = /[^!-~]|["'`{}]/u.exec(text)?.[0]
  if (looksLikeKey(text)) wrong('looks like a key. Set it to the id of the client.')
  else if (/^(?:0192:)?\d{9}$/.test(text.replaceAll(/\s/g, '')))
    wrong('is an organisation number. Set it to the id of the client, which Samarbeidsportalen shows.')
  else if (/\s/.test(text)) wrong(`contains a space: ${quote(text)}. Remove it.`)
  else if (odd !== undefined) wrong(`contains ${nameOf(odd)}. Type the id anew.`)
  return text
}

/** A kid may be any text, but not one with characters that nobody sees. */
export function readKidText(reading: Reading, found: Found): string {
  const text = unquoted(found.text)
  warnOfQuotes(reading, found)
  const odd = /[\p{Cc}\p{Cf}]/u.exec(text)?.[0]
  if (odd !== undefined) reading.problem('CONFIG_KID', found, `contains ${nameOf(odd)}. Type the kid anew.`)
  return text
}

function warnOfQuotes(reading: Reading, found: Found): void {
  if (unquoted(found.text) !== found.text)
    reading.warn('CONFIG_QUOTES', found, 'has quotes around it; they were taken off. Set it without quotes.')
}

function nameOf(char: string): string {
  const code = `(U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')})`
  if (/[\p{Cc}\p{Cf}]/u.test(char)) return `a zero-width or other invisible character ${code}`
  if (/[\u2018-\u201F«»]/.test(char)) return `a curly quote ${code}`
  if (/[{}]/.test(char)) return 'a curly bracket'
  if (/["'`]/.test(char)) return 'a quote'
  return `${/\p{Pd}/u.test(char) ? 'a dash that is not a hyphen' : 'a character that no client id has'} ${code}`
}
