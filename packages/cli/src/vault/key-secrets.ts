/** The secrets that hold a client and its key, by the dialect of the settings (Altinn's guide). */
import { CommandFailed } from '../failure.ts'

/** `legacy`: Altinn's .NET client and its guide. `altinn`: its app library since v8. */
export type Dialect = 'legacy' | 'altinn'
export const dialects: readonly Dialect[] = ['legacy', 'altinn']

export const keySetting: Readonly<Record<Dialect, string>> = { legacy: 'EncodedJwk', altinn: 'JwkBase64' }

/** `MaskinportenSettings--EncodedJwk`. @throws CommandFailed `usage` for a section that no secret can be named after. */
export function secretName(section: string, setting: string): string {
  const name = `${section.replaceAll(':', '--')}--${setting}`
  if (/^[\dA-Za-z-]{1,127}$/.test(name)) return name
  throw new CommandFailed('usage', {
    en: `no secret can be named ${JSON.stringify(name.slice(0, 127))}; a section for Key Vault has letters, digits and hyphens`,
    nb: `ingen hemmelighet kan hete ${JSON.stringify(name.slice(0, 127))}; en seksjon for Key Vault har bokstaver, sifre og bindestrek`,
  })
}
