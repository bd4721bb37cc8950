/** The same where each call brings its request, as a system vendor's calls for a thousand customers do. */
import { LRUCache } from 'lru-cache'
import { type Call, timedCalls } from '../call-loop.ts'
import type { Measure } from '../measure.ts'
import { instantMaskinporten, newToken, organisationNumbers } from '../peers/many-keys.ts'
import { type Round, interleave } from '../rounds.ts'

const KEYS = 1_000
const SCOPE = 'a:b'
const LIFE_MS = 36_000_000
const BOUND = 'time of a bound source'

const organisations = organisationNumbers(KEYS)
const organisationAt = (index: number): string => organisations[index % KEYS] ?? ''

interface Asked {
  readonly scopes: string
  readonly consumerOrg: string
}

interface Held {
  readonly promise: Promise<string>
  readonly renewAt: number
}

const hold = (index: number): Held => ({
  promise: Promise.resolve(newToken(index)),
  renewAt: performance.now() + LIFE_MS,
})

const fresh = (held: Held | undefined): Promise<string> =>
  held !== undefined && performance.now() < held.renewAt ? held.promise : Promise.reject(new Error('no token'))

/** Two maps, by the two fields that it knows. */
function limit(): Call {
  const tokens = new Map([[SCOPE, new Map(organisations.map((organisation, index) => [organisation, hold(index)]))]])
  const getToken = ({ scopes, consumerOrg }: Asked): Promise<string> => fresh(tokens.get(scopes)?.get(consumerOrg))
  return (index) => getToken({ scopes: SCOPE, consumerOrg: organisationAt(index) })
}

/** A closure for each key. */
function limitBound(): Call {
  const sources = organisations.map((_organisation, index) => {
    const held = hold(index)
    return (): Promise<string> => fresh(held)
  })
  return (index) => sources[index % KEYS]?.() ?? fresh(undefined)
}

/** As it is mostly written: the request as text is the key. */
function byText(): Call {
  const cache = new LRUCache<string, string>({ max: 10 * KEYS, ttl: LIFE_MS })
  const keyOf = (request: Asked): string => JSON.stringify(request)
  organisations.forEach((consumerOrg, index) => cache.set(keyOf({ scopes: SCOPE, consumerOrg }), newToken(index)))
  const getToken = async (request: Asked): Promise<string | undefined> => cache.get(keyOf(request))
  return (index) => getToken({ scopes: SCOPE, consumerOrg: organisationAt(index) })
}

function ours(): Call {
  const maskinporten = instantMaskinporten()
  return (index) => maskinporten.getToken({ scopes: SCOPE, consumerOrg: organisationAt(index) })
}

function oursBound(): Call {
  const maskinporten = instantMaskinporten()
  const sources = organisations.map((consumerOrg) => maskinporten.with({ scopes: SCOPE, consumerOrg }))
  return (index) => sources[index % KEYS]?.getToken() ?? fresh(undefined)
}

const token = { value: 'token' }
const systems: Readonly<Record<string, Call>> = {
  bare: async () => token,
  limit: limit(),
  'limit, bound': limitBound(),
  ours: ours(),
  'ours, bound': oursBound(),
  'lru-cache, by JSON.stringify': byText(),
}

export const cachedRequest: Measure = {
  name: 'cached-request',
  title: 'A cached `getToken(request)` with a fresh request each call, 1,000 keys',
  figures: [
    { name: 'time', unit: 'ns', against: 'limit' },
    // A closure finds nothing in a map, and neither does a bound source.
    { name: BOUND, of: 'time', unit: 'ns', against: 'limit, bound' },
  ],
  budget: [
    { system: 'ours', figure: 'time', atMost: 2.5 },
    { system: 'ours, bound', figure: BOUND, atMost: 1.3, accepted: 1.5 },
  ],
  systems: Object.keys(systems),
  async run(effort) {
    const rounds: Record<string, Round> = {}
    for (const [name, call] of Object.entries(systems)) {
      for (let index = 0; index < KEYS; index++) await call(index)
      rounds[name] = await timedCalls(name, call)
    }
    return { samples: await interleave(rounds, effort.pick(40, 100)) }
  },
}
