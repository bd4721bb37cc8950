/** Functions and pods that come and go: how often do they ask, when a store is there? */
import { World } from './world.ts'

export interface Coming {
  readonly seed: number
  readonly instances: number
  /** Over this time they come, one after the other, milliseconds. */
  readonly overMs: number
  /** How long each lives, milliseconds. */
  readonly livesMs: number
}

export interface Requests {
  /** Of tokens at Maskinporten, by identity. */
  readonly byIdentity: ReadonlyMap<string, number>
  readonly breaches: World['referee']['breaches']
}

/** All share one store, and nothing fails. */
export async function shortLived({ seed, instances, overMs, livesMs }: Coming): Promise<Requests> {
  const world = new World(seed)
  const { timeline, referee } = world
  const byIdentity = new Map<string, number>()
  referee.asked = (identity) => void byIdentity.set(identity, (byIdentity.get(identity) ?? 0) + 1)
  const installed = timeline.install(world.random.fork().next)
  try {
    world.start(0)
    for (let number = 0; number < instances; number++) {
      timeline.after((number * overMs) / instances, undefined, () => {
        const host = world.startHost(0)
        host.burst()
        timeline.after(livesMs, undefined, () => host.close())
      })
    }
    await timeline.run(overMs + livesMs + 60_000)
    return { byIdentity, breaches: referee.breaches }
  } finally {
    installed[Symbol.dispose]()
  }
}
