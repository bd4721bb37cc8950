// From the text that people paste to what it holds: base64, quotes, UTF-16, PEM, DER, certificates.
import { type KeyObject, createPublicKey, generateKeyPairSync } from 'node:crypto'
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { orderChain } from '../../src/keys/certificate-chain.ts'
import { jwkOfDer, readSequence } from '../../src/keys/der.ts'
import { KeyRefusal } from '../../src/keys/key-refusal.ts'
import { type KeyContent, readKeyText } from '../../src/keys/key-text.ts'
import { readSigningKey } from '../../src/keys/parse-signing-key.ts'
import { decodeBase64, readPem } from '../../src/keys/pem.ts'
import { certificate, certificatePem, pkcs12 } from '../settings/der-writer.ts'
import { type TestKey, base64, encoded, pem, rsaKey } from '../settings/rsa-keys.ts'

let one: TestKey
let two: TestKey
let der: (type: 'pkcs1' | 'pkcs8') => Buffer
beforeAll(async () => {
  ;[one, two] = await Promise.all([rsaKey('k1'), rsaKey('k2')])
  der = (type) => one.key.export({ type, format: 'der' })
})

interface Outcome {
  readonly value?: unknown
  readonly code?: string
  readonly warnings: Readonly<Record<string, string>>
}

function outcome(read: (warn: (code: string, message: string) => void) => unknown): Outcome {
  const warnings: Record<string, string> = {}
  try {
    return { value: read((code, message) => void (warnings[code] = message)), warnings }
  } catch (error) {
    if (error instanceof KeyRefusal) return { code: error.code, warnings }
    throw error
  }
}
const read = (text: string): Outcome => outcome((warn) => readKeyText(text, warn))
const codesOf = ({ warnings }: Outcome): readonly string[] => Object.keys(warnings)

/** Not a key, but as long as one, so that no look-alike is seen in it. */
const JSON_TEXT = JSON.stringify({ kty: 'RSA', n: 'x'.repeat(440), d: 'æ?>~'.repeat(9) })
const CONTENT: KeyContent = { json: JSON.parse(JSON_TEXT) }

