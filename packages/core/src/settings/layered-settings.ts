/** The provider: ordered sources in, settings in force out; it owns the timers and the ring. */
import { systemClock } from '../clock.ts'
import { type MaskinportenError, fault } from '../errors.ts'
import { type MaskinportenEvents, type SettingsEvent, SettingsEvents } from '../events.ts'
import { startTimer } from '../timer.ts'
import { Time } from '../time.ts'
import { abortable } from '../abortable.ts'
import type { ConfigSource, LoadContext } from '../sources/config-source.ts'
import { type DescribedSetting, changedKeys, describeLayers } from './describe.ts'
import { KeyHistory, kidReused } from './key-history.ts'
import { knownKeys } from './setting-names.ts'
import { SignersAsSource } from './signers.ts'
import { DEFAULT_SECTION, type ProviderOptions, resolve } from './resolve.ts'
import type { ResolvedSettings, WatchedProvider } from './settings-provider.ts'
import { type SourceLayer, SourceLoader, startLoadDeadline } from '../sources/source-loader.ts'

const LOAD_TIMEOUT_MS = 10_000
/** Between two refreshes after a rejection. */
const COOL_DOWN_MS = 10_000
/** Two secrets cannot be written at once: a new client id beside the old key is looked at again after this. */
const SECOND_LOOK_MS = 5_000
/** So that a key's last days are noticed where no source is polled. */
const DAY_MS = 24 * 60 * 60 * 1000

interface Load {
  readonly changed: Promise<boolean>
  /** Made with the load: in Workers it belongs to the request in which it was made. */
  readonly closing: AbortController
  readonly leftAt: number
}

type LoadTold = Pick<MaskinportenEvents['settings.changed'], 'why' | 'durationMs'>

export class LayeredSettings implements WatchedProvider {
  readonly #options: ProviderOptions
  readonly #signers: SignersAsSource | undefined
  readonly #section: string
  readonly #time: Time
  readonly #loader: SourceLoader
  readonly #history: KeyHistory
  readonly #events: SettingsEvents
  #isClosed = false
  isDebugging = false
  #current: ResolvedSettings | undefined
  /** Of the source that the newest key came from. */
  #ownerLevel: number | undefined
  #layers: readonly SourceLayer[] = []
  #invalid = 0
  #flight: Load | undefined
  #flightIsPartial = false
  #forcedAt = Number.NEGATIVE_INFINITY
  #unconfirmed: { readonly clientId: string; readonly seenAt: number } | undefined
  #stopTimer = (): void => undefined

