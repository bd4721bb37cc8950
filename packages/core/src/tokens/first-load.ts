/** The first load of the settings. After a failure the next call tries again, with a pause that grows. */
import { MaskinportenError, fault } from '../errors.ts'
import type { HealthMonitor } from '../health.ts'
import { startTimer } from '../timer.ts'
import { type ResolvedSettings, type SettingsProvider, isWatched } from '../settings/settings-provider.ts'
import type { Time } from '../time.ts'
import { waitUntil } from '../with-deadline.ts'
import { BackOff } from './back-off.ts'
import { type CallerDeadline, GIVEN_UP } from './caller-deadline.ts'
import { timeoutError } from './failure.ts'
import { GIVEN_UP_AFTER_MS } from './flight.ts'
import { checkProvided } from './provided-settings.ts'

export interface Loading {
  readonly settings: Promise<ResolvedSettings>
  readonly fail: (error: MaskinportenError) => void
  /** After this nobody waits for this load: the next caller starts another. On the line of time. */
  readonly givenUpAt: number
  /** Whether the load can no longer end: in Workers its timers end together with the request that started it. */
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
   * The settings, or undefined when the caller must look again. All callers share one load, until `givenUpAt`.
   *
   * @throws the last error during the pause after a failure; `timeout` at the caller's deadline.
   */
  async wait(deadline: CallerDeadline): Promise<ResolvedSettings | undefined> {
    const { time, timeoutMs } = this.#options
    const { settings, givenUpAt, isDead } = this.get()
    const late = (): unknown => (givenUpAt < deadline.at ? GIVEN_UP : timeoutError(timeoutMs, this.#awaited))
    try {
      return await waitUntil(time, Math.min(deadline.at, givenUpAt), () => settings, late)
    } catch (error) {
      if (error !== GIVEN_UP) throw error
      if (isDead()) deadline.extend()
      return undefined
    }
  }

  get #awaited(): string {
    const { provider } = this.#options
    const source = isWatched(provider) ? provider.awaited : undefined
    return source === undefined ? 'the settings' : `the settings of "${source}"`
  }

  /** The load under way, or a new one. */
  get(): Loading {
    const { time, timeoutMs } = this.#options
    const { now } = time
    if (this.#loading !== undefined && now < this.#loading.givenUpAt) return this.#loading
    const error = this.#backOff.running(false, 0)
    if (error !== undefined) throw error
    let lives = false
    const { promise, resolve, reject } = Promise.withResolvers<ResolvedSettings>()
    const loading: Loading = {
      settings: promise,
      fail: reject,
      givenUpAt: now + timeoutMs + GIVEN_UP_AFTER_MS,
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

  /** Rejects a load under way. */
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
      // An older load must not start the pause for a newer one.
      if (isLatest()) {
        health.failed('settings', known)
        this.#backOff.fail({ error: known, retryAfterMs: 0, lasting: false }, 0)
      }
      throw known
    }
  }
}