describe('a key in base64', () => {
  it.each<[string, string, readonly string[]]>([
    ['as it should be', base64(JSON_TEXT), []],
    ['without padding', base64(JSON_TEXT).replace(/=+$/, ''), []],
    ['as base64url', Buffer.from(JSON_TEXT).toString('base64url'), []],
    ['as JSON', JSON_TEXT, ['KEY_RAW_JSON']],
    ['twice over', base64(base64(JSON_TEXT)), ['KEY_DOUBLE_BASE64']],
    ['in quotes', `"${base64(JSON_TEXT)}"`, ['KEY_TRIMMED']],
    ['in two kinds of quotes', `'"${base64(JSON_TEXT)}"'`, ['KEY_TRIMMED']],
    ['in three', `\`'"${base64(JSON_TEXT)}"'\``, ['KEY_TRIMMED']],
    ['in typographic quotes', `„${base64(JSON_TEXT)}“`, ['KEY_TRIMMED']],
    ['in guillemets', `«${base64(JSON_TEXT)}»`, ['KEY_TRIMMED']],
    ['in quotes with blanks in them', `" ${base64(JSON_TEXT)} "`, ['KEY_TRIMMED']],
    ['with a line break behind it', `${base64(JSON_TEXT)}\n`, ['KEY_TRIMMED']],
    ['on several lines', base64(JSON_TEXT).replaceAll(/.{40}/g, '$&\n'), ['KEY_TRIMMED']],
    ['with line breaks written out', base64(JSON_TEXT).replaceAll(/.{40}/g, '$&\\n'), ['KEY_TRIMMED']],
    ['with a byte order mark', `\uFEFF${base64(JSON_TEXT)}`, ['KEY_TRIMMED']],
    ['with a zero-width space in it', base64(JSON_TEXT).replace(/^.{9}/, '$&\u200B'), ['KEY_TRIMMED']],
    ['of text in quotes', base64(`"${base64(JSON_TEXT)}"`), ['KEY_DOUBLE_BASE64', 'KEY_TRIMMED']],
    ['of text with a byte order mark', base64(`\uFEFF${JSON_TEXT}`), []],
    ['of UTF-16', base64(Buffer.from(JSON_TEXT, 'utf16le')), ['KEY_UTF16']],
    ['of UTF-16 with a mark', base64(Buffer.from(`\uFEFF${JSON_TEXT}`, 'utf16le')), ['KEY_UTF16']],
    ['of UTF-16, big end first', base64(Buffer.from(JSON_TEXT, 'utf16le').swap16()), ['KEY_UTF16']],
    [
      'of UTF-16, big end first, with a mark',
      base64(Buffer.from(`\uFEFF${JSON_TEXT}`, 'utf16le').swap16()),
      ['KEY_UTF16'],
    ],
    ['with backslashes', JSON_TEXT.replaceAll('"', '\\"'), ['KEY_TRIMMED']],
  ])('%s is read', (_name, text, codes) => {
    const found = read(text)
    expect(found.value).toEqual(CONTENT)
    expect(codesOf(found).toSorted()).toEqual(codes)
  })

  it('is told of what was taken off, each thing once, and of Docker where quotes were', () => {
    const { warnings } = read(` "${base64(JSON_TEXT).replaceAll(/.{40}/g, '$&\\n')}"`)
    expect(warnings['KEY_TRIMMED']).toMatch(/quotes.*backslashes/)
    expect(warnings['KEY_TRIMMED']).toContain('Docker')
    expect(read(`${base64(JSON_TEXT)} `).warnings['KEY_TRIMMED']).not.toContain('Docker')
    expect(read(`${base64(JSON_TEXT)} `).warnings['KEY_TRIMMED']).toMatch(/blanks or line breaks/)
    expect(read(`\u00AD${base64(JSON_TEXT)}`).warnings['KEY_TRIMMED']).toMatch(/invisible characters/)
  })

  it('in other JSON is taken out', () => {
    const long = base64(JSON.stringify({ kty: 'RSA', n: 'x'.repeat(900) }))
    const found = read(JSON.stringify({ value: long }))
    expect(found.value).toHaveProperty('json.kty', 'RSA')
    expect(codesOf(found)).toEqual(['KEY_UNWRAPPED_JSON'])
  })

  it.each([
    ['of nothing that is text', base64(Buffer.alloc(90, 0xc3)), 'KEY_NOT_TEXT'],
    ['three times over', base64(base64(base64(JSON_TEXT))), 'KEY_BASE64_NESTED'],
    ['cut short', 'eyJhbGciOiJ', 'KEY_TOO_SHORT'],
    ['of 63 characters', 'eyJh'.repeat(15) + 'eyJ', 'KEY_TOO_SHORT'],
    ['of 64 characters', 'c3Nz'.repeat(16), 'KEY_TOO_SHORT'],
    ['in a fourth pair of quotes', `'"'"${base64(JSON_TEXT)}"'"'`, 'KEY_CUT_SHORT'],
    ['with signs that are none of base64', `${base64(JSON_TEXT)}!`, 'KEY_NOT_BASE64'],
    ['of a binary key that was cut', base64(Buffer.from([0x30, 0x82, ...Buffer.alloc(80, 5)])), 'KEY_PEM_BAD'],
  ])('%s is refused: %s', (_name, text, code) => {
    expect(read(text).code).toBe(code)
  })

  it.each([
    [0xff, 0x41],
    [0x41, 0xfe],
    [0xfe, 0x41],
    [0x41, 0xff],
  ])('of bytes that begin with %d and %d is no text, nor UTF-16', (...start) => {
    const found = read(base64(Buffer.concat([Buffer.from(start), Buffer.alloc(500, 0x41)])))
    expect([found.code, codesOf(found)]).toEqual(['KEY_NOT_TEXT', []])
  })

  it.each([
    ['PGk/Pj4+Pz8/', 'PGk_Pj4-Pz8_'],
    ['YWI=', 'YWI'],
    ['YWI==', 'YWI'],
    [' Y W\nI ', 'YWI'],
  ])('%j is the same as %j', (text, other) => {
    expect(decodeBase64(text)).toEqual(new Uint8Array(Buffer.from(other, 'base64url')))
  })

  it.each(['', '=', 'a=b', 'a!', 'æ', '"YWI"'])('%j is none', (text) => {
    expect(decodeBase64(text)).toBeUndefined()
  })

  it('cut within its last group is read without that letter', () => {
    expect(decodeBase64('YWJjZ')).toEqual(new Uint8Array(Buffer.from('abc')))
    expect(decodeBase64('YWJj')).toEqual(new Uint8Array(Buffer.from('abc')))
  })
})

