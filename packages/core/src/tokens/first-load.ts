/** The settings' first load as the engine sees it: after a failure tried again at the next call, with back-off. */
import { MaskinportenError, fault } from '../errors.ts'
import type { HealthMonitor } from '../health.ts'
import { startTimer } from '../http/timer.ts'
import type { ResolvedSettings, SettingsProvider } from '../settings/settings-provider.ts'
import type { Time } from '../time.ts'
import { BackOff } from './back-off.ts'
import { LEFT_AFTER_MS } from './flight.ts'
import { checkProvided } from './provided-settings.ts'

export interface Loading {
  readonly settings: Promise<ResolvedSettings>
  readonly fail: (error: MaskinportenError) => void
  /** When whoever waits begins another. */
  readonly leftAt: number
  /** It never ends: in Workers its timers ended with the request that began it. */
  readonly isDead: () => boolean
}

export interface FirstLoadOptions {
  readonly provider: Pick<SettingsProvider, 'get'>
  readonly time: Time
  readonly timeoutMs: number
  readonly health: HealthMonitor
}

export class FirstLoad {
  readonly #options: FirstLoadOptions
  readonly #backOff: BackOff
  #loading: Loading | undefined

  constructor(options: FirstLoadOptions) {
    this.#options = options
    this.#backOff = new BackOff(options.time)
  }

  /**
   * One load for all, until `leftAt`.
   *
   * @throws the last error while the back-off runs.
   */
  get(): Loading {
    const { time, timeoutMs } = this.#options
    const { now } = time
    if (this.#loading !== undefined && now < this.#loading.leftAt) return this.#loading
    const error = this.#backOff.running(false, 0)
    if (error !== undefined) throw error
    let lives = false
    const { promise, resolve, reject } = Promise.withResolvers<ResolvedSettings>()
    const loading: Loading = {
      settings: promise,
      fail: reject,
      leftAt: now + timeoutMs + LEFT_AFTER_MS,
      isDead: () => !lives,
    }
    this.#loading = loading
    const stop = startTimer(timeoutMs, () => (lives = true))
    const end = (): void => {
      stop()
      lives = true
      if (this.#loading === loading) this.#loading = undefined
    }
    promise.then(end, end)
    this.#load(() => this.#loading === loading).then(resolve, reject)
    return loading
  }

  /** All is closed. */
  close(error: MaskinportenError): void {
    this.#loading?.fail(error)
  }

  async #load(isLatest: () => boolean): Promise<ResolvedSettings> {
    const { provider, health } = this.#options
    try {
      const settings: unknown = await provider.get()
      checkProvided(settings)
      this.#backOff.end()
      health.recovered('settings')
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
        health.failed('settings', known)
        this.#backOff.fail({ error: known, retryAfterMs: 0, lasting: false }, 0)
      }
      throw known
    }
  }
}
