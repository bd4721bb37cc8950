/** The settings' first load as the engine sees it: after a failure tried again at the next call, with back-off. */
import { BackOff } from './back-off.ts'
import { MaskinportenError, fault } from '../errors.ts'
import type { HealthMonitor } from '../health.ts'
import type { Time } from '../time.ts'
import type { ResolvedSettings, SettingsProvider } from '../settings/settings-provider.ts'

export class FirstLoad {
  readonly #provider: SettingsProvider
  readonly #backOff: BackOff
  readonly #health: HealthMonitor
  #loading: Promise<ResolvedSettings> | undefined

  constructor(provider: SettingsProvider, time: Time, health: HealthMonitor) {
    this.#provider = provider
    this.#health = health
    this.#backOff = new BackOff(time)
  }

  get(): Promise<ResolvedSettings> {
    const error = this.#backOff.running(false, 0)
    if (error !== undefined) return Promise.reject(error)
    this.#loading ??= this.#load().finally(() => {
      this.#loading = undefined
    })
    return this.#loading
  }

  async #load(): Promise<ResolvedSettings> {
    try {
      const settings = await this.#provider.get()
      this.#backOff.end()
      this.#health.recovered('settings')
      return settings
    } catch (error) {
      const known =
        error instanceof MaskinportenError
          ? error
          : fault('settings_unavailable', 'the settings could not be loaded', 'look at their provider', {
              retryable: true,
            })
      this.#health.failed('settings', known)
      this.#backOff.fail({ error: known, retryAfterMs: 0, lasting: false }, 0)
      throw known
    }
  }
}