describe('a binary key', () => {
  it('in base64 is read, as PKCS#1 and as PKCS#8', () => {
    const { kid: _kid, ...members } = one.jwk
    for (const type of ['pkcs1', 'pkcs8'] as const) {
      const { jwk } = read(base64(der(type))).value as { jwk: Record<string, string> }
      for (const [name, value] of Object.entries(members).filter(([member]) => member !== 'kty'))
        expect(
          Buffer.from(jwk[name] ?? '', 'base64url')
            .toString('hex')
            .replace(/^00/, ''),
        ).toBe(Buffer.from(value, 'base64url').toString('hex'))
      expect(jwk['kty']).toBe('RSA')
    }
  })

  const other = (type: 'ec' | 'ed25519' | 'rsa-pss'): KeyObject => {
    if (type === 'ec') return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
    if (type === 'ed25519') return generateKeyPairSync('ed25519').privateKey
    return generateKeyPairSync('rsa-pss', { modulusLength: 1024 }).privateKey
  }
  it.each([
    ['an EC key', () => other('ec').export({ type: 'pkcs8', format: 'der' }), 'KEY_NOT_RSA'],
    ['an EC key in its own form', () => other('ec').export({ type: 'sec1', format: 'der' }), 'KEY_NOT_RSA'],
    ['an Ed25519 key', () => other('ed25519').export({ type: 'pkcs8', format: 'der' }), 'KEY_NOT_RSA'],
    ['an RSA-PSS key', () => other('rsa-pss').export({ type: 'pkcs8', format: 'der' }), 'KEY_NOT_RSA'],
    ['a public key', () => createPublicKey(one.key).export({ type: 'spki', format: 'der' }), 'KEY_PUBLIC_ONLY'],
    ['its own form', () => createPublicKey(one.key).export({ type: 'pkcs1', format: 'der' }), 'KEY_PUBLIC_ONLY'],
    [
      'a key with a password',
      () => one.key.export({ type: 'pkcs8', format: 'der', cipher: 'aes-128-cbc', passphrase: 'x' } as never),
      'KEY_PEM_ENCRYPTED',
    ],
    ['a key store', pkcs12, 'KEY_IS_PKCS12'],
    ['a certificate', () => certificate({ subject: 'a', issuer: 'a', key: one.key }), 'KEY_IS_PKCS12'],
    ['nothing', () => Buffer.from([0x30, 0]), 'KEY_PEM_BAD'],
    ['no DER', () => Buffer.from('text'), 'KEY_PEM_BAD'],
  ] as const)('of %s is refused', (_name, bytes, code) => {
    expect(outcome(() => jwkOfDer(bytes())).code).toBe(code)
  })
})

