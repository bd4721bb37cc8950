import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { request } from 'node:http'
import { connect } from 'node:net'
import { type EmulatedClient, type EmulatorAsTest, startEmulator } from '@maskinporten-kit/emulator'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { proxyUnheeded, runFile, runNode } from './run-node.ts'
import { jwtBearer, signGrant } from './sign-grant.ts'

// Processes of their own, on a machine that may be busy.
const timeout = 60_000

describe('a process with the three variables, and nothing else changed', () => {
  let emulator: EmulatorAsTest
  let client: EmulatedClient
  beforeAll(async () => {
    emulator = await startEmulator({ as: 'test' })
    client = await emulator.registerClient({
      scopes: ['altinn:serviceowner/instances.read', 'krr:global/kontaktinformasjon.read'],
    })
  })
  afterAll(() => emulator.close())

  test('has settings that name the test environment and no address', () => {
    expect(client.settings).toEqual({
      environment: 'test',
      clientId: client.clientId,
      scope: 'altinn:serviceowner/instances.read krr:global/kontaktinformasjon.read',
      encodedJwk: expect.any(String),
      exchangeToAltinnToken: true,
      useAltinnTestOrg: true,
    })
    expect(Object.keys(emulator.environment).toSorted()).toEqual([
      'HTTPS_PROXY',
      'NODE_EXTRA_CA_CERTS',
      'NODE_USE_ENV_PROXY',
    ])
  })

  test('goes the whole way by fetch, and hears of no other names', { timeout }, async ({ skip }) => {
    skip(proxyUnheeded !== undefined, proxyUnheeded)
    const { instance } = await emulator.altinn.submit({ org: 'ttd', app: 'app', person: '20914695016', data: { a: 1 } })
    const assertion = await signGrant(emulator, client)
    const source = `
      const body = new URLSearchParams({ grant_type: '${jwtBearer}', assertion: '${assertion}' })
      const read = async (url, init) => (await fetch(url, init)).json()
      const bearer = (token) => ({ authorization: 'Bearer ' + token, accept: 'application/json' })
      const metadata = await read('https://test.maskinporten.no/.well-known/oauth-authorization-server')
      const { access_token } = await read(metadata.token_endpoint, { method: 'POST', body })
      const altinn = 'https://platform.tt02.altinn.no'
      const exchanged = await read(altinn + '/authentication/api/v1/exchange/maskinporten?test=true', { headers: bearer(access_token) })
      const openid = await read(altinn + '/authentication/api/v1/openid/.well-known/openid-configuration')
      const list = await read(altinn + '/storage/api/v1/instances?org=ttd&appId=ttd/app', { headers: bearer(exchanged) })
      const persons = await read('https://test.kontaktregisteret.no/rest/v2/personer',
        { method: 'POST', headers: bearer(access_token), body: JSON.stringify({ personidentifikatorer: ['20914695016'] }) })
      const keys = [await read(metadata.jwks_uri), await read(openid.jwks_uri)].map(({ keys }) => keys.length)
      const selfService = (await fetch('https://api.test.samarbeid.digdir.no/clients')).status
      const claims = [access_token, exchanged].map((token) => JSON.parse(Buffer.from(token.split('.')[1], 'base64url')))
      console.log(JSON.stringify({ metadata, openid, list, persons, keys, selfService, claims }))`
    const { printed, errors } = await runNode(source, emulator.environment)
    expect(errors).toBe('')
    const heard: unknown = JSON.parse(printed)
    expect(heard).toMatchObject({
      metadata: { issuer: 'https://test.maskinporten.no/', token_endpoint: 'https://test.maskinporten.no/token' },
      openid: { issuer: 'https://platform.tt02.altinn.no/authentication/api/v1/openid/' },
      claims: [
        { iss: 'https://test.maskinporten.no/' },
        { iss: 'https://platform.tt02.altinn.no/authentication/api/v1/openid/', 'urn:altinn:org': 'ttd' },
      ],
      list: {
        self: 'https://platform.tt02.altinn.no/storage/api/v1/instances?org=ttd&appId=ttd/app',
        instances: [{ selfLinks: { apps: `https://ttd.apps.tt02.altinn.no/ttd/app/instances/${instance.id}` } }],
      },
      persons: { personer: [{ status: 'AKTIV' }] },
      keys: [1, 1],
      selfService: 401,
    })
    expect(printed).not.toMatch(/127\.0\.0\.1|localhost/)
    expect(emulator.requests('token').map(({ url, status }) => [url, status])).toEqual([
      ['https://test.maskinporten.no/token', 200],
    ])
  })

  test(
    'reads a vault by the real SDK and the real ClientSecretCredential, all their checks on',
    { timeout },
    async () => {
      emulator.keyVault.setSecret('MaskinportenSettings--ClientId', client.clientId)
      const { tenantId, clientId, clientSecret } = emulator.entra.registerApplication()
      const source = `
      import { ClientSecretCredential } from '@azure/identity'
      import { SecretClient } from '@azure/keyvault-secrets'
      const credential = new ClientSecretCredential('${tenantId}', '${clientId}', '${clientSecret}')
      const vault = new SecretClient('https://my-kv.vault.azure.net', credential)
      console.log((await vault.getSecret('MaskinportenSettings--ClientId')).value)`
      expect(await runNode(source, emulator.environment)).toEqual({
        code: 0,
        printed: `${client.clientId}\n`,
        errors: '',
      })
      expect(new URL(emulator.requests('entra')[0]?.url ?? '').host).toBe('login.microsoftonline.com')
    },
  )

  test(
    'reaches no other host: production’s, the world’s and this machine’s are refused and named',
    { timeout },
    async ({ skip }) => {
      skip(proxyUnheeded !== undefined, proxyUnheeded)
      const hosts = ['maskinporten.no', 'platform.altinn.no', 'ttd.apps.altinn.no', 'example.com', '127.0.0.1:8443']
      const source = `
      const asked = ${JSON.stringify(hosts)}.map((host) => fetch('https://' + host).then(() => 'reached', () => 'refused'))
      console.log(JSON.stringify(await Promise.all(asked)))`
      const { printed } = await runNode(source, emulator.environment)
      expect(JSON.parse(printed)).toEqual(hosts.map(() => 'refused'))
      expect(emulator.proxy.refused().toSorted()).toEqual(
        [
          'maskinporten.no:443',
          'platform.altinn.no:443',
          'ttd.apps.altinn.no:443',
          'example.com:443',
          '127.0.0.1:8443',
        ].toSorted(),
      )
    },
  )

  test('without the certificate authority, it trusts none of it', { timeout }, async ({ skip }) => {
    skip(proxyUnheeded !== undefined, proxyUnheeded)
    const { NODE_EXTRA_CA_CERTS: _none, ...environment } = emulator.environment
    const source = `fetch('https://test.maskinporten.no/jwk').catch(({ cause }) => console.log(cause.code))`
    expect(await runNode(source, environment)).toMatchObject({ printed: 'SELF_SIGNED_CERT_IN_CHAIN\n' })
  })

  test('a tunnel to one service is none to another', { timeout }, async () => {
    const source = `
      import { connect } from 'node:net'
      import { connect as secure } from 'node:tls'
      const socket = connect(${new URL(emulator.proxy.url).port}, '127.0.0.1')
      socket.write('CONNECT platform.tt02.altinn.no:443 HTTP/1.1\\r\\nhost: platform.tt02.altinn.no:443\\r\\n\\r\\n')
      socket.once('data', () => secure({ socket, servername: 'test.maskinporten.no' }).on('error', ({ code }) => console.log(code)))`
    expect(await runNode(source, emulator.environment)).toMatchObject({ printed: 'ERR_TLS_CERT_ALTNAME_INVALID\n' })
  })

  test('meets faults through the tunnel, a cut connection among them', { timeout }, async ({ skip }) => {
    skip(proxyUnheeded !== undefined, proxyUnheeded)
    emulator.faults.next('jwk', { status: 503 })
    emulator.faults.next('jwk', { reset: true })
    const source = `
      const ask = () => fetch('https://test.maskinporten.no/jwk').then(({ status }) => status, ({ cause }) => cause.code)
      console.log(JSON.stringify([await ask(), await ask(), await ask()]))`
    const { printed } = await runNode(source, emulator.environment)
    expect(JSON.parse(printed)).toEqual([503, 'ECONNRESET', 200])
  })

  test('curl comes through as well, and is told why a host is refused', { timeout }, async ({ skip }) => {
    const { errors, code } = await runFile('curl', ['--version'], {})
    if (code !== 0) skip(`curl is not on this machine: ${errors}`)
    const curl = (url: string): Promise<{ readonly code: number; readonly printed: string; readonly errors: string }> =>
      runFile('curl', ['--silent', '--verbose', '--cacert', emulator.caFile, url], emulator.environment)
    const answer = await curl('https://test.maskinporten.no/.well-known/oauth-authorization-server')
    expect(JSON.parse(answer.printed)).toMatchObject({ issuer: 'https://test.maskinporten.no/' })
    const refused = await curl('https://platform.altinn.no/')
    expect(refused.code).toBe(56)
    expect(refused.errors).toContain('HTTP/1.1 403')
  })
})

