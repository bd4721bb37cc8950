/** The provider: takes sources in order, and gives the settings in force. It owns the timers and the key ring. */
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
/** A client id and its key are two secrets, written one after the other. After a new client id beside the old key, the sources are asked again after this time. */
const SECOND_LOOK_MS = 5_000
/** The longest wait of the timer: where no source is polled, a key that ends soon is noticed all the same. */
const DAY_MS = 24 * 60 * 60 * 1000

interface Load {
  readonly changed: Promise<boolean>
  /** Made with the load, because a controller in Workers belongs to the request in which it was made. */
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
  /** Level of the source that the newest key came from. */
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

  /** The load under way. A load that is past its deadline does not count: in Workers it may hang for ever, when its request has ended. */
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
      if (why === 'start') throw error
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
      // `describe()` shows these values after a first load that failed.
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
      // A source that failed or was not asked has not confirmed its key.
      if (this.#loader.isFailing || this.#flightIsPartial || this.#time.now < this.#unconfirmed.seenAt + SECOND_LOOK_MS)
        return false
    }
    this.#unconfirmed = undefined
    const change = this.#history.change(client, fresh)
    const isKidReused = this.#history.reusesKid(fresh)
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
    if (isKidReused) this.#events.emit('settings.warning', 'error', kidReused(change))
    return true
  }

  /** Only time has passed: a retired key may go, and a key may end soon. */
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
    // A source that failed is not asked again before its time.
    const onlyDue = this.#unconfirmed === undefined || this.#loader.isFailing
    const ms = onlyDue ? (this.#loader.dueInMs ?? DAY_MS) : SECOND_LOOK_MS
    this.#stopTimer = startTimer(Math.min(ms, DAY_MS, this.#history.warnsInMs), () => void this.#load('poll', onlyDue))
  }
}

/** Settings are the same if only their revision or origin differs. */
const isSame = (one: object, other: object): boolean =>
  JSON.stringify({ ...one, revision: 0, credential: 0 }) === JSON.stringify({ ...other, revision: 0, credential: 0 })

const settingsClosed = (): MaskinportenError => fault('closed', 'these settings are closed', 'make a new provider')
