export type JsonObject = Readonly<Record<string, unknown>>

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function isStringArray(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}

/** Deeper than any real message, and what JSON.stringify still writes; JSON.parse takes any depth. Jackson refuses at the same one. */
const deepest = 1000

/** @throws SyntaxError for text that is not JSON, and for JSON that is nested more than 1,000 deep. */
export function parseJson(text: string): unknown {
  const value: unknown = JSON.parse(text)
  // Each level takes a character at least.
  if (text.length > deepest && isTooDeep(value)) throw new SyntaxError(`the JSON is nested more than ${deepest} deep`)
  return value
}

/** Level by level: a recursion would end as that of JSON.stringify does. */
function isTooDeep(value: unknown): boolean {
  let level = [value].filter(isObject)
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth === deepest) return true
    level = level.flatMap((one) => Object.values(one).filter(isObject))
  }
  return false
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

/** `undefined` for text that is not a JSON object; what is wrong with it is the caller's to say. */
export function parseJsonObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = parseJson(text)
    return isJsonObject(value) ? value : undefined
  } catch {
    return undefined
  }
}
