/** A key in an env file, through the readers that people have: `node --env-file`, dotenv, and docker's `--env-file`. */
import { execFile } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { fromEnv } from '@maskinporten-kit/config-env'
import { isMaskinportenError, settingsFrom } from '@maskinporten-kit/core'
import { parse } from 'dotenv'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const jwk = JSON.stringify({ ...privateKey.export({ format: 'jwk' }), kid: 'k1' })
const pem = privateKey.export({ type: 'pkcs8', format: 'pem' })
const base64 = Buffer.from(jwk).toString('base64')
const escaped = jwk.replaceAll('"', '\\"')

type Env = Readonly<Record<string, string | undefined>>

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'env-readers-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** In a process of its own, since node reads the file at its start only. */
async function byNode(text: string): Promise<Env> {
  const file = join(folder, 'app.env')
  await writeFile(file, text)
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [`--env-file=${file}`, '-p', 'JSON.stringify(process.env)'],
    { env: {}, maxBuffer: 1e7 },
  )
  return JSON.parse(stdout) as Env
}

/** Docker's rules: a line is a variable, `#` at its beginning a comment; everything behind the first `=` is the value, quotes too. */
function byDocker(text: string): Env {
  const lines = text.split(/\r?\n/).map((line) => line.trimStart())
  return Object.fromEntries(
    lines
      .filter((line) => line.includes('=') && !line.startsWith('#'))
      .map((line) => [line.split('=', 1)[0], line.slice(line.indexOf('=') + 1)]),
  )
}

const readers: Readonly<Record<string, (text: string) => Promise<Env>>> = {
  'node --env-file': byNode,
  dotenv: async (text) => parse(text),
  docker: async (text) => byDocker(text),
}

interface Outcome {
  readonly kid?: string | undefined
  readonly clientId?: string | undefined
  readonly warnings: readonly string[]
  readonly message: string
}

async function read(env: Env): Promise<Outcome> {
  const settings = settingsFrom([fromEnv({ env })])
  const warnings: string[] = []
  settings.subscribe((event) => {
    if (event.type === 'settings.warning') warnings.push(`${event.code} ${event.key}`)
  })
  const outcome: unknown = await settings.get().catch((error: unknown) => error)
  await settings.close()
  if (isMaskinportenError(outcome)) return { warnings, message: outcome.message }
  const { keys, clientId } = settings.current() ?? { keys: [], clientId: '' }
  return { kid: keys[0]?.kid, clientId, warnings, message: '' }
}

const fileOf = (key: string, more = ''): string =>
  `MASKINPORTEN_WELL_KNOWN_URL=https://test.maskinporten.no/.well-known/oauth-authorization-server\nMASKINPORTEN_CLIENT_ID=c\nMASKINPORTEN_CLIENT_JWK=${key}\n${more}`
const withKid = 'MaskinportenSettings__Kid=k1\n'

const TRIMMED = ['KEY_TRIMMED MASKINPORTEN_CLIENT_JWK']
const CUT = 'an env reader ended the value at a quote'

/** Value as written → for each reader, the warnings when it is read, or what the error says. */
const cases: readonly (readonly [string, string, Readonly<Record<string, readonly string[] | string>>])[] = [
  ['base64', base64, { 'node --env-file': [], dotenv: [], docker: [] }],
  ['base64 in double quotes', `"${base64}"`, { 'node --env-file': [], dotenv: [], docker: TRIMMED }],
  ['a raw JWK', jwk, { 'node --env-file': [], dotenv: [], docker: [] }],
  ['a raw JWK in single quotes', `'${jwk}'`, { 'node --env-file': [], dotenv: [], docker: TRIMMED }],
  ['a raw JWK in double quotes', `"${jwk}"`, { 'node --env-file': CUT, dotenv: [], docker: TRIMMED }],
  ['a raw JWK in backticks', `\`${jwk}\``, { 'node --env-file': [], dotenv: [], docker: TRIMMED }],
  ['an escaped JWK', escaped, { 'node --env-file': TRIMMED, dotenv: TRIMMED, docker: TRIMMED }],
  ['an escaped JWK in double quotes', `"${escaped}"`, { 'node --env-file': CUT, dotenv: TRIMMED, docker: TRIMMED }],
  ['an escaped JWK in single quotes', `'${escaped}'`, { 'node --env-file': TRIMMED, dotenv: TRIMMED, docker: TRIMMED }],
  [
    'a JWK on several lines',
    JSON.stringify(JSON.parse(jwk), null, 2),
    { 'node --env-file': CUT, dotenv: CUT, docker: CUT },
  ],
  [
    'PEM with its line breaks written out',
    pem.replaceAll('\n', '\\n'),
    { 'node --env-file': [], dotenv: [], docker: [] },
  ],
  [
    'PEM with its line breaks written out, in double quotes',
    `"${pem.replaceAll('\n', '\\n')}"`,
    { 'node --env-file': [], dotenv: [], docker: TRIMMED },
  ],
  [
    'PEM with its line breaks written out twice over',
    pem.replaceAll('\n', '\\\\n'),
    { 'node --env-file': TRIMMED, dotenv: TRIMMED, docker: TRIMMED },
  ],
  [
    'PEM with its line breaks written out twice over, in double quotes',
    `"${pem.replaceAll('\n', '\\\\n')}"`,
    { 'node --env-file': TRIMMED, dotenv: TRIMMED, docker: TRIMMED },
  ],
  ['PEM on several lines in double quotes', `"${pem}"`, { 'node --env-file': [], dotenv: [], docker: CUT }],
  ['PEM on several lines without quotes', pem, { 'node --env-file': CUT, dotenv: CUT, docker: CUT }],
]

describe.each(Object.keys(readers))('%s', (reader) => {
  it.each(cases)('gives a key written as %s', async (_, value, expected) => {
    const env = (await readers[reader]?.(fileOf(value, withKid))) ?? {}
    const { kid, warnings, message } = await read(env)
    const due = expected[reader]
    if (typeof due === 'string') expect(message).toContain(due)
    else expect([message, kid, warnings]).toEqual(['', 'k1', due])
  })

  it('gives a client id and a kid in quotes', async () => {
    const text = `MASKINPORTEN_WELL_KNOWN_URL=https://test.maskinporten.no/.well-known/oauth-authorization-server\nMASKINPORTEN_CLIENT_ID="c"\nMASKINPORTEN_CLIENT_JWK=${base64}\nMaskinportenSettings__Kid='k1'\n`
    const { kid, clientId, warnings } = await read((await readers[reader]?.(text)) ?? {})
    expect([clientId, kid]).toEqual(['c', 'k1'])
    expect(warnings.toSorted()).toEqual(
      reader === 'docker' ? ['CONFIG_QUOTES MASKINPORTEN_CLIENT_ID', 'CONFIG_QUOTES MaskinportenSettings:Kid'] : [],
    )
  })
})
