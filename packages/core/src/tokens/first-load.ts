/** The settings' first load as the engine sees it: after a failure tried again at the next call, with back-off. */
import { BackOff } from './back-off.ts'
import { MaskinportenError, fault } from '../errors.ts'
import { LEFT_AFTER_MS } from './flight.ts'
import { startTimer } from '../http/timer.ts'
import type { HealthMonitor } from '../health.ts'
import type { Time } from '../time.ts'
import type { ResolvedSettings, SettingsProvider } from '../settings/settings-provider.ts'

export interface Loading {
  readonly settings: Promise<ResolvedSettings>
  /** When whoever waits begins another. */
  readonly leftAt: number
  /** It never ends: in Workers its timers ended with the request that began it. */
  readonly isDead: () => boolean
}

export class FirstLoad {
  readonly #provider: SettingsProvider
  readonly #time: Time
  readonly #timeoutMs: number
  readonly #backOff: BackOff
  readonly #health: HealthMonitor
  #loading: Loading | undefined

  constructor(provider: SettingsProvider, time: Time, timeoutMs: number, health: HealthMonitor) {
    this.#provider = provider
    this.#time = time
    this.#timeoutMs = timeoutMs
    this.#health = health
    this.#backOff = new BackOff(time)
  }

  /**
   * One load for all, until `leftAt`: in Workers a load ends with the request that began it.
   *
   * @throws the last error while the back-off runs.
   */
  get(): Loading {
    const { now } = this.#time
    if (this.#loading !== undefined && now < this.#loading.leftAt) return this.#loading
    let lives = false
    const error = this.#backOff.running(false, 0)
    if (error !== undefined) throw error
    const loading: Loading = {
      settings: this.#load(() => this.#loading === loading),
      leftAt: now + this.#timeoutMs + LEFT_AFTER_MS,
      isDead: () => !lives,
    }
    this.#loading = loading
    const stop = startTimer(this.#timeoutMs, () => (lives = true))
    const end = (): void => {
      stop()
      lives = true
      if (this.#loading === loading) this.#loading = undefined
    }
    loading.settings.then(end, end)
    return loading
  }

  async #load(isLatest: () => boolean): Promise<ResolvedSettings> {
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
      // One that was left says nothing of the one after it.
      if (isLatest()) {
        this.#health.failed('settings', known)
        this.#backOff.fail({ error: known, retryAfterMs: 0, lasting: false }, 0)
      }
      throw known
    }
  }
}
