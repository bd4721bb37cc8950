/** Clients in every language, as their users have them, in three ways: the default configuration, `run`, and `emulator.json`. */
import { createPrivateKey, generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { emulate, type Started, startCommand, submitted } from './clients/command.ts'
import { type Client, clients } from './clients/languages.ts'
import { lacking } from './require-runtime.ts'
import { type Outcome, runFile } from './run-node.ts'

// Some start a compiler and a virtual machine, on a machine that may be busy.
const timeout = 120_000
const scope = 'altinn:serviceowner/instances.read'
const folder = mkdtempSync(join(tmpdir(), 'emulator-clients-'))

interface Way {
  readonly environment: Readonly<Record<string, string>>
  /** What every client prints. */
  readonly expected: object
}

let started: readonly Started[] = []
let byDefault: Way
let byConfig: Way
let underRun: Way

/** The key as a file, too: openssl reads no JWK. */
function pemOf(name: string, jwk: object): string {
  const file = join(folder, `${name}.pem`)
  const pem = createPrivateKey({ key: { ...jwk }, format: 'jwk' }).export({ type: 'pkcs8', format: 'pem' })
  writeFileSync(file, pem, { mode: 0o600 })
  return file
}

async function wayOf(name: string, { summary }: Started, org: string, consumer: string): Promise<Way> {
  const [client] = summary.clients
  const instances = [await submitted(summary, org)]
  return {
    environment: {
      ...client.environment,
      MASKINPORTEN_SCOPES: scope,
      MASKINPORTEN_CLIENT_KID: client.jwk.kid,
      MASKINPORTEN_CLIENT_PEM_FILE: pemOf(name, client.jwk),
      ...altinn(summary.altinn, org),
    },
    expected: { issuer: `${summary.maskinporten}/`, scope, consumer, instances },
  }
}

function altinn(origin: string, org: string): Readonly<Record<string, string>> {
  return {
    // Of Digdir's own organisation, Altinn makes the test organisation ttd when it is asked to.
    ALTINN_EXCHANGE_URL: `${origin}/authentication/api/v1/exchange/maskinporten${org === 'ttd' ? '?test=true' : ''}`,
    ALTINN_INSTANCES_URL: `${origin}/storage/api/v1/instances?org=${org}&appId=${org}/app`,
  }
}

beforeAll(async () => {
  const config = join(folder, 'emulator.json')
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  writeFileSync(join(folder, 'key.pem'), privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 })
  const client = { clientId: 'my-client', orgNumber: '310702641', scopes: [scope], keys: [{ file: 'key.pem' }] }
  const organisations = [{ orgNumber: '310702641', org: 'mine' }]
  writeFileSync(config, JSON.stringify({ organisations, clients: [client] }))
  const [one, two] = (started = await Promise.all([startCommand(), startCommand('--config', config)]))
  if (!one || !two) throw new Error('two were started')
  byDefault = await wayOf('default', one, 'ttd', '0192:991825827')
  byConfig = await wayOf('config', two, 'mine', '0192:310702641')
  underRun = asTheTestEnvironment()
}, timeout)

afterAll(async () => {
  await Promise.all(started.map(({ stop }) => stop()))
  rmSync(folder, { recursive: true, force: true })
})

/** The app's own client, by the variables that it has: `run` knows nothing of it but from there. */
function asTheTestEnvironment(): Way {
  const issuer = 'https://test.maskinporten.no/'
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const jwk = { ...privateKey.export({ format: 'jwk' }), kid: 'of-the-app' }
  return {
    environment: {
      MASKINPORTEN_CLIENT_ID: 'client-of-the-app',
      MASKINPORTEN_CLIENT_JWK: JSON.stringify(jwk),
      MASKINPORTEN_CLIENT_KID: jwk.kid,
      MASKINPORTEN_CLIENT_PEM_FILE: pemOf('run', jwk),
      MASKINPORTEN_SCOPES: scope,
      MASKINPORTEN_ISSUER: issuer,
      MASKINPORTEN_TOKEN_ENDPOINT: `${issuer}token`,
      MASKINPORTEN_WELL_KNOWN_URL: `${issuer}.well-known/oauth-authorization-server`,
      ...altinn('https://platform.tt02.altinn.no', 'ttd'),
    },
    expected: { issuer, scope, consumer: '0192:991825827', instances: [] },
  }
}

function run([file = '', ...args]: readonly string[], environment: Readonly<Record<string, string>>): Promise<Outcome> {
  return runFile(file, args, environment)
}

function shown({ code, printed, errors }: Outcome): unknown {
  if (code !== 0) throw new Error(`it ended with ${code}: ${errors}`)
  return JSON.parse(printed)
}

const found = new Map<Client, Promise<readonly string[] | undefined>>()
const told = new Set<string>()

/** Skips where the machine lacks the runtime: with one line for all tests that want it. */
async function commandOf(client: Client, skip: (note?: string) => never): Promise<readonly string[]> {
  const looked = found.get(client) ?? client.command()
  found.set(client, looked)
  const command = await looked
  if (command) return command
  const again = told.has(client.lack)
  told.add(client.lack)
  return lacking(again ? () => skip() : skip, client.lack)
}

const around = (command: readonly string[]): readonly string[] => [
  process.execPath,
  ...emulate,
  'run',
  '--',
  ...command,
]

describe.each(clients)('$name', (client) => {
  const { toHeedProxy = [] } = client

  test(
    'gets, verifies and exchanges a token, and lists: by the default configuration',
    { timeout },
    async ({ skip }) => {
      const command = await commandOf(client, skip)
      expect(shown(await run(command, byDefault.environment))).toEqual(byDefault.expected)
    },
  )

  test('the same from emulator.json', { timeout }, async ({ skip }) => {
    const command = await commandOf(client, skip)
    expect(shown(await run(command, byConfig.environment))).toEqual(byConfig.expected)
  })

  test('the same under `run`, as if against the test environment', { timeout }, async ({ skip }) => {
    const command = await commandOf(client, skip)
    const outcome = await run(around([...command, ...toHeedProxy]), underRun.environment)
    expect(shown(outcome)).toEqual(underRun.expected)
  })
})

/** A machine without a network, on every machine: it resolves no name. For `--require`. */
const nowhere = `
const dns = require('node:dns')
const { lookup } = dns
dns.lookup = function (hostname, options, done = options) {
  if (!/[a-z]/i.test(hostname) || hostname === 'localhost') return Reflect.apply(lookup, this, arguments)
  done(Object.assign(new Error('getaddrinfo ENOTFOUND ' + hostname), { code: 'ENOTFOUND', hostname }))
}
`

describe.each(clients.filter(({ toHeedProxy }) => toHeedProxy))('$name', (client) => {
  test('is told of the proxy that it does not heed, and how to mend it', { timeout }, async ({ skip }) => {
    const command = await commandOf(client, skip)
    const hook = join(folder, 'nowhere.cjs')
    writeFileSync(hook, nowhere)
    const NODE_OPTIONS = `${process.env['NODE_OPTIONS'] ?? ''} --require ${hook}`
    const { code, printed, errors } = await run(around(command), { ...underRun.environment, NODE_OPTIONS })
    expect([code, printed]).toEqual([1, ''])
    expect(errors).toMatch(
      /^maskinporten-emulator: .*test\.maskinporten\.no.*superagent.*\.agent\(https\.globalAgent\)/m,
    )
  })
})
