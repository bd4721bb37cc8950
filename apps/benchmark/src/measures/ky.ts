/** What our options for ky add to a request. */
import { maskinportenKy } from '@maskinporten-kit/ky'
import ky, { type KyInstance } from 'ky'
import type { Measure } from '../measure.ts'
import { type Client, newClient } from '../peers/client.ts'
import { limit } from '../peers/limit.ts'
import { oursAt } from '../peers/ours.ts'
import { type Send, requestBudget, requestFigures, requestRound } from '../processor-time.ts'
import { type Round, interleave } from '../rounds.ts'
import { startStandIn } from '../server/stand-in.ts'

const LIFE_SECONDS = 36_000
const headers = { accept: 'application/json', 'content-type': 'application/json' }

const sender =
  (instance: KyInstance, url: string): Send =>
  (body) =>
    body === undefined ? instance.get(url).text() : instance.post(url, { body }).text()

async function bare(_client: Client, base: string): Promise<Send> {
  return sender(ky.create({ headers: { ...headers, authorization: `Bearer ${'a'.repeat(1_100)}` } }), `${base}/api`)
}

async function byHand(client: Client, base: string): Promise<Send> {
  const getToken = await limit(client, base)
  const instance = ky.create({
    headers,
    hooks: {
      beforeRequest: [
        async ({ request }) => request.headers.set('authorization', `Bearer ${String(await getToken())}`),
      ],
    },
  })
  return sender(instance, `${base}/api`)
}

async function ours(client: Client, base: string): Promise<Send> {
  const options = maskinportenKy(oursAt(client, base), { allow: new URL(base).origin })
  return sender(ky.create({ headers }).extend(options), `${base}/api`)
}

const systems: Readonly<Record<string, (client: Client, base: string) => Promise<Send>>> = { bare, limit: byHand, ours }

export const kyAdapter: Measure = {
  name: 'ky',
  title: 'Our options for ky, processor time of a request against bare ky with a fixed header',
  figures: requestFigures,
  budget: requestBudget({ atMost: 1.06, failsAt: 1.1 }),
  systems: Object.keys(systems),
  async run(effort) {
    await using server = await startStandIn()
    const client = newClient()
    const rounds: Record<string, Round> = {}
    for (const [name, make] of Object.entries(systems)) {
      const send = await make(client, server.base(`ky-${name}`, { lifeSeconds: LIFE_SECONDS }))
      rounds[name] = await requestRound(send, 40)
    }
    return { samples: await interleave(rounds, effort.pick(60, 150)) }
  },
}
