import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Script } from 'node:vm'
import { apis } from '@maskinporten-kit/apis'
import { startEmulator } from '@maskinporten-kit/emulator'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { proxyUnheeded } from '../../emulator/test/run-node.ts'
import { adapters } from '../src/init/answers.ts'
import { appFile, packagesOf } from '../src/init/app-file.ts'
import { begin } from '../src/init/begun-api.ts'
import { settingsFile } from '../src/init/settings-file.ts'
import { environmentWith, maskinporten } from './maskinporten.ts'

let cwd = ''
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'cli-init-'))
})
afterEach(() => rm(cwd, { recursive: true }))

const packages = fileURLToPath(new URL('../..', import.meta.url))

/** As after npm install. */
async function install(names: readonly string[]): Promise<void> {
  await mkdir(join(cwd, 'node_modules', '@maskinporten-kit'), { recursive: true })
  for (const name of names.filter((one) => !one.startsWith('@azure/'))) {
    const [, own] = name.split('/')
    const place = own === undefined ? join(packages, name, 'node_modules', name) : join(packages, own)
    await symlink(place, join(cwd, 'node_modules', name))
  }
}

interface Ran {
  readonly code: number | null
  readonly out: string
}

function runApp(env: Readonly<Record<string, string>>): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const args = ['--conditions=@maskinporten-kit/source', 'app.mjs']
    const child = spawn(process.execPath, args, { cwd, env: environmentWith(env), stdio: ['ignore', 'pipe', 'pipe'] })
    let out = ''
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (out += text))
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, out }))
  })
}

describe('the file that init writes', { timeout: 120_000 }, () => {
  test.skipIf(proxyUnheeded).each(adapters)('gets the list as it is written, by %s', async (adapter) => {
    await using emulator = await startEmulator({ as: 'test' })
    const api = begin('altinn/storage', 'test', undefined)
    const client = await emulator.registerClient({ scopes: api.scopes })
    const options = { api, adapter, sources: ['json', 'env'], environment: 'test' } as const
    await install(packagesOf(options))
    await writeFile(join(cwd, 'app.mjs'), appFile(options))
    await writeFile(join(cwd, 'appsettings.json'), JSON.stringify(settingsFile({ apis: [api], environment: 'test' })))
    const { code, out } = await runApp({ ...emulator.environment, ...client.environment })
    expect({ code, out }).toEqual({ code: 0, out: expect.stringMatching(/^200 [^]*instances/) })
  })

  test('is one that parses for every API of the registry and every adapter', async () => {
    for (const { id, baseUrls } of apis) {
      const environment = baseUrls.test === undefined ? 'prod' : 'test'
      if (baseUrls[environment] === undefined) continue
      const api = begin(id, environment, 'ttd')
      expect(api.scopes.length).toBeGreaterThan(0)
      for (const adapter of adapters) {
        const text = appFile({
          api,
          adapter,
          sources: ['json', 'env', 'key-vault'],
          environment,
          baseUrl: 'http://127.0.0.1:1',
          isOnLoopback: true,
        })
        // The imports are taken away: a function may not have them.
        const body = text.replaceAll(/^import .*$/gm, '')
        expect(() => new Script(`(async () => {${body}})`)).not.toThrow()
      }
    }
  })
})

