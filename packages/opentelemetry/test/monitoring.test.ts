/** The dashboard and the alert rules against a real Prometheus, fed by real instances: one that is well, and two that ail. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import {
  type ConfigSource,
  type Maskinporten,
  type TokenStore,
  createMaskinporten,
  fromObject,
  settingsFrom,
} from '@maskinporten-kit/core'
import { type EmulatedClient, type Emulator, startEmulator } from '@maskinporten-kit/emulator'
import { instrumentMaskinporten } from '@maskinporten-kit/opentelemetry'
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus'
import { MeterProvider } from '@opentelemetry/sdk-metrics'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { Prometheus, freePort, hasPrometheus } from './prometheus.ts'

const fileOf = (name: string): string => fileURLToPath(new URL(`../monitoring/${name}`, import.meta.url))
const RULES = fileOf('prometheus-alerts.yml')
const HOUR = 60 * 60
const DAY = 24 * HOUR
/** For what a loaded machine is slow at. */
const patience = { timeout: 15_000, interval: 100 }
const scope = 'altinn:serviceowner/instances.read'

interface Dashboard {
  readonly panels: readonly { readonly title: string; readonly targets: readonly { readonly expr: string }[] }[]
}
const dashboard = JSON.parse(readFileSync(fileOf('grafana-dashboard.json'), 'utf8')) as Dashboard

const queries: readonly (readonly [string, string])[] = dashboard.panels.flatMap(({ title, targets }) =>
  targets.map(({ expr }): readonly [string, string] => [title, expr]),
)

/** As the OpenTelemetry Collector and Prometheus' own OTLP receiver write the names. */
const WITH_UNITS = JSON.stringify(
  [
    ['(maskinporten_.*_duration)_(bucket|sum|count)', '${1}_seconds_${2}'],
    ['(maskinporten_token_age|maskinporten_token_lifetime|maskinporten_key_remaining)', '${1}_seconds'],
    ['(maskinporten_key_age)', '${1}_ratio'],
  ].map(([regex, replacement]) => ({ source_labels: ['__name__'], target_label: '__name__', regex, replacement })),
)

if (!hasPrometheus)
  console.warn('skipped: the dashboard and the alert rules, since prometheus is not on this machine (apt: prometheus)')

