// The packed packages in Cloudflare's runtime, where I/O belongs to the request that began it and ends with that request.
import { afterAll, describe, it, type TestContext } from 'vitest'
import { note } from '../note.ts'
import { type Emulator, startEmulator } from './emulator.ts'
import { createProject } from './project.ts'
import { bundle, startWorker, workerdOf } from './workerd.ts'

/** The default: what core gives the settings and the metadata is bounded by it. */
const TIMEOUT_MS = 10_000
const LIFETIME_SECONDS = 4

const { folder, remove } = await createProject('worker', ['core', 'fetch', 'emulator'])
afterAll(remove)
const workerd = workerdOf(folder)
if (workerd === undefined) note('left out: workerd, of which the npm registry has no binary for this platform')
else for (const entry of ['shared', 'late', 'each']) await bundle(folder, entry)

interface Running {
  readonly emulator: Emulator
  /** Fails unless the Worker answers 200. */
  readonly call: () => Promise<void>
  readonly get: (path: string) => Promise<string>
}

let workers = 0

/** A Worker and an emulator of its own, until the test ends. */
async function running(
  entry: string,
  compatibilityDate: string,
  { expect, onTestFinished }: TestContext,
): Promise<Running> {
  const emulator = await startEmulator(folder)
  onTestFinished(emulator.stop)
  const bindings = { SETTINGS: await emulator.client(LIFETIME_SECONDS), REGISTER: emulator.register, TIMEOUT_MS }
  const name = `worker-${workers++}`
  const worker = await startWorker(workerd ?? '', folder, { name, entry, compatibilityDate, bindings })
  onTestFinished(worker.stop)
  const get = async (path: string): Promise<string> => {
    const answer = await fetch(`http://127.0.0.1:${worker.said}${path}`, { signal: AbortSignal.timeout(30_000) })
    return await answer.text()
  }
  return { emulator, get, call: async () => expect.soft(await get('/')).toBe('200') }
}

async function untilAfterTheEnd({ call }: Running): Promise<void> {
  const end = Date.now() + (LIFETIME_SECONDS + 2) * 1000
  while (Date.now() < end) {
    await call()
    await pause(250)
  }
}

const times = (count: number, call: () => Promise<void>): Promise<readonly void[]> =>
  Promise.all(Array.from({ length: count }, call))
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

// From 2024-10-14 on a promise of a request that has ended rejects; before, it never settles.
const dates = ['2024-09-23', '2026-11-01']
describe.skipIf(workerd === undefined).each(dates)('on %s, a Worker', { concurrent: true }, (date) => {
  it('with an instance of the module calls until after its first token’s end', async (test) => {
    await untilAfterTheEnd(await running('shared', date, test))
  })

  it('with an instance of the module takes one token for ten requests at once', async (test) => {
    const { emulator, call } = await running('shared', date, test)
    await times(10, call)
    test.expect(await emulator.grants()).toBeLessThanOrEqual(1)
  })

  it('with an instance made by the first request calls until after its first token’s end', async (test) => {
    await untilAfterTheEnd(await running('late', date, test))
  })

  it('calls on after the first request left in mid-flight', async (test) => {
    const { emulator, get, call } = await running('shared', date, test)
    await emulator.delayToken(500)
    await get('/leaves')
    await pause(100)
    // The dead flight may cost one deadline, and not another.
    await get('/')
    for (let request = 0; request < 3; request++) await call()
  })

  it('with an instance for each request, whose tokens the module keeps, asks for none after the first', async (test) => {
    const worker = await running('each', date, test)
    await times(10, worker.call)
    test.expect.soft(await worker.emulator.grants()).toBeLessThanOrEqual(10)
    await worker.emulator.forget()
    for (let request = 0; request < 5; request++) await worker.call()
    test.expect.soft(await worker.emulator.grants()).toBe(0)
    await untilAfterTheEnd(worker)
  })
})
