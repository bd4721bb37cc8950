/** The section as an object, for `createMaskinporten({ … })`: one source, and its signer. */
import type { Clock } from '../clock.ts'
import { fromObject } from '../sources/from-object.ts'
import { DEFAULT_SECTION } from './resolve.ts'
import { settingsFrom } from './settings-from.ts'
import type { SettingsInput } from './settings-input.ts'
import type { SettingsProvider } from './settings-provider.ts'
import type { Signer } from '../keys/signer.ts'

export function settingsFromInput(
  input: SettingsInput,
  options: { readonly clock?: Clock | undefined } = {},
): SettingsProvider {
  const section: Record<string, unknown> = {}
  /** The section, and the names of NAIS beside it. */
  const tree: Record<string, unknown> = { [DEFAULT_SECTION]: section }
  let signer: Signer | undefined
  for (const [name, value] of Object.entries(input)) {
    if (isSigner(name, value)) signer = value
    else (/^maskinporten_/i.test(name) ? tree : section)[name] = value
  }
  return settingsFrom([fromObject(tree, { name: 'settings' })], { signer, clock: options.clock })
}

function isSigner(name: string, value: unknown): value is Signer {
  return name.toLowerCase() === 'signer' && value !== undefined
}
