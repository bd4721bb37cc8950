// The packed packages in Cloudflare's runtime, where I/O belongs to the request that began it and ends with that request.
import { emulated } from './consumers/emulated.ts'
import { serve } from './consumers/examine.ts'
import { type Worker, workerProject } from './consumers/workerd.ts'
import { note } from './note.ts'
import { packedTarballs } from './release/rehearsal.ts'
import { record } from './workspace.ts'

/** The default: what core gives the settings and the metadata is bounded by it. */
const TIMEOUT_MS = 10_000
const LIFETIME_SECONDS = 4
/** From 2024-10-14 on a promise of a request that has ended rejects; before, it never settles. */
const COMPATIBILITY_DATES: readonly string[] = ['2024-09-23', '2026-11-01']
const rounds = (count: number): readonly number[] => Array.from({ length: count }, (_, at) => at)
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

const project = await workerProject(packedTarballs())
if (project === undefined) note('left out: workerd, of which the npm registry has no binary for this platform')
else {
  const served = await serve(project)
  const emulator = emulated(record(JSON.parse(served.emulator)))
  const found: string[] = []
  /** A Worker of its own; `call` complains unless it answers 200. */
  const examine = async (
    compatibilityDate: string,
    what: string,
    entry: string,
    use: (call: (path?: string) => Promise<void>, worker: Worker) => Promise<void>,
  ): Promise<void> => {
    await emulator.forget()
    const bindings = {
      SETTINGS: await emulator.client(LIFETIME_SECONDS),
      REGISTER: emulator.register,
      TIMEOUT_MS,
    }
    let worker: Worker | undefined
    try {
      const running = await project.run(entry, compatibilityDate, bindings)
      worker = running
      await use(async (path = '/') => {
        const answer = await running.get(path)
        if (answer !== '200') found.push(`${compatibilityDate}, ${what}: ${answer}`)
      }, running)
    } catch (error) {
      found.push(`${compatibilityDate}, ${what}: ${String(error)}`)
    } finally {
      await worker?.stop()
    }
  }
  const untilAfterTheEnd = async (call: () => Promise<void>): Promise<void> => {
    for (const _ of rounds((LIFETIME_SECONDS + 2) * 4)) {
      await call()
      await pause(250)
    }
  }
  const grantsAtMost = async (most: number, what: string): Promise<void> => {
    const grants = await emulator.grants()
    if (grants > most) found.push(`${what}: Maskinporten was asked ${grants} times, where ${most} are right`)
  }

  try {
    for (const date of COMPATIBILITY_DATES) {
      await examine(date, 'an instance of the module, until after its first token’s end', 'shared', untilAfterTheEnd)
      await examine(date, 'an instance of the module, ten requests at once', 'shared', async (call) => {
        await Promise.all(rounds(10).map(() => call()))
        await grantsAtMost(1, 'ten requests at once')
      })
      await examine(
        date,
        'an instance made by the first request, until after its first token’s end',
        'late',
        untilAfterTheEnd,
      )
      await examine(date, 'an instance whose first request left in mid-flight', 'shared', async (call, worker) => {
        await emulator.delayToken(500)
        await worker.get('/leaves')
        await pause(100)
        // The dead flight may cost one deadline, and not another.
        await worker.get('/')
        for (const _ of rounds(3)) await call()
      })
      await examine(date, 'an instance for each request, its tokens kept by the module', 'each', async (call) => {
        await Promise.all(rounds(10).map(() => call()))
        await grantsAtMost(10, 'ten first requests at once')
        await emulator.forget()
        for (const _ of rounds(5)) await call()
        await grantsAtMost(0, 'requests after the first')
        await untilAfterTheEnd(call)
      })
    }
  } finally {
    served.stop()
    project.remove()
  }
  for (const line of new Set(found)) console.error(`workerd: ${line}`)
  if (found.length > 0) process.exitCode = 1
}
