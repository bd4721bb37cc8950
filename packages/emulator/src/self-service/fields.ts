/** Reads the members of a body, and keeps what is wrong with them until all were read. */
import { isStringArray, type JsonObject, parseJsonObject } from '../json.ts'
import { type FieldError, SelfServiceRefusal } from './refusal.ts'

export interface Fields {
  readonly body: JsonObject
  /** `undefined` for one that was not given; a missing or wrong one is noted. */
  text(name: string, options?: { readonly required?: true; readonly oneOf?: readonly string[] }): string | undefined
  list(
    name: string,
    options?: { readonly required?: true; readonly oneOf?: readonly string[] },
  ): readonly string[] | undefined
  /** A whole number of seconds. */
  seconds(name: string, maximum: number): number | undefined
  flag(name: string): boolean | undefined
  wrong(field: string, message: string): void
  /** @throws SelfServiceRefusal 400 when anything was noted. */
  end(): void
}

/** @throws SelfServiceRefusal 400 for a body that is not a JSON object. */
export function readFields(text: string, objectName: string): Fields {
  const body = parseJsonObject(text)
  if (!body) throw new SelfServiceRefusal(400, 'body_unreadable', objectName, 'The body is not a JSON object.')
  const errors: FieldError[] = []
  const wrong = (field: string, message: string): void => void errors.push({ field, message })
  const given = (name: string, required: true | undefined): unknown => {
    const value = Object.hasOwn(body, name) ? (body[name] ?? undefined) : undefined
    if (value === undefined && required === true) wrong(name, `${name} is required`)
    return value
  }
  return {
    body,
    wrong,
    text(name, { required, oneOf } = {}) {
      const value = given(name, required)
      if (value === undefined) return undefined
      if (typeof value !== 'string' || (required === true && value.trim() === '')) {
        wrong(name, `${name} must be text`)
        return undefined
      }
      if (oneOf && !oneOf.includes(value)) wrong(name, `${name} must be one of ${oneOf.join(', ')}`)
      return value
    },
    list(name, { required, oneOf } = {}) {
      const value = given(name, required)
      if (value === undefined) return undefined
      if (!isStringArray(value)) {
        wrong(name, `${name} must be a list of texts`)
        return undefined
      }
      if (required === true && value.length === 0) wrong(name, `${name} must not be empty`)
      if (oneOf && !value.every((item) => oneOf.includes(item))) wrong(name, `${name} must be of ${oneOf.join(', ')}`)
      return [...new Set(value)]
    },
    seconds(name, maximum) {
      const value = given(name, undefined)
      if (value === undefined) return undefined
      if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= maximum) return value
      wrong(name, `${name} must be a whole number of seconds from 0 to ${maximum}`)
      return undefined
    },
    flag(name) {
      const value = given(name, undefined)
      if (value === undefined || typeof value === 'boolean') return value
      wrong(name, `${name} must be true or false`)
      return undefined
    },
    end() {
      if (errors.length > 0) throw new SelfServiceRefusal(400, 'body_fields', objectName, errors)
    },
  }
}
