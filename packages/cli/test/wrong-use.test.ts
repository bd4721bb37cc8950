import { CommanderError } from 'commander'
import { describe, expect, test } from 'vitest'
import { buildProgram } from '../src/program.ts'
import { wrongUse } from '../src/wrong-use.ts'
import { maskinporten } from './maskinporten.ts'

/** Parsed in this process; the action never runs, since the words are wrong. */
async function refusalOf(words: readonly string[]): Promise<{ readonly en: string; readonly nb: string }> {
  const { program } = buildProgram('1.2.3', 'en')
  const error: unknown = await program
    .configureOutput({ writeErr: () => undefined })
    .parseAsync(words, { from: 'user' })
    .then(
      () => undefined,
      (reason: unknown) => reason,
    )
  if (!(error instanceof CommanderError)) throw new Error('was taken', { cause: error })
  expect(error.exitCode).not.toBe(0)
  return wrongUse(error)
}

const SECRET = `eyJrdHkiOiJSU0EiLCJ${'Q0FOQVJZ'.repeat(12)}`

describe('a command line that is written wrong', () => {
  test.each([
    ['kyes', 'unknown command kyes; did you mean keys?', 'ukjent kommando kyes; mente du keys?'],
    ['keys craete', 'unknown command craete; did you mean create?', 'ukjent kommando craete; mente du create?'],
    ['keys create --bist 4096', 'unknown option --bist; did you mean --bits?', 'ukjent valg --bist; mente du --bits?'],
    ['zzzzzz', 'unknown command zzzzzz; see --help', 'ukjent kommando zzzzzz; se --help'],
    ['keys create --kid', '--kid <id> needs a value; see --help', '--kid <id> trenger en verdi; se --help'],
    ['keys create one two', 'too many words; see --help', 'for mange ord; se --help'],
    [
      'keys create --bits 1',
      '--bits <number> must be one of 2048, 3072, 4096',
      '--bits <number> må være en av 2048, 3072, 4096',
    ],
    ['token --lang de', '--lang <language> must be one of en, nb', '--lang <language> må være en av en, nb'],
  ])('%s', async (words, en, nb) => {
    expect(await refusalOf(words.split(' '))).toEqual({ en, nb })
  })

  test.each([[[SECRET]], [['token', `--${SECRET}`]], [['token', `--token=${SECRET}`]], [['keys', 'create', SECRET]]])(
    'is told without the word that may be a secret',
    async (words) => {
      const { en, nb } = await refusalOf(words)
      expect(en + nb).not.toContain(SECRET.slice(0, 12))
    },
  )

  test('ends with 2, on standard error, in the language of the run', async () => {
    expect(await maskinporten(['kyes', '--lang', 'nb'])).toEqual({
      code: 2,
      stdout: '',
      stderr: 'ukjent kommando kyes; mente du keys?\n',
    })
    expect(await maskinporten(['keys', '--lang=xx'], { env: { LC_ALL: 'nb_NO.UTF-8' } })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('må være en av en, nb'),
    })
  })
})
