/** The settings that are plain text: ids, scope, resource, organisation, switches. Each function reads one, and reports what is wrong with it. */
import { isOrganisationNumber } from '../organisation-number.ts'
import { looksLikeKey } from '../keys/look-alikes.ts'
import { quote } from '../quote.ts'
import type { Found, Lookup } from './lookup.ts'

/** As in .NET: true or false in any case. .NET also throws on `1` and `yes`. */
export function readSwitch(lookup: Lookup, names: readonly string[]): boolean {
  const found = lookup.highestOfEach(names, (text) => text.toLowerCase())
  const text = found?.text.toLowerCase()
  if (found !== undefined && text !== 'true' && text !== 'false') {
    lookup.problem('CONFIG_BOOLEAN', found, `is ${quote(found.text)}. Use true or false.`)
  }
  return text === 'true'
}

/** Separated by spaces ([RFC 6749 §3.3](https://www.rfc-editor.org/rfc/rfc6749#section-3.3)). Sorted and without doubles, since the order means nothing. */
export function readScopes(lookup: Lookup): readonly string[] | undefined {
  const found = lookup.highest(['Scope', 'MASKINPORTEN_SCOPES'])
  if (found === undefined) return undefined
  const scopes = [...new Set(found.text.split(/\s+/))].toSorted()
  if (/[,;]/.test(found.text)) {
    lookup.problem('CONFIG_SCOPE', found, 'separates scopes with commas. Use spaces: "a:b c:d".')
  }
  return scopes
}

/** Absolute URIs without a fragment ([RFC 8707 §2](https://www.rfc-editor.org/rfc/rfc8707#section-2)). */
export function readResource(lookup: Lookup): readonly string[] | undefined {
  const found = lookup.highest(['Resource'])
  if (found === undefined) return undefined
  const resources = found.text.split(/\s+/)
  if (resources.some((one) => !URL.canParse(one) || one.includes('#'))) {
    lookup.problem(
      'CONFIG_RESOURCE',
      found,
      'must be an absolute URI without a fragment; Maskinporten answers invalid_target otherwise. Correct it.',
    )
  }
  return resources
}

export function readConsumerOrg(lookup: Lookup): string | undefined {
  const found = lookup.highest(['ConsumerOrgNo'])
  const org = found?.text.replace(/^0192:/, '')
  if (found !== undefined && org !== undefined && !isOrganisationNumber(org)) {
    lookup.problem(
      'CONFIG_ORGNO',
      found,
      `is ${quote(found.text)}, which is not an organisation number (wrong length or check digit). Set it to the nine digits of the organisation that has delegated to yours. If none has, delete ${lookup.name('ConsumerOrgNo')}.`,
    )
  }
  return org
}

/** Docker's `--env-file` and other readers keep the quotes of `NAME="value"`. Two pairs are taken off, as of `"'value'"`. */
export const unquoted = (text: string): string => withoutPair(withoutPair(text))
const withoutPair = (text: string): string => /^(["'`])(.*)\1$/s.exec(text)?.[2]?.trim() ?? text

export function readClientIdText(lookup: Lookup, found: Found): string {
  const { text } = found
  const wrong = (message: string): void => lookup.problem('CONFIG_CLIENT_ID', found, message)
  if (looksLikeKey(text)) wrong('looks like a key. Set it to the id of the client.')
  else if (/^(?:0192:)?\d{9}$/.test(text.replaceAll(/\s/g, '')))
    wrong('is an organisation number. Set it to the id of the client, which Samarbeidsportalen shows.')
  else if (/\s/.test(text)) wrong(`contains a space: ${quote(text)}. Remove it.`)
  else refuseOdd(lookup, found, 'CONFIG_CLIENT_ID', /[^!-~]|["'`{}]/u.exec(text)?.[0])
  return text
}

/** A kid may be any text but a key, which Maskinporten would be sent, and text with characters that nobody sees. */
export function readKidText(lookup: Lookup, found: Found): string {
  const { text } = found
  if (looksLikeKey(text, true))
    lookup.problem(
      'CONFIG_KID',
      found,
      'looks like a key. Set it to the kid that Samarbeidsportalen shows beside the key.',
    )
  else refuseOdd(lookup, found, 'CONFIG_KID', /[\p{Cc}\p{Cf}]/u.exec(text)?.[0])
  return text
}

function refuseOdd(lookup: Lookup, found: Found, code: string, odd: string | undefined): void {
  if (odd === undefined) return
  const kind = /[\p{Cc}\p{Cf}]/u.test(odd)
    ? 'a zero-width or other invisible'
    : /\p{P}/u.test(odd)
      ? 'a curly or other special'
      : 'an odd'
  const point = odd.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')
  lookup.problem(code, found, `contains ${kind} character (U+${point}). Write the value again by hand.`)
}
