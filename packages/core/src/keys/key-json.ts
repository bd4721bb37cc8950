/** JSON that holds a key: as it is, with backslashes or line breaks that a shell or a reader left in, or in other JSON. */
import { refuse } from './key-refusal.ts'

/** A private RSA key as text is longer, in whichever form; ids, addresses and public keys are shorter. */
const SHORTEST_TEXT = 1000
const MAX_DEPTH = 4

/** V8's own error quotes up to ten characters: it is never shown. `taken`: what had to be taken out. */
export function parseKeyJson(text: string, isDecoded: boolean, taken: Set<string>): unknown {
  const json = parsed(text)
  if (json !== undefined) return json
  const mended = text
    .replaceAll(/\\+[nrt]?|[^\S ]+/g, '')
    .replaceAll(/[“”„‟]/g, '"')
    .replace(/[,;]$/, '')
  const rest = parsed(mended)
  if (rest === undefined) {
    if (/\}\s*\{/.test(text)) refuse('KEY_JSON_BAD', 'holds two JSON documents. Keep the one with "d".')
    // A text that ends as JSON does was not cut short.
    const why = /[}\]]$/.test(mended)
      ? 'Are all names and values in double quotes (a shell may have taken them), without a comment or a comma too many?'
      : 'Was the value cut short when pasted?'
    const says = `${isDecoded ? 'decodes to text that starts' : 'starts'} like JSON but does not parse`
    return refuse('KEY_JSON_BAD', `${says} (${text.length} characters). ${why}`)
  }
  taken.add(text.includes('\\') ? 'backslashes' : /[“”„‟]/.test(text) ? 'curly quotes' : 'line breaks')
  return rest
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The one key as text in other JSON, as `az keyvault secret show` prints it. */
export function textWithin(json: unknown): string | undefined {
  const [only, ...others] = textsIn(json, 0)
  return others.length > 0 ? undefined : only
}

function textsIn(json: unknown, depth: number): readonly string[] {
  if (typeof json === 'string') return json.length < SHORTEST_TEXT ? [] : [json]
  if (typeof json !== 'object' || json === null || 'kty' in json || depth > MAX_DEPTH) return []
  return Object.values(json).flatMap((value) => textsIn(value, depth + 1))
}