describe('DER', () => {
  const sequence = (...bytes: readonly number[]): ReturnType<typeof readSequence> => readSequence(new Uint8Array(bytes))

  it('is read in elements, with long lengths too', () => {
    expect(sequence(0x30, 0)).toEqual([])
    expect(sequence(0x30, 5, 2, 1, 7, 5, 0)).toEqual([
      { tag: 2, body: new Uint8Array([7]), whole: new Uint8Array([2, 1, 7]) },
      { tag: 5, body: new Uint8Array(), whole: new Uint8Array([5, 0]) },
    ])
    for (const length of [
      [0x82, 1, 2],
      [0x83, 0, 1, 2],
      [0x84, 0, 0, 1, 2],
    ])
      expect(sequence(0x30, ...length, 4, 0x81, 0xff, ...Array(255).fill(9))).toHaveLength(1)
    expect(sequence(0x30, 0x85, 0, 0, 0, 1, 2, 4, 0x81, 0xff, ...Array(255).fill(9))).toBeUndefined()
  })

  it.each([
    [[]],
    [[0x30]],
    [[0x31, 0]],
    [[0x30, 1]],
    [[0x30, 2, 5]],
    [[0x30, 0, 0x30, 0]],
    [[0x30, 0, 5]],
    [[0x30, 2, 5, 1]],
    [[0x30, 0x81, 0x85]],
    [[0x30, 0x82, 1]],
    [[0x30, 0x85, 0, 0, 0, 0, 0]],
  ])('is not %j', (bytes) => {
    expect(sequence(...bytes)).toBeUndefined()
  })

  it('has no length that is left open', () => {
    expect(sequence(0x30, 0x80, 4, 126, ...Array(126).fill(0))).toBeUndefined()
    expect(sequence(0x30, 0x7f, 4, 125, ...Array(125).fill(0))).toHaveLength(1)
  })

  it('has 32 elements in a row at most, more than any key or certificate', () => {
    expect(sequence(0x30, 64, ...Array.from({ length: 32 }, () => [5, 0]).flat())).toHaveLength(32)
    expect(sequence(0x30, 66, ...Array.from({ length: 33 }, () => [5, 0]).flat())).toBeUndefined()
  })
})

describe('PEM', () => {
  const of = (text: string): Outcome => outcome(() => readPem(text))
  const block = (label: string, body: string): string => `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----\n`

  it('is read on one line, indented, with line breaks written out, and with text around it', () => {
    const text = pem(one.key)
    const expected = { jwk: jwkOfDer(der('pkcs8')), certificates: [] }
    for (const form of [
      text,
      text.replaceAll('\n', ' '),
      text.replaceAll('\n', '\\n'),
      text.replaceAll('\n', '\\r\\n'),
      text.replaceAll('\n', '\\\\n'),
      text.replaceAll('\n', '\n    '),
      `Bag Attributes\n${text}the end`,
      pem(one.key, 'pkcs1'),
    ])
      expect(of(form)).toMatchObject({ value: { certificates: [], jwk: { n: expected.jwk['n'], kty: 'RSA' } } })
  })

  it('gives its certificates in the order of the file', () => {
    const [a, b] = [
      certificate({ subject: 'a', issuer: 'b', key: one.key }),
      certificate({ subject: 'b', issuer: 'b', key: two.key }),
    ]
    const { value } = of(certificatePem(a) + pem(one.key) + certificatePem(b))
    expect((value as { certificates: Uint8Array[] }).certificates.map((bytes) => Buffer.from(bytes))).toEqual([a, b])
  })

  it.each([
    ['two private keys', () => pem(one.key) + pem(two.key), 'KEY_PEM_BAD'],
    ['nothing', () => '', 'KEY_PEM_BAD'],
    ['no end', () => pem(one.key).replace(/-----END.*/s, ''), 'KEY_PEM_BAD'],
    ['another end', () => pem(one.key).replace('END PRIVATE', 'END RSA PRIVATE'), 'KEY_PEM_BAD'],
    ['what is not base64', () => block('PRIVATE KEY', '!!!!'), 'KEY_PEM_BAD'],
    ['a password', () => block('ENCRYPTED PRIVATE KEY', 'YWJj'), 'KEY_PEM_ENCRYPTED'],
    ['a password in its body', () => block('RSA PRIVATE KEY', 'Proc-Type: 4,ENCRYPTED'), 'KEY_PEM_ENCRYPTED'],
    ['a public key', () => block('PUBLIC KEY', 'YWJj'), 'KEY_PUBLIC_ONLY'],
    ['a certificate', () => block('CERTIFICATE', 'YWJj'), 'KEY_PUBLIC_ONLY'],
    ['something else', () => block('DH PARAMETERS', 'YWJj'), 'KEY_PEM_BAD'],
  ])('with %s is refused', (_name, text, code) => {
    expect(of(text()).code).toBe(code)
  })

  it('as a setting is read without a warning, and with one where it is in JSON or has backslashes', () => {
    const text = pem(one.key)
    expect(codesOf(read(text))).toEqual([])
    expect(codesOf(read(`\n${text}`))).toEqual([])
    expect(codesOf(read(text.replaceAll('\n', '\\n')))).toEqual([])
    expect(codesOf(read(text.replaceAll('\n', '\\\n')))).toEqual(['KEY_TRIMMED'])
    expect(codesOf(read(text.replaceAll('\n', '\\\\n')))).toEqual(['KEY_TRIMMED'])
    expect(codesOf(read(JSON.stringify({ key: text })))).toEqual(['KEY_UNWRAPPED_JSON'])
    expect(codesOf(read(base64(text)))).toEqual([])
  })
})