test('production’s names are taken by no option', async () => {
  for (const as of ['prod', 'production', 'tt02']) {
    // @ts-expect-error: the type knows no other name either.
    await expect(startEmulator({ as })).rejects.toThrow(TypeError)
  }
})

test('the proxy takes CONNECT only, and says so', async () => {
  await using emulator = await startEmulator({ as: 'test' })
  const answer = await fetch(emulator.proxy.url)
  expect([answer.status, await answer.text()]).toEqual([501, expect.stringContaining('HTTPS_PROXY')])
})

test('the proxy refuses what is called without TLS, emulated or not', async () => {
  await using emulator = await startEmulator({ as: 'test' })
  const { port } = new URL(emulator.proxy.url)
  const ask = (path: string): Promise<readonly [number | undefined, string]> =>
    new Promise((resolve, reject) => {
      const sent = request({ host: '127.0.0.1', port, path }, (answer) => {
        answer.setEncoding('utf8')
        answer.once('data', (text: string) => resolve([answer.statusCode, text]))
      })
      sent.on('error', reject).end()
    })
  expect(await ask('http://test.maskinporten.no/jwk')).toEqual([403, expect.stringContaining('call it with https')])
  expect(await ask('http://example.com:8080/')).toEqual([403, expect.stringContaining('NO_PROXY')])
  expect(emulator.proxy.refused()).toEqual(['test.maskinporten.no:80', 'example.com:8080'])
  expect(emulator.proxy.connections()).toBe(2)
})

