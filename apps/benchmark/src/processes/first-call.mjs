// One system's first authorised call in a process of its own. Says when it had the answer, counted from the process' start.
const { base, client } = JSON.parse(process.env.BENCHMARK ?? '')
const GRANT_TYPE = 'urn:ietf:params:oauth:grant-type:jwt-bearer'

/** By hand, for those who leave the grant to their caller. */
async function grant() {
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
  const key = await crypto.subtle.importKey('jwk', client.jwk, algorithm, false, ['sign'])
  const encode = (part) => Buffer.from(part).toString('base64url')
  const iat = Math.floor(Date.now() / 1000)
  const claims = { aud: base, iss: client.id, scope: client.scope, iat, exp: iat + 120, jti: crypto.randomUUID() }
  const head = encode(JSON.stringify({ alg: 'RS256', kid: client.kid }))
  const input = `${head}.${encode(JSON.stringify(claims))}`
  return `${input}.${encode(new Uint8Array(await crypto.subtle.sign(algorithm.name, key, Buffer.from(input))))}`
}

const call = async (token) => answered(await fetch(`${base}/api`, { headers: { authorization: `Bearer ${token}` } }))

async function answered(answer) {
  if (!answer.ok) throw new Error(`answered ${answer.status}`)
  return answer.text()
}

const systems = {
  bare: () => call('a'.repeat(1100)),
  async limit() {
    const answer = await fetch(`${base}/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: `grant_type=${encodeURIComponent(GRANT_TYPE)}&assertion=${await grant()}`,
    })
    return call((await answer.json()).access_token)
  },
  async ours() {
    // At once, as the two lines of a user's file load.
    const [{ createMaskinporten }, { maskinportenFetch }] = await Promise.all([
      import('@maskinporten-kit/core'),
      import('@maskinporten-kit/fetch'),
    ])
    const settings = { authority: base, clientId: client.id, scope: client.scope, jwk: client.jwk }
    const send = maskinportenFetch(
      createMaskinporten(process.argv[3] === 'known' ? { ...settings, tokenEndpoint: `${base}/token` } : settings),
      { allow: new URL(base).origin },
    )
    return answered(await send(`${base}/api`))
  },
  async oauth4webapi() {
    const oauth = await import('oauth4webapi')
    const server = { issuer: base, token_endpoint: `${base}/token` }
    const known = { client_id: client.id }
    const answer = await oauth.genericTokenEndpointRequest(
      server,
      known,
      oauth.None(),
      GRANT_TYPE,
      { assertion: await grant() },
      { [oauth.allowInsecureRequests]: true },
    )
    return call((await oauth.processGenericTokenEndpointResponse(server, known, answer)).access_token)
  },
  async 'openid-client'() {
    const openid = await import('openid-client')
    const server = { issuer: base, token_endpoint: `${base}/token` }
    const configuration = new openid.Configuration(server, client.id, undefined, openid.None())
    openid.allowInsecureRequests(configuration)
    return call(
      (await openid.genericGrantRequest(configuration, GRANT_TYPE, { assertion: await grant() })).access_token,
    )
  },
  async '@badgateway/oauth2-client'() {
    const { OAuth2Client, OAuth2Fetch } = await import('@badgateway/oauth2-client')
    const oauth2 = new OAuth2Client({ clientId: client.id, clientSecret: 'benchmark', tokenEndpoint: `${base}/token` })
    const wrapped = new OAuth2Fetch({
      client: oauth2,
      getNewToken: async () => oauth2.clientCredentials({ extraParams: { assertion: await grant() } }),
    })
    return answered(await wrapped.fetch(`${base}/api`))
  },
  async 'google-auth-library'() {
    const { JWT, gaxios } = await import('google-auth-library')
    const transporter = new gaxios.Gaxios()
    transporter.interceptors.request.add({
      async resolved(config) {
        if (config.url.hostname === 'oauth2.googleapis.com') config.url = new URL(`${base}/token`)
        return config
      },
    })
    const jwt = new JWT({ email: client.id, key: client.pem, keyId: client.kid, scopes: [client.scope], transporter })
    return (await jwt.request({ url: `${base}/api`, responseType: 'text' })).data
  },
  async '@vtfk/maskinporten-auth'() {
    const { default: getToken } = await import('@vtfk/maskinporten-auth')
    const base64 = (text) => Buffer.from(text).toString('base64')
    const { access_token: token } = await getToken({
      url: `${base}/token`,
      pemcert: base64('-----BEGIN CERTIFICATE-----\nMIIBenchmark\n-----END CERTIFICATE-----'),
      pemprivateKey: base64(client.pem),
      audience: base,
      issuer: client.id,
      scope: client.scope,
    })
    return call(token)
  },
  async '@azure/identity'() {
    const { ClientAssertionCredential } = await import('@azure/identity')
    const sendRequest = (request, next) => {
      request.url = request.url.replace('https://login.microsoftonline.com', base)
      request.allowInsecureConnection = true
      return next(request)
    }
    const credential = new ClientAssertionCredential('e0000000-0000-4000-8000-000000000001', client.id, grant, {
      additionalPolicies: [{ position: 'perCall', policy: { name: 'to the stand-in server', sendRequest } }],
    })
    return call((await credential.getToken('https://graph.microsoft.com/.default')).token)
  },
}

await systems[process.argv[2]]()
const ms = performance.now()
await import('./as-published.mjs')
console.log(JSON.stringify({ ms }))
process.exit()
