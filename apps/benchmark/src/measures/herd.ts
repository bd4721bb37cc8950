/** Ten thousand callers who come before there is a token. */
import type { Measure } from '../measure.ts'
import { azureCycler } from '../peers/azure-cycler.ts'
import { azureIdentity } from '../peers/azure-identity.ts'
import { badgateway } from '../peers/badgateway.ts'
import { type Client, type Peer, newClient } from '../peers/client.ts'
import { google } from '../peers/google.ts'
import { oauth4webapiToken, openidClient } from '../peers/grantless.ts'
import { limit } from '../peers/limit.ts'
import { lruCache } from '../peers/lru-cache.ts'
import { octokit } from '../peers/octokit.ts'
import { ours } from '../peers/ours.ts'
import { smithy } from '../peers/smithy.ts'
import { vtfk } from '../peers/vtfk.ts'
import { type Round, interleave } from '../rounds.ts'
import { type StandIn, startStandIn } from '../server/stand-in.ts'

const CALLERS = 10_000
const DELAY_MS = 50
const FEWER_CALLERS = 2_000
const FEWER_WALL_TIME = 'wall time of 2,000'
const FEWER_REQUESTS = 'token requests of 2,000'
/** So long that no peer's window before the end is met. */
const LIFE_SECONDS = 36_000

const single: Readonly<Record<string, Peer>> = {
  limit,
  ours,
  'lru-cache': lruCache,
  '@smithy/property-provider': smithy,
  '@azure/core-rest-pipeline': azureCycler,
  '@badgateway/oauth2-client': badgateway,
  '@octokit/auth-app': octokit,
  'google-auth-library': google,
}
/** A request and a connection for each caller: ten thousand would use up the files that a process may open, so fewer. */
const each: Readonly<Record<string, Peer>> = {
  '@azure/identity': azureIdentity,
  oauth4webapi: oauth4webapiToken,
  'openid-client': openidClient,
  '@vtfk/maskinporten-auth': vtfk,
}

export const herd: Measure = {
  name: 'herd',
  title: '10,000 callers on a cold cache, the token endpoint 50 ms away',
  figures: [
    { name: 'wall time', unit: 'ms', against: 'limit' },
    { name: 'token requests', unit: '', counted: true },
    { name: FEWER_WALL_TIME, unit: 'ms', against: 'limit' },
    { name: FEWER_REQUESTS, unit: '', counted: true },
  ],
  budget: [
    { system: 'ours', figure: 'token requests', exactly: 1 },
    { system: 'ours', figure: 'wall time', atMost: 1.4 },
  ],
  systems: [...Object.keys(single), ...Object.keys(each)],
  async run(effort) {
    await using server = await startStandIn()
    const client = newClient()
    const rounds = (peers: Readonly<Record<string, Peer>>, callers: number): Readonly<Record<string, Round>> =>
      Object.fromEntries(
        Object.entries(peers).map(([name, peer]) => [name, herdOf(server, client, name, peer, callers)]),
      )
    // Compiled, and connected.
    await interleave(rounds(single, CALLERS), 2)
    const samples = await interleave(rounds(single, CALLERS), effort.pick(3, 5))
    const fewer = await interleave(rounds({ limit, ours, ...each }, FEWER_CALLERS), 1)
    return {
      samples: {
        ...samples,
        [FEWER_WALL_TIME]: fewer['wall time'] ?? {},
        [FEWER_REQUESTS]: fewer['token requests'] ?? {},
      },
    }
  },
}

let herds = 0

/** The clock starts before the client is made, so that each of them imports its key inside. */
function herdOf(server: StandIn, client: Client, name: string, peer: Peer, callers: number): Round {
  return async () => {
    const system = `herd-${++herds}-${name.replaceAll(/\W/g, '-')}`
    const base = server.base(system, { delayMs: DELAY_MS, lifeSeconds: LIFE_SECONDS })
    const start = performance.now()
    const getToken = await peer(client, base)
    await Promise.all(Array.from({ length: callers }, getToken))
    return { 'wall time': performance.now() - start, 'token requests': await server.count(system) }
  }
}
