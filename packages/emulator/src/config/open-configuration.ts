/** The configuration of one emulator: read before its ports open, applied at the start and after each reset, and read again when its files change. */
import { unwatchFile, watchFile } from 'node:fs'
import type { EmulatedClient, EmulatedClientWithoutKey } from '../control/register-client.ts'
import type { Emulator } from '../emulator.ts'
import type { Log } from '../http/log.ts'
import { type Rules, rulesFrom } from '../maskinporten/rules.ts'
import type { EmulatorOptions } from '../options.ts'
import { applyConfiguration, type ConfiguredControls } from './apply-configuration.ts'
import type { EmulatorConfig } from './configuration.ts'
import type { LoadedConfiguration } from './load-configuration.ts'

/** What holds where neither the options nor the file say anything. */
export type Defaults = Pick<EmulatorOptions, 'ports'>

export interface Configuration {
  /** The options, over those of the configuration, over the defaults. */
  readonly options: EmulatorOptions
  readonly clients: () => readonly (EmulatedClient | EmulatedClientWithoutKey)[]
  /** Of each of them, where its private key is. */
  readonly keyFiles: () => LoadedConfiguration['keyFiles']
  /** @throws TypeError for a configuration that cannot be applied. */
  begin(begun: Begun): Promise<void>
  /** Stops watching. */
  close(): void
}

export interface Begun {
  readonly emulator: Emulator
  readonly log: Log
  /** Those that the emulator lives by: written over when the file has others. */
  readonly rules: Rules
  readonly atStart: (step: () => unknown) => Promise<void>
  /** Controls over registries that nobody asks. */
  readonly rehearsal: (rules: Rules) => ConfiguredControls
}

/** How often the files are looked at. By `watchFile`, which also sees a file that is put in the place of another, and a mounted one. */
const watchEveryMs = 250

/** @throws TypeError with file, line and column. */
export async function openConfiguration(given: EmulatorOptions, defaults: Defaults): Promise<Configuration> {
  const source = given.config
  if (source === undefined) {
    return {
      options: merged({}, given, defaults),
      clients: () => [],
      keyFiles: () => [],
      begin: async () => undefined,
      close() {},
    }
  }
  const { loadConfiguration } = await import('./load-configuration.ts')
  const files = new Set<string>()
  let loaded = await loadConfiguration(source, files)
  let clients: readonly (EmulatedClient | EmulatedClientWithoutKey)[] = []
  const watched = new Set<string>()
  let reading = Promise.resolve()
  let closed = false
  const started = loaded.config
  const rulesOf = ({ config }: LoadedConfiguration): Rules => {
    const { strict, rules } = merged(config, given, defaults)
    return rulesFrom(strict, rules)
  }

  const reload = async ({ emulator, log, rules, rehearsal }: Begun): Promise<void> => {
    if (closed) return
    const tell = (applied: boolean, message: string): void => {
      log.write({ kind: 'configuration', at: emulator.clock.now(), applied, message })
      if (!applied && !log.heard) process.emitWarning(message)
    }
    const use = async (next: LoadedConfiguration): Promise<void> => {
      loaded = next
      Object.assign(rules, rulesOf(next))
      await emulator.reset()
    }
    const before = loaded
    try {
      const next = await loadConfiguration(source, files)
      await applyConfiguration(next, rehearsal(rulesOf(next)))
      await use(next)
      const later = laterChanges(started, next.config)
      const rest = later.length === 0 ? '' : `; ${later.join(', ')} at the next start`
      tell(
        true,
        `${typeof source === 'string' ? source : 'the configuration'} was read again, and everything is as at the start${rest}`,
      )
    } catch (error) {
      const reason = error instanceof Error ? error.message : 'it cannot be read'
      // It fitted alone, and not together with what else the emulator is begun with.
      if (loaded !== before) await use(before)
      tell(false, `${reason}; what was there before stays`)
    }
  }
  const watch = (begun: Begun): void => {
    for (const file of files) {
      if (watched.has(file)) continue
      watched.add(file)
      watchFile(file, { interval: watchEveryMs, persistent: false }, (now, before) => {
        // A file that is not there yet is told of once, without a change.
        if (now.mtimeMs === 0 && before.mtimeMs === 0) return
        reading = reading.then(() => reload(begun)).then(() => watch(begun))
      })
    }
  }
  return {
    options: merged(loaded.config, given, defaults),
    clients: () => clients,
    keyFiles: () => loaded.keyFiles,
    async begin(begun) {
      await begun.atStart(async () => {
        clients = await applyConfiguration(loaded, begun.emulator)
      })
      if (typeof source === 'string') watch(begun)
    },
    close() {
      closed = true
      for (const file of watched) unwatchFile(file)
    },
  }
}

function merged(config: EmulatorConfig, given: EmulatorOptions, defaults: Defaults): EmulatorOptions {
  return {
    ...config,
    ...told(given),
    ports: { ...defaults.ports, ...told(config.ports), ...told(given.ports) },
    rules: { ...told(config.rules), ...told(given.rules) },
  }
}

/** Without the members that are there as `undefined`: they say nothing. */
function told<T extends object>(options: T | undefined): Partial<T> {
  const entries = Object.entries(options ?? {}).filter(([, value]) => value !== undefined)
  const known: Partial<T> = {}
  return Object.assign(known, Object.fromEntries(entries))
}

/** What an emulator that has its ports cannot change. */
function laterChanges(before: EmulatorConfig, after: EmulatorConfig): readonly string[] {
  const names = [
    'host',
    'publicName',
    'publicUrl',
    'allowedHosts',
    'ports',
    'clock',
    'signingKeyBits',
    'signingKeys',
    'as',
    'tenantId',
  ] as const satisfies (keyof EmulatorConfig)[]
  return names.filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]))
}
