/** Settings from environment variables, named as .NET names them. */
import {
  type ConfigLayer,
  type ConfigSource,
  type LoadContext,
  MaskinportenError,
  createConfigLayer,
} from '@maskinporten-kit/core'

export interface EnvOptions {
  /** Default `process.env`, looked up at each load. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined
  /** Only variables whose names begin with it, in any case, are read, and it is taken off. `__` and `:` in it are the same. */
  readonly prefix?: string | undefined
  /**
   * Variables of other names: setting → variable, as `{ EncodedJwk: 'MASKINPORTEN_PRIVATE_KEY' }`. A setting of the section, or
   * a whole path (`kvSetting:SecretUri`). The variable's name is whole, whatever `prefix` says, and in any case.
   */
  readonly names?: Readonly<Record<string, string | undefined>> | undefined
  /** What errors and `describe()` call the source. Default `env`. */
  readonly name?: string | undefined
}

/**
 * `MaskinportenSettings__ClientId` is `MaskinportenSettings:ClientId`, in any case. Without a prefix, every variable that
 * has `__` or `:` in its name is read, and `MASKINPORTEN_…` as NAIS and Skip write them.
 *
 * Its `load` rejects with `settings_invalid`, detail `CONFIG_CONFLICT`, when two variables mean one setting and differ, and
 * detail `CONFIG_NAMES` when `names` is the wrong way round, variable → setting.
 *
 * @throws TypeError when `names` is not an object of texts.
 */
export function fromEnv(options: EnvOptions = {}): ConfigSource {
  checkNames(options.names)
  const name = options.name ?? 'env'
  return {
    name,
    nameOf: (key, section) => variableOf(key, section, options),
    load: async (context) => readVariables(name, options, context),
  }
}

function variableOf(key: string, section: string, { names = {}, prefix = '' }: EnvOptions): string | undefined {
  const paths = [key, key.slice(section.length + 1)].map((path) => path.toLowerCase())
  const [, own] = Object.entries(names).find(([name]) => paths.includes(normal(name).toLowerCase())) ?? []
  // A section with `__` in its name is never reached: that means `:`.
  const whole = normal(key) === key ? `${prefix}${key.replaceAll(':', '__')}` : undefined
  const variable = own ?? whole
  return variable && `environment variable ${variable}`
}

function readVariables(name: string, options: EnvOptions, { section, keys, warn }: LoadContext): ConfigLayer {
  const prefix = normal(options.prefix ?? '').toLowerCase()
  const known = new Set(keys.map((key) => key.toLowerCase()))
  const matters = (path: string): boolean => known.has(path) || path.startsWith(`${section.toLowerCase()}:`)
  const variables = new Map<string, { readonly variable: string; readonly key: string; readonly value: string }>()
  const add = (key: string, variable: string, value: string): void => {
    const other = variables.get(key.toLowerCase())
    if (other !== undefined && other.value !== value && matters(key.toLowerCase()))
      throw conflict(key, other.variable, variable)
    variables.set(key.toLowerCase(), { variable, key, value })
  }
  const meantBy = new Map(
    keys.filter((key) => key.includes(':')).map((key) => [key.replaceAll(':', '_').toLowerCase(), key]),
  )
  refuseReversed(options.names ?? {}, section, known)
  const mapped = keysByVariable(options.names ?? {}, section, known)
  for (const [variable, value] of Object.entries(options.env ?? process.env)) {
    if (value === undefined) continue
    if (variable.startsWith('\uFEFF')) {
      const message =
        'begins with a byte order mark, an invisible character, so it is not found. Save the .env file as UTF-8 without BOM.'
      warn({ code: 'ENV_BOM', key: normal(variable.slice(1)), message: `${variable.slice(1)} ${message}` })
    }
    const meant = meantBy.get(variable.toLowerCase())
    if (meant !== undefined && !mapped.has(variable.toLowerCase())) {
      const message = `${variable} is not read, because two underscores separate section and setting. Rename it to ${meant.replaceAll(':', '__')}.`
      warn({ code: 'ENV_NAME', key: meant, message })
    }
    const own = mapped.get(variable.toLowerCase())
    if (own !== undefined) {
      // Under its setting's name only, so that it is masked where the setting is secret.
      for (const key of own) add(key, variable, value)
      continue
    }
    const whole = normal(variable)
    if (!whole.toLowerCase().startsWith(prefix) || (prefix === '' && !/:|^MASKINPORTEN_/i.test(whole))) continue
    add(whole.slice(prefix.length), variable, value)
  }
  const all = [...variables.values()]
  const names = new Map(all.map(({ key, variable }) => [key, variable]))
  const values = Object.fromEntries(all.map(({ key, value }) => [key, value]))
  return createConfigLayer(values, { origin: (key) => `${name} ${names.get(key) ?? key}` })
}

/** From plain JavaScript it may be anything. */
function checkNames(names: unknown): void {
  if (names === undefined) return
  if (typeof names !== 'object' || names === null || Array.isArray(names))
    throw new TypeError(`\`names\` of fromEnv is ${kindOf(names)}; give an object, setting → variable`)
  for (const [setting, variable] of Object.entries(names))
    if (variable !== undefined && typeof variable !== 'string')
      throw new TypeError(
        `\`names.${setting}\` of fromEnv is ${kindOf(variable)}; give the name of an environment variable as text`,
      )
}

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}

/** A variable may be called like a setting; but no setting is called like a variable. */
function refuseReversed(names: NonNullable<EnvOptions['names']>, section: string, known: ReadonlySet<string>): void {
  const isSetting = (name: string): boolean =>
    [name, `${section}:${name}`].some((path) => known.has(normal(path).toLowerCase()))
  for (const [setting, variable] of Object.entries(names)) {
    if (variable === undefined || isSetting(setting) || !isSetting(variable)) continue
    const shown = /^\w+$/.test(variable) ? variable : JSON.stringify(variable)
    const hint = `Write names: { ${shown}: ${JSON.stringify(setting)} }.`
    const message = `\`names\` of fromEnv is the wrong way round: ${variable} is the setting, and ${setting} is the variable. ${hint}`
    const problems = [{ code: 'CONFIG_NAMES', key: variable, origin: 'options', message }]
    throw new MaskinportenError('settings_invalid', message, { detail: 'CONFIG_NAMES', hint, problems })
  }
}

/** Lower-cased variable → the settings' paths. */
function keysByVariable(
  names: Readonly<Record<string, string | undefined>>,
  section: string,
  known: ReadonlySet<string>,
): ReadonlyMap<string, readonly string[]> {
  const keys = new Map<string, readonly string[]>()
  for (const [name, variable] of Object.entries(names)) {
    if (variable === undefined) continue
    const path = normal(name)
    const isWhole = known.has(path.toLowerCase()) || path.toLowerCase().startsWith(`${section.toLowerCase()}:`)
    const key = isWhole ? path : `${section}:${path}`
    keys.set(variable.toLowerCase(), [...(keys.get(variable.toLowerCase()) ?? []), key])
  }
  return keys
}

const normal = (name: string): string => name.replaceAll('__', ':')

/** On Linux two names that differ in case are two variables, and which one .NET would take is chance. */
function conflict(key: string, one: string, other: string): MaskinportenError {
  const origin = `env ${one}, env ${other}`
  const message = `${one} and ${other} are one setting with two values. Unset one of them.`
  const problems = [{ code: 'CONFIG_CONFLICT', key, origin, message }]
  return new MaskinportenError('settings_invalid', message, {
    detail: 'CONFIG_CONFLICT',
    hint: `Unset ${one} or ${other}.`,
    problems,
  })
}
