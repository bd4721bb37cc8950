/** Events into counters and histograms. */
import type { Attributes, Counter, Histogram, Meter } from '@opentelemetry/api'
import type { MaskinportenEvent } from '@maskinporten-kit/core'
import { type TokenEnd, type TokenStart, errorAttributes, organisationsOf, outcomeOf } from './attributes.ts'
import type { NameOptions } from './instance.ts'
import { METRICS, OWN, SEMCONV } from './names.ts'

/** Seconds: those of `http.client.request.duration`. https://opentelemetry.io/docs/specs/semconv/http/http-metrics/ */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10]

/** Of one meter. */
export class Instruments {
  readonly tokenRequests: Counter
  readonly tokenDuration: Histogram
  readonly exchangeRequests: Counter
  readonly exchangeDuration: Histogram
  readonly settingsDuration: Histogram
  readonly storeFailures: Counter
  readonly keyRejections: Counter
  readonly clockRepairs: Counter

  constructor(meter: Meter) {
    const counter = (name: string, unit: string, description: string): Counter =>
      meter.createCounter(name, { unit, description })
    const histogram = (name: string, description: string): Histogram =>
      meter.createHistogram(name, { unit: 's', description, advice: { explicitBucketBoundaries: BUCKETS } })
    this.tokenRequests = counter(
      METRICS.tokenRequests,
      '{request}',
      'Tokens that were asked for, once for all who wait',
    )
    this.tokenDuration = histogram(METRICS.tokenDuration, 'How long it took to get a token, its retries included')
    this.exchangeRequests = counter(METRICS.exchangeRequests, '{request}', 'Requests to Altinn’s exchange')
    this.exchangeDuration = histogram(METRICS.exchangeDuration, 'How long one request to Altinn’s exchange took')
    this.settingsDuration = histogram(
      METRICS.settingsDuration,
      'How long a load of the settings took that changed something or failed',
    )
    this.storeFailures = counter(METRICS.storeFailures, '{operation}', 'Operations of the shared store that failed')
    this.keyRejections = counter(METRICS.keyRejections, '{rejection}', 'Signing keys that Maskinporten rejected')
    this.clockRepairs = counter(METRICS.clockRepairs, '{repair}', 'Grants that were sent again with the server’s time')
  }
}

export class MetricRecorder {
  readonly #instruments: Instruments
  readonly #options: NameOptions
  readonly #open = new Map<number, TokenStart>()

  constructor(instruments: Instruments, options: NameOptions) {
    this.#instruments = instruments
    this.#options = options
  }

  /** The start of a token that ends with this event. */
  startOf(event: MaskinportenEvent): TokenStart | undefined {
    return event.type === 'token.end' ? this.#open.get(event.id) : undefined
  }

  record(event: MaskinportenEvent): void {
    const { keyRejections, clockRepairs, storeFailures } = this.#instruments
    if (event.type === 'token.start') this.#open.set(event.id, event)
    else if (event.type === 'token.end') this.#token(event)
    else if (event.type === 'exchange.end') this.#exchange(event)
    else if (event.type === 'settings.changed') this.#settings(event.why, event.durationMs, {})
    else if (event.type === 'settings.failed') this.#settings(event.why, event.durationMs, errorAttributes(event.error))
    else if (event.type === 'store.failed')
      storeFailures.add(1, { [OWN.operation]: event.operation, [OWN.reason]: event.reason })
    else if (event.type === 'key.rejected') keyRejections.add(1)
    else if (event.type === 'clock.repaired') clockRepairs.add(1)
  }

  #token(event: TokenEnd): void {
    const start = this.#open.get(event.id)
    this.#open.delete(event.id)
    // Begun before the instrumentation.
    if (start === undefined) return
    const outcome = outcomeOf(event)
    const { [OWN.mpCode]: mpCode, ...error } = errorAttributes(event.error)
    const attributes = given({ [OWN.kind]: start.kind, [OWN.outcome]: outcome, [OWN.from]: event.from, ...error })
    const organisations = this.#options.organisations ? organisationsOf(start) : {}
    this.#instruments.tokenRequests.add(
      1,
      given({ ...attributes, [OWN.why]: start.why, [OWN.mpCode]: mpCode, ...organisations }),
    )
    if (outcome !== 'abandoned') this.#instruments.tokenDuration.record(event.durationMs / 1000, attributes)
  }

  #exchange({ durationMs, error }: Pick<TokenEnd, 'durationMs' | 'error'>): void {
    const attributes = given({
      [OWN.outcome]: error === undefined ? 'success' : 'failure',
      [SEMCONV.status]: error === undefined ? 200 : undefined,
      ...errorAttributes(error),
    })
    this.#instruments.exchangeRequests.add(1, attributes)
    this.#instruments.exchangeDuration.record(durationMs / 1000, attributes)
  }

  #settings(why: string | undefined, durationMs: number | undefined, error: Attributes): void {
    if (durationMs === undefined) return
    const outcome = SEMCONV.errorType in error ? 'failure' : 'success'
    this.#instruments.settingsDuration.record(
      durationMs / 1000,
      given({ [OWN.why]: why, [OWN.outcome]: outcome, ...error }),
    )
  }
}

/** A label that is not given is left out, so that it makes no series of its own. */
function given(attributes: Attributes): Attributes {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined))
}
