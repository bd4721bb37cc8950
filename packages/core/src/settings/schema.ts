/** The settings as a Standard Schema (standardschema.dev, version 1), for whoever validates configuration with one. */
import { isMaskinportenError } from '../errors.ts'
import { settingsFromInput } from './settings-from-input.ts'
import type { SettingsInput } from './settings-input.ts'
import type { ResolvedSettings } from './settings-provider.ts'

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
  if (!isInput(value)) return { issues: [{ message: 'the settings are not an object. Give the section as one.' }] }
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
