/** The section as an object, for `createMaskinporten({ … })`: one source that never changes, so no timer and no ring. */
import { type Clock, systemClock } from '../clock.ts'
import type { SettingsEvent } from '../events.ts'
import { unlessAborted } from '../unless-aborted.ts'
import { closed } from './closed.ts'
import { type DescribedSetting, describeLayers } from './describe.ts'
import { createConfigLayer } from './config-layer.ts'
import type { NamedLayer } from './reading.ts'
import { DEFAULT_SECTION, type Resolution, resolve } from './resolve.ts'
import { SettingsEvents } from './settings-events.ts'
import type { ResolvedSettings, SettingsInput, SettingsProvider } from './settings-provider.ts'
import type { Signer } from './signer.ts'

/** What errors and `describe()` call it. */
const NAME = 'settings'
/** Milliseconds: a load that takes longer is begun anew. */
const LEFT_AFTER_MS = 10_000

export function settingsFromInput(
  input: SettingsInput,
  options: { readonly clock?: Clock | undefined } = {},
): SettingsProvider {
  return new FixedSettings(input, options.clock ?? systemClock)
}

class FixedSettings implements SettingsProvider {
  readonly #clock: Clock
  readonly #events: SettingsEvents
  readonly #section: Record<string, unknown> = {}
  /** The section, and the names of NAIS beside it. */
  readonly #tree: Record<string, unknown> = { [DEFAULT_SECTION]: this.#section }
  readonly #signer: Signer | undefined
  #layers: readonly NamedLayer[] = []
  #keys: Resolution['keys'] = []
  #loading: { readonly settings: Promise<ResolvedSettings>; readonly leftAt: number } | undefined
  #current: ResolvedSettings | undefined
  #isClosed = false

  constructor(input: SettingsInput, clock: Clock) {
    this.#clock = clock
    this.#events = new SettingsEvents(clock)
    for (const [name, value] of Object.entries(input)) {
      if (isSigner(name, value)) this.#signer = value
      else (/^maskinporten_/i.test(name) ? this.#tree : this.#section)[name] = value
    }
  }

  current(): ResolvedSettings | undefined {
    return this.#current
  }

  async get(options: { readonly signal?: AbortSignal | undefined } = {}): Promise<ResolvedSettings> {
    options.signal?.throwIfAborted()
    if (this.#isClosed) throw closed()
    if (this.#current !== undefined) return this.#current
    const now = this.#clock.monotonic()
    // In Workers a load ends with the request that began it, and would never end by itself.
    if (this.#loading === undefined || now >= this.#loading.leftAt)
      this.#loading = { settings: this.#load(), leftAt: now + LEFT_AFTER_MS }
    return unlessAborted(this.#loading.settings, options.signal)
  }

  /** The first load, if there was none. */
  refresh(): Promise<boolean> {
    const before = this.#current
    return this.get().then(
      (now) => now !== before,
      () => false,
    )
  }

  subscribe(listener: (event: SettingsEvent) => void): () => void {
    return this.#events.add(listener)
  }

  describe(): readonly DescribedSetting[] {
    return describeLayers(this.#layers, DEFAULT_SECTION, this.#keys)
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.#events.clear()
  }

  async #load(): Promise<ResolvedSettings> {
    const layer = createConfigLayer(this.#tree, { origin: NAME })
    this.#layers = [{ name: NAME, layer }]
    const { settings, keys, error, warnings } = await resolve(
      this.#layers,
      [],
      { signer: this.#signer },
      this.#clock.now(),
    )
    if (this.#isClosed) throw closed()
    this.#keys = keys
    this.#events.warn(warnings)
    if (error !== undefined) {
      this.#events.emit('settings.failed', 'error', { source: NAME, error, failures: 1 })
      throw error
    }
    this.#current = Object.freeze({ ...settings, keys: Object.freeze(keys.map(({ key }) => key)), revision: 1 })
    this.#events.emit('settings.changed', 'info', { revision: 1, keys: [...layer.values()].map(({ key }) => key) })
    return this.#current
  }
}

function isSigner(name: string, value: unknown): value is Signer {
  return name.toLowerCase() === 'signer' && value !== undefined
}
