import { execFile } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { startEmulator, type TokenErrorRow, tokenErrors } from '@maskinporten-kit/emulator'
import { expect, onTestFinished, test } from 'vitest'
import { init } from '../src/command/init.ts'
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

/** Undefined: none on this machine has PyJWT. */
async function pythonWithJwt(): Promise<string | undefined> {
  for (const python of ['python3', '/usr/bin/python3']) {
    const has = await execute(python, ['-c', 'import jwt, cryptography']).catch(() => undefined)
    if (has) return python
  }
  return undefined
}

test("the README's Python gets a token for what init wrote, and verifies it", { timeout: 60_000 }, async ({ skip }) => {
  const python = await pythonWithJwt()
  if (python === undefined) return skip('no python3 with PyJWT and cryptography is here')
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8')
  const [, code = ''] = /```python\n([^]*?)```/.exec(readme) ?? []
  const folder = await mkdtemp(join(tmpdir(), 'emulator-python-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const config = join(folder, 'emulator.json')
  await init(config, [{ scopes: ['altinn:serviceowner/instances.read'] }])
  const emulator = await startEmulator({ config })
  onTestFinished(() => emulator.close())
  const source = code.replace('http://127.0.0.1:8050/', emulator.maskinporten.issuer)
  const env = { ...process.env, NO_PROXY: '127.0.0.1' }
  const { stdout } = await execute(python, ['-c', source], { cwd: folder, env })
  expect(stdout).toContain("'scope': 'altinn:serviceowner/instances.read'")
  expect(emulator.requests('jwk')).toMatchObject([{ status: 200 }])
})