describe.skipIf(!hasPrometheus)('with Prometheus', () => {
  let emulator: Emulator
  let client: EmulatedClient
  let prometheus: Prometheus
  const ports: Record<string, number> = {}
  const ends: (() => Promise<void>)[] = []

  async function watch(job: string, maskinporten: Maskinporten): Promise<Maskinporten> {
    const port = await freePort()
    const exporter = new PrometheusExporter({ host: '127.0.0.1', port, preventServerStart: true })
    const meterProvider = new MeterProvider({ readers: [exporter] })
    await exporter.startServer()
    ports[job] = port
    instrumentMaskinporten(maskinporten, { meterProvider })
    ends.push(async () => {
      await maskinporten.close()
      await meterProvider.shutdown()
    })
    return maskinporten
  }

  beforeAll(async () => {
    emulator = await startEmulator()
    client = await emulator.registerClient({ scopes: [scope], orgNumber: '991825827', accessTokenLifetime: HOUR })
    const well = await watch('well', createMaskinporten(sectionWith({ iat: -1, exp: 300 }) as never))
    let shift = -300_000
    let readable = true
    const source: ConfigSource = {
      name: 'vault',
      load: (load) =>
        readable
          ? fromObject({ MaskinportenSettings: sectionWith({ iat: -300, exp: 1 }) }).load(load)
          : Promise.reject(new Error('the vault is down')),
    }
    const store: TokenStore = {
      get: () => Promise.reject(new Error('redis is down')),
      set: () => Promise.reject(new Error('redis is down')),
    }
    const clock = { now: () => Date.now() + shift, monotonic: () => performance.now() + shift }
    const ailing = createMaskinporten(settingsFrom([source], { clock }), { clock, store, timeoutMs: 8_000 })
    await watch('degraded', ailing)
    const down = () => Promise.reject(Object.assign(new TypeError('fetch failed'), { code: 'ECONNREFUSED' }))
    const failing = await watch('failing', createMaskinporten(client.settings, { fetch: down, timeoutMs: 500 }))
    prometheus = await Prometheus.start(ports, RULES, WITH_UNITS)

    const ask = (of: Maskinporten, n: number, kind: 'maskinporten' | 'altinn' = 'maskinporten'): Promise<unknown> =>
      of.getToken({ kind, resource: `https://api.example.no/${n}` }).catch((error: unknown) => error)
    for (const round of [1, 2, 3]) {
      await Promise.all([ask(well, round, 'altinn'), ask(ailing, round, 'altinn'), ask(failing, round)])
      for (let call = 0; call < 20; call++) await ask(well, 1, 'altinn')
      await prometheus.hasScrapedAll()
      // A store that failed is skipped for 5 s: without this, how often it fails depends on how fast the rounds are.
      shift += 6_000
    }
    emulator.faults.next('token', { delayMs: 3_000 })
    await ask(ailing, 4)
    emulator.faults.next('token', { error: 'MP-200' })
    await ask(ailing, 5)
    emulator.faults.next('token', { error: 'kid_unknown' })
    await ask(ailing, 6)
    readable = false
    await ailing.settings.refresh('poll')
    // The renewal of a token is due, which then has ten minutes left.
    shift += 50 * 60 * 1000
    emulator.faults.next('token', { status: 503, times: Infinity })
    await ask(ailing, 4)
    await vi.waitUntil(() => ailing.health().status === 'degraded', { timeout: 30_000, interval: 100 })
    await prometheus.hasScrapedAll()
  }, 120_000)
  afterAll(async () => {
    await Promise.all(ends.map((end) => end()))
    await prometheus?.stop()
    await emulator.close()
  })

  function sectionWith({ iat, exp }: { readonly iat: number; readonly exp: number }): object {
    const jwk = JSON.parse(Buffer.from(client.settings.encodedJwk ?? '', 'base64').toString()) as object
    const now = Math.floor(Date.now() / 1000)
    const aged = { ...jwk, iat: now + iat * DAY, exp: now + exp * DAY }
    return { ...client.settings, encodedJwk: Buffer.from(JSON.stringify(aged)).toString('base64') }
  }

  it.each(queries)('the panel “%s” shows something: %s', async (_, expr) => {
    for (const job of ['.+', '.+ with units', 'well|degraded|failing']) {
      const query = expr.replaceAll('$__rate_interval', '5m').replaceAll('$job', job)
      await expect.poll(async () => (await prometheus.query(query)).length, patience).toBeGreaterThan(0)
      const samples = await prometheus.query(query)
      expect(samples.filter(({ value }) => !Number.isFinite(value))).toEqual([])
    }
  })

  it('the health panel tells the three apart', async () => {
    const query = queries[0]?.[1].replaceAll('$job', 'well|degraded|failing') ?? ''
    await expect
      .poll(
        async () =>
          Object.fromEntries((await prometheus.query(query)).map(({ metric, value }) => [metric['job'], value])),
        patience,
      )
      .toEqual({ well: 0, degraded: 1, failing: 2 })
  })

  it.each([
    ['MaskinportenFailing', ['failing']],
    ['MaskinportenDegraded', ['degraded']],
    ['MaskinportenRefused', ['degraded']],
    ['MaskinportenKeyRejected', ['degraded']],
    ['MaskinportenKeyEndsSoon', ['degraded']],
    ['MaskinportenKeyEnds', ['degraded']],
    ['MaskinportenSettingsUnreadable', ['degraded']],
    ['MaskinportenMisses', ['degraded', 'failing']],
    ['MaskinportenStoreFails', ['degraded']],
    ['MaskinportenClockWrong', ['degraded']],
  ])('%s alerts of those that ail so, and of no other', async (name, jobs) => {
    await expect
      .poll(() => prometheus.rule(name), patience)
      .toEqual({ name, health: 'ok', jobs: jobs.flatMap((job) => [job, `${job} with units`]) })
  })

  it('MaskinportenSlow alerts of the slow one, and perhaps of others where the machine is slow', async () => {
    await expect
      .poll(() => prometheus.rule('MaskinportenSlow'), patience)
      .toMatchObject({ health: 'ok', jobs: expect.arrayContaining(['degraded', 'degraded with units']) })
  })

  it('there is no other alert', async () => {
    expect(await prometheus.rules()).toHaveLength(11)
  })
})
