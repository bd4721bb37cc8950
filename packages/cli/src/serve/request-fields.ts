/** Reads a request as Texas does, as JSON or as a form, and refuses it in Texas' words (nais/texas, `JsonOrForm`), without their positions. */
import { invalidRequest } from './refusal.ts'

type Fields = Readonly<Record<string, unknown>>

/** In Texas' order; the first one has another name, too. */
const PROVIDERS: readonly string[] = ['azuread', 'entra_id', 'tokenx', 'maskinporten', 'idporten', 'ansattporten']

const JSON_ERROR = 'Failed to deserialize the JSON body into the target type'
const FORM_ERROR = 'Failed to deserialize form body'

/** @throws Refusal for another media type, a body that cannot be read, and an identity provider that is none. */
export function readFields(contentType: string | undefined, body: string): RequestFields {
  const type = contentType ?? ''
  if (/^application\/json\b/i.test(type)) return new RequestFields(readJson(body), JSON_ERROR, false)
  if (/^application\/x-www-form-urlencoded\b/i.test(type)) return new RequestFields(readForm(body), FORM_ERROR, true)
  const expected = 'expected one of `application/json`, `application/x-www-form-urlencoded`'
  throw invalidRequest(`unsupported media type: ${type}: ${expected}`)
}

export class RequestFields {
  readonly provider: string
  readonly #fields: Fields
  readonly #prefix: string
  readonly #isForm: boolean

  constructor(fields: Fields, prefix: string, isForm: boolean) {
    this.#fields = fields
    this.#prefix = prefix
    this.#isForm = isForm
    const provider = this.oneOf('identity_provider', PROVIDERS)
    this.provider = provider === 'azuread' ? 'entra_id' : provider
  }

  text(name: string): string {
    const value = this.#given(name)
    if (typeof value === 'string') return value
    if (!Object.hasOwn(this.#fields, name)) throw this.#refusal(`missing field \`${name}\``)
    throw this.#refusal(`${name}: invalid type: ${kindOf(this.#fields[name])}, expected a string`)
  }

  optionalText(name: string): string | undefined {
    return this.#given(name) === undefined ? undefined : this.text(name)
  }

  oneOf<T extends string>(name: string, known: readonly T[]): T {
    const value = this.text(name)
    const found = known.find((one) => one === value)
    if (found !== undefined) return found
    const expected = known.map((one) => `\`${one}\``).join(', ')
    throw this.#refusal(`${name}: unknown variant \`${shown(value)}\`, expected one of ${expected}`)
  }

  flag(name: string): boolean {
    const value = this.#given(name)
    if (value === undefined || typeof value === 'boolean') return value === true
    if (this.#isForm && (value === 'true' || value === 'false')) return value === 'true'
    if (this.#isForm) throw this.#refusal(`${name}: provided string was not \`true\` or \`false\``)
    throw this.#refusal(`${name}: invalid type: ${kindOf(value)}, expected a boolean`)
  }

  /** A list of objects, or the same as text, which is the only way in a form. */
  details(name: string): readonly Fields[] | undefined {
    const value = this.#given(name)
    if (value === undefined) return undefined
    const list = typeof value === 'string' ? parsed(value) : value
    if (Array.isArray(list) && list.every(isObject)) return list
    if (typeof value === 'string') throw this.#refusal(`${name}: failed to parse authorization_details JSON string`)
    throw this.#refusal(`${name}: data did not match any variant of untagged enum RequestValue`)
  }

  /** null means the same as nothing. */
  #given(name: string): unknown {
    return Object.hasOwn(this.#fields, name) ? (this.#fields[name] ?? undefined) : undefined
  }

  #refusal(reason: string): Error {
    return invalidRequest(`${this.#prefix}: ${reason}`)
  }
}

function readJson(body: string): Fields {
  let value: unknown
  try {
    value = JSON.parse(body)
  } catch {
    throw invalidRequest('Failed to parse the request body as JSON')
  }
  if (isObject(value)) return value
  throw invalidRequest(`${JSON_ERROR}: invalid type: ${kindOf(value)}, expected struct`)
}

function readForm(body: string): Fields {
  const form = new URLSearchParams(body)
  const twice = [...form.keys()].find((name) => form.getAll(name).length > 1)
  if (twice !== undefined) throw invalidRequest(`${FORM_ERROR}: duplicate field \`${shown(twice)}\``)
  return Object.fromEntries(form)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A value may be a secret in the wrong field: no more of it than names the mistake. */
function shown(text: string): string {
  return text.length <= 40 ? text : `${text.slice(0, 40)}…`
}

/** In the words of Rust's serde, which Texas answers with; of a text only that it is one. */
function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'sequence'
  if (typeof value === 'number') return `${Number.isInteger(value) ? 'integer' : 'floating point'} \`${value}\``
  if (typeof value === 'boolean') return `boolean \`${value}\``
  return typeof value === 'string' ? `string ${JSON.stringify(shown(value))}` : 'map'
}
