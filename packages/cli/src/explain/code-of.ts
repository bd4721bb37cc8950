/** Under which name the catalogue has an error: the anchor on the pages of errors. */
import type { MaskinportenError } from '@maskinporten-kit/core'
import { explanationOf } from '../catalogue/explanation.ts'
import { findCodes } from './find-codes.ts'

/** The finest name that is there; a `detail` may be the name of a field, and a refusal without a code is known by its words. */
export function codeOf({ code, detail, mpCode, oauthError, description }: MaskinportenError): string {
  const answer = JSON.stringify({ error: oauthError, error_description: description, code: mpCode })
  const named = [...(oauthError === undefined ? [] : findCodes(answer).explanations), explanationOf(detail ?? '')]
  return named.find((one) => one !== undefined)?.code ?? code
}
