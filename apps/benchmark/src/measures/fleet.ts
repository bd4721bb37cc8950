/** How often a fleet asks for one token, whose instances live for one call each. */
import { randomBytes } from 'node:crypto'
import { redisTokenStore } from '@maskinporten-kit/cache-redis'
import { type TokenStore, createMaskinporten } from '@maskinporten-kit/core'
import type { Measure } from '../measure.ts'
import { type Client, newClient } from '../peers/client.ts'
import { settingsAt } from '../peers/ours.ts'
import { NO_REDIS, startRedis } from '../server/redis.ts'
import { type StandIn, startStandIn } from '../server/stand-in.ts'

const FLEETS = [1, 8, 64, 1_000]
/** Instances that start at once, until all have had their call. */
const AT_ONCE = 8
/** One life of the token, so that a renewal is not counted. */
const LIFE_SECONDS = 36_000
/** A busy machine is not a store that is down. */
const TIMEOUT_MS = 5_000

const figureOf = (instances: number): string => `token requests of ${instances.toLocaleString('en')}`

export const fleet: Measure = {
  name: 'fleet',
  title: 'Token requests of a fleet in one life of its token: instances that live for one call, 8 at once',
  figures: FLEETS.map((instances) => ({ name: figureOf(instances), unit: '', counted: true })),
  budget: FLEETS.map((instances) => ({ system: 'ours, with a store', figure: figureOf(instances), exactly: 1 })),
  systems: ['ours', 'ours, with a store'],
  processes: 1,
  async run(effort) {
    await using server = await startStandIn()
    await using redis = await startRedis()
    if (redis === undefined) return { samples: {}, skipped: NO_REDIS }
    const connection = await redis.connect()
    const client = newClient()
    const samples: Record<string, Record<string, number[]>> = {}
    for (const instances of FLEETS) {
      const encryptionKeys = [randomBytes(32)]
      samples[figureOf(instances)] = {
        // A thousand signatures tell nothing new.
        ...(instances <= effort.pick(64, Infinity) && {
          ours: [await requestsOf(server, client, instances, () => undefined)],
        }),
        'ours, with a store': [
          await requestsOf(server, client, instances, () =>
            redisTokenStore(connection, { encryptionKeys, timeoutMs: TIMEOUT_MS }),
          ),
        ],
      }
    }
    return { samples }
  },
}

let fleets = 0

async function requestsOf(
  server: StandIn,
  client: Client,
  instances: number,
  storeOf: () => TokenStore | undefined,
): Promise<number> {
  const system = `fleet-${++fleets}`
  const base = server.base(system, { lifeSeconds: LIFE_SECONDS })
  let left = instances
  const lane = async (): Promise<void> => {
    while (left-- > 0) {
      await using maskinporten = createMaskinporten(settingsAt(client, base), { store: storeOf() })
      await maskinporten.getToken()
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, lane))
  return server.count(system)
}
