// oauth4webapi finds the endpoints by the issuer's metadata, checks each answer, and sends the requests.
import * as oauth from 'oauth4webapi'
import { show, signGrant, verifyToken } from './grant.mjs'

const { env } = process
const issuer = new URL(env.MASKINPORTEN_ISSUER)
const options = { [oauth.allowInsecureRequests]: issuer.protocol === 'http:' }
const found = await oauth.discoveryRequest(issuer, { ...options, algorithm: 'oauth2' })
const server = await oauth.processDiscoveryResponse(issuer, found)
const client = { client_id: env.MASKINPORTEN_CLIENT_ID }
const answer = await oauth.genericTokenEndpointRequest(
  server,
  client,
  oauth.None(),
  'urn:ietf:params:oauth:grant-type:jwt-bearer',
  { assertion: await signGrant() },
  options,
)
const { access_token: token } = await oauth.processGenericTokenEndpointResponse(server, client, answer)
const verified = await verifyToken(token, server.issuer, await (await fetch(server.jwks_uri)).json())

const get = (url, bearer) => oauth.protectedResourceRequest(bearer, 'GET', new URL(url), undefined, undefined, options)
const altinn = await (await get(env.ALTINN_EXCHANGE_URL, token)).text()
show(verified, await (await get(env.ALTINN_INSTANCES_URL, altinn)).json())
