/** An SDK in memory, and what came out of it. */
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { type Attributes, context } from '@opentelemetry/api'
import { MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics'
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'

export interface Point {
  readonly value: unknown
  readonly attributes: Attributes
}

class Reader extends MetricReader {
  protected async onShutdown(): Promise<void> {}
  protected async onForceFlush(): Promise<void> {}
}

export class Telemetry {
  readonly #reader = new Reader()
  readonly #exporter = new InMemorySpanExporter()
  readonly meterProvider: MeterProvider = new MeterProvider({ readers: [this.#reader] })
  readonly tracerProvider: TracerProvider = new TracerProvider({
    spanProcessors: [new SimpleSpanProcessor({ exporter: this.#exporter })],
  })

  get spans(): ReturnType<InMemorySpanExporter['getFinishedSpans']> {
    return this.#exporter.getFinishedSpans()
  }

  named(name: string): ReturnType<InMemorySpanExporter['getFinishedSpans']> {
    return this.spans.filter((span) => span.name === name)
  }

  async points(): Promise<ReadonlyMap<string, readonly Point[]>> {
    const { resourceMetrics, errors } = await this.#reader.collect()
    if (errors.length > 0) throw new AggregateError(errors)
    return new Map(
      resourceMetrics.scopeMetrics.flatMap(({ metrics }) =>
        metrics.map(({ descriptor, dataPoints }) => [
          descriptor.name,
          dataPoints.map(({ value, attributes }) => ({ value, attributes })),
        ]),
      ),
    )
  }

  /** Value by attributes: `{ 'maskinporten.result=hit': 2 }`. Of a histogram its count. */
  async read(metric: string): Promise<Readonly<Record<string, number>>> {
    const points = (await this.points()).get(metric) ?? []
    return Object.fromEntries(
      points.map(({ value, attributes }) => [
        Object.entries(attributes)
          .map(([name, of]) => `${name.replace('maskinporten.', '')}=${String(of)}`)
          .toSorted()
          .join(' '),
        typeof value === 'number' ? value : countOf(value),
      ]),
    )
  }

  /** Everything that left. */
  async everything(): Promise<string> {
    const spans = this.spans.map(({ name, attributes, events, links, status, resource }) => ({
      name,
      attributes,
      events,
      links,
      status,
      resource: resource.attributes,
    }))
    return JSON.stringify([spans, [...(await this.points())]])
  }
}

function countOf(value: unknown): number {
  return typeof value === 'object' && value !== null && 'count' in value ? Number(value.count) : Number.NaN
}

/** For the tests of a file: contexts follow its promises. Returns what ends that. */
export function followContexts(): () => void {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  return () => context.disable()
}
