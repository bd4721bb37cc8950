// What the platforms of the web have, and nothing else: fetch and Web Crypto. For Deno and Bun.
const { env } = process
const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
const bytesOf = (text) => new TextEncoder().encode(text)
const encode = (bytes) => bytes.toBase64({ alphabet: 'base64url', omitPadding: true })
const decode = (text) => Uint8Array.fromBase64(text, { alphabet: 'base64url' })
const read = (part) => JSON.parse(new TextDecoder().decode(decode(part)))

const jwk = JSON.parse(env.MASKINPORTEN_CLIENT_JWK)
const privateKey = await crypto.subtle.importKey('jwk', jwk, algorithm, false, ['sign'])
const iat = Math.floor(Date.now() / 1000)
const claims = {
  aud: env.MASKINPORTEN_ISSUER,
  iss: env.MASKINPORTEN_CLIENT_ID,
  scope: env.MASKINPORTEN_SCOPES,
  iat,
  exp: iat + 100,
  jti: crypto.randomUUID(),
}
const input = [{ alg: 'RS256', kid: jwk.kid }, claims].map((part) => encode(bytesOf(JSON.stringify(part)))).join('.')
const signed = new Uint8Array(await crypto.subtle.sign(algorithm, privateKey, bytesOf(input)))

async function ask(url, options) {
  const answer = await fetch(url, options)
  if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`)
  return answer
}
const get = (url, bearer) => ask(url, { headers: bearer === undefined ? {} : { authorization: `Bearer ${bearer}` } })

const answered = await ask(env.MASKINPORTEN_TOKEN_ENDPOINT, {
  method: 'POST',
  body: new URLSearchParams({
    grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
    assertion: `${input}.${encode(signed)}`,
  }),
})
const { access_token: token } = await answered.json()

const metadata = await (await get(env.MASKINPORTEN_WELL_KNOWN_URL)).json()
const { keys } = await (await get(metadata.jwks_uri)).json()
const [header, payload, signature] = token.split('.')
const { kid, n, e } = keys.find((key) => key.kid === read(header).kid)
const publicKey = await crypto.subtle.importKey('jwk', { kty: 'RSA', n, e }, algorithm, false, ['verify'])
const genuine = await crypto.subtle.verify(algorithm, publicKey, decode(signature), bytesOf(`${header}.${payload}`))
const { iss: issuer, scope, consumer } = read(payload)
if (!genuine || kid === undefined || issuer !== metadata.issuer) throw new Error('not of the published issuer')

const altinn = await (await get(env.ALTINN_EXCHANGE_URL, token)).text()
const { instances } = await (await get(env.ALTINN_INSTANCES_URL, altinn)).json()
const told = { issuer, scope, consumer: consumer.ID, instances: instances.map(({ id }) => id) }
process.stdout.write(`${JSON.stringify(told)}\n`)
