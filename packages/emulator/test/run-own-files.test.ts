/** The files that a command itself reads settings from: of variables, and the user secrets of .NET. */
import { generateKeyPairSync } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { findUserSecrets, readVariableFiles } from '../src/command/own-files.ts'
import { readOwnSettings } from '../src/command/own-settings.ts'
import { type Outcome, proxyUnheeded } from './run-node.ts'
import { folderWith, runAround } from './run-under.ts'

const timeout = 60_000
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const jwk = { ...privateKey.export({ format: 'jwk' }), kid: 'mine-1', alg: 'RS256', use: 'sig' }
const encodedJwk = Buffer.from(JSON.stringify(jwk)).toString('base64')

/** As an app in production: it asks for a token with what its environment says, and prints the status. */
const app = `
  import { createPrivateKey, randomUUID, sign } from 'node:crypto'
  const { MASKINPORTEN_CLIENT_ID: iss, MASKINPORTEN_CLIENT_JWK: text, MASKINPORTEN_SCOPES: scope } = process.env
  const jwk = JSON.parse(text)
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const iat = Math.floor(Date.now() / 1000)
  const claims = { iss, scope, aud: 'https://test.maskinporten.no/', iat, exp: iat + 60, jti: randomUUID() }
  const input = part({ alg: 'RS256', kid: jwk.kid }) + '.' + part(claims)
  const assertion = input + '.' + sign('sha256', Buffer.from(input), createPrivateKey({ key: jwk, format: 'jwk' })).toString('base64url')
  const body = new URLSearchParams({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion })
  const answer = await fetch('https://test.maskinporten.no/token', { method: 'POST', body })
  console.log(iss, answer.status)`

const naisFile = `MASKINPORTEN_CLIENT_ID=mine\nMASKINPORTEN_CLIENT_JWK='${JSON.stringify(jwk)}'\nMASKINPORTEN_SCOPES="a:b c:d"\n`

function saysNoKey({ printed, errors }: Outcome): void {
  expect(printed + errors).not.toContain(jwk.d)
  expect(printed + errors).not.toContain(encodedJwk.slice(40, 120))
}

test.skipIf(proxyUnheeded)(
  'a client of a file of variables that the command reads is registered',
  { timeout },
  async () => {
    const folder = await folderWith({ '.env': naisFile, 'app.mjs': app })
    const outcome = await runAround([process.execPath, '--env-file=.env', 'app.mjs'], { folder })
    saysNoKey(outcome)
    expect(outcome.errors).toContain(
      'registered client mine of .env, the public half of its key mine-1, and its scopes a:b c:d',
    )
    expect([outcome.printed, outcome.code]).toEqual(['mine 200\n', 0])
  },
)

test.skipIf(proxyUnheeded)('one behind a script of npm, too', { timeout }, async () => {
  const manifest = { scripts: { begin: `"${process.execPath}" --env-file ./own.env app.mjs` } }
  const folder = await folderWith({ 'own.env': naisFile, 'app.mjs': app, 'package.json': manifest })
  const outcome = await runAround(['npm', 'run', '--silent', 'begin'], { folder })
  saysNoKey(outcome)
  expect(outcome.errors).toContain('registered client mine of ./own.env')
  expect(outcome.printed).toContain('mine 200\n')
})

test('a file that the command does not read names no client', { timeout }, async () => {
  const folder = await folderWith({ '.env': naisFile })
  const command = [process.execPath, '--eval', 'console.log(process.env.MASKINPORTEN_CLIENT_ID !== "mine")']
  const { errors, printed } = await runAround(command, { folder })
  expect(errors).not.toContain('.env')
  expect(printed).toBe('true\n')
})

test.skipIf(proxyUnheeded)(
  'the user secrets of a project of .NET are read, with lists and members by their colons',
  { timeout },
  async () => {
    const folder = await folderWith({
      'app.csproj': '<Project><PropertyGroup><UserSecretsId> my-app-1 </UserSecretsId></PropertyGroup></Project>',
      'appsettings.json': {
        MaskinportenSettings: { Environment: 'test', ClientId: 'set in user secrets', EncodedJwk: '' },
      },
    })
    const home = await folderWith({})
    const secrets = join(home, '.microsoft', 'usersecrets', 'my-app-1')
    await mkdir(secrets, { recursive: true })
    await writeFile(
      join(secrets, 'secrets.json'),
      JSON.stringify({
        'MaskinportenSettings:ClientId': 'mine',
        'MaskinportenSettings:EncodedJwk': encodedJwk,
        'MaskinportenSettings:Scope:0': 'a:b',
        'MaskinportenSettings:Scope:1': 'c:d',
      }),
    )
    const around = { folder, env: { HOME: home } }
    // `sh` stands for `dotnet`, which is not on every machine: what a script starts cannot always be told.
    const outcome = await runAround(['sh', '-c', 'true'], around)
    saysNoKey(outcome)
    expect(outcome.errors).toContain(
      'registered client mine of user secrets my-app-1, the public half of its key mine-1, and its scopes a:b c:d',
    )
    const production = await runAround(['sh', '-c', 'true'], {
      ...around,
      env: { HOME: home, DOTNET_ENVIRONMENT: 'Production' },
    })
    expect(production.errors).not.toContain('user secrets my')
  },
)

