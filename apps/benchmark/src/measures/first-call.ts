/** From the start of a process to the answer of its first authorised call. */
import { build } from '../built-packages.ts'
import { numbersOf } from '../child.ts'
import type { Measure } from '../measure.ts'
import { newClient } from '../peers/client.ts'
import { interleave } from '../rounds.ts'
import { startStandIn } from '../server/stand-in.ts'

const SCRIPT = new URL('../processes/first-call.mjs', import.meta.url)

/** system → the words of its process. */
const systems: Readonly<Record<string, readonly string[]>> = {
  bare: ['bare'],
  limit: ['limit'],
  ours: ['ours', 'known'],
  'ours, metadata asked for': ['ours'],
  oauth4webapi: ['oauth4webapi'],
  'openid-client': ['openid-client'],
  '@badgateway/oauth2-client': ['@badgateway/oauth2-client'],
  'google-auth-library': ['google-auth-library'],
  '@vtfk/maskinporten-auth': ['@vtfk/maskinporten-auth'],
  '@azure/identity': ['@azure/identity'],
}

export const firstCall: Measure = {
  name: 'first-call',
  title: 'Process start to the first authorised call, against one bare fetch',
  figures: [{ name: 'time', unit: 'ms', against: 'bare' }],
  budget: [{ system: 'ours', figure: 'time', atMost: 1.25, accepted: 1.4 }],
  systems: Object.keys(systems),
  processes: 1,
  async run(effort) {
    await build(['core', 'fetch'])
    await using server = await startStandIn()
    const env = { BENCHMARK: JSON.stringify({ base: server.base('first-call'), client: newClient() }) }
    const rounds = Object.fromEntries(
      Object.entries(systems).map(([system, words]) => [
        system,
        async () => ({ time: (await numbersOf(SCRIPT, words, { env }))['ms'] ?? Number.NaN }),
      ]),
    )
    await interleave(rounds, 1)
    return { samples: await interleave(rounds, effort.pick(7, 60)) }
  },
}
