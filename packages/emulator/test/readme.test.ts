import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmulator, type TokenErrorRow, tokenErrors } from '@maskinporten-kit/emulator'
import { expect, onTestFinished, test } from 'vitest'
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
