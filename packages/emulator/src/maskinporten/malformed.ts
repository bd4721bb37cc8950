/** What is wrong with an assertion that MP-011 refuses: the first thing, in the order in which a grant is read. */
import { isJsonObject, isStringArray } from '../json.ts'
import { readCompactJws } from '../tokens/jws.ts'
import { type Comparison, oneOf, shortly } from '../tokens/verify-token.ts'

type Fits = (value: unknown) => boolean

const isText: Fits = (value) => typeof value === 'string' && value.trim() !== ''
const isSeconds: Fits = (value) => typeof value === 'number' && Number.isFinite(value)
const optional =
  (fits: Fits): Fits =>
  (value) =>
    value === undefined || fits(value)
const matches =
  (form: RegExp): Fits =>
  (value) =>
    typeof value === 'string' && form.test(value)
const isDetails: Fits = (value) => Array.isArray(value) && value.length > 0 && value.every(isJsonObject)
const isTextOrTexts: Fits = (value) => typeof value === 'string' || isStringArray(value)

const claimForms: readonly (readonly [name: string, expected: string, fits: Fits])[] = [
  ['scope', 'scopes as one text, separated by spaces', isText],
  ['iss', 'the client id as text', isText],
  ['aud', 'a text', isTextOrTexts],
  ['iat', 'a number of seconds', isSeconds],
  ['exp', 'a number of seconds', isSeconds],
  ['jti', 'a text', optional(matches(/./))],
  ['resource', 'a text, or a list of texts', optional(isTextOrTexts)],
  ['consumer_org', 'nine digits', optional(matches(/^\d{9}$/))],
  ['pid', 'eleven digits', optional(matches(/^\d{11}$/))],
  ['iss_onbehalfof', 'a text', optional(matches(/./))],
  ['authorization_details', 'a list of objects', optional(isDetails)],
]

/** `undefined` when nothing is. The assertion itself is never repeated. */
export function malformedIn(assertion: string, algorithms: readonly string[]): Comparison | undefined {
  const jws = readCompactJws(assertion)
  if (!jws)
    return { of: 'assertion', expected: 'a compact JWS: three parts of base64url', received: shapeOf(assertion) }
  const { header, claims } = jws
  const { alg, kid } = header
  if (typeof alg !== 'string' || !algorithms.includes(alg)) {
    return { of: 'alg', expected: oneOf(algorithms), received: shortly(alg) }
  }
  if (kid !== undefined && typeof kid !== 'string') return { of: 'kid', expected: 'a text', received: shortly(kid) }
  const wrong = claimForms.find(([name, , fits]) => !fits(claims[name]))
  return wrong && { of: wrong[0], expected: wrong[1], received: shortly(claims[wrong[0]]) }
}

function shapeOf(assertion: string): string {
  const parts = assertion.split('.').length
  if (/\s/.test(assertion)) return 'a text with spaces or line breaks'
  return parts === 3
    ? 'three parts, one of which is not base64url of a JSON object'
    : `a text of ${parts} part${parts === 1 ? '' : 's'}`
}
