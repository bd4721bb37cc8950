import { execFile } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { startEmulator, type TokenErrorRow, tokenErrors } from '@maskinporten-kit/emulator'
import { expect, onTestFinished, test } from 'vitest'
import { lacking } from './require-runtime.ts'
import { tokenFor } from './sign-grant.ts'

function row([id, { status, error, text, docsText }]: readonly [string, TokenErrorRow]): string[] {
  const texts = docsText === undefined ? [text] : [text, docsText]
  return [id, String(status), `\`${error}\``, texts.map((one) => `\`${one}\``).join('; ')]
}

test("the README's table of refusals is the one that the token endpoint speaks from", async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8')
  const [, table = ''] = readme.split('<!-- rules:')
  const rows = table
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) =>
      line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim()),
    )
  expect(rows.slice(2)).toEqual(Object.entries(tokenErrors).map(row))
})

test("the README's emulator.json is taken as it stands, and its client gets a token", async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8')
  const [, text = ''] = /```jsonc\n([^]*?)```/.exec(readme) ?? []
  const folder = await mkdtemp(join(tmpdir(), 'emulator-readme-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const pem = { type: 'pkcs8', format: 'pem' } as const
  const [first, second] = [1, 2].map(() => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey)
  await writeFile(join(folder, 'key.jwk.json'), JSON.stringify(first?.export({ format: 'jwk' })))
  await writeFile(join(folder, 'old.pem'), second?.export(pem) ?? '')
  await writeFile(join(folder, 'emulator.json'), text)
  const ports = { maskinporten: 0, control: 0 }
  const emulator = await startEmulator({ config: join(folder, 'emulator.json'), ports })
  onTestFinished(() => emulator.close())
  expect(emulator.clients).toMatchObject([{ clientId: 'my-client', settings: { encodedJwk: expect.any(String) } }])
  const [client] = emulator.clients
  expect(client && (await tokenFor(emulator, client))).toMatch(/^eyJ/)
})

const execute = promisify(execFile)
const emulate = ['--conditions=@maskinporten-kit/source', fileURLToPath(new URL('../src/cli.ts', import.meta.url))]

/** Undefined: none on this machine has PyJWT. */
async function pythonWithJwt(): Promise<string | undefined> {
  for (const python of ['python3', '/usr/bin/python3']) {
    const has = await execute(python, ['-c', 'import jwt, cryptography']).catch(() => undefined)
    if (has) return python
  }
  return undefined
}

async function java(): Promise<string | undefined> {
  const has = await execute('java', ['-version']).catch(() => undefined)
  return has && 'java'
}

/** Of `npx maskinporten-emulator "a b"`, the words behind it. */
function wordsOf(line: string): readonly string[] {
  const words = [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '')
  expect(words.slice(0, 2)).toEqual(['npx', 'maskinporten-emulator'])
  return words.slice(2)
}

const newcomers = [
  ['python', pythonWithJwt, 'no python3 with PyJWT and cryptography is here', 'newcomer.py', "'scope': '"],
  ['java', java, 'no java is here', 'Token.java', '"scope":"'],
] as const

test.for(newcomers)(
  'the newcomer in %s goes from the README to a verified token in three steps, and again after a restart',
  { timeout: 120_000 },
  async ([language, find, lack, file, shown], { skip }) => {
    const program = (await find()) ?? lacking(skip, lack)
    const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8')
    const [, section = ''] = readme.split('## One identity that stays')
    const [, steps = ''] = /```sh\n([^]*?)```/.exec(section) ?? []
    const [, code = ''] = new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``).exec(section) ?? []
    const [init = '', begin = '', ...rest] = steps.trim().split('\n')
    expect(rest).toEqual([])
    const folder = await mkdtemp(join(tmpdir(), 'emulator-newcomer-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    await execute(process.execPath, [...emulate, ...wordsOf(init)], { cwd: folder })
    const said: unknown[] = []
    for (let start = 1; start <= 2; start++) {
      // Free ports: the fixed ones may be taken on this machine.
      const args = [...emulate, ...wordsOf(begin), '--port', '0', '--json', '--quiet']
      const child = execFile(process.execPath, args, { cwd: folder })
      onTestFinished(() => void child.kill('SIGKILL'))
      const line = await new Promise<string>((resolve) => child.stdout?.once('data', resolve))
      const { issuer, control } = JSON.parse(line)
      await writeFile(join(folder, file), code.replace('http://127.0.0.1:8050/', issuer))
      const env = { ...process.env, NO_PROXY: '127.0.0.1' }
      const { stdout } = await execute(program, [file], { cwd: folder, env })
      expect(stdout).toContain(`${shown}altinn:serviceowner/instances.read`)
      const headers = { 'x-maskinporten-emulator': '1' }
      const asked = JSON.parse(await (await fetch(`${control}/__emulator/requests`, { headers })).text())
      expect(asked).toMatchObject([
        { target: 'token', status: 200 },
        { target: 'jwk', status: 200 },
      ])
      const [{ grant }] = asked
      said.push([grant.claims.iss, grant.header.kid])
      child.kill('SIGTERM')
      await new Promise((resolve) => child.once('close', resolve))
    }
    expect(said[0]).toEqual(said[1])
  },
)
