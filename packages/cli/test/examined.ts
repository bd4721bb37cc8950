/** `doctor` over an emulator, in this process: settings as an object, and the emulator's `fetch`. */
import { type ConfigSource, fromObject } from '@maskinporten-kit/core'
import type { Emulator } from '@maskinporten-kit/emulator'
import { type CheckedFinding, type Examination, examine } from '../src/doctor/doctor.ts'
import type { FactsOptions } from '../src/doctor/facts.ts'

/** The client of the emulator, with settings as a real app's: `Environment: test`. */
export interface RealSettings extends Record<string, unknown> {
  readonly Environment: string
  readonly ClientId: string
  readonly Scope: string
  readonly EncodedJwk: string
  readonly ExhangeToAltinnToken: boolean
}

export const scope = 'altinn:serviceowner/instances.read'

export async function realSettings(emulator: Emulator, scopes: readonly string[] = [scope]): Promise<RealSettings> {
  const { clientId, settings } = await emulator.registerClient({ scopes })
  return {
    Environment: 'test',
    ClientId: clientId,
    Scope: scopes.join(' '),
    EncodedJwk: settings.encodedJwk,
    ExhangeToAltinnToken: true,
    UseAltinnTestOrg: true,
  }
}

export const appSettings = (section: object, more: object = {}): ConfigSource =>
  fromObject({ MaskinportenSettings: section, ...more }, { name: 'appsettings.json' })

/** `settings`: the section, or sources. */
export function examined(
  emulator: Emulator,
  settings: object | readonly ConfigSource[],
  options: Partial<FactsOptions> = {},
): Promise<Examination> {
  const sources = Array.isArray(settings) ? (settings as readonly ConfigSource[]) : [appSettings(settings)]
  return examine({ sources, fetch: emulator.fetch, env: {}, ...options })
}

/** The findings of one check. */
export const of = ({ findings }: Examination, id: string): readonly CheckedFinding[] =>
  findings.filter((finding) => finding.id === id)