describe('a certificate chain', () => {
  const named = (subject: string, issuer: string, key: TestKey, notAfter?: string): Uint8Array =>
    certificate({ subject, issuer, key: key.key, ...(notAfter === undefined ? {} : { notAfter }) })
  const modulus = (): Uint8Array => Buffer.from(one.jwk.n, 'base64url')

  it('has the leaf first, whatever the order of the file, and leaves others out', () => {
    const leaf = named('leaf', 'ca', one)
    const ca = named('ca', 'root', two)
    const root = named('root', 'root', two)
    const foreign = named('foreign', 'leaf', two)
    for (const all of [
      [leaf, ca, root, foreign],
      [foreign, root, ca, leaf],
    ])
      expect(orderChain(all, modulus()).x5c).toEqual(
        [leaf, ca, root].map((bytes) => Buffer.from(bytes).toString('base64')),
      )
    expect(orderChain([leaf], modulus()).x5c).toHaveLength(1)
  })

  it.each([
    ['491231235959Z', Date.UTC(2049, 11, 31, 23, 59, 59)],
    ['500101000000Z', Date.UTC(1950, 0, 1)],
    ['991231235959Z', Date.UTC(1999, 11, 31, 23, 59, 59)],
    ['20991231235959Z', Date.UTC(2099, 11, 31, 23, 59, 59)],
  ])('that ends at %s ends then', (notAfter, expiresAt) => {
    expect(orderChain([named('a', 'a', one, notAfter)], modulus())).toMatchObject({
      issuedAt: Date.UTC(2025, 0, 1),
      expiresAt,
    })
  })

  it('without a certificate of the key, or that does not parse, is refused', () => {
    expect(outcome(() => orderChain([named('a', 'a', two)], modulus())).code).toBe('KEY_PAIR_MISMATCH')
    expect(outcome(() => orderChain([], modulus())).code).toBe('KEY_PAIR_MISMATCH')
    for (const bytes of [[], [0x30, 0], [0x30, 2, 0x30, 0], [1, 2, 3]])
      expect(outcome(() => orderChain([new Uint8Array(bytes)], modulus())).code).toBe('KEY_PEM_BAD')
  })

  it.each([0, 1, 2, 3, 4, 5])('with %d of its fields alone does not parse', (count) => {
    const fields = readSequence(readSequence(named('a', 'a', one))?.[0]?.whole ?? new Uint8Array()) ?? []
    const some = Buffer.concat(fields.slice(0, count).map(({ whole }) => whole))
    const wrap = (bytes: Uint8Array): Buffer => Buffer.concat([Buffer.from([0x30, 0x81, bytes.length]), bytes])
    // As long as it holds the modulus it would be the leaf.
    expect(outcome(() => orderChain([wrap(wrap(some))], some)).code).toBe('KEY_PEM_BAD')
  })

  it('without an end does not parse', () => {
    const whole = Buffer.from(named('a', 'a', one))
    // The second of the two times becomes a part of the first.
    const at = whole.indexOf(Buffer.from([0x17, 13]))
    whole[at + 1] = 28
    expect(outcome(() => orderChain([whole], modulus())).code).toBe('KEY_PEM_BAD')
  })

  it('may be of version 1, which is not written', () => {
    const leaf = Buffer.from(named('leaf', 'ca', one))
    // Without the five bytes of the version, and with lengths to match.
    const inner = readSequence(readSequence(leaf)?.[0]?.whole ?? leaf)?.slice(1) ?? []
    const body = Buffer.concat(inner.map(({ whole }) => whole))
    const long = (bytes: Uint8Array): Buffer =>
      Buffer.concat([Buffer.from([0x30, 0x82, bytes.length >> 8, bytes.length & 255]), bytes])
    const bare = long(
      Buffer.concat([
        long(body),
        ...(readSequence(leaf)
          ?.slice(1)
          .map(({ whole }) => whole) ?? []),
      ]),
    )
    expect(orderChain([bare], modulus())).toMatchObject({ expiresAt: Date.UTC(2049, 11, 31, 23, 59, 59) })
  })
})

