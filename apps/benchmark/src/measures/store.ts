/** What a call pays for a shared store, when the store has the token and when it is dead. */
import { randomBytes } from 'node:crypto'
import { redisTokenStore } from '@maskinporten-kit/cache-redis'
import { type TokenStore, createMaskinporten } from '@maskinporten-kit/core'
import type { Measure } from '../measure.ts'
import { newClient } from '../peers/client.ts'
import { settingsAt } from '../peers/ours.ts'
import { type Round, interleave } from '../rounds.ts'
import { NO_REDIS, startRedis } from '../server/redis.ts'
import { startStandIn } from '../server/stand-in.ts'

const LIFE_SECONDS = 36_000
const BARE = 'a bare GET'
const ASKED = 'ours, no store'
const HIT = 'ours, a hit'
const DEAD = 'ours, dead store'
const DEAD_LATER = 'ours, dead store, later'

export const store: Measure = {
  name: 'store',
  title: 'The first call of an instance: from a store over loopback, from the token endpoint, and with a dead store',
  figures: [
    { name: 'time', unit: 'ms', against: ASKED },
    { name: 'added', unit: 'ms' },
  ],
  budget: [
    { system: HIT, figure: 'time', atMost: 1 },
    { system: DEAD, figure: 'added', atMost: 60, failsAt: 75 },
    { system: DEAD_LATER, figure: 'time', atMost: 1.2 },
  ],
  systems: [BARE, ASKED, HIT, DEAD, DEAD_LATER],
  processes: 3,
  async run(effort) {
    await using server = await startStandIn()
    await using alive = await startRedis()
    await using dead = await startRedis()
    if (alive === undefined || dead === undefined) return { samples: {}, skipped: NO_REDIS }
    const [connection, broken] = await Promise.all([alive.connect(), dead.connect()])
    await dead.kill()
    const client = newClient()
    const settings = settingsAt(client, server.base('store', { lifeSeconds: LIFE_SECONDS }))
    const encryptionKeys = [randomBytes(32)]
    // How long a hit takes on a busy machine too, where the default of 50 ms would make it a miss.
    const shared = redisTokenStore(connection, { encryptionKeys, timeoutMs: 10_000 })
    const lost = redisTokenStore(broken, { encryptionKeys })
    const create = (own?: TokenStore): ReturnType<typeof createMaskinporten> =>
      createMaskinporten(settings, { store: own })
    const skipping = create(lost)
    let count = 0
    const asked = async (): Promise<number> => {
      await using maskinporten = create()
      return await timed(() => maskinporten.getToken())
    }
    await connection.set('bare', 'x'.repeat(1_600))
    await using first = create(shared)
    await first.getToken()
    await first.close()
    const rounds: Record<string, Round> = {
      [BARE]: async () => ({ time: await timed(() => connection.get('bare')) }),
      [ASKED]: async () => ({ time: await asked() }),
      async [HIT]() {
        await using maskinporten = create(shared)
        const time = await timed(() => maskinporten.getToken())
        if (maskinporten.stats().storeHits !== 1) throw new Error('the store had no token')
        return { time, added: time }
      },
      async [DEAD]() {
        await using maskinporten = create(lost)
        // The least of three: one that the machine held up would hide what is added.
        const without = Math.min(await asked(), await asked(), await asked())
        const time = await timed(() => maskinporten.getToken())
        return { time, added: time - without }
      },
      async [DEAD_LATER]() {
        // Within the 5 s for which the store is skipped.
        await skipping.getToken({ scopes: `a:${++count}` })
        return { time: await timed(() => skipping.getToken({ scopes: `a:${++count}` })) }
      },
    }
    await interleave(rounds, 2)
    const samples = await interleave(rounds, effort.pick(3, 30))
    await skipping.close()
    return { samples }
  },
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}
