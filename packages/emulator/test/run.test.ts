import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { heedsProxy } from '../src/command/runtime.ts'
import { type Outcome, proxyUnheeded, runFile } from './run-node.ts'

const command = fileURLToPath(new URL('../src/cli.ts', import.meta.url))
const emulate = ['--conditions=@maskinporten-kit/source', command]
// Two processes, on a machine that may be busy.
const timeout = 60_000

const runUnder = (
  args: readonly string[],
  source: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<Outcome> =>
  runFile(
    process.execPath,
    [...emulate, 'run', ...args, '--', process.execPath, '--input-type=module', '--eval', source],
    environment,
  )

test(
  'a command finds id and key in the vault that kvSetting names, and gets a token with them',
  { timeout },
  async ({ skip }) => {
    skip(proxyUnheeded !== undefined, proxyUnheeded)
    const source = `
    import { createPrivateKey, randomUUID, sign } from 'node:crypto'
    import { ClientSecretCredential } from '@azure/identity'
    import { SecretClient } from '@azure/keyvault-secrets'
    const { kvSetting__SecretUri: uri, kvSetting__TenantId: tenant, kvSetting__ClientId: id, kvSetting__ClientSecret: secret } = process.env
    const vault = new SecretClient(uri, new ClientSecretCredential(tenant, id, secret))
    const clientId = (await vault.getSecret('MaskinportenSettings--ClientId')).value
    const jwk = JSON.parse(Buffer.from((await vault.getSecret('MaskinportenSettings--EncodedJwk')).value, 'base64'))
    const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const iat = Math.floor(Date.now() / 1000)
    const claims = { aud: 'https://test.maskinporten.no/', iss: clientId, scope: 'test:one', iat, exp: iat + 100, jti: randomUUID() }
    const input = part({ alg: 'RS256', kid: jwk.kid }) + '.' + part(claims)
    const signature = sign('sha256', Buffer.from(input), createPrivateKey({ key: jwk, format: 'jwk' })).toString('base64url')
    const body = new URLSearchParams({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: input + '.' + signature })
    const answer = await (await fetch('https://test.maskinporten.no/token', { method: 'POST', body })).json()
    console.log(JSON.parse(Buffer.from(answer.access_token.split('.')[1], 'base64url')).consumer.ID, answer.scope)
    process.exitCode = 7`
    expect(await runUnder(['--client', 'test:one 310702641'], source)).toEqual({
      code: 7,
      printed: '0192:310702641 test:one\n',
      errors: 'maskinporten-emulator: 1 token, 0 exchanges, 0 calls, 0 refused\n',
    })
  },
)

test('what would lead past the emulator is taken from the environment, and the rest is left', { timeout }, async () => {
  const source = `
    const shown = ['HTTPS_PROXY', 'https_proxy', 'NO_PROXY', 'no_proxy', 'AZURE_TENANT_ID', 'kvSetting__TenantId', 'OWN', 'NAIS_TOKEN_ENDPOINT', 'NAIS_TOKEN_INTROSPECTION_ENDPOINT']
    const { status } = await fetch(process.env.EMULATED_MASKINPORTEN_CONTROL, { headers: { 'x-maskinporten-emulator': '1' } })
    const authority = process.env.NODE_EXTRA_CA_CERTS
    console.log(JSON.stringify({ status, authority, environment: shown.map((name) => process.env[name] ?? null) }))`
  const inherited = {
    https_proxy: 'http://127.0.0.1:1',
    no_proxy: 'api.nuget.org, .azure.net,test.maskinporten.no tt02.altinn.no,*',
    AZURE_TENANT_ID: 'mine',
    OWN: 'kept',
    NAIS_TOKEN_ENDPOINT: 'https://texas.test',
  }
  const { printed } = await runUnder([], source, inherited)
  const told: { readonly status: number; readonly authority: string; readonly environment: unknown } =
    JSON.parse(printed)
  expect(told.status).toBe(200)
  expect(told.environment).toEqual([
    expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d{2,}$/),
    expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d{2,}$/),
    'localhost,127.0.0.1,::1,api.nuget.org',
    'localhost,127.0.0.1,::1,api.nuget.org',
    expect.stringMatching(/^\S{36}$/),
    expect.stringMatching(/^\S{36}$/),
    'kept',
    expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/api\/v1\/token$/),
    expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/api\/v1\/introspect$/),
  ])
  expect(existsSync(dirname(told.authority))).toBe(false)
})

