import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { groups } from '../../src/catalogue/catalogue.ts'
import { inProcess } from '../in-process.ts'
import { maskinporten } from '../maskinporten.ts'

const answer = {
  error: 'invalid_grant',
  error_description:
    'Invalid assertion. Client authentication failed. Expired key. (trace_id: 356666143081bbec11d293753e9702ca)',
  error_uri: 'https://maskinporten.no/errors/MP-121',
}

describe('maskinporten explain', () => {
  it('says meaning, who acts, the way out and the pages', async () => {
    const { code, stdout, stderr } = await inProcess(['explain', 'mp200'])
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/^MP-200 {2}What Maskinporten refuses\n/)
    expect(stdout).toContain('The client does not have this scope')
    expect(stdout).toMatch(/^Who acts +the one who administers the client/m)
    expect(stdout).toMatch(/^Way out +Compare the scope/m)
    expect(stdout).toMatch(/\/docs\/en\/reference\/errors\.md#MP-200\n +https:\/\/docs\.digdir\.no\//)
    expect(
      Math.max(
        ...stdout
          .split('\n')
          .filter((line) => !line.includes('://'))
          .map((line) => line.length),
      ),
    ).toBeLessThanOrEqual(80)
  })

  it('speaks bokmål', async () => {
    const { stdout } = await inProcess(['explain', 'KV_FORBIDDEN', '--lang', 'nb'])
    expect(stdout).toContain('Identiteten har ikke lov til å lese hemmeligheten.')
    expect(stdout).toMatch(/^Hvem +den som administrerer hvelvet i Azure$/m)
    expect(stdout).toContain('/docs/nb/reference/errors.md#KV_FORBIDDEN')
  })

  it('writes links of the pages as plain text', async () => {
    const { stdout } = await inProcess(['explain', 'CONFIG_UNKNOWN_KEY'])
    expect(stdout).toContain('Correct the name, or delete it. All settings.')
  })

  it('takes a whole answer, as words or on standard input, and finds the trace id', async () => {
    const asWords = await inProcess(['explain', JSON.stringify(answer)])
    const piped = await maskinporten(['explain', '-'], { input: JSON.stringify(answer, null, 2) })
    for (const { code, stdout } of [asWords, piped]) {
      expect(code).toBe(0)
      expect(stdout).toMatch(/^MP-121 {2}/)
      expect(stdout).toContain('356666143081bbec11d293753e9702ca')
      expect(stdout).not.toContain('invalid_grant')
    }
  })

  it('gives one JSON document', async () => {
    const { stdout } = await inProcess(['explain', JSON.stringify(answer), '--json'])
    expect(JSON.parse(stdout)).toEqual({
      explanations: [
        {
          code: 'MP-121',
          group: 'what-maskinporten-refuses',
          happened: expect.stringContaining('one year'),
          actors: ['clientAdministrator'],
          whoActs: 'the one who administers the client in Samarbeidsportalen',
          wayOut: expect.stringContaining('Upload a new key'),
          page: expect.stringMatching(/errors\.md#MP-121$/),
          more: 'https://docs.digdir.no/docs/Maskinporten/maskinporten_feilsoking',
        },
      ],
      traceId: '356666143081bbec11d293753e9702ca',
      nearest: [],
    })
  })

  it('offers the nearest codes for one that is not known, and ends with 1', async () => {
    const { code, stdout, stderr } = await inProcess(['explain', 'KV_FORBIDEN'])
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toContain('did you mean KV_FORBIDDEN')
    const asJson = await inProcess(['explain', 'KV_FORBIDEN', '--json'])
    expect(asJson.code).toBe(1)
    expect(JSON.parse(asJson.stdout)).toMatchObject({ explanations: [], nearest: ['KV_FORBIDDEN'] })
  })

  it('leads to Digdir’s page for an MP code that is not known here', async () => {
    const { code, stderr } = await inProcess(['explain', 'https://maskinporten.no/errors/MP-999'])
    expect(code).toBe(1)
    expect(stderr).toContain('https://docs.digdir.no/docs/Maskinporten/maskinporten_feilsoking')
  })

  it('does not repeat what it does not know: it may be a token', async () => {
    const canary = 'eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJjYW5hcnkifQ.c2lnbmF0dXJl'
    for (const words of [
      ['explain', canary],
      ['explain', canary, '--json'],
      ['explain', `MP-121 ${canary}`],
    ]) {
      const { stdout, stderr } = await inProcess(words)
      expect(stdout + stderr).not.toMatch(/eyJ|c2ln/)
    }
  })

  it('lists all codes by group without one', async () => {
    const { code, stdout } = await inProcess(['explain'])
    expect(code).toBe(0)
    expect(stdout).not.toMatch(/ $/m)
    for (const { title, entries } of groups)
      for (const text of [title.en, ...Object.keys(entries)]) expect(stdout).toContain(text)
    const asJson: unknown = JSON.parse((await inProcess(['explain', '--json'])).stdout)
    expect(asJson).toMatchObject({ groups: groups.map(({ id, entries }) => ({ id, codes: Object.keys(entries) })) })
  })
})

describe('a failure of another command', () => {
  it('ends with the code to explain, in the language', async () => {
    const cwd = await mkdtemp(join(tmpdir(), 'cli-explain-'))
    try {
      for (const [language, words] of [
        ['en', 'More: maskinporten explain CONFIG_MISSING'],
        ['nb', 'Mer på norsk: maskinporten explain CONFIG_MISSING'],
      ] as const) {
        const { code, stderr } = await maskinporten(['token', '--lang', language], { cwd })
        expect(code).toBe(3)
        expect(stderr.trimEnd().split('\n').at(-1)).toBe(words)
      }
    } finally {
      await rm(cwd, { recursive: true })
    }
  })
})
