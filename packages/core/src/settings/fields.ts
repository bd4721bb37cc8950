/** The optional fields: scope, resource, organisation, switches. Each reads one thing, and reports what is wrong with it. */
import { isOrganisationNumber } from '../organisation-number.ts'
import { quote } from './quote.ts'
import type { Reading } from './lookup.ts'

/** .NET's: true or false in any case; `1` and `yes` throw there too. */
export function readSwitch(reading: Reading, names: readonly string[]): boolean {
  const found = reading.top(names, (text) => text.toLowerCase())
  const text = found?.text.toLowerCase()
  if (found !== undefined && text !== 'true' && text !== 'false') {
    reading.problem('CONFIG_BOOLEAN', found, `is ${quote(found.text)}. Use true or false.`)
  }
  return text === 'true'
}

/** RFC 6749 §3.3: separated by spaces. Sorted and without doubles, since the order means nothing. */
export function readScopes(reading: Reading): readonly string[] | undefined {
  const found = reading.topOf(['Scope', 'MASKINPORTEN_SCOPES'])
  if (found === undefined) return undefined
  const scopes = [...new Set(found.text.split(/\s+/))].toSorted()
  if (/[,;]/.test(found.text)) {
    reading.problem('CONFIG_SCOPE', found, 'separates scopes with commas. Use spaces: "a:b c:d".')
  }
  return scopes
}

/** RFC 8707 §2: an absolute URI without a fragment. */
export function readResource(reading: Reading): readonly string[] | undefined {
  const found = reading.top(['Resource'])
  if (found === undefined) return undefined
  const resources = found.text.split(/\s+/)
  if (resources.some((one) => !URL.canParse(one) || one.includes('#'))) {
    reading.problem(
      'CONFIG_RESOURCE',
      found,
      'must be an absolute URI without a fragment; Maskinporten answers invalid_target otherwise. Correct it.',
    )
  }
  return resources
}

export function readConsumerOrg(reading: Reading): string | undefined {
  const found = reading.top(['ConsumerOrgNo'])
  const org = found?.text.replace(/^0192:/, '')
  if (found !== undefined && org !== undefined && !isOrganisationNumber(org)) {
    reading.problem(
      'CONFIG_ORGNO',
      found,
      'is not a Norwegian organisation number. Use nine digits, with or without 0192: before them.',
    )
  }
  return org
}
