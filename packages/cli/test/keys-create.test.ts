import { execFile } from 'node:child_process'
import { lstat, mkdir, mkdtemp, readFile, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { parseSigningKey } from '@maskinporten-kit/core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ignoreInGit } from '../src/files/git-ignore.ts'
import { createKey, encodeJwk } from '../src/keys/create-key.ts'
import { maskinporten } from './maskinporten.ts'

let cwd = ''
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'cli-keys-'))
})
afterEach(async () => {
  await rm(cwd, { recursive: true })
})

const privateMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi'] as const

async function secretsIn(folder: string): Promise<readonly string[]> {
  const jwk = JSON.parse(await readFile(join(folder, 'maskinporten.private.jwk.json'), 'utf8')) as Record<
    string,
    string
  >
  return [...privateMembers.map((name) => jwk[name] ?? ''), Buffer.from(JSON.stringify(jwk)).toString('base64')]
}

describe('keys create', () => {
  test('writes a private file for its owner alone, and the public half as the portal wants it', async () => {
    const { code, stdout, stderr } = await maskinporten(['keys', 'create'], { cwd })
    expect({ code, stderr }).toMatchObject({ code: 0 })
    expect(await readdir(cwd)).toEqual(['maskinporten.private.jwk.json', 'maskinporten.public.jwks.json'])
    expect((await stat(join(cwd, 'maskinporten.private.jwk.json'))).mode & 0o777).toBe(0o600)
    const key = await parseSigningKey(await readFile(join(cwd, 'maskinporten.private.jwk.json'), 'utf8'))
    const list = JSON.parse(await readFile(join(cwd, 'maskinporten.public.jwks.json'), 'utf8')) as object[]
    expect(list).toEqual([
      { kty: 'RSA', alg: 'RS256', use: 'sig', kid: key.kid, e: 'AQAB', n: expect.stringMatching(/^[\w-]{342}$/) },
    ])
    expect(key.kid).toMatch(/^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/)
    expect(JSON.parse(stdout)).toEqual(list)
    expect(stderr).toContain('https://sjolvbetjening.test.samarbeid.digdir.no')
    for (const secret of await secretsIn(cwd)) expect(stdout + stderr).not.toContain(secret)
  })

  test('takes the length, the kid and the name of the files, and speaks bokmål', async () => {
    const words = [
      'keys',
      'create',
      '--bits',
      '3072',
      '--kid',
      'ttd_arkiv.2026-Q4',
      '--out',
      'prod',
      '--environment',
      'prod',
    ]
    const { code, stderr } = await maskinporten([...words, '--lang', 'nb'], { cwd })
    expect(code).toBe(0)
    expect(stderr).toContain('En ny RSA-nøkkel på 3072 bits, kid ttd_arkiv.2026-Q4')
    expect(stderr).toContain('https://sjolvbetjening.samarbeid.digdir.no')
    expect(await readdir(cwd)).toEqual(['prod.private.jwk.json', 'prod.public.jwks.json'])
  })

  test('overwrites nothing without --force, and then all of it', async () => {
    await maskinporten(['keys', 'create', '--kid', 'first'], { cwd })
    const before = await readFile(join(cwd, 'maskinporten.private.jwk.json'), 'utf8')
    const refused = await maskinporten(['keys', 'create', '--kid', 'second'], { cwd })
    expect(refused).toMatchObject({ code: 2, stdout: '' })
    // What harms nothing comes first.
    expect(refused.stderr).toMatch(/--out[^]*--force/)
    expect(await readFile(join(cwd, 'maskinporten.private.jwk.json'), 'utf8')).toBe(before)
    const forced = await maskinporten(['keys', 'create', '--kid', 'second', '--force'], { cwd })
    expect(forced.code).toBe(0)
    expect(await readFile(join(cwd, 'maskinporten.private.jwk.json'), 'utf8')).toContain('"kid": "second"')
    expect((await stat(join(cwd, 'maskinporten.private.jwk.json'))).mode & 0o777).toBe(0o600)
  })

  test('writes base64 in one line to a file for its owner alone, and to standard output only where asked', async () => {
    const { code, stdout, stderr } = await maskinporten(['keys', 'create', '--encoded'], { cwd })
    expect(code).toBe(0)
    const encoded = await readFile(join(cwd, 'maskinporten.private.b64'), 'utf8')
    expect(encoded).toMatch(/^[\w+/=]+\n$/)
    expect((await stat(join(cwd, 'maskinporten.private.b64'))).mode & 0o777).toBe(0o600)
    expect(stdout + stderr).not.toContain(encoded.trim())
    const piped = await maskinporten(['keys', 'create', '--out', 'other', '--encoded', '-'], { cwd })
    expect(piped.stdout).toMatch(/^[\w+/=]+\n$/)
    await expect(parseSigningKey(piped.stdout)).resolves.toMatchObject({ alg: 'RS256' })
    expect(await readdir(cwd)).not.toContain('other.private.b64')
  })

  test('leaves a .gitignore alone that it cannot read', async () => {
    await mkdir(join(cwd, '.git'))
    // It leads to itself.
    const file = join(cwd, '.gitignore')
    await symlink('.gitignore', file)
    await expect(ignoreInGit([join(cwd, 'key')])).rejects.toMatchObject({ exitCode: 1, message: /ELOOP/ })
    expect((await lstat(file)).isSymbolicLink()).toBe(true)
  })

  test('has its files ignored by git, once', async () => {
    await promisify(execFile)('git', ['init', '-q'], { cwd })
    await writeFile(join(cwd, '.gitignore'), 'node_modules')
    await maskinporten(['keys', 'create', '--encoded'], { cwd })
    await maskinporten(['keys', 'create', '--encoded', '--force'], { cwd })
    expect(await readFile(join(cwd, '.gitignore'), 'utf8')).toBe(
      'node_modules\n/maskinporten.private.jwk.json\n/maskinporten.private.b64\n',
    )
    const { stdout } = await promisify(execFile)('git', ['status', '--porcelain'], { cwd })
    expect(stdout).not.toContain('private')
  })

  test('is a document without anything private under --json', async () => {
    const { stdout } = await maskinporten(['keys', 'create', '--json'], { cwd })
    expect(JSON.parse(stdout)).toEqual({
      kid: expect.any(String),
      alg: 'RS256',
      files: {
        private: expect.stringContaining('maskinporten.private.jwk.json'),
        public: expect.stringContaining('maskinporten.public.jwks.json'),
      },
      jwks: { keys: [expect.objectContaining({ kty: 'RSA', use: 'sig' })] },
      portal: 'https://sjolvbetjening.test.samarbeid.digdir.no',
    })
    for (const secret of await secretsIn(cwd)) expect(stdout).not.toContain(secret)
  })

  test.each([
    [['--kid', 'a b'], /--kid/],
    [['--kid', ''], /--kid/],
    [['--bits', '1024'], /2048/],
    [['--environment', 'production'], /prod/],
    [['--out', 'no-such-folder/key'], /no-such-folder/],
  ])('refuses %j, and writes nothing', async (words, text) => {
    const { code, stderr } = await maskinporten(['keys', 'create', ...words], { cwd })
    expect(code).not.toBe(0)
    expect(stderr).toMatch(text)
    expect(await readdir(cwd)).toEqual([])
  })
})

describe('createKey', () => {
  test('makes what core signs with', async () => {
    const { privateJwk, publicJwk } = await createKey({ kid: 'k1' })
    expect(Object.keys(publicJwk).toSorted()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use'])
    await expect(parseSigningKey(encodeJwk(privateJwk))).resolves.toMatchObject({ kid: 'k1', alg: 'RS256' })
  })
})
