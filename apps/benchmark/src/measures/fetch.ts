/** What the adapter for fetch adds to a request. */
import { createDefaultHttpClient, createPipelineFromOptions, createPipelineRequest } from '@azure/core-rest-pipeline'
import { bearerTokenAuthenticationPolicy } from '@azure/core-rest-pipeline'
import { maskinportenFetch } from '@maskinporten-kit/fetch'
import { answered } from '../answered.ts'
import type { Measure } from '../measure.ts'
import { badgatewayFetch } from '../peers/badgateway.ts'
import { type Client, newClient } from '../peers/client.ts'
import { googleClient } from '../peers/google.ts'
import { limit } from '../peers/limit.ts'
import { oursAt } from '../peers/ours.ts'
import { type Send, requestBudget, requestFigures, requestRound } from '../processor-time.ts'
import { type Round, interleave } from '../rounds.ts'
import { startStandIn } from '../server/stand-in.ts'

const LIFE_SECONDS = 36_000
const JSON_HEADERS = { accept: 'application/json', 'content-type': 'application/json' }

interface Init {
  readonly method?: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}
type Fetch = (url: string, init: Init) => Promise<Response>

const sender =
  (send: Fetch, url: string, headers: Readonly<Record<string, string>>): Send =>
  async (body) => {
    const init = body === undefined ? { headers: { ...headers } } : { method: 'POST', headers: { ...headers }, body }
    return answered(await send(url, init))
  }

async function bare(_client: Client, base: string): Promise<Send> {
  return sender(fetch, `${base}/api`, { ...JSON_HEADERS, authorization: `Bearer ${'a'.repeat(1_100)}` })
}

async function byHand(client: Client, base: string): Promise<Send> {
  const getToken = await limit(client, base)
  const send: Fetch = async (url, init) => {
    const authorization = `Bearer ${String(await getToken())}`
    return fetch(url, { ...init, headers: { ...init.headers, authorization } })
  }
  return sender(send, `${base}/api`, JSON_HEADERS)
}

async function ours(client: Client, base: string): Promise<Send> {
  const { origin } = new URL(base)
  return sender(maskinportenFetch(oursAt(client, base), { allow: origin }), `${base}/api`, JSON_HEADERS)
}

async function badgateway(client: Client, base: string): Promise<Send> {
  const wrapped = await badgatewayFetch(client, base)
  return sender((url, init) => wrapped.fetch(url, init), `${base}/api`, JSON_HEADERS)
}

async function google(client: Client, base: string): Promise<Send> {
  const jwt = googleClient(client, base)
  const url = `${base}/api`
  return async (body) => {
    const call = body === undefined ? { url } : { url, method: 'POST' as const, body }
    return (await jwt.request({ ...call, headers: { ...JSON_HEADERS }, responseType: 'text' })).data
  }
}

/** Its own client over `node:http`, with its bearer policy. */
async function azure(client: Client, base: string): Promise<Send> {
  const getToken = await limit(client, base)
  const pipeline = createPipelineFromOptions({})
  pipeline.addPolicy(
    bearerTokenAuthenticationPolicy({
      scopes: client.scope,
      credential: {
        getToken: async () => ({
          token: String(await getToken()),
          expiresOnTimestamp: Date.now() + LIFE_SECONDS * 1000,
        }),
      },
    }),
  )
  // The policy asks for https; the stand-in server has none.
  pipeline.addPolicy(
    {
      name: 'to the stand-in server',
      sendRequest(request, next) {
        request.url = request.url.replace('https://stand-in', base)
        return next(request)
      },
    },
    { afterPhase: 'Sign' },
  )
  const http = createDefaultHttpClient()
  return async (body) => {
    const request = createPipelineRequest({
      url: 'https://stand-in/api',
      method: body === undefined ? 'GET' : 'POST',
      allowInsecureConnection: true,
      ...(body === undefined ? {} : { body }),
    })
    for (const [name, value] of Object.entries(JSON_HEADERS)) request.headers.set(name, value)
    const { status, bodyAsText } = await pipeline.sendRequest(http, request)
    if (status !== 200) throw new Error(`the server answered ${status}`)
    return bodyAsText
  }
}

const systems: Readonly<Record<string, (client: Client, base: string) => Promise<Send>>> = {
  bare,
  limit: byHand,
  ours,
  '@badgateway/oauth2-client': badgateway,
  'google-auth-library': google,
  '@azure/core-rest-pipeline': azure,
}

export const fetchAdapter: Measure = {
  name: 'fetch',
  title: 'The fetch adapter, processor time of a request against bare fetch with a fixed header',
  figures: requestFigures,
  budget: requestBudget({ atMost: 1.04, failsAt: 1.08 }),
  systems: Object.keys(systems),
  async run(effort) {
    await using server = await startStandIn()
    const client = newClient()
    const rounds: Record<string, Round> = {}
    for (const [name, make] of Object.entries(systems)) {
      const send = await make(
        client,
        server.base(`fetch-${name.replaceAll(/\W/g, '-')}`, { lifeSeconds: LIFE_SECONDS }),
      )
      rounds[name] = await requestRound(send, 40)
    }
    return { samples: await interleave(rounds, effort.pick(60, 150)) }
  },
}
