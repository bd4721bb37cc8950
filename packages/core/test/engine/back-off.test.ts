// How long nothing is asked after failures: a second at first, doubling to a cap, a tenth more or less.
import { expect, it } from 'vitest'
import { drive } from './drive.ts'
import { World, refusal } from './world.ts'

const NO_SCOPE = refusal('Token request contains invalid scopes for client, a:b', 'MP-200', 'invalid_scope')
const DOWN = { status: 503 }

/** The longest of the last waits between two requests, when somebody calls each second and every request fails from `from` on. */
async function longestWait(reply: typeof NO_SCOPE | typeof DOWN, from = 0): Promise<number> {
  using world = new World()
  world.lifetimeSeconds = 7_200
  world.onToken = () => (world.time.monotonic() >= from ? reply : undefined)
  const maskinporten = world.create()
  if (from > 0) await drive(world, maskinporten, { perSecond: 1, durationMs: 2_000 })
  await world.time.advance(from - world.time.monotonic())
  await drive(world, maskinporten, { perSecond: 1, durationMs: 420_000 })
  const times = world.tokenCalls.map(({ at }) => at).filter((at) => at >= from)
  expect(times.length).toBeGreaterThan(12)
  return Math.max(...times.slice(-12).map((at, index, last) => at - (last[index - 1] ?? at)))
}

/** The cap, less a tenth; and more by a tenth, by the second until the next call and by what the request takes. */
const near =
  (capMs: number) =>
  (waitMs: number): boolean =>
    waitMs > capMs * 0.9 && waitMs < capMs * 1.1 + 1_500

it('grows to thirty seconds after what only a person can mend, with no token', async () => {
  expect(await longestWait(NO_SCOPE)).toSatisfy(near(30_000))
})

it('stays at five seconds after an outage, with no token', async () => {
  expect(await longestWait(DOWN)).toSatisfy(near(5_000))
})

it('grows to thirty seconds after an outage, while a valid token serves', async () => {
  // Of the two hours of this token, the renewal is due in the last ten minutes.
  expect(await longestWait(DOWN, 6_700_000)).toSatisfy(near(30_000))
})
