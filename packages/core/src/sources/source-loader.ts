/** Asks the sources, one after the other, and keeps the last layer of each: a source that fails changes nothing. */
import { MaskinportenError, fault, isMaskinportenError } from '../errors.ts'
import type { MaskinportenEvents, SettingsEvents } from '../events.ts'
import { type Time, jitter } from '../time.ts'
import { startTimer } from '../timer.ts'
import { abortable } from '../abortable.ts'
import { childController } from '../with-deadline.ts'
import type { ConfigLayer, ConfigSource, LoadContext } from './config-source.ts'
import { mergeLayers } from './config-layer.ts'

const THROTTLED = 429
const LONGEST_WAIT_MS = 60 * 60 * 1000

/** What one source gave, with its name. Lists of these are in the caller's order: later wins. */
export interface SourceLayer {
  readonly name: string
  readonly layer: ConfigLayer
  readonly nameOf: ((key: string, section: string) => string | undefined) | undefined
  /** Its warnings, and the places where it found nothing, at its last load. */
  readonly warnings: readonly SourceWarning[]
  readonly absent: readonly string[]
}

interface SourceState {
  readonly source: ConfigSource
  layer: ConfigLayer | undefined
  failures: number
  throttled: boolean
  /** Its warnings at its last load. */
  warnings: readonly SourceWarning[]
  absent: readonly string[]
  due: number | undefined
}

export type SourceWarning = MaskinportenEvents['settings.warning']

export class SourceLoader {
  readonly #time: Time
  readonly #section: string
  readonly #keys: readonly string[]
  readonly #states: readonly SourceState[]
  readonly #events: SettingsEvents
  #asked: string | undefined

  /** `keys`: of `LoadContext`. */
  constructor(
    sources: readonly ConfigSource[],
    section: string,
    keys: readonly string[],
    time: Time,
    events: SettingsEvents,
  ) {
    this.#keys = keys
    this.#events = events
    this.#time = time
    this.#section = section
    this.#states = sources.map((source) => ({
      source,
      layer: undefined,
      failures: 0,
      throttled: false,
      due: undefined,
      warnings: [],
      absent: [],
    }))
  }

  get layers(): readonly SourceLayer[] {
    return this.#states.map(({ source, layer = new Map(), warnings, absent }) => ({
      name: source.name,
      layer,
      nameOf: source.nameOf?.bind(source),
      warnings,
      absent,
    }))
  }

  get warnings(): readonly SourceWarning[] {
    return this.#states.flatMap(({ warnings }) => warnings)
  }

  /** Name of the source that we are waiting for. */
  get asked(): string | undefined {
    return this.#asked
  }

  get isFailing(): boolean {
    return this.#states.some(({ failures }) => failures > 0)
  }

  /** Milliseconds until a source wants to be asked again; `undefined`: none does. */
  get dueInMs(): number | undefined {
    const waits = this.#states.flatMap(({ due }) => (due === undefined ? [] : [Math.max(0, due - this.#time.now)]))
    return waits.length === 0 ? undefined : Math.min(...waits)
  }

  /**
   * Whether a layer changed. With `onlyDue`, a source is asked when its time has come, or when a source before it changed:
   * it may have read its own address there. At a refresh, the wait for a source that hangs ends after half of `ms`, the
   * time of `signal`, so that the sources after it are asked too. The wait for the next one ends after half of the rest.
   *
   * @throws MaskinportenError at `start`, with the first source that fails; the others depend on it.
   */
  async load(why: LoadContext['why'], onlyDue: boolean, signal: AbortSignal, ms: number): Promise<boolean> {
    let changed = false
    let left = ms
    for (const [index, state] of this.#states.entries()) {
      if (onlyDue && !changed && !(state.due !== undefined && this.#time.now >= state.due)) continue
      // The time is over. Sources that were not asked have not failed, and stay due.
      if (why !== 'start' && isMaskinportenError(signal.reason, 'timeout')) break
      const earlier = mergeLayers(this.#states.slice(0, index).map(({ layer }) => layer ?? new Map()))
      // The last one may take the rest of the time. At the start all are needed, so each may.
      const isLast = why === 'start' || index === this.#states.length - 1
      const share = isLast ? undefined : startLoadDeadline(left / 2, signal, false)
      const layer = await this.#ask(state, why, earlier, share?.signal ?? signal).finally(share?.release)
      if (share?.signal.aborted === true) left /= 2
      if (layer === undefined) continue
      changed = changed || state.layer === undefined || !isSame(state.layer, layer)
      state.layer = layer
    }
    return changed
  }

  async #ask(
    state: SourceState,
    why: LoadContext['why'],
    earlier: ConfigLayer,
    signal: AbortSignal,
  ): Promise<ConfigLayer | undefined> {
    const { source } = state
    const warnings: SourceWarning[] = []
    const absent: string[] = []
    const context: LoadContext = {
      section: this.#section,
      keys: this.#keys,
      earlier,
      why,
      previous: why === 'start' ? undefined : state.layer,
      signal,
      warn: (warning) => warnings.push({ ...warning, origin: source.name }),
      absent: (place) => absent.push(place),
    }
    this.#asked = source.name
    const startedAt = this.#time.now
    try {
      const layer = await abortable(load(source, context), signal)
      if (state.failures > 0)
        this.#events.emit('settings.recovered', 'info', { source: source.name, failures: state.failures })
      state.failures = 0
      state.throttled = false
      return layer
    } catch (error) {
      if (signal.aborted && isMaskinportenError(signal.reason, 'closed')) throw signal.reason
      const known = sourceError(error, source, signal)
      state.failures++
      state.throttled = known.status === THROTTLED
      this.#events.emit('settings.failed', why === 'start' ? 'error' : 'warn', {
        source: source.name,
        error: known,
        failures: state.failures,
        why,
        durationMs: this.#time.now - startedAt,
      })
      if (why === 'start') throw known
      return undefined
    } finally {
      this.#asked = undefined
      this.#events.warn(warnings)
      state.warnings = warnings
      state.absent = absent
      state.due = dueAfter(state, this.#time)
    }
  }
}

