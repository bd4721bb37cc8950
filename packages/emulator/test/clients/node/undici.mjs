// undici from npm, by its own `request`, with the dispatcher that its documentation has for proxies.
import { EnvHttpProxyAgent, request, setGlobalDispatcher } from 'undici'
import { show, signGrant, verifyToken } from './grant.mjs'

const { env } = process
setGlobalDispatcher(new EnvHttpProxyAgent())

async function ask(url, options) {
  const { statusCode, body } = await request(url, options)
  const text = await body.text()
  if (statusCode !== 200) throw new Error(`${statusCode}: ${text}`)
  return text
}
const get = (url, bearer) => ask(url, { headers: bearer === undefined ? {} : { authorization: `Bearer ${bearer}` } })

const assertion = await signGrant()
const form = new URLSearchParams({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion })
const { access_token: token } = JSON.parse(
  await ask(env.MASKINPORTEN_TOKEN_ENDPOINT, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: form.toString(),
  }),
)
const { issuer, jwks_uri: keys } = JSON.parse(await get(env.MASKINPORTEN_WELL_KNOWN_URL))
const verified = await verifyToken(token, issuer, JSON.parse(await get(keys)))
show(verified, JSON.parse(await get(env.ALTINN_INSTANCES_URL, await get(env.ALTINN_EXCHANGE_URL, token))))
