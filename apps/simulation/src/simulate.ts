/** One run: so many instances for so many hours of virtual time, by one seed. */
import { type Fault, drawFaults } from './faults.ts'
import { Random } from './random.ts'
import type { Breach } from './referee/referee.ts'
import type { Sometime } from './referee/sometimes.ts'
import { World } from './world.ts'

const HOUR_MS = 3_600_000
/** Afterwards nobody waits any more. */
const REST_MS = 120_000

export interface Scenario {
  readonly seed: number
  readonly hours: number
  readonly instances: number
  /** Default: drawn from the seed. */
  readonly faults?: readonly Fault[] | undefined
  /** Goes on after a broken promise; default false. */
  readonly goesOn?: boolean | undefined
  /** Told of what happens, for a plot. */
  readonly watch?: ((world: World) => void) | undefined
  /** Asked now and then; true ends the run early. */
  readonly isOver?: (() => boolean) | undefined
}

export interface Outcome {
  readonly breaches: readonly Breach[]
  readonly faults: readonly Fault[]
  readonly seen: ReadonlySet<Sometime>
  readonly pairs: ReadonlySet<string>
  readonly counts: World['referee']['counts']
  readonly hash: string
  /** Virtual time that was reached, hours. */
  readonly hours: number
}

export async function simulate(scenario: Scenario): Promise<Outcome> {
  const { seed, hours, instances } = scenario
  const endsAt = hours * HOUR_MS
  const faults = scenario.faults ?? drawFaults(new Random(seed ^ 0x5eed), endsAt)
  const world = new World(seed)
  const { timeline, referee, active } = world
  const unhandled = (error: unknown): void => referee.breach('unhandled', String(error))
  process.on('unhandledRejection', unhandled)
  const installed = timeline.install(world.random.fork().next)
  try {
    scenario.watch?.(world)
    world.start(instances)
    for (const fault of faults) world.expect(fault)
    const isOver = (): boolean =>
      (scenario.goesOn !== true && referee.breaches.length > 0) || scenario.isOver?.() === true
    await timeline.run(endsAt, isOver)
    const reached = timeline.now
    if (!isOver()) {
      for (const host of world.hosts) host.close()
      await timeline.run(endsAt + REST_MS, isOver)
      referee.end(world.hosts)
    }
    const { breaches, seen, counts } = referee
    return { breaches, faults, seen, pairs: active.pairs, counts, hash: world.hash, hours: reached / HOUR_MS }
  } finally {
    installed[Symbol.dispose]()
    process.off('unhandledRejection', unhandled)
  }
}
