/** OpenTelemetry spans and metrics of a Maskinporten instance, from its events and counters; nothing is patched. */
import { type MeterProvider, type TracerProvider, diag, metrics, trace } from '@opentelemetry/api'
import type { MaskinportenEvent } from '@maskinporten-kit/core'
import type { Instance, Instrumentable } from './instance.ts'
import { Instruments, MetricRecorder } from './metrics.ts'
import { SCOPE } from './names.ts'
import { Observed, ObservedInstances } from './observed.ts'
import { SpanRecorder } from './spans.ts'

export type { Instrumentable } from './instance.ts'

export interface InstrumentOptions {
  /** Default: the global one as it is at the call, so start the SDK first. */
  readonly meterProvider?: MeterProvider | undefined
  /** Default: the global one. */
  readonly tracerProvider?: TracerProvider | undefined
  /** Puts the numbers of customers and of system users' organisations on token spans and their counter. Default false. */
  readonly organisations?: boolean | undefined
  /** Gives token spans the names of Altinn's app library, and adds its two counters. Default false. */
  readonly altinnNames?: boolean | undefined
}

/** By provider, since an SDK gives the same instruments to all who ask; by instance, which is told of once. */
const running = new WeakMap<object, WeakMap<object, Running>>()
const meters = new WeakMap<MeterProvider, MeterParts>()

interface Running {
  users: number
  readonly end: () => void
}

interface MeterParts {
  readonly instruments: Instruments
  readonly observed: ObservedInstances
}

/**
 * Reports what the instance does from now on, until it is closed. Returns what ends that; twice is harmless. A second call
 * with the same instance and providers changes nothing, and the last one to end ends both. A provider that fails breaks no call:
 * the failure goes to `diag`.
 *
 * @throws TypeError when the instance has no `subscribe`, `stats` or `health`.
 */
export function instrumentMaskinporten(maskinporten: Instrumentable, options: InstrumentOptions = {}): () => void {
  const instance: Instance = maskinporten
  for (const name of ['subscribe', 'stats', 'health'] as const)
    if (typeof instance?.[name] !== 'function')
      throw new TypeError(`instrumentMaskinporten takes what createMaskinporten() gives; this has no ${name}()`)
  const meterProvider = options.meterProvider ?? metrics.getMeterProvider()
  const tracerProvider = options.tracerProvider ?? trace.getTracerProvider()
  const ends = [
    join(meterProvider, instance, () => startMetrics(meterProvider, instance, options)),
    join(tracerProvider, instance, () => startSpans(tracerProvider, instance, options)),
  ]
  return () => {
    for (const end of ends) end()
  }
}

function startMetrics(provider: MeterProvider, instance: Instance, options: InstrumentOptions): () => void {
  const { instruments, observed } = partsOf(provider)
  const recorder = new MetricRecorder(instruments, options)
  const one = new Observed(instance)
  observed.add(one, options.altinnNames ?? false)
  return follow(
    instance,
    (event) => {
      one.record(event, recorder.startOf(event))
      recorder.record(event)
    },
    () => observed.remove(one),
  )
}

function startSpans(provider: TracerProvider, instance: Instance, options: InstrumentOptions): () => void {
  const recorder = new SpanRecorder(provider.getTracer(SCOPE), instance, options)
  return follow(
    instance,
    (event) => recorder.record(event),
    () => recorder.end(),
  )
}

function partsOf(provider: MeterProvider): MeterParts {
  const known = meters.get(provider)
  if (known !== undefined) return known
  const meter = provider.getMeter(SCOPE)
  const parts = { instruments: new Instruments(meter), observed: new ObservedInstances(meter) }
  meters.set(provider, parts)
  return parts
}

/** Until what it returns is called, or the instance is closed. */
function follow(instance: Instance, record: (event: MaskinportenEvent) => void, over: () => void): () => void {
  let isOver = false
  const end = (): void => {
    if (isOver) return
    isOver = true
    unsubscribe()
    attempt(over)
  }
  const unsubscribe = instance.subscribe((event) => {
    if (event.type === 'closed') end()
    else attempt(() => record(event))
  })
  return end
}

function join(provider: object, instance: object, start: () => () => void): () => void {
  const instances = running.get(provider) ?? new WeakMap<object, Running>()
  running.set(provider, instances)
  let own = instances.get(instance)
  if (own === undefined) {
    own = { users: 0, end: attempt(start) ?? (() => undefined) }
    instances.set(instance, own)
  }
  const joined = own
  joined.users++
  let hasLeft = false
  return () => {
    if (hasLeft) return
    hasLeft = true
    if (--joined.users > 0) return
    instances.delete(instance)
    joined.end()
  }
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch (error) {
    diag.error(`${SCOPE}: telemetry failed`, error instanceof Error ? error.message : '')
    return undefined
  }
}
