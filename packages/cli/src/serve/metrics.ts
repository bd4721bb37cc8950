/** Counters in Prometheus' text format (https://prometheus.io/docs/instrumenting/exposition_formats/). */
import type { Health, Stats } from '@maskinporten-kit/core'
import type { Endpoint } from './audit.ts'

/** Upper ends of the histogram, seconds: a cached token, a new one, one with retries, the deadline of a caller. */
const BUCKETS = [0.005, 0.05, 0.25, 1, 3, 10] as const

const STATES: readonly Health['status'][] = ['ok', 'degraded', 'failing']

export class Metrics {
  readonly #requests = new Map<string, number>()
  readonly #buckets = BUCKETS.map(() => 0)
  #count = 0
  #seconds = 0

  /** `result`: `cached`, `new`, `active`, `inactive`, or the error's code. */
  count(endpoint: Endpoint, result: string, ms: number): void {
    const labels = `endpoint="${endpoint}",result="${labelled(result)}"`
    this.#requests.set(labels, (this.#requests.get(labels) ?? 0) + 1)
    if (endpoint !== 'token') return
    this.#count++
    this.#seconds += ms / 1000
    for (const [index, end] of BUCKETS.entries())
      if (ms / 1000 <= end) this.#buckets[index] = (this.#buckets[index] ?? 0) + 1
  }

  text(stats: Stats, health: Health): string {
    return [
      ...block(
        'maskinporten_serve_requests_total',
        'counter',
        'Requests by endpoint and result.',
        Array.from(this.#requests, ([labels, value]) => `{${labels}} ${value}`),
      ),
      ...block('maskinporten_serve_token_duration_seconds', 'histogram', 'How long a caller waited for a token.', [
        ...BUCKETS.map((end, index) => `_bucket{le="${end}"} ${this.#buckets[index] ?? 0}`),
        `_bucket{le="+Inf"} ${this.#count}`,
        `_sum ${this.#seconds}`,
        `_count ${this.#count}`,
      ]),
      ...block('maskinporten_token_cache_total', 'counter', 'Calls of the token cache, by what they found.', [
        `{result="hit"} ${stats.hits}`,
        `{result="stale"} ${stats.stale}`,
        `{result="miss"} ${stats.misses}`,
      ]),
      ...block('maskinporten_token_renewals_total', 'counter', 'Renewals begun behind a caller.', [
        ` ${stats.renewals}`,
      ]),
      ...block(
        'maskinporten_health',
        'gauge',
        '1 for the state that holds.',
        STATES.map((status) => `{status="${status}"} ${status === health.status ? 1 : 0}`),
      ),
      '',
    ].join('\n')
  }
}

function block(name: string, type: string, help: string, samples: readonly string[]): readonly string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...samples.map((sample) => name + sample)]
}

/** An error code comes from upstream: only those of a known form make a label of their own. */
function labelled(result: string): string {
  return /^[a-z_]{1,40}$/.test(result) ? result : 'other'
}
