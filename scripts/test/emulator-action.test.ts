// The steps of the emulator's GitHub Action, run as a runner does: inputs and outputs by its expressions, the shell by bash.
import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { runCommand } from '../run-command.ts'
import { readJson, readYaml, record, root } from '../workspace.ts'

const folder = join(root, 'packages', 'emulator', 'action')
const action = readYaml(join(folder, 'action.yml'))
const runs = record(action['runs'])
const steps = Object.values(record(runs['steps'])).map(record)
const source = `${process.execPath} --conditions=@maskinporten-kit/source ${join(root, 'packages/emulator/src/cli.ts')}`
// A process of its own, on a machine that may be busy.
const timeout = 60_000

/** `${{ inputs.a }}` and `${{ steps.b.outputs.c }}`, of which alone it makes use. */
function filled(text: string, values: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\$\{\{ *([\w.-]+) *\}\}/g, (_all, name: string) => values[name] ?? '')
}

interface Ran {
  readonly code: number | null
  readonly output: string
  readonly outputs: Readonly<Record<string, string>>
  readonly environment: Readonly<Record<string, string>>
  /** What stays in RUNNER_TEMP of the action's own. */
  readonly left: readonly string[]
}

/** Of `inputs`, `outputs` or `env`: what each has as text, or as its member. */
function texts(values: unknown, member?: string): readonly (readonly [string, string])[] {
  return Object.entries(record(values)).map(([name, value]) => [name, String(member ? record(value)[member] : value)])
}

