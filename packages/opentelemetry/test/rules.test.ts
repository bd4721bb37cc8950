/** The alert rules and a panel of the dashboard, tried by promtool: what instances do that come and go. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const fileOf = (name: string): string => fileURLToPath(new URL(`../monitoring/${name}`, import.meta.url))
const RULES = fileOf('prometheus-alerts.yml')
const hasPromtool = spawnSync('promtool', ['--version']).status === 0

interface Series {
  readonly series: string
  /** A sample each minute; `_` is none, `stale` is the last one of an instance that ended. */
  readonly values: string
}

function promtool(...words: readonly string[]): { readonly status: number | null; readonly said: string } {
  const { status, stdout, stderr } = spawnSync('promtool', words, { encoding: 'utf8' })
  return { status, said: `${stdout}${stderr}` }
}

function evaluate(series: readonly Series[], minute: number, expr: string, samples: readonly object[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'promtool-'))
  const promql = { expr, eval_time: `${minute}m`, exp_samples: samples }
  const tests = [{ interval: '1m', input_series: series, promql_expr_test: [promql] }]
  const file = join(folder, 'test.yml')
  // JSON is YAML too.
  writeFileSync(file, JSON.stringify({ rule_files: [RULES], evaluation_interval: '1m', tests }))
  const { status, said } = promtool('test', 'rules', file)
  rmSync(folder, { recursive: true })
  return status === 0 ? 'as expected' : said
}

if (!hasPromtool) console.warn('skipped: the alert rules, since promtool is not on this machine (apt: prometheus)')

describe.skipIf(!hasPromtool)('with promtool', () => {
  /** The last is when the alert has been due for its `for`. */
  const alerts = [
    ['MaskinportenRefused', 'maskinporten_token_requests_total', { error_type: 'token_refused' }, 13],
    ['MaskinportenKeyRejected', 'maskinporten_key_rejections_total', {}, 13],
    [
      'MaskinportenSettingsUnreadable',
      'maskinporten_settings_duration_seconds_count',
      { maskinporten_outcome: 'failure' },
      24,
    ],
    ['MaskinportenStoreFails', 'maskinporten_store_failures_total', { maskinporten_operation: 'get' }, 19],
    ['MaskinportenClockWrong', 'maskinporten_clock_repairs_total', {}, 13],
  ] as const
  const named = (metric: string, labels: object, instance: string): string =>
    `${metric}{${Object.entries({ job: 'app', instance, ...labels })
      .map(([name, value]) => `${name}="${value}"`)
      .join(',')}}`
  const firing = (alert: string): string => `count by (job) (ALERTS{alertname="${alert}",alertstate="firing"})`
  const one = [{ labels: '{job="app"}', value: 1 }]

  it.each(alerts)(
    '%s fires for a new instance when one that had counted more is gone',
    (alert, metric, labels, due) => {
      const series = [
        { series: named(metric, labels, 'a'), values: '5x5 stale' },
        { series: named(metric, labels, 'b'), values: '_x6 2 2 2 2 3 3 3 3 4 4 4 4 5 5 5 5 6 6 6 6' },
      ]
      expect(evaluate(series, due, firing(alert), one)).toBe('as expected')
    },
  )

  it.each(alerts)('%s fires for an instance that began anew below its former count', (alert, metric, labels, due) => {
    const series = [{ series: named(metric, labels, 'a'), values: '9x6 2 2 2 2 3 3 3 3 4 4 4 4 5 5 5 5 6 6 6 6' }]
    expect(evaluate(series, due, firing(alert), one)).toBe('as expected')
  })

  it.each(alerts)('%s is silent while counts stay, and when an instance ends', (alert, metric, labels, due) => {
    const series = [
      { series: named(metric, labels, 'a'), values: '5x6 stale' },
      { series: named(metric, labels, 'b'), values: '3x30' },
    ]
    for (const minute of [due, due + 4]) expect(evaluate(series, minute, firing(alert), [])).toBe('as expected')
  })

  it('the panel of token ages divides the age of an instance by the life of the same one', () => {
    const dashboard = JSON.parse(readFileSync(fileOf('grafana-dashboard.json'), 'utf8')) as {
      readonly panels: readonly { readonly title: string; readonly targets: readonly { readonly expr: string }[] }[]
    }
    const panel = dashboard.panels.find(({ title }) => title === 'Token age, as a share of its life')
    const expr = panel?.targets[0]?.expr.replaceAll('$job', '.+') ?? ''
    for (const unit of ['', '_seconds']) {
      const series = [
        { series: named(`maskinporten_token_age${unit}`, { maskinporten_kind: 'altinn' }, 'a'), values: '90' },
        { series: named(`maskinporten_token_lifetime${unit}`, { maskinporten_kind: 'altinn' }, 'a'), values: '120' },
        { series: named(`maskinporten_token_age${unit}`, { maskinporten_kind: 'altinn' }, 'b'), values: '300' },
        { series: named(`maskinporten_token_lifetime${unit}`, { maskinporten_kind: 'altinn' }, 'b'), values: '1200' },
      ]
      const samples = [{ labels: '{job="app",maskinporten_kind="altinn"}', value: 0.75 }]
      expect(evaluate(series, 0, expr, samples)).toBe('as expected')
    }
  })

  it('finds nothing to say of the rules', () => {
    expect(promtool('check', 'rules', RULES)).toEqual({ status: 0, said: expect.stringContaining('SUCCESS') })
  })
})