const reads = (texts: readonly string[], runtime?: 'node' | 'deno' | 'bun' | 'dotnet' | 'python') => ({
  texts,
  runtime,
})

test.each([
  [['node', '--env-file=.env', '--env-file=b.env', 'x'], 'node', ['.env', 'b.env']],
  [['node', '--env-file-if-exists=b.env', '--env-file-if-exists=none.env'], 'node', ['b.env']],
  [['sh', '-c', 'node --env-file=".env" x && true'], 'node', ['.env']],
  [['node', '--env-file', 'b.env'], 'node', ['b.env']],
  [['node', '--env-file=with space.env'], 'node', ['with space.env']],
  [['deno', 'run', '--env-file', 'x.ts'], 'deno', ['.env']],
  [['bun', 'x.ts'], 'bun', ['.env']],
  [['node', 'x', '--my-env-file=.env'], 'node', []],
  [['node', '--env-file'], 'node', []],
] as const)('%j on %s reads %j', async (texts, runtime, expected) => {
  const folder = await folderWith({ '.env': 'A=1', 'b.env': 'A=2', 'with space.env': 'A=3' })
  const found = await readVariableFiles(reads(texts, runtime), folder)
  expect(found.map(({ name }) => name)).toEqual(expected)
})

test.each([
  [{ dependencies: { dotenv: '1' } }, 'node', ['.env']],
  [{ devDependencies: { dotenv: '1' } }, undefined, ['.env']],
  [{ dependencies: { dotenv: '1' } }, 'python', []],
  [{ dependencies: { dot: '1' } }, 'node', []],
  ['no JSON', 'node', []],
] as const)('with package.json %j on %s: %j', async (manifest, runtime, expected) => {
  const folder = await folderWith({ '.env': 'A=1', 'package.json': manifest })
  const found = await readVariableFiles(reads(['x'], runtime), folder)
  expect(found.map(({ name }) => name)).toEqual(expected)
})

test('the environment counts over a file, and a later file over an earlier one', async () => {
  const folder = await folderWith({
    '.env': '\uFEFFMaskinportenSettings__ClientId=one\nMaskinportenSettings__Kid=k1\nMASKINPORTEN_SCOPES=a:b\n',
    'b.env': 'MaskinportenSettings__ClientId=two\nMaskinportenSettings__Authority=https://x\n',
  })
  const env = { MaskinportenSettings__Authority: 'https://y' }
  const { section, nais } = await readOwnSettings(env, folder, reads(['--env-file=.env', '--env-file=b.env'], 'node'))
  expect(section.get('clientid')).toEqual({ value: 'two', from: 'b.env', isVariable: false })
  expect(section.get('kid')).toEqual({ value: 'k1', from: '.env', isVariable: false })
  expect(section.get('authority')).toMatchObject({ value: 'https://y', isVariable: true })
  expect(nais.get('maskinporten_scopes')).toMatchObject({ value: 'a:b', from: '.env' })
})

const project = '<Project><PropertyGroup><UserSecretsId>id-1</UserSecretsId></PropertyGroup></Project>'

test.each([
  ['one project', { 'a.csproj': project }, {}, 'id-1'],
  ['two projects', { 'a.csproj': project, 'b.csproj': project }, {}, undefined],
  ['no id', { 'a.csproj': '<Project/>' }, {}, undefined],
  ['an id in a comment', { 'a.csproj': `<!-- ${project} -->` }, {}, undefined],
  ['an id that is a path', { 'a.csproj': project.replace('id-1', '../../x') }, {}, undefined],
  ['an id that is the folder above', { 'a.csproj': project.replace('id-1', '..') }, {}, undefined],
  ['Development', { 'a.csproj': project }, { ASPNETCORE_ENVIRONMENT: 'development' }, 'id-1'],
  ['another environment', { 'a.csproj': project }, { ASPNETCORE_ENVIRONMENT: 'Staging' }, undefined],
] as const)('user secrets with %s', async (_what, files, env, id) => {
  const found = await findUserSecrets(
    reads(['dotnet', 'run'], 'dotnet'),
    { HOME: '/h', ...env },
    await folderWith(files),
  )
  expect(found?.id).toBe(id)
  if (id !== undefined) expect(found?.path).toBe(join('/h', '.microsoft', 'usersecrets', id, 'secrets.json'))
})

test('where APPDATA is, user secrets are there, and another runtime reads none', async () => {
  const folder = await folderWith({ 'a.csproj': project })
  const env = { HOME: '/h', APPDATA: '/roaming' }
  const found = await findUserSecrets(reads([], undefined), env, folder)
  expect(found?.path).toBe(join('/roaming', 'Microsoft', 'UserSecrets', 'id-1', 'secrets.json'))
  expect(await findUserSecrets(reads([], 'node'), env, folder)).toBe(undefined)
})