/** `configuration`: of the emulator.json in the working directory. */
async function runAction(given: Readonly<Record<string, string>>, configuration?: object): Promise<Ran> {
  const temporary = mkdtempSync(join(tmpdir(), 'emulator-action-'))
  onTestFinished(() => rmSync(temporary, { recursive: true, force: true }))
  const files = { GITHUB_OUTPUT: join(temporary, 'output'), GITHUB_ENV: join(temporary, 'env') }
  for (const file of Object.values(files)) writeFileSync(file, '')
  if (configuration) writeFileSync(join(temporary, 'emulator.json'), JSON.stringify(configuration))
  const values: Record<string, string> = {}
  for (const [name, standard] of texts(action['inputs'], 'default')) values[`inputs.${name}`] = given[name] ?? standard
  const [step = {}] = steps
  expect([runs['using'], steps.length, step['shell']]).toEqual(['composite', 1, 'bash'])
  const env = Object.fromEntries(texts(step['env']).map(([name, text]) => [name, filled(text, values)]))
  // As a runner does: https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstepsshell
  const shell = ['bash', '--noprofile', '--norc', '-eo', 'pipefail', '-c', String(step['run'])]
  const { code, output } = await runCommand(shell, {
    cwd: temporary,
    env: { ...env, ...files, GITHUB_ACTION_PATH: folder, RUNNER_TEMP: temporary },
  })
  const read = (file: string): Readonly<Record<string, string>> =>
    Object.fromEntries(
      readFileSync(file, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
    )
  for (const [name, value] of Object.entries(read(files.GITHUB_OUTPUT))) {
    values[`steps.${String(step['id'])}.outputs.${name}`] = value
  }
  const outputs = Object.fromEntries(
    texts(action['outputs'], 'value').map(([name, text]) => [name, filled(text, values)]),
  )
  const { pid = '' } = outputs
  if (pid !== '') onTestFinished(() => void process.kill(Number(pid)))
  const left = readdirSync(temporary).filter((name) => !['output', 'env', 'emulator.json'].includes(name))
  return { code, output, outputs, environment: read(files.GITHUB_ENV), left }
}

test(
  'the action starts it beside the job, and tells the steps after it where it is and who the client is',
  { timeout },
  async () => {
    const args = '--port\n0\n\n--client\na:b c:d\n'
    const { code, output, outputs, environment } = await runAction({ command: source, args })
    expect(code).toBe(0)
    const masked = [...output.matchAll(/^::add-mask::(.+)\n/gm)].map(([, value]) => value)
    expect(output.replaceAll(/^::add-mask::.+\n/gm, '')).toMatch(/^Maskinporten emulator: http:\S+\n$/)
    const metadata = await fetch(`${outputs['issuer']}.well-known/oauth-authorization-server`)
    expect(await metadata.json()).toMatchObject({
      issuer: outputs['issuer'],
      token_endpoint: outputs['token-endpoint'],
    })
    expect((await fetch(`${outputs['control']}/ready`)).status).toBe(200)
    expect(
      (await fetch(`${outputs['altinn']}/authentication/api/v1/openid/.well-known/openid-configuration`)).status,
    ).toBe(200)
    expect(environment).toMatchObject({
      MASKINPORTEN_ISSUER: outputs['issuer'],
      MASKINPORTEN_CLIENT_ID: outputs['client-id'],
      MASKINPORTEN_SCOPES: 'a:b c:d',
      MaskinportenSettings__ClientId: outputs['client-id'],
    })
    expect(environment['MASKINPORTEN_CLIENT_JWK']).toMatch(/"kty":"RSA".*"kid":"/)
    // Each form of the key, and each of its private members, which a step may print by itself.
    const jwk = record(JSON.parse(environment['MASKINPORTEN_CLIENT_JWK'] ?? ''))
    for (const member of ['d', 'p', 'q', 'dp', 'dq', 'qi']) expect(masked).toContain(jwk[member])
    const keys = Object.entries(environment).filter(([name]) => /jwk/i.test(name))
    expect(keys).toHaveLength(2)
    for (const [, value] of keys) expect(masked).toContain(value)
    expect(masked).not.toContain(outputs['client-id'])
  },
)

test('a key of the configuration is masked, too, and what has a line break sets no variable', { timeout }, async () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const jwk = { ...privateKey.export({ format: 'jwk' }), kid: 'mine-1', alg: 'RS256', use: 'sig' }
  const client = { clientId: 'mine', orgNumber: '310702641', scopes: ['a:b'], keys: [{ jwk }] }
  const args = '--port\n0'
  const { output, environment } = await runAction({ command: source, args }, { clients: [client] })
  const key = environment['MASKINPORTEN_CLIENT_JWK'] ?? ''
  expect(JSON.parse(key)).toMatchObject({ kid: 'mine-1', d: jwk.d })
  expect(output).toContain(`::add-mask::${key}\n`)
  const broken = { ...client, clientId: 'mine\nNODE_OPTIONS=--require=/tmp/x.js' }
  const refused = await runAction({ command: source, args }, { clients: [broken] })
  expect([refused.code, refused.environment, refused.outputs['client-id']]).toEqual([1, {}, ''])
  expect(refused.output).toContain('client-id has a line break')
})

test('only its log stays in the folder of the runner: what it said has keys', { timeout }, async () => {
  const args = '--port\n0'
  const client = { clientId: 'a\nb', orgNumber: '310702641', scopes: ['a:b'] }
  const all = [
    await runAction({ command: source, args }),
    await runAction({ command: source, args }, { clients: [client] }),
    await runAction({ command: source, args: '--what' }),
  ]
  expect(all.map(({ code }) => code)).toEqual([0, 1, 1])
  for (const { left } of all) expect(left).toEqual([expect.stringMatching(/^maskinporten-emulator\.\w+\.log$/)])
})

test('without a client it names none, and a step that fails ends the emulator with a reason', { timeout }, async () => {
  const args = '--port\n0'
  const none = await runAction({ command: source, args }, { clients: [] })
  expect([none.code, none.environment, none.outputs['client-id']]).toEqual([0, {}, ''])
  const client = { clientId: 'a\nb', orgNumber: '310702641', scopes: ['a:b'] }
  const { code, output } = await runAction({ command: source, args }, { clients: [client] })
  expect(code).toBe(1)
  expect(output).toContain('::error title=Maskinporten emulator::its addresses could not be read')
})

test('the action fails with the reason when it cannot start', { timeout }, async () => {
  const { code, output, environment } = await runAction({ command: source, args: '--what' })
  expect([code, environment]).toEqual([1, {}])
  expect(output).toContain("Unknown option '--what'")
  expect(output).toContain('::error title=Maskinporten emulator::it ended before it was ready')
})

test('without another command, it is the package of npm, in the version that is asked for', () => {
  const script = readFileSync(join(folder, 'start.sh'), 'utf8')
  const { name, bin } = readJson(join(root, 'packages', 'emulator', 'package.json'))
  expect(script).toContain(`npx --yes "${String(name)}@$EMULATOR_VERSION"`)
  expect(Object.keys(record(bin))).toEqual(['maskinporten-emulator'])
})
