import fc from 'fast-check'
import { isMaskinportenError } from '@maskinporten-kit/core'
import { expect, it } from 'vitest'
import { parseJson } from '../src/parse-json.ts'

/** A quarter of what is fuzzed in all: keys and settings are in core. FUZZ_RUNS asks for more, FUZZ_SEED for one again. */
const runs = Math.ceil(Number(process.env['FUZZ_RUNS'] ?? 2_000) / 4)
const seed = Number(process.env['FUZZ_SEED'] ?? Math.floor(Math.random() * 2 ** 31))

const file =
  '{ // the guide\n "MaskinportenSettings": { "Environment": "test", "Scope": ["a:b", "c:d"], "EncodedJwk": "canary-canary-canary", "ExhangeToAltinnToken": true, "n": 1.50, "x": null, }, }'
const position = fc.nat(file.length)
const piece = fc.oneof(
  fc.string(),
  fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    '"',
    ',',
    ':',
    '//',
    '/*',
    '*/',
    '\\u',
    '\\ud800',
    '\uFEFF',
    '"__proto__":{},',
    '#',
    "'",
    '\0',
  ),
)

it('a mutated file gives its values or an error of ours, with its place and without its words', () => {
  console.info(`fuzz of JSON files: seed ${seed}, ${runs} runs`)
  fc.assert(
    fc.property(position, position, piece, (from, to, inserted) => {
      const text = file.slice(0, from) + inserted + file.slice(to)
      try {
        for (const { key, value, line } of parseJson(text, 'a.json'))
          expect([typeof key, typeof value, line > 0]).toEqual(['string', value === null ? 'object' : 'string', true])
      } catch (error) {
        if (!isMaskinportenError(error, 'settings_invalid')) throw error
        expect(error.message).toMatch(/^a\.json:\d+:\d+ .+\. \S/s)
        // A key's name may be shown; a value never is.
        expect(error.message.replace(/ .* stands in line/s, '')).not.toContain('canary')
      }
    }),
    { numRuns: runs, seed },
  )
})
