/** Starts a process for a measure and waits for what it sends home. */
import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Effort, Measured } from './measure.ts'
import type { Shape } from './report/summary.ts'

export type Report = Shape & Measured

const SCRIPT = fileURLToPath(new URL('run-measure.ts', import.meta.url))

/** @param profileTo a folder for a processor profile. */
export function runInProcess(name: string, effort: Effort['kind'], profileTo?: string): Promise<Report> {
  const profiling =
    profileTo === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileTo}`, `--cpu-prof-name=${name}.cpuprofile`]
  const child = fork(SCRIPT, [name, effort], {
    execArgv: ['--conditions=@maskinporten-kit/source', ...profiling],
    // JSON has no NaN, and what is no figure must not come home as one.
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  return new Promise((resolve, reject) => {
    let report: Report | undefined
    child.on('message', (message) => {
      if (isReport(message)) report = message
    })
    child.once('error', reject)
    child.once('exit', (code) => {
      if (report !== undefined) resolve(report)
      else reject(new Error(`the measure ${name} ended with ${String(code)} and no figures; what it said stands above`))
    })
  })
}

const isReport = (message: unknown): message is Report =>
  typeof message === 'object' && message !== null && 'samples' in message && 'budget' in message
