/** One load of objects as sources, lowest first: what came of it, and what was said. */
import {
  type MaskinportenError,
  type ResolvedSettings,
  type SettingsOptions,
  type SettingsProblem,
  fromObject,
  isMaskinportenError,
  settingsFrom,
} from '@maskinporten-kit/core'

export type Tree = Readonly<Record<string, unknown>>

export interface Outcome {
  readonly settings: ResolvedSettings | undefined
  readonly error: MaskinportenError | undefined
  readonly problems: readonly SettingsProblem[]
  readonly codes: readonly string[]
  readonly warnings: readonly SettingsProblem[]
  readonly rows: Readonly<Record<string, { readonly origin: string; readonly value: string }>>
  readonly shown: readonly unknown[]
}

/** Name of the source → its tree. */
export async function load(sources: Readonly<Record<string, Tree>>, options: SettingsOptions = {}): Promise<Outcome> {
  const provider = settingsFrom(
    Object.entries(sources).map(([name, tree]) => fromObject(tree, { name })),
    options,
  )
  const warnings: SettingsProblem[] = []
  const events: unknown[] = []
  provider.subscribe((event) => {
    events.push(event)
    if (event.type === 'settings.warning') warnings.push(event)
  })
  const outcome: unknown = await provider.get().catch((reason: unknown) => reason)
  const error = isMaskinportenError(outcome) ? outcome : undefined
  if (outcome instanceof Error && error === undefined) throw outcome
  const described = provider.describe()
  await provider.close()
  return {
    settings: provider.current(),
    error,
    problems: error?.problems ?? [],
    codes: (error?.problems ?? []).map(({ code }) => code),
    warnings,
    rows: Object.fromEntries(described.map(({ key, origin, value }) => [key, { origin, value }])),
    shown: [outcome, events, described, provider],
  }
}

/** One source, `appsettings.json`, with this section. */
export const loadSection = (section: Tree, options: SettingsOptions = {}): Promise<Outcome> =>
  load({ 'appsettings.json': { [options.section ?? 'MaskinportenSettings']: section } }, options)
