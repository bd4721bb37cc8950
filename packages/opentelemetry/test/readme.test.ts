import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { ALTINN, METRICS, OWN, SEMCONV, SPANS } from '../src/names.ts'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

it.each([...Object.values(SPANS), ...Object.values(METRICS)])('the table has %s', (name) => {
  expect(readme).toContain(`| \`${name}\``)
})

it('the table has no name that is not there', () => {
  const named = [...readme.matchAll(/^\| `(maskinporten\.[\w.]+)`/gm)].map(([, name]) => name)
  expect(new Set(named)).toEqual(new Set([...Object.values(SPANS), ...Object.values(METRICS)]))
})

it.each([
  ...Object.values(OWN).map((name) => name.replace('maskinporten.', '')),
  ...Object.values(SEMCONV),
  ...Object.values(ALTINN),
])('the README has the attribute or name %s', (name) => {
  expect(readme).toMatch(new RegExp(`\`(?:maskinporten\\.)?${name.replaceAll('.', '\\.')}\``))
})