test.each([
  [{ NO_PROXY: 'TEST.MASKINPORTEN.NO,kept.example' }],
  [{ NO_PROXY: 'test.maskinporten.no.,kept.example' }],
  [{ no_proxy: 'Test.Maskinporten.no.:443 .MASKINPORTEN.NO. kept.example' }],
  [{ NO_PROXY: 'porten.no,*porten.no,test.*,*.vault.*,**,kept.example' }],
  [{ NO_PROXY: 'kept.example|test.maskinporten.no' }],
  [{ no_proxy: '', NO_PROXY: 'kept.example,TT02.altinn.no' }],
  [{ no_proxy: 'kept.example', NO_PROXY: 'kept.example', No_Proxy: 'LOGIN.microsoftonline.com' }],
])('no way of writing NO_PROXY leads past the emulator: %j', { timeout }, async (environment) => {
  const source = 'console.log(process.env.NO_PROXY, process.env.no_proxy, process.env.JAVA_TOOL_OPTIONS)'
  const { printed } = await runUnder([], source, environment)
  const past = 'localhost,127.0.0.1,::1,kept.example'
  expect(printed).toMatch(`${past} ${past} `)
  expect(printed).toContain('-Dhttp.nonProxyHosts=localhost|127.0.0.1|[::1]|kept.example ')
})

test('says which hosts were refused', { timeout }, async ({ skip }) => {
  skip(proxyUnheeded !== undefined, proxyUnheeded)
  const source = `await fetch('https://example.com/').catch(() => undefined)`
  expect(await runUnder([], source)).toEqual({
    code: 0,
    printed: '',
    errors: `maskinporten-emulator: the command called example.com:443, which is not emulated: refused
maskinporten-emulator: 0 tokens, 0 exchanges, 0 calls, 1 refused: not_emulated
`,
  })
})

test('Node heeds the proxy of its environment from 22.21 and 24.5 on', () => {
  const versions = ['v20.20.2', 'v22.20.0', 'v22.21.0', 'v23.11.1', 'v24.4.1', 'v24.5.0', 'v26.10.0']
  expect(versions.filter(heedsProxy)).toEqual(['v22.21.0', 'v24.5.0', 'v26.10.0'])
})

test.skipIf(process.platform === 'win32').each([
  ['v22.20.0', true],
  ['v24.5.0', false],
] as const)('a Node %s behind the command is warned of: %s', { timeout }, async (version, warned) => {
  const folder = await mkdtemp(join(tmpdir(), 'node-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const node = join(folder, 'node')
  await writeFile(node, `#!/bin/sh\necho ${version}\n`, { mode: 0o755 })
  const { code, printed, errors } = await runFile(process.execPath, [...emulate, 'run', '--', node], {})
  expect([code, printed]).toEqual([0, `${version}\n`])
  const [first] = errors.split('\n')
  expect(first).toEqual(
    warned
      ? `maskinporten-emulator: Node ${version.slice(1)} does not heed HTTPS_PROXY, so what it fetches may go to the real hosts; run the command with Node 22.21, 24.5 or newer`
      : expect.stringContaining('the proxy saw no connection'),
  )
})

test('a command that is not there is one sentence', { timeout }, async () => {
  const { code, errors } = await runFile(process.execPath, [...emulate, 'run', '--', 'no-such-command'], {})
  expect([code, errors]).toEqual([
    1,
    expect.stringMatching(
      /^maskinporten-emulator: no-such-command cannot be run \([^\n]*\); check its name and PATH\n$/,
    ),
  ])
})

test.each([
  ['SIGTERM', 143],
  ['SIGINT', 130],
] as const)('%s reaches the command, and the emulator ends when it does', { timeout }, async (signal, code) => {
  const source = `setInterval(() => undefined, 1000); console.log('up')`
  const child = spawn(process.execPath, [...emulate, 'run', '--', process.execPath, '--eval', source])
  onTestFinished(() => void child.kill('SIGKILL'))
  await heard(child, 'up')
  child.kill(signal)
  expect(await new Promise((resolve) => child.on('close', resolve))).toBe(code)
})

test('as a server under those names, it prints the variables that lead to it', { timeout }, async () => {
  const child = spawn(process.execPath, [...emulate, '--as', 'test'])
  onTestFinished(() => void child.kill('SIGKILL'))
  const printed = await heard(child, 'Ctrl-C')
  expect(printed).toMatch(/export HTTPS_PROXY=http:\/\/127\.0\.0\.1:\d+\n.*export NODE_EXTRA_CA_CERTS=\S+ca\.pem\n/s)
  const settings = /settings +(\S+)/.exec(printed)?.[1] ?? ''
  expect(await readFile(settings, 'utf8')).toContain('"environment": "test"')
  child.kill('SIGTERM')
  expect(await new Promise((resolve) => child.on('close', resolve))).toBe(0)
})

function heard({ stdout }: ChildProcess, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let printed = ''
    stdout?.on('data', (bytes: Buffer) => {
      printed += bytes.toString()
      if (printed.includes(text)) resolve(printed)
    })
    stdout?.on('close', () => reject(new Error(`ended without ${text}`)))
  })
}
