/** What one system holds for its keys, in a process of its own: bytes after a collection, less those before. */
import { setImmediate } from 'node:timers/promises'
import { memoize } from '@smithy/property-provider'
import { LRUCache } from 'lru-cache'
import { instantMaskinporten, newToken, organisationNumbers } from '../peers/many-keys.ts'

const SCOPE = 'a:b'
const LIFE_MS = 36_000_000

/** Asks once for every organisation; what it returns keeps all of it alive. */
type Fill = (organisations: readonly string[], max: number) => Promise<unknown>

interface Held {
  readonly token: string
  readonly promise: Promise<string>
  readonly renewAt: number
}

const limit: Fill = async (organisations) => {
  const tokens = new Map<string, Held>()
  organisations.forEach((organisation, index) => {
    const token = newToken(index)
    tokens.set(`${SCOPE} ${organisation}`, {
      token,
      promise: Promise.resolve(token),
      renewAt: performance.now() + LIFE_MS,
    })
  })
  return tokens
}

const ours: Fill = async (organisations, max) => {
  const maskinporten = instantMaskinporten(max)
  for (const consumerOrg of organisations) await maskinporten.getToken({ scopes: SCOPE, consumerOrg })
  return maskinporten
}

/** A bound source for each, all of them kept. */
const oursBound: Fill = async (organisations, max) => {
  const maskinporten = instantMaskinporten(max)
  const sources = organisations.map((consumerOrg) => maskinporten.with({ scopes: SCOPE, consumerOrg }))
  for (const source of sources) await source.getToken()
  return sources
}

const lruCache: Fill = async (organisations, max) => {
  const cache = new LRUCache<string, string>({ max, ttl: LIFE_MS })
  organisations.forEach((organisation, index) => cache.set(`${SCOPE} ${organisation}`, newToken(index)))
  return cache
}

const smithy: Fill = async (organisations) => {
  const sources = new Map<string, () => Promise<unknown>>()
  for (const [index, organisation] of organisations.entries()) {
    const source = memoize(
      async () => ({ token: newToken(index), endsAt: Date.now() + LIFE_MS }),
      ({ endsAt }) => endsAt < Date.now(),
      () => true,
    )
    sources.set(`${SCOPE} ${organisation}`, source)
    await source()
  }
  return sources
}

const systems: Readonly<Record<string, Fill>> = {
  limit,
  ours,
  'ours, bound': oursBound,
  'lru-cache': lruCache,
  '@smithy/property-provider': smithy,
}

async function heapBytes(): Promise<number> {
  // Twice, and a turn later: what a promise or a register still refers to goes with the second.
  for (let turn = 0; turn < 2; turn++) {
    await setImmediate()
    globalThis.gc?.()
  }
  return process.memoryUsage().heapUsed
}

async function discard(fill: Fill): Promise<void> {
  await fill(organisationNumbers(2_000), 1_000)
}

async function main([system = '', keys = '', max = '']: readonly string[]): Promise<void> {
  const fill = systems[system]
  if (fill === undefined || globalThis.gc === undefined) throw new TypeError('give a system, and --expose-gc')
  // Once before, so that compiled code is not counted.
  await discard(fill)
  const organisations = organisationNumbers(Number(keys))
  // Their texts are the caller's: flat from the start, and not counted.
  for (const organisation of organisations) Number(organisation)
  const before = await heapBytes()
  const kept = await fill(organisations, Number(max))
  const bytes = (await heapBytes()) - before
  console.log(JSON.stringify({ bytes, kept: kept === undefined ? 0 : 1, organisations: organisations.length }))
}

await main(process.argv.slice(2))
