import { type KeyObject, generateKeyPairSync } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createKey } from '../src/keys/create-key.ts'
import { inspectKey } from '../src/keys/inspect-key.ts'
import { maskinporten } from './maskinporten.ts'

const { privateJwk, publicJwk } = await createKey({ kid: 'my.kid-1' })
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })

const b64 = (text: string | Buffer): string => Buffer.from(text).toString('base64')
const pem = (key: KeyObject, type: 'pkcs1' | 'pkcs8' | 'spki'): string =>
  String(key.export({ type, format: 'pem' } as never))
const der = (key: KeyObject, type: 'pkcs1' | 'pkcs8' | 'spki'): Buffer => key.export({ type, format: 'der' } as never)
const locked = rsa.privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'not-told' })
const json = JSON.stringify(privateJwk)

/** What it is · how often base64 lies around it · why it cannot sign; `undefined`: it can. */
const things: readonly (readonly [
  name: string,
  thing: string | Buffer,
  kind: string,
  layers: number,
  code?: string,
])[] = [
  ['a private JWK', json, 'private-jwk', 0],
  ['its base64', b64(json), 'private-jwk', 1],
  ['its base64, twice', b64(b64(json)), 'private-jwk', 2],
  ['in UTF-16, as PowerShell writes it', Buffer.from(`\uFEFF${json}`, 'utf16le'), 'private-jwk', 0],
  ['in quotes', `"${b64(json)}"`, 'private-jwk', 1],
  ['a public JWK', JSON.stringify(publicJwk), 'public-jwk', 0, 'KEY_PUBLIC_ONLY'],
  ['a public JWKS', JSON.stringify({ keys: [publicJwk] }), 'public-jwks', 0, 'KEY_PUBLIC_ONLY'],
  ['the list for the portal', JSON.stringify([publicJwk]), 'public-jwks', 0, 'KEY_PUBLIC_ONLY'],
  ['a private JWKS', JSON.stringify({ keys: [privateJwk] }), 'private-jwks', 0],
  [
    'a symmetric JWK',
    JSON.stringify({ kty: 'oct', k: 'c2VjcmV0LXNlY3JldC1zZWNyZXQ' }),
    'symmetric-jwk',
    0,
    'KEY_SYMMETRIC',
  ],
  ['a JWK without kid', JSON.stringify({ ...privateJwk, kid: undefined }), 'private-jwk', 0, 'KEY_KID_MISSING'],
  [
    'a JWK of EC',
    JSON.stringify({ ...ec.privateKey.export({ format: 'jwk' }), kid: 'e' }),
    'private-jwk',
    0,
    'KEY_NOT_RSA',
  ],
  ['PKCS #8', pem(rsa.privateKey, 'pkcs8'), 'pkcs8-pem', 0, 'KEY_KID_MISSING'],
  ['PKCS #1', pem(rsa.privateKey, 'pkcs1'), 'pkcs1-pem', 0, 'KEY_KID_MISSING'],
  ['base64 of PEM', b64(pem(rsa.privateKey, 'pkcs8')), 'pkcs8-pem', 1, 'KEY_KID_MISSING'],
  ['a PEM with a password', locked, 'encrypted-pem', 0, 'KEY_PEM_ENCRYPTED'],
  ['a public PEM', pem(rsa.publicKey, 'spki'), 'public-pem', 0, 'KEY_PUBLIC_ONLY'],
  ['a private DER', der(rsa.privateKey, 'pkcs8'), 'private-der', 0, 'KEY_KID_MISSING'],
  ['a private DER, PKCS #1', der(rsa.privateKey, 'pkcs1'), 'private-der', 0, 'KEY_KID_MISSING'],
  ['base64 of a public DER', b64(der(rsa.publicKey, 'spki')), 'public-der', 1, 'KEY_PUBLIC_ONLY'],
  ['a token', `${b64('{"alg":"RS256"}')}.${b64('{"iss":"x"}')}.c2ln`.replaceAll('=', ''), 'jwt', 0, 'KEY_IS_JWT'],
  ['a placeholder', 'retrieved from secrets', 'text', 0, 'CONFIG_PLACEHOLDER'],
  ['a reference', '@Microsoft.KeyVault(SecretUri=https://x)', 'text', 0, 'CONFIG_KV_REFERENCE'],
  ['a kid', 'a-kid-1', 'text', 0, 'KEY_TOO_SHORT'],
  ['nothing', ' \n', 'empty', 0, 'CONFIG_MISSING'],
  ['other JSON', '{"clientId":"x"}', 'json', 0, 'KEY_NOT_JWK'],
]

const secrets = ['d', 'p', 'q', 'dp', 'dq', 'qi'] as const

/** What stands in any of the things and must not be told: 16 characters of each private member, and of each base64. */
const canaries = [
  ...[privateJwk, rsa.privateKey.export({ format: 'jwk' })].flatMap((jwk) =>
    secrets.map((name) => String(jwk[name]).slice(8, 24)),
  ),
  b64(json).slice(200, 240),
  pem(rsa.privateKey, 'pkcs8').split('\n')[9] ?? '',
  'c2VjcmV0LXNlY3JldC1zZWNyZXQ',
]

