/** What a provider reports, and to whom. */
import type { Clock } from '../clock.ts'
import { Listeners, type MaskinportenEvents, type SettingsEvent } from '../events.ts'

export class SettingsEvents {
  readonly #clock: Clock
  readonly #listeners = new Listeners<SettingsEvent>()
  /** What was warned of, by place: said again only when it reads differently. */
  readonly #warned = new Map<string, string>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  add(listener: (event: SettingsEvent) => void): () => void {
    return this.#listeners.add(listener)
  }

  emit<T extends SettingsEvent['type']>(type: T, level: SettingsEvent['level'], fields: MaskinportenEvents[T]): void {
    this.#listeners.emit({ type, level, at: this.#clock.now(), ...fields } as SettingsEvent)
  }

  warn(warnings: readonly MaskinportenEvents['settings.warning'][]): void {
    for (const warning of warnings) {
      const place = `${warning.code} ${warning.key} ${warning.origin}`
      if (this.#warned.get(place) !== warning.message) this.emit('settings.warning', 'warn', warning)
      this.#warned.set(place, warning.message)
    }
  }

  clear(): void {
    this.#listeners.clear()
  }
}
