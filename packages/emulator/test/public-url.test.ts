/** Under which names the emulator is called, and whom it refuses to meet. */
import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { type Emulator, type EmulatorOptions, startEmulator } from '@maskinporten-kit/emulator'
import { decodeJwt } from 'jose'
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { readArguments } from '../src/command/arguments.ts'
import { runFile } from './run-node.ts'
import { exchange, jwtBearer, signGrant } from './sign-grant.ts'

afterEach(() => void vi.unstubAllEnvs())

function freePort(): Promise<number> {
  const server = createServer()
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}

interface Started {
  readonly emulator: Emulator
  /** Where Maskinporten listens, however it is called. */
  readonly port: number
}

async function start(options: EmulatorOptions = {}): Promise<Started> {
  const port = await freePort()
  const emulator = await startEmulator({ ...options, ports: { maskinporten: port } })
  onTestFinished(() => emulator.close())
  return { emulator, port }
}

interface Asked {
  readonly path: string
  /** The Host header. */
  readonly host: string
  readonly form?: string | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** Over TLS, with the host's name checked. */
  readonly ca?: string | undefined
}

function ask(port: number, { path, host, form, headers = {}, ca }: Asked): Promise<{ status: number; body: string }> {
  const type = form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }
  const method = form === undefined ? 'GET' : 'POST'
  const options = { host: '127.0.0.1', port, path, method, headers: { ...type, ...headers, host } }
  return new Promise((resolve, reject) => {
    const servername = host.replace(/:\d+$/, '')
    const sent = ca === undefined ? httpRequest(options) : httpsRequest({ ...options, ca, servername })
    sent.on('error', reject)
    sent.on('response', (answer) => {
      let body = ''
      answer.on('data', (chunk: Buffer) => (body += chunk.toString()))
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body }))
    })
    sent.end(form)
  })
}

const portOf = (url: string): number => Number(new URL(url).port)

/** What a caller of this name reads in the metadata, and in the token that it gets for the audience that stands there. */
async function spoken({ emulator, port }: Started, host: string): Promise<readonly string[]> {
  const metadata = JSON.parse((await ask(port, { path: '/.well-known/oauth-authorization-server', host })).body)
  const client = await emulator.registerClient({ scopes: ['a:b'] })
  const assertion = await signGrant({ clock: emulator.clock, maskinporten: { issuer: metadata.issuer } }, client)
  const form = new URLSearchParams({ grant_type: jwtBearer, assertion }).toString()
  const { status, body } = await ask(port, { path: '/token', host, form })
  expect([status, body]).toEqual([200, expect.any(String)])
  return [
    metadata.issuer,
    metadata.token_endpoint,
    metadata.jwks_uri,
    String(decodeJwt(JSON.parse(body).access_token).iss),
  ]
}

const under = (origin: string): readonly string[] => [`${origin}/`, `${origin}/token`, `${origin}/jwk`, `${origin}/`]