describe('inspectKey', () => {
  test.each(things.map(([name, ...rest]) => ({ name, rest })))('of $name', async ({ rest }) => {
    const [thing, kind, base64Layers, code] = rest
    const inspection = await inspectKey(Buffer.from(thing))
    expect(inspection).toMatchObject({ kind, base64Layers, canSign: code === undefined })
    expect(inspection.code).toBe(code)
    const { publicJwk: _public, ...told } = inspection
    for (const canary of canaries) expect(JSON.stringify(told)).not.toContain(canary)
    if (code !== undefined) {
      expect(inspection.problem?.en).toMatch(/^It .+\.$/)
      // Bokmål is another text, and a whole one.
      expect(inspection.problem?.nb).not.toContain(inspection.problem?.en)
    }
  })

  test('says length, kid, alg, use, thumbprint and age', async () => {
    const thumbprint = expect.stringMatching(/^[\w-]{43}$/)
    expect(await inspectKey(Buffer.from(json))).toMatchObject({
      bits: 2048,
      kid: 'my.kid-1',
      alg: 'RS256',
      use: 'sig',
      thumbprint,
      issuedAt: privateJwk.iat * 1000,
      isExpired: false,
      notes: [],
    })
  })

  test('does not call a public half right that Maskinporten would refuse', async () => {
    const small = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey
    for (const thing of [pem(small, 'spki'), pem(ec.publicKey, 'spki'), JSON.stringify({ keys: [] })])
      expect(await inspectKey(Buffer.from(thing))).toMatchObject({ canSign: false, isPublicHalf: false })
    const { use: _, ...unfit } = publicJwk
    expect((await inspectKey(Buffer.from(JSON.stringify([unfit])))).problem?.en).toContain('--public')
  })

  test('takes the kid of a key that has none', async () => {
    const inspection = await inspectKey(Buffer.from(pem(rsa.privateKey, 'pkcs8')), { kid: 'k1' })
    expect(inspection).toMatchObject({ canSign: true, publicJwk: { kid: 'k1', use: 'sig', kty: 'RSA' } })
  })

  test('says that a key has expired', async () => {
    const old = JSON.stringify({ ...privateJwk, exp: 1_700_000_000 })
    expect(await inspectKey(Buffer.from(old))).toMatchObject({ isExpired: true, expiresAt: 1_700_000_000_000 })
  })

  test('notes what Digdir would refuse at registration', async () => {
    const { use: _, ...unfit } = { ...privateJwk, kid: 'min nøkkel', alg: 'PS256' }
    const { notes } = await inspectKey(Buffer.from(JSON.stringify(unfit)))
    expect(notes.map(({ en }) => en).join('\n')).toMatch(/kid[^]*"use": "sig"[^]*"alg"/)
  })

  test('shows no kid that may be a private member', async () => {
    const { kid } = await inspectKey(Buffer.from(JSON.stringify({ ...privateJwk, kid: privateJwk.dp })))
    expect(kid).toBe(`[${privateJwk.dp.length}]`)
  })
})

describe('keys inspect', () => {
  let cwd = ''
  beforeAll(async () => {
    cwd = await mkdtemp(join(tmpdir(), 'cli-inspect-'))
    await writeFile(join(cwd, 'key.json'), json, { mode: 0o644 })
  })
  afterAll(() => rm(cwd, { recursive: true }))

  test('reads a file, and warns when others may', async () => {
    const { code, stdout } = await maskinporten(['keys', 'inspect', 'key.json'], { cwd })
    expect(code).toBe(0)
    expect(stdout).toContain('what it is  a private JWK\ncan sign    yes\nbits        2048\nkid         my.kid-1\n')
    expect(stdout).toContain('chmod 600')
    for (const canary of canaries) expect(stdout).not.toContain(canary)
  })

  test('reads standard input, and ends with 1 for what is of no use, in bokmål', async () => {
    const words = ['keys', 'inspect', '-', '--lang', 'nb']
    const { code, stdout } = await maskinporten(words, { cwd, input: pem(ec.publicKey, 'spki') })
    expect(code).toBe(1)
    expect(stdout).toMatch(/nei \(KEY_\w+\)/)
  })

  // What `keys create` writes for the portal is right as it is: to be told to store the private key there is misleading.
  test('finds nothing wrong with the public file of keys create', async () => {
    const input = JSON.stringify([publicJwk])
    const { code, stdout } = await maskinporten(['keys', 'inspect', '-', '--lang', 'nb'], { cwd, input })
    expect(code).toBe(0)
    expect(stdout).toContain('et sett med offentlige nøkler (JWKS)')
    expect(stdout).toContain('slik Samarbeidsportalen vil ha den; ikke til EncodedJwk.')
    expect(stdout).not.toMatch(/KEY_PUBLIC_ONLY|privat/)
    const document = await maskinporten(['keys', 'inspect', '-', '--json'], { cwd, input })
    expect(document.code).toBe(0)
    expect(JSON.parse(document.stdout)).toMatchObject({ kind: 'public-jwks', canSign: false, isPublicHalf: true })
  })

  test('is a document, and prints the public half where asked', async () => {
    const document = await maskinporten(['keys', 'inspect', 'key.json', '--json'], { cwd })
    expect(JSON.parse(document.stdout)).toMatchObject({
      kind: 'private-jwk',
      canSign: true,
      bits: 2048,
      kid: 'my.kid-1',
    })
    const half = await maskinporten(['keys', 'inspect', 'key.json', '--public'], { cwd })
    expect(JSON.parse(half.stdout)).toEqual([publicJwk])
  })

  test('repeats no key that was given in the place of a file', async () => {
    const { code, stderr } = await maskinporten(['keys', 'inspect', b64(json)], { cwd })
    expect(code).toBe(2)
    expect(stderr).toContain('never the key itself')
    expect(stderr).not.toContain(b64(json).slice(0, 20))
  })
})
