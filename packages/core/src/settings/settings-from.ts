/** How settings are given: a list of sources, or the section as an object, which is a Standard Schema too (standardschema.dev, version 1). */
import type { Clock } from '../clock.ts'
import { isMaskinportenError } from '../errors.ts'
import { checkOptions, kindOf } from '../kind-of.ts'
import type { Signer } from '../keys/signer.ts'
import { fromObject } from '../sources/config-layer.ts'
import { DEFAULT_SECTION } from './resolve.ts'
import type { ConfigSource } from '../sources/config-source.ts'
import { LayeredSettings } from './layered-settings.ts'
import type { SettingsInput } from './settings-input.ts'
import type { ResolvedSettings, SettingsOptions, SettingsProvider } from './settings-provider.ts'

/**
 * Settings from sources in order: a later one wins, key by key, as in .NET; a client id and its key are one credential.
 * Nothing loads until the first `get()`.
 */
export function settingsFrom(sources: readonly ConfigSource[], options: SettingsOptions = {}): SettingsProvider {
  const given: unknown = sources
  const list: readonly unknown[] | undefined = Array.isArray(given) ? given : undefined
  const wrong = list?.findIndex((source) => !isSource(source)) ?? 0
  if (list === undefined || wrong >= 0) {
    const what =
      list === undefined
        ? `got ${kindOf(given)}`
        : `item ${wrong + 1} of the list is ${kindOf(list[wrong]).replace(/object$/, '$& that is not a source')}`
    throw new TypeError(`settingsFrom takes a list of sources, such as [fromEnv()]; ${what}`)
  }
  checkOptions('settingsFrom', options)
  const { section }: { readonly section?: unknown } = options
  if (section !== undefined && (typeof section !== 'string' || section === ''))
    throw new TypeError(
      `the section of settingsFrom is ${section === '' ? 'empty' : kindOf(section)}; give its name as text, such as ${DEFAULT_SECTION}`,
    )
  return new LayeredSettings(sources, options)
}

export function settingsFromInput(
  input: SettingsInput,
  options: { readonly clock?: Clock | undefined } = {},
): SettingsProvider {
  const section: Record<string, unknown> = {}
  /** The section, with the names of NAIS beside the section. */
  const tree: Record<string, unknown> = { [DEFAULT_SECTION]: section }
  let signer: Signer | undefined
  for (const [name, value] of Object.entries(input)) {
    if (isSigner(name, value)) signer = value
    else (/^maskinporten_/i.test(name) ? tree : section)[name] = value
  }
  return new LayeredSettings([fromObject(tree, { name: 'settings' })], { signer, clock: options.clock, isPlain: true })
}

function isSigner(name: string, value: unknown): value is Signer {
  return name.toLowerCase() === 'signer' && value !== undefined
}

const isSource = (value: unknown): value is ConfigSource =>
  typeof value === 'object' && value !== null && 'load' in value && typeof value.load === 'function'

/** The interface of Standard Schema, copied as types, as its authors ask. */
export interface StandardSchemaV1<Input = unknown, Output = Input> {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    readonly validate: (value: unknown) => StandardResult<Output> | Promise<StandardResult<Output>>
    readonly types?: { readonly input: Input; readonly output: Output } | undefined
  }
}

export type StandardResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly StandardIssue[] }

export interface StandardIssue {
  readonly message: string
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined
}

/** `validate` returns a promise, since a key is tried before it is accepted. */
export const settingsSchema: StandardSchemaV1<SettingsInput, ResolvedSettings> = {
  '~standard': { version: 1, vendor: '@maskinporten-kit/core', validate },
}

async function validate(value: unknown): Promise<StandardResult<ResolvedSettings>> {
  if (!isInput(value))
    return { issues: [{ message: 'the settings are not an object. Give the section as an object.' }] }
  const settings = settingsFromInput(value)
  try {
    return { value: await settings.get() }
  } catch (error) {
    if (!isMaskinportenError(error)) throw error
    const problems = error.problems ?? [{ key: '', message: error.message }]
    return { issues: problems.map(({ key, message }) => ({ message, path: key.split(':').slice(1) })) }
  } finally {
    await settings.close()
  }
}

const isInput = (value: unknown): value is SettingsInput =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
