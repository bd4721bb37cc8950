/** What the pages of `docs/` show is taken by the command, and is what it prints. */
import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { buildProgram } from '../src/program.ts'
import { auditText } from '../src/serve/audit.ts'
import { DEFAULT_PORT } from '../src/serve/serve.ts'

const page = (name: string): Promise<string> => readFile(new URL(`../docs/${name}.md`, import.meta.url), 'utf8')

/** The words of a shell's line, up to a pipe. */
function wordsOf(line: string): readonly string[] {
  return Array.from(line.split(' | ')[0]?.matchAll(/'([^']*)'|(\S+)/g) ?? [], ([, quoted, bare = '']) => quoted ?? bare)
}

test.each(['token-and-call', 'serve', 'doctor'])('the commands of %s.md are taken', async (name) => {
  const lines = (await page(name)).split('\n').filter((line) => line.startsWith('maskinporten '))
  expect(lines.length).toBeGreaterThan(0)
  for (const line of lines) {
    const [, command = '', ...words] = wordsOf(line)
    const found = buildProgram('0.0.0', 'en').program.commands.find((one) => one.name() === command)
    expect([line, found?.parseOptions([...words]).unknown]).toEqual([line, []])
  }
})

test('the flags that the page names exist', async () => {
  const { program } = buildProgram('0.0.0', 'en')
  const known = new Set(program.commands.concat(program).flatMap(({ options }) => options.map(({ long }) => long)))
  for (const name of ['token-and-call', 'serve', 'doctor'])
    for (const [, flag] of (await page(name)).matchAll(/`(--[a-z-]+)/g)) expect([...known, '--json']).toContain(flag)
})

test('port and line of the page are those of the service', async () => {
  const text = await page('serve')
  expect(text).toContain(`NAIS_TOKEN_ENDPOINT=http://127.0.0.1:${DEFAULT_PORT}/api/v1/token`)
  const line = auditText(
    {
      endpoint: 'token',
      status: 200,
      ms: 3.1,
      kind: 'altinn',
      cached: false,
      scopes: ['altinn:serviceowner/instances.read'],
    },
    Date.UTC(2026, 10, 30, 12),
  )
  expect(JSON.parse(/^\{"at".*$/m.exec(text)?.[0] ?? /\{\s*"at"[^}]*\}/.exec(text)?.[0] ?? '')).toEqual(
    JSON.parse(line),
  )
})
