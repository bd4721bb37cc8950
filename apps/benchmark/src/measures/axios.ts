/** What the interceptor for axios adds to a request. */
import { maskinportenAxios } from '@maskinporten-kit/axios'
import axios, { type AxiosInstance } from 'axios'
import type { Measure } from '../measure.ts'
import { type Client, newClient } from '../peers/client.ts'
import { limit } from '../peers/limit.ts'
import { oursAt } from '../peers/ours.ts'
import { type Send, requestBudget, requestFigures, requestRound } from '../processor-time.ts'
import { type Round, interleave } from '../rounds.ts'
import { startStandIn } from '../server/stand-in.ts'

const LIFE_SECONDS = 36_000

function newInstance(headers: Readonly<Record<string, string>> = {}): AxiosInstance {
  return axios.create({ headers: { accept: 'application/json', 'content-type': 'application/json', ...headers } })
}

const sender =
  (instance: AxiosInstance, url: string): Send =>
  (body) =>
    body === undefined ? instance.get(url) : instance.post(url, body)

async function bare(_client: Client, base: string): Promise<Send> {
  return sender(newInstance({ authorization: `Bearer ${'a'.repeat(1_100)}` }), `${base}/api`)
}

async function byHand(client: Client, base: string): Promise<Send> {
  const getToken = await limit(client, base)
  const instance = newInstance()
  instance.interceptors.request.use(async (config) => {
    config.headers.set('authorization', `Bearer ${String(await getToken())}`)
    return config
  })
  return sender(instance, `${base}/api`)
}

async function ours(client: Client, base: string): Promise<Send> {
  const instance = newInstance()
  maskinportenAxios(instance, oursAt(client, base), { allow: new URL(base).origin })
  return sender(instance, `${base}/api`)
}

const systems: Readonly<Record<string, (client: Client, base: string) => Promise<Send>>> = { bare, limit: byHand, ours }

export const axiosAdapter: Measure = {
  name: 'axios',
  title: 'The axios interceptor, processor time of a request against bare axios with a fixed header',
  figures: requestFigures,
  budget: requestBudget({ atMost: 1.06, failsAt: 1.1, accepted: 1.25 }),
  systems: Object.keys(systems),
  async run(effort) {
    await using server = await startStandIn()
    const client = newClient()
    const rounds: Record<string, Round> = {}
    for (const [name, make] of Object.entries(systems)) {
      const send = await make(client, server.base(`axios-${name}`, { lifeSeconds: LIFE_SECONDS }))
      rounds[name] = await requestRound(send, 40)
    }
    return { samples: await interleave(rounds, effort.pick(60, 150)) }
  },
}