/** A source that throws at once fails like one that rejects. */
const load = async (source: ConfigSource, context: LoadContext): Promise<ConfigLayer> => source.load(context)

function sourceError(error: unknown, { name }: ConfigSource, { aborted, reason }: AbortSignal): MaskinportenError {
  if (aborted && isMaskinportenError(reason, 'timeout')) {
    return fault('timeout', `${reason.message}: no answer from ${name}`, 'check that it can be reached from here', {
      retryable: true,
    })
  }
  if (isMaskinportenError(error)) return error
  const what = classAndCode(error)
  return fault(
    'settings_unavailable',
    `the source "${name}" could not be read${what === '' ? '' : ` (${what})`}`,
    'check the function load of this source, then try again',
    { retryable: true },
  )
}

/** Of an error of another class only these: its message may hold a secret. */
function classAndCode(error: unknown): string {
  if (!(error instanceof Error)) return ''
  return [error.name, 'code' in error && error.code]
    .filter((one) => typeof one === 'string' && /^[A-Z]\w{1,31}$/i.test(one) && one !== 'Error')
    .join(' ')
}

/** A store that throttles is asked half as often after each refusal, but at least once an hour. */
function dueAfter({ source: { refreshMs }, failures, throttled }: SourceState, time: Time): number | undefined {
  if (refreshMs === undefined || !(refreshMs > 0)) return undefined
  const waitMs = throttled ? Math.max(refreshMs, Math.min(refreshMs * 2 ** failures, LONGEST_WAIT_MS)) : refreshMs
  return time.now + waitMs * jitter()
}

function isSame(one: ConfigLayer, other: ConfigLayer): boolean {
  return (
    one.size === other.size &&
    [...one].every(([key, entry]) => {
      const twin = other.get(key)
      return twin?.reveal() === entry.reveal() && twin?.version === entry.version && twin?.expiresAt === entry.expiresAt
    })
  )
}

/** The deadline of a load, or of one source's share of it. */
export function startLoadDeadline(
  ms: number,
  parent: AbortSignal,
  keepAlive: boolean,
): { readonly signal: AbortSignal; readonly release: () => void } {
  const { own, release } = childController(parent)
  const seconds = Number((ms / 1000).toPrecision(2))
  const late = (): void => own.abort(new MaskinportenError('timeout', `the settings did not load within ${seconds} s`))
  const stop = startTimer(ms, late, keepAlive)
  return {
    signal: own.signal,
    release: () => {
      stop()
      release()
    },
  }
}
