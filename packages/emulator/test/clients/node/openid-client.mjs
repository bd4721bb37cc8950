// openid-client finds the endpoints by the issuer's metadata, and sends the grant and the requests.
import { allowInsecureRequests, discovery, fetchProtectedResource, genericGrantRequest, None } from 'openid-client'
import { show, signGrant, verifyToken } from './grant.mjs'

const { env } = process
const loopback = env.MASKINPORTEN_ISSUER.startsWith('http://')
const config = await discovery(new URL(env.MASKINPORTEN_ISSUER), env.MASKINPORTEN_CLIENT_ID, undefined, None(), {
  algorithm: 'oauth2',
  execute: loopback ? [allowInsecureRequests] : [],
})
const { issuer, jwks_uri: keys } = config.serverMetadata()
const { access_token: token } = await genericGrantRequest(config, 'urn:ietf:params:oauth:grant-type:jwt-bearer', {
  assertion: await signGrant(),
})
const verified = await verifyToken(token, issuer, await (await fetch(keys)).json())

const get = (url, bearer) => fetchProtectedResource(config, bearer, new URL(url), 'GET')
const altinn = await (await get(env.ALTINN_EXCHANGE_URL, token)).text()
show(verified, await (await get(env.ALTINN_INSTANCES_URL, altinn)).json())
