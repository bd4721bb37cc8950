/** What a call costs while the token is fresh: nearly all calls. */
import { timedCalls } from '../call-loop.ts'
import type { Measure } from '../measure.ts'
import { type Peer, newClient } from '../peers/client.ts'
import { azureCycler } from '../peers/azure-cycler.ts'
import { azureIdentity } from '../peers/azure-identity.ts'
import { badgateway } from '../peers/badgateway.ts'
import { google } from '../peers/google.ts'
import { limit } from '../peers/limit.ts'
import { lruCache } from '../peers/lru-cache.ts'
import { octokit } from '../peers/octokit.ts'
import { ours, oursBound } from '../peers/ours.ts'
import { smithy } from '../peers/smithy.ts'
import { type Round, interleave } from '../rounds.ts'
import { startStandIn } from '../server/stand-in.ts'

/** So long that no peer's window before the end is met. */
const LIFE_SECONDS = 36_000

const token = { value: 'token' }
const peers: Readonly<Record<string, Peer>> = {
  bare: async () => async () => token,
  limit,
  ours,
  'ours, bound': oursBound,
  'lru-cache': lruCache,
  '@smithy/property-provider': smithy,
  '@azure/core-rest-pipeline': azureCycler,
  '@badgateway/oauth2-client': badgateway,
  '@octokit/auth-app': octokit,
  'google-auth-library': google,
  '@azure/identity': azureIdentity,
}

export const cached: Measure = {
  name: 'cached',
  title: 'A cached `getToken()`, against a bare `async () => object`',
  figures: [{ name: 'time', unit: 'ns', against: 'bare' }],
  budget: [{ system: 'ours', figure: 'time', atMost: 2.5 }],
  systems: Object.keys(peers),
  async run(effort) {
    await using server = await startStandIn()
    const client = newClient()
    const rounds: Record<string, Round> = {}
    for (const [name, peer] of Object.entries(peers)) {
      const getToken = await peer(client, server.base('cached', { lifeSeconds: LIFE_SECONDS }))
      await getToken()
      rounds[name] = await timedCalls(name, getToken)
    }
    return { samples: await interleave(rounds, effort.pick(40, 100)) }
  },
}