describe('a signing key', () => {
  const of = async (text: string, options: object = {}): Promise<unknown> =>
    readSigningKey(text, { kidName: 'the kid', now: 9, warn: () => undefined, ...options }).catch((error: unknown) =>
      error instanceof KeyRefusal ? error.code : error,
    )

  it.each([
    ['', 'CONFIG_MISSING'],
    ['<key>', 'CONFIG_PLACEHOLDER'],
    ['@Microsoft.KeyVault(x)', 'CONFIG_KV_REFERENCE'],
  ])('is not %j', async (text, code) => {
    expect(await of(text)).toBe(code)
  })

  it('needs a kid or a chain, and not both', async () => {
    const chain = certificatePem(certificate({ subject: 'a', issuer: 'a', key: one.key })) + pem(one.key)
    expect(await of(pem(one.key))).toBe('KEY_KID_MISSING')
    expect(await of(encoded({ ...one.jwk, kid: undefined }))).toBe('KEY_KID_MISSING')
    expect(await of(pem(one.key), { kid: 'k' })).toMatchObject({ kid: 'k', x5c: undefined, bits: 2048, addedAt: 9 })
    expect(await of(chain, { kid: 'k' })).toBe('KEY_KID_AND_CHAIN')
    expect(await of(chain)).toMatchObject({
      kid: undefined,
      x5c: [expect.any(String)],
      issuedAt: Date.UTC(2025, 0, 1),
      expiresAt: Date.UTC(2049, 11, 31, 23, 59, 59),
    })
    expect(await of(chain, { expiresAt: 5_000 })).toMatchObject({ expiresAt: 5_000 })
  })

  it('ends when it or its store says, whichever is earlier', async () => {
    const ends = async (exp: number | undefined, expiresAt?: number): Promise<unknown> =>
      ((await of(encoded({ ...one.jwk, exp, iat: 3 }), { expiresAt })) as { expiresAt: unknown }).expiresAt
    expect(await ends(7)).toBe(7_000)
    expect(await ends(7, 6_000)).toBe(6_000)
    expect(await ends(7, 8_000)).toBe(7_000)
    expect(await ends(undefined, 8_000)).toBe(8_000)
    expect(await ends(undefined)).toBeUndefined()
    expect(await of(encoded({ ...one.jwk, iat: 3 }))).toMatchObject({ issuedAt: 3_000 })
  })

  it('signs, and its private half cannot be taken out', async () => {
    const imported = vi.spyOn(crypto.subtle, 'importKey')
    onTestFinished(() => imported.mockRestore())
    await of(encoded(one.jwk))
    expect(imported.mock.calls.map(([, , , isExtractable]) => isExtractable)).toEqual([false])
    const key = (await of(encoded(one.jwk))) as { sign: (input: Uint8Array) => Promise<Uint8Array> }
    expect(await key.sign(new Uint8Array([1]))).toHaveLength(256)
    expect(JSON.stringify(key)).not.toContain(one.jwk.d.slice(0, 20))
  })
})
