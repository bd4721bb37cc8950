// superagent, which makes an agent of its own for each request, and so heeds no proxy; with `global-agent`, Node's.
import { globalAgent } from 'node:https'
import superagent from 'superagent'
import { show, signGrant, verifyToken } from './grant.mjs'

const { env } = process
const send = process.argv[2] === 'global-agent' ? (request) => request.agent(globalAgent) : (request) => request
const get = (url, bearer) =>
  send(superagent.get(url).set(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }))

const { body: answer } = await send(superagent.post(env.MASKINPORTEN_TOKEN_ENDPOINT))
  .type('form')
  .send({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: await signGrant() })
const { body: metadata } = await get(env.MASKINPORTEN_WELL_KNOWN_URL)
const { body: published } = await get(metadata.jwks_uri)
const verified = await verifyToken(answer.access_token, metadata.issuer, published)
const { text: altinn } = await get(env.ALTINN_EXCHANGE_URL, answer.access_token)
const { body: listed } = await get(env.ALTINN_INSTANCES_URL, altinn)
show(verified, listed)
