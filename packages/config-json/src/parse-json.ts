/** JSON as .NET's configuration reads it: comments, trailing commas, no doubles; and where in the file each value stands. */
import { MaskinportenError } from '@maskinporten-kit/core'
import { type JSONVisitor, type ParseErrorCode, printParseErrorCode, visit } from 'jsonc-parser'

/** .NET's limit. */
const MAX_DEPTH = 64

export interface PlacedValue {
  /** Parts separated by `:`, as written. */
  readonly key: string
  /** Numbers as written, `true` and `false`; `null` where there is no value. */
  readonly value: string | null
  /** From 1. */
  readonly line: number
}

interface Level {
  readonly path: string
  /** Index of the next element; `undefined` in an object. */
  index: number | undefined
  property: string
  empty: boolean
}

/**
 * @throws MaskinportenError `settings_invalid`, detail `JSON_SYNTAX`, `JSON_TOP_LEVEL`, `JSON_DUPLICATE_KEY`; `name:line:column`
 * in the message, and never a word of the text.
 */
export function parseJson(text: string, name: string): readonly PlacedValue[] {
  const values = new Map<string, PlacedValue>()
  const levels: Level[] = []
  let failure: MaskinportenError | undefined
  let betweenKeyAndColon = false

  const fail = (code: string, line: number, column: number, message: string): MaskinportenError =>
    (failure ??= jsonError(code, `${name}:${line + 1}:${column + 1}`, message))
  /** The path of what begins here, in the innermost object or list. */
  const place = (): string => {
    const level = levels.at(-1)
    if (level === undefined) return ''
    level.empty = false
    const part = level.index === undefined ? level.property : String(level.index++)
    return level.path === '' && levels.length === 1 ? part : `${level.path}:${part}`
  }
  const put = (key: string, value: string | null, line: number, column: number): void => {
    const other = values.get(key.toLowerCase())
    if (other !== undefined)
      fail('JSON_DUPLICATE_KEY', line, column, `${key} stands in line ${other.line} already. Keep one of them.`)
    values.set(key.toLowerCase(), { key, value, line: line + 1 })
  }
  const begin = (index: number | undefined, line: number, column: number): void => {
    if (levels.length === 0 && index !== undefined) notAnObject(line, column)
    levels.push({ path: place(), index, property: '', empty: true })
    if (levels.length <= MAX_DEPTH) return
    // At once: the parser recurses, and would run out of stack before it comes back.
    throw fail('JSON_SYNTAX', line, column, `is nested more than ${MAX_DEPTH} levels deep. Flatten it.`)
  }
  const end = (line: number, column: number, value: string | null): void => {
    const level = levels.pop()
    if (level?.empty === true && levels.length > 0) put(level.path, value, line, column)
  }
  const notAnObject = (line: number, column: number): void => {
    fail('JSON_TOP_LEVEL', line, column, 'holds no object at the top. Write { "MaskinportenSettings": { … } }.')
  }

  const visitor: JSONVisitor = {
    onObjectBegin: (_offset, _length, line, column) => begin(undefined, line, column),
    onObjectEnd: (_offset, _length, line, column) => end(line, column, null),
    onArrayBegin: (_offset, _length, line, column) => begin(0, line, column),
    onArrayEnd: (_offset, _length, line, column) => end(line, column, ''),
    onObjectProperty: (property, _offset, _length, line, column) => {
      const level = levels.at(-1)
      if (level !== undefined) level.property = property
      betweenKeyAndColon = true
      if (!property.isWellFormed())
        fail('JSON_SYNTAX', line, column, 'has half a surrogate pair. Write the whole character.')
    },
    onLiteralValue: (value: unknown, offset, length, line, column) => {
      if (levels.length === 0) return notAnObject(line, column)
      if (typeof value === 'string' && !value.isWellFormed())
        fail('JSON_SYNTAX', line, column, 'has half a surrogate pair. Write the whole character.')
      put(
        place(),
        value === null ? null : typeof value === 'string' ? value : text.slice(offset, offset + length),
        line,
        column,
      )
    },
    onComment: (_offset, _length, line, column) => {
      if (betweenKeyAndColon)
        fail('JSON_SYNTAX', line, column, 'has a comment between a key and its colon. Move it behind the colon.')
    },
    onSeparator: () => {
      betweenKeyAndColon = false
    },
    onError: (code: ParseErrorCode, _offset, _length, line, column) =>
      fail(
        'JSON_SYNTAX',
        line,
        column,
        `is not JSON (${printParseErrorCode(code)
          .replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ')
          .toLowerCase()}). Correct line ${line + 1} of ${name}.`,
      ),
  }
  visit(text, visitor, { allowTrailingComma: true, disallowComments: false })
  if (failure !== undefined) throw failure
  return [...values.values()]
}

export function jsonError(code: string, place: string, what: string): MaskinportenError {
  const message = `${place} ${what}`
  return new MaskinportenError('settings_invalid', message, {
    detail: code,
    hint: what.slice(what.indexOf('. ') + 2),
    problems: [{ code, key: '', origin: place, message }],
  })
}