test('the dot of the root changes no name: not for fetch, not for a tunnel, not for a Host header', async () => {
  await using emulator = await startEmulator({ as: 'test' })
  const metadata = '/.well-known/oauth-authorization-server'
  const fetched = await emulator.fetch(`https://TEST.maskinporten.no.${metadata}`)
  expect(await fetched.json()).toMatchObject({ issuer: 'https://test.maskinporten.no/' })
  const sky = await emulator.fetch(`https://test.sky.maskinporten.no./.well-known/openid-configuration`)
  expect(await sky.json()).toMatchObject({ issuer: 'https://test.sky.maskinporten.no' })
  await expect(emulator.fetch('https://maskinporten.no./token')).rejects.toThrow("it is production's")
  const { hostname, port } = new URL(emulator.proxy.url)
  const socket = connect(Number(port), hostname)
  socket.write('CONNECT Test.maskinporten.no.:443 HTTP/1.1\r\nhost: test.maskinporten.no.:443\r\n\r\n')
  const answer = await new Promise((resolve) => socket.once('data', (bytes: Buffer) => resolve(bytes.toString())))
  socket.destroy()
  expect(answer).toMatch(/^HTTP\/1\.1 200 /)
})

test('says in the refusal whose host it is and what to do', async () => {
  await using emulator = await startEmulator({ as: 'test' })
  const ask = (target: string): Promise<string> =>
    new Promise((resolve, reject) => {
      let heard = ''
      const socket = connect(Number(new URL(emulator.proxy.url).port), '127.0.0.1')
      socket.on('data', (bytes: Buffer) => (heard += bytes.toString()))
      socket.on('error', reject)
      socket.on('close', () => resolve(heard))
      socket.write(`CONNECT ${target} HTTP/1.1\r\nhost: ${target}\r\n\r\n`)
    })
  expect(await ask('maskinporten.no:443')).toMatch(/^HTTP\/1\.1 403 .*production's.*test environment\.\n$/s)
  expect(await ask('example.com:443')).toMatch(/^HTTP\/1\.1 403 .*example\.com is not emulated.*NO_PROXY/s)
  expect(await ask('test.maskinporten.no:80')).toMatch(/^HTTP\/1\.1 403 .*test\.maskinporten\.no:80 is not emulated/s)
})

test('close() ends open tunnels, frees the ports and removes the file of the authority', async () => {
  const emulator = await startEmulator({ as: 'test' })
  expect(await readFile(emulator.caFile, 'utf8')).toBe(emulator.ca)
  const { port } = new URL(emulator.proxy.url)
  const socket = connect(Number(port), '127.0.0.1')
  const closed = new Promise((resolve) => socket.once('close', resolve))
  // In the middle of its handshake: it has a tunnel, and has not said a word of TLS.
  socket.write('CONNECT test.maskinporten.no:443 HTTP/1.1\r\nhost: test.maskinporten.no:443\r\n\r\n')
  await new Promise((resolve) => socket.once('data', resolve))
  await emulator.close()
  await closed
  expect(existsSync(emulator.caFile)).toBe(false)
  await using again = await startEmulator({ as: 'test', ports: { proxy: Number(port) } })
  expect(again.proxy.url).toBe(emulator.proxy.url)
  await expect(startEmulator({ as: 'test', ports: { proxy: Number(port) } })).rejects.toThrow(/taken/)
})
