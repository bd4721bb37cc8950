// jsonwebtoken signs and verifies, axios sends.
import { createPrivateKey, createPublicKey, randomUUID } from 'node:crypto'
import axios from 'axios'
import jwt from 'jsonwebtoken'

const { env } = process
const jwk = JSON.parse(env.MASKINPORTEN_CLIENT_JWK)
const grant = jwt.sign({ scope: env.MASKINPORTEN_SCOPES }, createPrivateKey({ key: jwk, format: 'jwk' }), {
  algorithm: 'RS256',
  keyid: jwk.kid,
  audience: env.MASKINPORTEN_ISSUER,
  issuer: env.MASKINPORTEN_CLIENT_ID,
  expiresIn: 100,
  jwtid: randomUUID(),
})
const form = new URLSearchParams({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: grant })
const { data: answer } = await axios.post(env.MASKINPORTEN_TOKEN_ENDPOINT, form)

const { data: metadata } = await axios.get(env.MASKINPORTEN_WELL_KNOWN_URL)
const { data: published } = await axios.get(metadata.jwks_uri)
const { header } = jwt.decode(answer.access_token, { complete: true })
const key = published.keys.find(({ kid }) => kid === header.kid)
const verified = jwt.verify(answer.access_token, createPublicKey({ key, format: 'jwk' }), {
  algorithms: ['RS256'],
  issuer: metadata.issuer,
})

const withToken = (token) => ({ headers: { authorization: `Bearer ${token}` } })
const { data: altinn } = await axios.get(env.ALTINN_EXCHANGE_URL, withToken(answer.access_token))
const { data: listed } = await axios.get(env.ALTINN_INSTANCES_URL, withToken(altinn))

const { iss: issuer, scope, consumer } = verified
const instances = listed.instances.map(({ id }) => id)
process.stdout.write(`${JSON.stringify({ issuer, scope, consumer: consumer.ID, instances })}\n`)