  constructor(sources: readonly ConfigSource[], options: ProviderOptions) {
    this.#options = options
    this.#section = options.section ?? DEFAULT_SECTION
    this.#time = new Time(options.clock ?? systemClock)
    this.#events = new SettingsEvents(this.#time.clock)
    this.#signers = options.signer === undefined ? undefined : new SignersAsSource(options.signer)
    this.#loader = new SourceLoader(
      [...sources.flatMap((source) => source.parts ?? [source]), ...(this.#signers ? [this.#signers] : [])],
      this.#section,
      knownKeys(this.#section),
      this.#time,
      this.#events,
    )
    this.#history = new KeyHistory(this.#time)
  }

  get awaited(): string | undefined {
    return this.#loader.asked
  }

  current(): ResolvedSettings | undefined {
    return this.#current
  }

  async get(options: { readonly signal?: AbortSignal | undefined } = {}): Promise<ResolvedSettings> {
    options.signal?.throwIfAborted()
    if (this.#isClosed) throw settingsClosed()
    if (this.#current === undefined) await abortable(this.#load('start', false), options.signal)
    if (this.#current === undefined) throw settingsClosed()
    return this.#current
  }

  async refresh(why: 'poll' | 'rejected'): Promise<boolean> {
    if (this.#isClosed) return false
    if (this.#current === undefined)
      return this.get().then(
        () => true,
        () => false,
      )
    if (this.#flightIsPartial) await this.#liveFlight?.changed
    if (why === 'rejected' && this.#liveFlight === undefined) {
      if (this.#time.now < this.#forcedAt + COOL_DOWN_MS) return false
      this.#forcedAt = this.#time.now
    }
    return this.#load(why, false)
  }

  subscribe(listener: (event: SettingsEvent) => void): () => void {
    return this.#events.add(listener)
  }

  describe(): readonly DescribedSetting[] {
    return describeLayers(this.#layers, this.#section, this.#history.entries)
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.#stopTimer()
    const flight = this.#liveFlight
    flight?.closing.abort(settingsClosed())
    await flight?.changed.catch(() => undefined)
    this.#events.clear()
  }

  /** One past its deadline does not end by itself: in Workers it ended with its request. */
  get #liveFlight(): Load | undefined {
    const flight = this.#flight
    return flight !== undefined && this.#time.now < flight.leftAt ? flight : undefined
  }

  /** One at a time. */
  #load(why: LoadContext['why'], onlyDue: boolean): Promise<boolean> {
    const running = this.#liveFlight
    if (running !== undefined) return running.changed
    const closing = new AbortController()
    const leftAt = this.#time.now + (this.#options.loadTimeoutMs ?? LOAD_TIMEOUT_MS)
    this.#flightIsPartial = onlyDue
    const changed = this.#loadNow(why, onlyDue, closing.signal).finally(() => {
      if (this.#flight?.closing !== closing) return
      this.#flight = undefined
      this.#schedule()
    })
    this.#flight = { changed, closing, leftAt }
    return changed
  }

  async #loadNow(why: LoadContext['why'], onlyDue: boolean, closing: AbortSignal): Promise<boolean> {
    const ms = this.#options.loadTimeoutMs ?? LOAD_TIMEOUT_MS
    const { signal, release } = startLoadDeadline(ms, closing, why === 'start')
    const startedAt = this.#time.now
    const told = (): LoadTold => ({ why, durationMs: this.#time.now - startedAt })
    try {
      const changed = await this.#loader.load(why, onlyDue, signal, ms)
      return why === 'start' || changed || this.#unconfirmed !== undefined ? await this.#adopt(told) : this.#age(told)
    } catch (error) {
      if (why === 'start') throw this.#isClosed ? settingsClosed() : error
      return false
    } finally {
      release()
    }
  }

  async #adopt(told: () => LoadTold): Promise<boolean> {
    const { layers: all, warnings: sourceWarnings } = this.#loader
    const layers = this.#signers ? all.slice(0, -1) : all
    const options = { ...this.#options, signers: this.#signers?.signersOf(all.at(-1)?.layer) }
    const previousKey = { ...this.#history.entries[0], level: this.#ownerLevel }
    const {
      settings,
      keys: fresh,
      error,
      warnings,
      isDebugging,
    } = await resolve(layers, sourceWarnings, options, this.#time.wall, previousKey)
    if (this.#isClosed) throw settingsClosed()
    this.isDebugging = isDebugging
    this.#events.warn(warnings)
    if (error !== undefined) {
      // So that `describe()` shows what there was.
      if (this.#current === undefined) this.#layers = layers
      this.#invalid++
      this.#events.emit('settings.failed', 'error', { source: 'settings', error, failures: this.#invalid, ...told() })
      throw error
    }
    const last = this.#current
    if (this.#invalid > 0)
      this.#events.emit('settings.recovered', 'info', { source: 'settings', failures: this.#invalid })
    this.#invalid = 0
    const client = `${settings.clientId} ${settings.authority}`
    const version = fresh[0]?.entry?.version
    const isHalfWritten = version !== undefined && version === previousKey.entry?.version
    if (last !== undefined && last.clientId !== settings.clientId && isHalfWritten) {
      const { clientId } = settings
      if (this.#unconfirmed?.clientId !== clientId) this.#unconfirmed = { clientId, seenAt: this.#time.now }
      // A source that fails, or was not asked, says nothing of its key.
      if (this.#loader.isFailing || this.#flightIsPartial || this.#time.now < this.#unconfirmed.seenAt + SECOND_LOOK_MS)
        return false
    }
    this.#unconfirmed = undefined
    const change = this.#history.change(client, fresh)
    const next = { ...settings, keys: this.#history.update(client, fresh), keyLife: this.#history.life }
    this.#ownerLevel = fresh[0]?.level
    this.#warnOfExpiry()
    if (last !== undefined && isSame(last, next)) return false
    const revision = (last?.revision ?? 0) + 1
    const names = changedKeys(last === undefined ? [] : this.#layers, layers, this.#section)
    this.#layers = layers
    this.#current = Object.freeze({ ...next, revision })
    this.#events.emit('settings.changed', 'info', { revision, keys: names, ...told() })
    if (change === undefined) return true
    this.#events.emit('key.changed', 'info', change)
    if (change.kid === change.previousKid) this.#events.emit('settings.warning', 'error', kidReused(change))
    return true
  }

  /** Nothing was changed but the time: a retired key may go, a key's end may be near. */
  #age(told: () => LoadTold): boolean {
    const last = this.#current
    if (last === undefined) return false
    this.#warnOfExpiry()
    const keys = this.#history.update(
      `${last.clientId} ${last.authority}`,
      this.#history.entries.filter(({ retiredAt }) => retiredAt === undefined),
    )
    if (keys.length === last.keys.length) return false
    this.#current = Object.freeze({ ...last, keys, revision: last.revision + 1 })
    this.#events.emit('settings.changed', 'info', { revision: this.#current.revision, keys: [], ...told() })
    return true
  }

  #warnOfExpiry(): void {
    const soon = this.#history.expiresSoon()
    if (soon === undefined) return
    const { level, ...fields } = soon
    this.#events.emit('key.expires-soon', level, fields)
  }

  #schedule(): void {
    this.#stopTimer()
    if (this.#current === undefined || this.#isClosed) return
    // A source that fails is not asked again before its time.
    const onlyDue = this.#unconfirmed === undefined || this.#loader.isFailing
    const ms = onlyDue ? (this.#loader.dueInMs ?? DAY_MS) : SECOND_LOOK_MS
    this.#stopTimer = startTimer(Math.min(ms, DAY_MS, this.#history.warnsInMs), () => void this.#load('poll', onlyDue))
  }
}

/** Where a value came from changes nothing. */
const isSame = (one: object, other: object): boolean =>
  JSON.stringify({ ...one, revision: 0, credential: 0 }) === JSON.stringify({ ...other, revision: 0, credential: 0 })

const settingsClosed = (): MaskinportenError => fault('closed', 'these settings are closed', 'make a new provider')