describe('init', { timeout: 120_000 }, () => {
  test('writes settings, .gitignore and the file without a question, says what comes next, and overwrites nothing', async () => {
    const { code, stdout, stderr } = await maskinporten(['init', '--yes'], { cwd })
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'Written: appsettings.json, app.mjs, .gitignore\n' })
    expect(stderr).toMatch(
      /\n {2}maskinporten keys create --encoded \S+\n[^]*register --key maskinporten.public.jwks.json\n[^]*doctor[^]*call "altinn\/storage:/,
    )
    // No vault is named, and the command is there already.
    expect(stderr).not.toMatch(/key-vault push|install -D|@azure/)
    expect(JSON.parse(await readFile(join(cwd, 'appsettings.json'), 'utf8'))).toEqual({
      MaskinportenSettings: {
        Environment: 'test',
        ClientId: '',
        Scope: 'altinn:serviceowner/instances.read',
        EncodedJwk: '',
        ExhangeToAltinnToken: true,
      },
    })
    expect(await readFile(join(cwd, '.gitignore'), 'utf8')).toContain('/*.private.jwk.json\n')
    await writeFile(join(cwd, 'app.mjs'), 'mine')
    expect(await maskinporten(['init', '--yes'], { cwd })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--force'),
    })
    expect(await readFile(join(cwd, 'app.mjs'), 'utf8')).toBe('mine')
  })

  test('names the organisation that was given, which prod needs, and no vault where there is none', async () => {
    const prod = ['init', '--yes', '--environment', 'prod'] as const
    const without = await maskinporten(prod, { cwd })
    expect([without.code, without.stderr]).toEqual([2, expect.stringContaining('--org')])
    const { code, stderr } = await maskinporten([...prod, '--org', 'brg', '--sources', 'json'], { cwd })
    expect([code, stderr]).toEqual([0, expect.stringContaining('call "altinn/storage:/instances?org=brg"')])
    expect(stderr).not.toContain('key-vault push')
    expect(await readFile(join(cwd, 'app.mjs'), 'utf8')).toContain('org=brg')
    expect(Object.keys(JSON.parse(await readFile(join(cwd, 'appsettings.json'), 'utf8')) as object)).toEqual([
      'MaskinportenSettings',
    ])
  })

  test('has the lines that follow run, up to what Maskinporten would have to know', async () => {
    await maskinporten(['init', '--yes'], { cwd })
    await maskinporten(['keys', 'create', '--encoded', 'maskinporten.private.b64'], { cwd })
    const key = (await readFile(join(cwd, 'maskinporten.private.b64'), 'utf8')).trim()
    const env = { MaskinportenSettings__EncodedJwk: key, MaskinportenSettings__ClientId: randomUUID() }
    const { stdout } = await maskinporten(['doctor', '--json'], {
      cwd,
      env: { ...env, HTTPS_PROXY: 'http://127.0.0.1:9' },
    })
    const { checks } = JSON.parse(stdout) as {
      readonly checks: readonly { readonly id: string; readonly status: string }[]
    }
    const local = checks.filter(({ id }) => ['settings', 'key', 'token-kind'].includes(id))
    expect(local.map(({ id, status }) => `${id} ${status}`)).toEqual(['settings OK', 'key OK', 'token-kind OK'])
  })

  test('has the token exchanged only where the first API wants it, and asks for the push only with a vault', async () => {
    const words = [
      'init',
      '--yes',
      '--api',
      'digdir/krr',
      'altinn/storage',
      '--key-vault',
      'https://my-kv.vault.azure.net',
    ]
    const { stderr } = await maskinporten(words, { cwd })
    const text = await readFile(join(cwd, 'appsettings.json'), 'utf8')
    expect(text).not.toContain('ExhangeToAltinnToken')
    expect(text).toContain('"SecretUri": "https://my-kv.vault.azure.net/"')
    expect(await readFile(join(cwd, 'app.mjs'), 'utf8')).toContain("api('digdir/krr'")
    expect(stderr).toContain('  maskinporten key-vault push --key maskinporten.private.jwk.json\n')
  })

  test('takes all answers as flags, and is a document', async () => {
    const flags = [
      '--api',
      'digdir/krr',
      'altinn/events',
      '--adapter',
      'ky',
      '--sources',
      'env,key-vault',
      '--environment',
      'prod',
    ]
    const more = ['--key-vault', 'https://my-kv.vault.azure.net', '--json', '--lang', 'nb']
    const { code, stdout } = await maskinporten(['init', ...flags, ...more], { cwd })
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      environment: 'prod',
      apis: ['digdir/krr', 'altinn/events'],
      adapter: 'ky',
      sources: ['env', 'key-vault'],
      install: expect.arrayContaining(['@maskinporten-kit/ky', 'ky', '@azure/identity']),
    })
    const settings = await readFile(join(cwd, 'appsettings.json'), 'utf8')
    expect(settings).toContain('"Environment": "prod"')
    expect(settings).toContain('https://my-kv.vault.azure.net/')
  })

  test.each([
    [['--api', 'altinn/storag'], /altinn\/storage/],
    [['--sources', 'json,vault'], /key-vault/],
    [['--adapter', 'got'], /fetch, axios, ky/],
    [['--emulator', 'http://127.0.0.1:9'], /no emulator answers/],
    [['--key-vault', 'http://my-kv'], /https/],
  ])('refuses %j, and writes nothing', async (words, text) => {
    const { code, stderr } = await maskinporten(['init', '--yes', ...words], { cwd })
    expect(code).not.toBe(0)
    expect(stderr).toMatch(text)
    expect(await readdir(cwd)).toEqual([])
  })
})
