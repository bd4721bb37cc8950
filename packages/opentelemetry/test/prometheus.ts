/** A real Prometheus of this machine in a folder of its own, where there is one. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export const hasPrometheus: boolean = spawnSync('prometheus', ['--version']).status === 0

export interface Sample {
  readonly metric: Readonly<Record<string, string>>
  readonly value: number
}

export interface Rule {
  readonly name: string
  readonly health: string
  /** The jobs that the alert has fired for, or will when its time is over. */
  readonly jobs: readonly string[]
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address !== null ? address.port : 0
}

export class Prometheus {
  readonly #origin: string
  readonly #folder: string
  readonly #process: ChildProcess
  readonly #targets: number

  private constructor(origin: string, folder: string, child: ChildProcess, targets: number) {
    this.#origin = origin
    this.#folder = folder
    this.#process = child
    this.#targets = targets
  }

  /** @param jobs name → port on loopback. */
  static async start(jobs: Readonly<Record<string, number>>, rules: string, renames: string): Promise<Prometheus> {
    const folder = mkdtempSync(join(tmpdir(), 'prometheus-'))
    const scrapes = Object.entries(jobs).flatMap(([job, port]) => [
      { job_name: job, static_configs: [{ targets: [`127.0.0.1:${port}`] }] },
      {
        job_name: `${job} with units`,
        static_configs: [{ targets: [`127.0.0.1:${port}`] }],
        metric_relabel_configs: JSON.parse(renames) as unknown,
      },
    ])
    const global = { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '500ms' }
    const config = join(folder, 'prometheus.yml')
    // JSON is YAML too.
    writeFileSync(config, JSON.stringify({ global, rule_files: [rules], scrape_configs: scrapes }))
    const port = await freePort()
    const words = [`--config.file=${config}`, `--storage.tsdb.path=${folder}`, `--web.listen-address=127.0.0.1:${port}`]
    const child = spawn('prometheus', words, { stdio: 'ignore' })
    const started = new Prometheus(`http://127.0.0.1:${port}`, folder, child, scrapes.length)
    // It takes some 5 s until it knows its targets.
    await started.hasScrapedAll()
    return started
  }

  /** Waits until each target was scraped after the call. */
  async hasScrapedAll(): Promise<void> {
    const since = Date.now() / 1000
    for (let tries = 0; tries <= 300 && this.#process.exitCode === null; tries++) {
      const scraped = await this.query(`timestamp(up) > ${since} and up == 1`).catch(() => [])
      if (scraped.length === this.#targets) return
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    throw new Error('prometheus has not scraped its targets')
  }

  async rule(name: string): Promise<Rule | undefined> {
    return (await this.rules()).find((one) => one.name === name)
  }

  async query(expr: string): Promise<readonly Sample[]> {
    const { result } = (await this.#get(`query?query=${encodeURIComponent(expr)}`)) as {
      result: readonly { metric: Record<string, string>; value: [number, string] }[]
    }
    return result.map(({ metric, value: [, value] }) => ({ metric, value: Number(value) }))
  }

  async rules(): Promise<readonly Rule[]> {
    const { groups } = (await this.#get('rules')) as {
      groups: readonly {
        rules: readonly { name: string; health: string; alerts: readonly { labels: Record<string, string> }[] }[]
      }[]
    }
    return groups.flatMap(({ rules }) =>
      rules.map(({ name, health, alerts }) => ({
        name,
        health,
        jobs: [...new Set(alerts.map(({ labels }) => labels['job'] ?? ''))].toSorted(),
      })),
    )
  }

  async stop(): Promise<void> {
    const ended = once(this.#process, 'exit')
    if (this.#process.exitCode === null && this.#process.kill()) await ended
    rmSync(this.#folder, { recursive: true, force: true })
  }

  async #get(path: string): Promise<unknown> {
    const answer = await fetch(`${this.#origin}/api/v1/${path}`)
    const body = (await answer.json()) as { status: string; data: unknown; error?: string }
    if (body.status !== 'success') throw new Error(`${path}: ${body.error}`)
    return body.data
  }
}