describe('the public URL', () => {
  test.each(['http://localhost:18050', 'https://maskinporten.example', 'http://192.0.2.7:8050', 'http://[::1]:8050'])(
    'issuer, metadata and tokens speak %s, and the other services its host name',
    async (publicUrl) => {
      const started = await start({ publicUrl })
      const { emulator, port } = started
      for (const host of [new URL(publicUrl).host, `127.0.0.1:${port}`]) {
        expect(await spoken(started, host)).toEqual(under(publicUrl))
      }
      expect(emulator.maskinporten).toMatchObject({ url: publicUrl, issuer: `${publicUrl}/` })
      const { hostname } = new URL(publicUrl)
      const { altinn, register, selfService, keyVault, control, entra, texas } = emulator
      for (const { url } of [altinn, register, selfService, keyVault, control, entra, texas]) {
        expect(new URL(url).hostname).toBe(hostname)
      }
      const ready = { path: '/__emulator', host: hostname, headers: { 'x-maskinporten-emulator': '1' } }
      expect((await ask(portOf(control.url), ready)).status).toBe(200)
    },
  )

  test('it stands in emulator.json, too, and on the command line', async () => {
    const { emulator } = await start({
      config: { publicUrl: 'http://localhost:18050', allowedHosts: ['maskinporten'] },
    })
    expect(emulator.maskinporten.issuer).toBe('http://localhost:18050/')
    const told = ['--public-url', 'http://a:1', '--allow-host', 'b', '--allow-host', 'c', '--allow-production']
    expect(readArguments(told).emulator).toMatchObject({
      publicUrl: 'http://a:1',
      allowedHosts: ['b', 'c'],
      allowProduction: true,
    })
  })

  test.each<readonly [EmulatorOptions, RegExp]>([
    [{ publicUrl: 'maskinporten' }, /^publicUrl is an origin/],
    [{ publicUrl: 'ftp://localhost' }, /^publicUrl is an origin/],
    [{ publicUrl: 'http://localhost:8050/path' }, /^publicUrl is an origin/],
    [{ publicUrl: 'http://localhost:8050/?a=b' }, /^publicUrl is an origin/],
    [{ publicUrl: 'http://localhost:8050/#a' }, /^publicUrl is an origin/],
    [{ publicUrl: 'http://user:canary@localhost:8050' }, /^publicUrl is an origin(?!.*canary)/],
    [{ publicUrl: 'http://localhost:8050', publicName: 'localhost' }, /leave publicName out/],
    [{ publicUrl: 'http://localhost:8050', as: 'test' }, /no meaning with as: 'test'/],
    [{ publicUrl: 'https://maskinporten.no' }, /publicUrl is maskinporten\.no, one of production's names/],
    [{ publicUrl: 'https://maskinporten.no.' }, /publicUrl is maskinporten\.no, one of production's names/],
    [{ publicUrl: 'https://TEST.maskinporten.no.:8443' }, /one of the test environment's names/],
    [{ publicName: 'Platform.Altinn.no' }, /publicName is platform\.altinn\.no, one of production's names/],
    [{ allowedHosts: ['a', 'kontaktregisteret.no'] }, /allowedHosts is kontaktregisteret\.no, one of production's/],
    [{ publicUrl: 'https://test.maskinporten.no' }, /one of the test environment's names; choose as: 'test'/],
    [{ allowedHosts: ['ttd.apps.tt02.altinn.no'] }, /one of the test environment's names/],
    [{ allowedHosts: ['http://localhost'] }, /host name without scheme and port/],
  ])('refuses %o', async (options, message) => {
    await expect(startEmulator(options)).rejects.toThrow(message)
    await expect(startEmulator(options)).rejects.toBeInstanceOf(TypeError)
  })
})

describe('a Host header', () => {
  test.each(['evil.example', 'maskinporten.no', 'localhost.evil.example:8050', 'x'])(
    'changes nothing when it is foreign: %s',
    async (host) => {
      const started = await start()
      const { emulator, port } = started
      expect(await spoken(started, host)).toEqual(under(`http://127.0.0.1:${port}`))
      const list = { path: '/__emulator/requests', host, headers: { 'x-maskinporten-emulator': '1' } }
      expect(await ask(portOf(emulator.control.url), list)).toMatchObject({
        status: 403,
        body: expect.stringContaining('allowedHosts'),
      })
    },
  )

  test('is what issuer, metadata and tokens speak when it is one of the allowed hosts', async () => {
    const started = await start({ allowedHosts: ['Maskinporten', 'localhost'] })
    const { emulator, port } = started
    expect(await spoken(started, `MASKINPORTEN:${port}`)).toEqual(under(`http://maskinporten:${port}`))
    expect(await spoken(started, 'localhost')).toEqual(under(`http://localhost:${port}`))
    expect(await spoken(started, '127.0.0.1')).toEqual(under(`http://127.0.0.1:${port}`))
    const list = { path: '/__emulator/requests', host: 'maskinporten', headers: { 'x-maskinporten-emulator': '1' } }
    expect((await ask(portOf(emulator.control.url), list)).status).toBe(200)
    const secrets = { path: '/secrets?api-version=7.5', host: 'maskinporten', ca: emulator.ca }
    expect((await ask(portOf(emulator.keyVault.url), secrets)).status).toBe(401)
  })

  test('a token of one name is exchanged under that name', async () => {
    const { emulator, port } = await start({ allowedHosts: ['maskinporten'] })
    const client = await emulator.registerClient({ scopes: ['altinn:serviceowner/instances.read'] })
    const issuer = `http://maskinporten:${port}/`
    const assertion = await signGrant({ clock: emulator.clock, maskinporten: { issuer } }, client)
    const form = new URLSearchParams({ grant_type: jwtBearer, assertion }).toString()
    const token = JSON.parse((await ask(port, { path: '/token', host: 'maskinporten', form })).body).access_token
    const exchanged = await ask(portOf(emulator.altinn.url), {
      path: '/authentication/api/v1/exchange/maskinporten?test=true',
      host: 'maskinporten',
      headers: { authorization: `Bearer ${token}` },
    })
    expect(exchanged.status).toBe(200)
    expect(decodeJwt(exchanged.body)).toMatchObject({
      'urn:altinn:org': 'ttd',
      iss: expect.stringMatching('maskinporten:'),
    })
    expect((await exchange(emulator, token)).status).toBe(401)
  })
})

describe('production', () => {
  test('ends the command with one sentence', { timeout: 60_000 }, async () => {
    const command = fileURLToPath(new URL('../src/cli.ts', import.meta.url))
    const args = ['--conditions=@maskinporten-kit/source', command, '--port', '0']
    expect(await runFile(process.execPath, args, { NODE_ENV: 'Production' })).toEqual({
      code: 1,
      printed: '',
      errors: expect.stringMatching(
        /^maskinporten-emulator: NODE_ENV is production, [^\n]*--allow-production[^\n]*\n$/,
      ),
    })
  })

  test('is where it does not start: NODE_ENV', async () => {
    vi.stubEnv('NODE_ENV', 'production')
    await expect(startEmulator()).rejects.toThrow(/^NODE_ENV is production.*allowProduction/)
    // A file that lies about does not say it: whoever starts it does.
    const config: object = { allowProduction: true }
    await expect(startEmulator({ config })).rejects.toThrow(/NODE_ENV is production/)
  })

  test('unless it is told', async () => {
    vi.stubEnv('NODE_ENV', 'production')
    const { emulator } = await start({ allowProduction: true })
    expect((await fetch(`${emulator.maskinporten.url}/jwk`)).status).toBe(200)
  })
})
