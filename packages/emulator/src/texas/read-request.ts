/** Reads a request as Texas does, as JSON or as a form, and refuses it in the words of its own reader, without the position that this one adds. */
import { isJsonObject, type JsonObject, parseJson } from '../json.ts'
import { invalidRequest } from './refusal.ts'

/** With the other name of the first one; in Texas's order. */
const providers = ['azuread', 'entra_id', 'tokenx', 'maskinporten', 'idporten', 'ansattporten']

export interface RequestFields {
  readonly provider: string
  text(name: string): string
  optionalText(name: string): string | undefined
  flag(name: string): boolean
  details(name: string): readonly JsonObject[] | undefined
}

/** @throws TexasRefusal */
export function readRequest(contentType: string | undefined, body: string): RequestFields {
  const type = contentType ?? ''
  if (type.startsWith('application/json')) return fieldsOf(readJson(body), jsonError, false)
  if (type.startsWith('application/x-www-form-urlencoded')) return fieldsOf(readForm(body), formError, true)
  const expected = 'expected one of `application/json`, `application/x-www-form-urlencoded`'
  throw invalidRequest(`unsupported media type: ${type}: ${expected}`, 'texas_media_type')
}

const jsonError = 'Failed to deserialize the JSON body into the target type'
const formError = 'Failed to deserialize form body'

function readJson(body: string): JsonObject {
  let value: unknown
  try {
    value = parseJson(body)
  } catch {
    throw invalidRequest('Failed to parse the request body as JSON', 'texas_json')
  }
  if (isJsonObject(value)) return value
  throw invalidRequest(`${jsonError}: invalid type: ${kindOf(value)}, expected struct`, 'texas_json')
}

function readForm(body: string): JsonObject {
  const form = new URLSearchParams(body)
  const twice = [...form.keys()].find((name) => form.getAll(name).length > 1)
  if (twice !== undefined) throw invalidRequest(`${formError}: duplicate field \`${twice}\``, 'texas_form')
  return Object.fromEntries(form)
}

function fieldsOf(body: JsonObject, prefix: string, isForm: boolean): RequestFields {
  const refuse = (reason: string): never => {
    throw invalidRequest(`${prefix}: ${reason}`, 'texas_fields')
  }
  const given = (name: string): unknown => (Object.hasOwn(body, name) ? (body[name] ?? undefined) : undefined)
  const text = (name: string): string => {
    const value = given(name)
    if (typeof value === 'string') return value
    if (!Object.hasOwn(body, name)) return refuse(`missing field \`${name}\``)
    return refuse(`${name}: invalid type: ${kindOf(body[name])}, expected a string`)
  }
  const provider = text('identity_provider')
  if (!providers.includes(provider)) {
    const expected = providers.map((one) => `\`${one}\``).join(', ')
    refuse(`identity_provider: unknown variant \`${provider}\`, expected one of ${expected}`)
  }
  return {
    provider: provider === 'azuread' ? 'entra_id' : provider,
    text,
    optionalText: (name) => (given(name) === undefined ? undefined : text(name)),
    flag(name) {
      const value = given(name)
      if (value === undefined || typeof value === 'boolean') return value === true
      if (isForm && (value === 'true' || value === 'false')) return value === 'true'
      if (isForm) return refuse(`${name}: provided string was not \`true\` or \`false\``)
      return refuse(`${name}: invalid type: ${kindOf(value)}, expected a boolean`)
    },
    details(name) {
      const value = given(name)
      if (value === undefined) return undefined
      const list = typeof value === 'string' ? parsed(value) : value
      if (Array.isArray(list) && list.every(isJsonObject)) return list
      if (typeof value === 'string') return refuse(`${name}: failed to parse authorization_details JSON string`)
      return refuse(`${name}: data did not match any variant of untagged enum RequestValue`)
    },
  }
}

function parsed(text: string): unknown {
  try {
    return parseJson(text)
  } catch {
    return undefined
  }
}

/** In the words of Rust's serde. */
function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'sequence'
  if (typeof value === 'number') return `${Number.isInteger(value) ? 'integer' : 'floating point'} \`${value}\``
  if (typeof value === 'boolean') return `boolean \`${value}\``
  return typeof value === 'string' ? `string ${JSON.stringify(value)}` : 'map'
}
