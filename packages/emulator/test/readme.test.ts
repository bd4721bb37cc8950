import { readFile } from 'node:fs/promises'
import { type TokenErrorRow, tokenErrors } from '@maskinporten-kit/emulator'
import { expect, test } from 'vitest'

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
