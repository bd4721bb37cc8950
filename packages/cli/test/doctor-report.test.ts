import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Emulator, startEmulator } from '@maskinporten-kit/emulator'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { checks } from '../src/doctor/checks.ts'
import { bundleOf } from '../src/doctor/bundle.ts'
import { reportFor } from '../src/doctor/report.ts'
import { appSettings, examined, realSettings } from './examined.ts'
import { inProcess } from './in-process.ts'
import { maskinporten } from './maskinporten.ts'

let emulator: Emulator
let folder: string
beforeAll(async () => {
  emulator = await startEmulator()
})
beforeEach(async () => {
  await emulator.reset()
  folder = await mkdtemp(join(tmpdir(), 'doctor-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))
afterAll(() => emulator.close())

/** An app's folder, which leads to the emulator by its addresses. */
async function app(change: object = {}): Promise<void> {
  const { settings } = await emulator.registerClient({ scopes: ['altinn:serviceowner/instances.read'] })
  const content = { MaskinportenSettings: { ...settings, ...change } }
  await writeFile(join(folder, 'appsettings.json'), JSON.stringify(content, null, 2))
}

/** Eight characters of a key, a signature and the like: no output may hold one. */
function canariesIn(encodedJwk: string): readonly string[] {
  const jwk = JSON.parse(Buffer.from(encodedJwk, 'base64').toString()) as Readonly<Record<string, string>>
  const members = ['d', 'p', 'q', 'dp', 'dq', 'qi'].map((name) => jwk[name] ?? '')
  expect(members.every((member) => member.length > 100)).toBe(true)
  return [encodedJwk, ...members].flatMap((text) => [text.slice(0, 12), text.slice(40, 52), text.slice(-12)])
}

function signaturesSeen(): readonly string[] {
  const grants = emulator.requests('token').map(({ body }) => new URLSearchParams(body).get('assertion') ?? '')
  const bearers = emulator.requests().map(({ headers }) => headers['authorization']?.replace(/^Bearer /, '') ?? '')
  return [...grants, ...bearers].filter((text) => text !== '').map((text) => text.split('.')[2]?.slice(0, 20) ?? '')
}

describe('the report for machines', () => {
  it('is one stable document', async () => {
    const examination = await examined(emulator, await realSettings(emulator))
    const report = reportFor(examination, 'en')
    expect(Object.keys(report)).toEqual(['version', 'cli', 'environment', 'issuer', 'checks'])
    expect(report).toMatchObject({ version: 1, environment: 'test', issuer: 'https://test.maskinporten.no/' })
    for (const check of report.checks) {
      expect(Object.keys(check)).toEqual(['id', 'status', 'code', 'cause', 'action', 'actor', 'evidence'])
      expect(['OK', 'SKIP', 'INFO', 'WARN', 'FAIL']).toContain(check.status)
    }
    const ids = report.checks.map(({ id }) => id)
    expect(ids).toEqual(checks.map(({ id }) => id))
    const page = await readFile(new URL('../docs/doctor.md', import.meta.url), 'utf8')
    expect([...page.matchAll(/^\| `([\w-]+)`/gm)].map(([, id]) => id)).toEqual(ids)
  })

  it('has nothing but itself on standard output, without colour, in the language that was asked for', async () => {
    await app()
    const { code, stdout } = await inProcess(['doctor', '--settings', folder, '--json', '--lang', 'nb'])
    expect(code).toBe(0)
    expect(stdout).not.toContain('\u001b')
    const parsed = JSON.parse(stdout) as { readonly checks: readonly { readonly cause: string }[] }
    expect(parsed.checks.map(({ cause }) => cause).join('\n')).toContain('innstillinger er lest')
  })
})

describe('the report for people', { timeout: 60_000 }, () => {
  it('has the five words in both languages, a cause, who must act and the next step', async () => {
    await app({ scope: 'altinn:serviceowner/instanses.read' })
    const english = await inProcess(['doctor', '--settings', folder])
    const bokmaal = await inProcess(['doctor', '--settings', folder, '--lang', 'nb'])
    for (const { code, stdout } of [english, bokmaal]) {
      expect(code).toBe(1)
      for (const word of ['✓ OK', '– SKIP', 'i INFO', '! WARN', '✗ FAIL']) expect(stdout).toContain(word)
      for (const line of stdout.split('\n')) if (!/\S{40}/.test(line)) expect(line.length).toBeLessThanOrEqual(80)
    }
    expect(english.stdout).toMatch(/Who: the one who keeps/)
    expect(english.stdout).toMatch(/Next: Correct Scope/)
    expect(bokmaal.stdout).toMatch(/Hvem: den som har ansvaret/)
    expect(bokmaal.stdout).toMatch(/Veien videre: Rett Scope/)
  })

  it.each([
    ['en', 'warning'],
    ['nb', 'advarsel'],
  ])('under --quiet says only what is not well, in %s', async (lang, warning) => {
    await app({ scope: 'altinn:serviceowner/instanses.read' })
    const { code, stdout } = await inProcess(['doctor', '--settings', folder, '--lang', lang, '--quiet'])
    expect(code).toBe(1)
    for (const word of ['! WARN', '✗ FAIL', warning]) expect(stdout).toContain(word)
    for (const word of ['✓ OK', '– SKIP', 'i INFO']) expect(stdout).not.toContain(word)
  })

  it('lets no server write to the terminal', async () => {
    await app()
    const body = '<html><title>Blocked \u001b]0;owned\u0007\u202egnp.exe</title></html>'
    emulator.faults.next('metadata', { status: 403, body, headers: { 'content-type': 'text/html' }, times: 'forever' })
    const { stdout } = await inProcess(['doctor', '--settings', folder])
    expect(stdout).toContain('“Blocked \ufffd]0;owned')
    for (const character of ['\u001b', '\u0007', '\u202e']) expect(stdout).not.toContain(character)
  })

  it('ends with 3 when the settings cannot be read, and with 2 for an API that is none', async () => {
    await app({ encodedJwk: 'retrieved from secrets' })
    expect(await inProcess(['doctor', '--settings', folder])).toMatchObject({ code: 3 })
    const unknown = await inProcess(['doctor', '--settings', folder, '--api', 'altinn/storrage'])
    expect(unknown.code).toBe(2)
    expect(unknown.stderr).toContain('the registry has no API altinn/storrage: is it altinn/storage')
  })

  it.each([
    'https://user:hunter2pw@127.0.0.1:9/x',
    'http://elsewhere.example/hunter2pw',
    'ftp://user:hunter2pw@elsewhere.example',
    'user:hunter2pw@elsewhere.example/x',
  ])('ends with 2 for an address that may get no token, and does not repeat it: %s', async (address) => {
    await app()
    const bundle = join(folder, 'bundle.json')
    const { code, stdout, stderr } = await inProcess([
      'doctor',
      '--settings',
      folder,
      '--json',
      '--bundle',
      bundle,
      '--api',
      address,
    ])
    expect({ code, document: JSON.parse(stdout) as unknown }).toMatchObject({
      code: 2,
      document: { error: { code: 'usage' } },
    })
    expect(stderr).toContain('https')
    expect(stdout + stderr).not.toContain('hunter2pw')
    await expect(stat(bundle)).rejects.toThrow('ENOENT')
  })

  it('has core’s events on standard error, whatever EnableDebugLog says', async () => {
    await app({ enableDebugLog: true })
    const { code, stdout, stderr } = await maskinporten(['doctor', '--settings', folder, '--json'])
    expect(code).toBe(0)
    expect(() => JSON.parse(stdout) as unknown).not.toThrow()
    expect(stderr).toMatch(/token\.start|token\.end/)
  })
})

describe('the support bundle', () => {
  it('has provenance, versions, the clock, grants without signatures and the server’s words', async () => {
    emulator.faults.next('token', { error: 'MP-250', times: 'forever' })
    const settings = { ...(await realSettings(emulator)), ConsumerOrgNo: '310702641' }
    const examination = await examined(emulator, settings)
    const bundle = JSON.parse(await bundleOf(examination)) as Readonly<Record<string, unknown>>
    expect(bundle).toMatchObject({
      versions: { node: process.version },
      report: { version: 1 },
      clockSkewMs: expect.any(Number) as number,
    })
    expect(JSON.stringify(bundle['settings'])).toContain('appsettings.json')
    const requests = bundle['requests'] as readonly Readonly<Record<string, unknown>>[]
    const refused = requests.find(({ grant }) => grant !== undefined)
    expect(refused).toMatchObject({
      status: 403,
      grant: {
        header: { alg: 'RS256' },
        claims: { iss: settings.ClientId, consumer_org: expect.stringMatching(/^<organisation \d>$/) as string },
      },
      errorBody: expect.stringMatching(/forbidden.*trace_id: [\da-f]{32}/) as string,
    })
  })

  it('names organisations and persons by the same name wherever they stand, and shows no number', async () => {
    const examination = await examined(emulator, await realSettings(emulator))
    const bundle = await bundleOf(examination)
    expect(bundle).not.toContain('991825827')
    expect(bundle).toMatch(/"ID": "0192:<organisation 1>"/)
    expect(bundle).toMatch(/"urn:altinn:orgNumber": "<organisation 1>"/)
  })

  it('masks a number within a name, and leaves what only looks like one', async () => {
    const settings = { ...(await realSettings(emulator)), ClientId: 'org_991825827', Kid: '991825827-key' }
    const bundle = await bundleOf(await examined(emulator, settings))
    expect(bundle).not.toContain('991825827')
    expect(bundle).toContain('"iss": "org_<organisation 1>"')
    expect(bundle).toContain('"kid": "<organisation 1>-key"')
  })

  it('has of a certificate chain only how long it is', async () => {
    const examination = await examined(emulator, await realSettings(emulator))
    const sent = examination.facts.observer.exchanges.find(({ grant }) => grant !== undefined)
    Object.assign(sent?.grant?.header ?? {}, { x5c: ['MIIcanary1', 'MIIcanary2'] })
    const bundle = await bundleOf(examination)
    expect(bundle).toContain('"x5c": "2 certificates"')
    expect(bundle).not.toContain('MIIcanary')
  })

  it('has no secret that JSON writes in another way', async () => {
    const examination = await examined(emulator, await realSettings(emulator))
    const secret = 'quo"te\\slash'
    examination.facts.secrets.add(secret)
    const answer = JSON.stringify({ error_description: secret })
    examination.facts.events.push({ type: 'closed', level: 'debug', at: 0, why: secret, answer } as never)
    const bundle = await bundleOf(examination)
    expect(bundle).not.toContain('te\\\\')
    expect(bundle).not.toContain('slash')
  })

  it('is a file for its owner alone, and replaces nothing unless told', async () => {
    await app()
    const file = join(folder, 'bundle.json')
    const { code, stderr } = await inProcess(['doctor', '--settings', folder, '--bundle', file])
    expect(code).toBe(0)
    expect(stderr).toContain('Read it before you send it')
    if (process.platform !== 'win32') expect((await stat(file)).mode & 0o777).toBe(0o600)
    const before = await readFile(file, 'utf8')
    expect(await inProcess(['doctor', '--settings', folder, '--bundle', file])).toMatchObject({ code: 2 })
    expect(await readFile(file, 'utf8')).toBe(before)
    expect(await inProcess(['doctor', '--settings', folder, '--bundle', file, '--force'])).toMatchObject({ code: 0 })
    expect(await readFile(file, 'utf8')).not.toBe(before)
  })
})

describe('canaries', () => {
  it('are not in an address with a password, wherever the settings have one', async () => {
    const settings = await realSettings(emulator)
    const endpoint = 'https://user:hunter2pw@token.example/token'
    const examination = await examined(emulator, [
      appSettings({ ...settings, TokenEndpoint: endpoint }, { Api: 'https://user:hunter2pw@platform.altinn.no/x' }),
    ])
    for (const output of [JSON.stringify(reportFor(examination, 'en')), await bundleOf(examination)])
      expect(output).not.toContain('hunter2pw')
  })

  const refusals = [undefined, 'MP-100', 'kid_unknown', 'MP-124', 'MP-200', 'echo'] as const

  it.each(refusals)('are in no report and in no bundle (%s)', async (error) => {
    const settings = await realSettings(emulator)
    const secret = 'client-secret-canary-4711'
    // A server that repeats what was sent.
    const echo = (): void => {
      emulator.faults.next('token', {
        status: 400,
        body: { error: 'invalid_request', error_description: settings.EncodedJwk },
        times: 'forever',
      })
    }
    if (error === 'echo') echo()
    else if (error !== undefined) emulator.faults.next('token', { error, times: 'forever' })
    const sources = [
      appSettings(settings, {
        kvSetting: { ClientSecret: secret },
        ConnectionStrings: { Db: 'Password=db-canary-0815' },
      }),
    ]
    const examination = await examined(emulator, sources, {
      env: { HTTPS_PROXY: 'http://user:proxy-canary-99@proxy:1', NO_PROXY: '*' },
    })
    const outputs = [
      JSON.stringify(reportFor(examination, 'en')),
      JSON.stringify(reportFor(examination, 'nb')),
      await bundleOf(examination),
    ]
    const signatures = signaturesSeen()
    expect(signatures.length).toBeGreaterThan(0)
    const canaries = [...canariesIn(settings.EncodedJwk), ...signatures, secret, 'db-canary', 'proxy-canary']
    for (const output of outputs) for (const canary of canaries) expect(output).not.toContain(canary)
  })
})
