/** The section as an object, for `createMaskinporten({ … })`. */
import { fromObject } from './from-object.ts'
import { DEFAULT_SECTION } from './resolve.ts'
import { settingsFrom } from './settings-from.ts'
import type { SettingsOptions } from './settings-options.ts'
import type { SettingsInput, SettingsProvider } from './settings-provider.ts'
import type { Signer } from './signer.ts'

export function settingsFromInput(input: SettingsInput, options: SettingsOptions = {}): SettingsProvider {
  const section: Record<string, unknown> = {}
  const tree: Record<string, unknown> = { [options.section ?? DEFAULT_SECTION]: section }
  let { signer } = options
  for (const [name, value] of Object.entries(input)) {
    if (isSigner(name, value)) signer = value
    else (/^maskinporten_/i.test(name) ? tree : section)[name] = value
  }
  return settingsFrom([fromObject(tree, { name: 'settings' })], { ...options, signer })
}

function isSigner(name: string, value: unknown): value is Signer {
  return name.toLowerCase() === 'signer' && value !== undefined
}
