/** Calls that go on while tokens end: who has to wait, and how often a token is asked for. */
import { setTimeout as delay } from 'node:timers/promises'
import type { Measure } from '../measure.ts'
import { azureCycler } from '../peers/azure-cycler.ts'
import { azureIdentity } from '../peers/azure-identity.ts'
import { badgateway } from '../peers/badgateway.ts'
import { type GetToken, type Peer, newClient } from '../peers/client.ts'
import { google } from '../peers/google.ts'
import { limit } from '../peers/limit.ts'
import { lruCache } from '../peers/lru-cache.ts'
import { ours } from '../peers/ours.ts'
import { smithy } from '../peers/smithy.ts'
import { startStandIn } from '../server/stand-in.ts'

const CALLS = 3_000
const LIFE_SECONDS = 2
const DELAY_MS = 100
/** Six lives, a little less: a seventh token is nobody's need. */
const DURATION_MS = 11_600
/** A cached token is there long before, and one on its way is not. */
const STALLED_MS = 20
const IDEAL = Math.ceil(DURATION_MS / (LIFE_SECONDS * 1000))

/** Not octokit: it holds every token for 59 minutes, whatever the answer says. */
const peers: Readonly<Record<string, Peer>> = {
  limit,
  ours,
  'lru-cache': lruCache,
  '@smithy/property-provider': smithy,
  '@azure/core-rest-pipeline': azureCycler,
  '@badgateway/oauth2-client': badgateway,
  'google-auth-library': google,
  '@azure/identity': azureIdentity,
}

export const expiry: Measure = {
  name: 'expiry',
  title: '3,000 calls while six tokens of 2 s end, the token endpoint 100 ms away',
  figures: [
    { name: 'stalled calls', unit: '', counted: true },
    { name: 'token requests', unit: '', against: 'ideal', counted: true },
  ],
  budget: [
    { system: 'ours', figure: 'stalled calls', exactly: 0 },
    { system: 'ours', figure: 'token requests', atMost: 1.4 },
  ],
  systems: ['ideal', ...Object.keys(peers)],
  processes: 3,
  async run() {
    await using server = await startStandIn()
    const client = newClient()
    // All at once: the calls are far apart, and each second is every system's.
    const found = await Promise.all(
      Object.entries(peers).map(async ([name, peer]) => {
        const system = `expiry-${name.replaceAll(/\W/g, '-')}`
        const getToken = await peer(client, server.base(system, { lifeSeconds: LIFE_SECONDS, delayMs: DELAY_MS }))
        const stalled = await stalledCalls(getToken)
        return { name, stalled, requests: await server.count(system) }
      }),
    )
    const by = (value: (one: (typeof found)[number]) => number): Record<string, readonly number[]> =>
      Object.fromEntries(found.map((one) => [one.name, [value(one)]]))
    return {
      samples: {
        'stalled calls': { ideal: [0], ...by(({ stalled }) => stalled) },
        'token requests': { ideal: [IDEAL], ...by(({ requests }) => requests) },
      },
    }
  },
}

/** The first token is there before the calls begin. */
async function stalledCalls(getToken: GetToken): Promise<number> {
  await getToken()
  const start = performance.now()
  const calls: Promise<boolean>[] = []
  for (let index = 0; index < CALLS; index++) {
    const wait = start + (index * DURATION_MS) / CALLS - performance.now()
    if (wait >= 1) await delay(wait)
    calls.push(isStalled(getToken))
  }
  return (await Promise.all(calls)).filter(Boolean).length
}

async function isStalled(getToken: GetToken): Promise<boolean> {
  let answered = false
  const call = getToken().then(() => {
    answered = true
  })
  await delay(STALLED_MS)
  const stalled = !answered
  await call
  return stalled
}
