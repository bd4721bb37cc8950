import { createPublicKey, verify } from 'node:crypto'
import {
  type MaskinportenError,
  fromObject,
  isMaskinportenError,
  parseSigningKey,
  settingsFrom,
  type SigningKey,
} from '@maskinporten-kit/core'
import { calculateJwkThumbprint } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { canariesOf, leakIn, shownBy } from './canaries.ts'
import { certificate, certificatePem, pkcs12 } from './der-writer.ts'
import { type TestKey, base64, encoded, otherKey, pem, rsaKey } from './rsa-keys.ts'

let one: TestKey
let two: TestKey
let small: TestKey
let large: TestKey
let ec: string
let ecSec1: string
let pss: string

beforeAll(async () => {
  const [ecKey, pssKey] = await Promise.all([otherKey('ec'), otherKey('rsa-pss')])
  ;[one, two, small, large] = await Promise.all([rsaKey('k1'), rsaKey('k2'), rsaKey('k3', 1024), rsaKey('k4', 4096)])
  ;[ec, ecSec1, pss] = [pem(ecKey), pem(ecKey, 'sec1'), pem(pssKey)]
})

interface Accepted {
  readonly text: () => string
  readonly kid?: string
  /** What a setting of this text warns of. */
  readonly warnings?: readonly string[]
  readonly expected?: Partial<SigningKey>
}

const url = (text: string): string => text.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
const wrapped = (text: string): string => text.replace(/.{76}/g, '$&\n')
const upper = (jwk: object): object =>
  Object.fromEntries(Object.entries(jwk).map(([name, value]) => [name.toUpperCase(), value]))
const standard = (jwk: object): object =>
  Object.fromEntries(
    Object.entries(jwk).map(([name, value]) => [
      name,
      name === 'kty' || name === 'kid' ? value : Buffer.from(String(value), 'base64url').toString('base64'),
    ]),
  )
const without = (jwk: object, ...names: string[]): object =>
  Object.fromEntries(Object.entries(jwk).filter(([name]) => !names.includes(name)))
const oneLine = (text: string): string => text.trim().replaceAll('\n', ' ')
const chain = (): string => {
  const ca = certificate({ subject: 'Test CA', issuer: 'Test CA', key: two.key })
  const leaf = certificate({ subject: 'Virksomhet', issuer: 'Test CA', key: one.key, notAfter: '20991231235959Z' })
  return certificatePem(ca) + certificatePem(leaf) + pem(one.key)
}

const accepted: Readonly<Record<string, Accepted>> = {
  'base64 of a JWK': { text: () => encoded(one.jwk) },
  'base64url of a JWK': { text: () => url(encoded(one.jwk)) },
  'the JWK itself': { text: () => JSON.stringify(one.jwk), warnings: ['KEY_RAW_JSON'] },
  'base64 of pretty-printed JSON': { text: () => base64(JSON.stringify(one.jwk, null, 2)) },
  'base64 wrapped at 76 columns': { text: () => wrapped(encoded(one.jwk)), warnings: ['KEY_TRIMMED'] },
  'a trailing line break': { text: () => `${encoded(one.jwk)}\r\n`, warnings: ['KEY_TRIMMED'] },
  'leading blanks': { text: () => `  ${encoded(one.jwk)}`, warnings: ['KEY_TRIMMED'] },
  'the value in double quotes': { text: () => `"${encoded(one.jwk)}"`, warnings: ['KEY_TRIMMED'] },
  'the value in single quotes': { text: () => `'${encoded(one.jwk)}'`, warnings: ['KEY_TRIMMED'] },
  'a byte order mark inside the base64': { text: () => base64(`\uFEFF${JSON.stringify(one.jwk)}`) },
  'a byte order mark before the value': { text: () => `\uFEFF${encoded(one.jwk)}`, warnings: ['KEY_TRIMMED'] },
  'base64 of base64': { text: () => base64(encoded(one.jwk)), warnings: ['KEY_DOUBLE_BASE64'] },
  'base64 of UTF-16 JSON': {
    text: () => base64(Buffer.from(JSON.stringify(one.jwk), 'utf16le')),
    warnings: ['KEY_UTF16'],
  },
  'base64 of UTF-16 JSON with its mark': {
    text: () => base64(Buffer.from(`\uFEFF${JSON.stringify(one.jwk)}`, 'utf16le')),
    warnings: ['KEY_UTF16'],
  },
  'base64 of UTF-16 JSON, the other order': {
    text: () => base64(Buffer.from(JSON.stringify(one.jwk), 'utf16le').swap16()),
    warnings: ['KEY_UTF16'],
  },
  'PKCS#8 PEM beside a kid': { text: () => pem(one.key), kid: 'own', expected: { kid: 'own' } },
  'base64 of PEM beside a kid': { text: () => base64(pem(one.key)), kid: 'own', expected: { kid: 'own' } },
  'PEM with its line breaks written out': {
    text: () => pem(one.key).replaceAll('\n', '\\n'),
    kid: 'own',
    expected: { kid: 'own' },
  },
  'PKCS#1 PEM beside a kid': { text: () => pem(one.key, 'pkcs1'), kid: 'own', expected: { kid: 'own' } },
  'PEM on one line': { text: () => oneLine(pem(one.key)), kid: 'own', expected: { kid: 'own' } },
  'PEM without any breaks': { text: () => pem(one.key).replaceAll('\n', ''), kid: 'own', expected: { kid: 'own' } },
  'indented PEM': { text: () => pem(one.key).replaceAll('\n', '\n    '), kid: 'own', expected: { kid: 'own' } },
  'PEM with CR LF': { text: () => pem(one.key).replaceAll('\n', '\r\n'), kid: 'own', expected: { kid: 'own' } },
  'base64 of PKCS#8 DER beside a kid': {
    text: () => base64(one.key.export({ type: 'pkcs8', format: 'der' })),
    kid: 'own',
    expected: { kid: 'own' },
  },
  'base64 of PKCS#1 DER beside a kid': {
    text: () => base64(one.key.export({ type: 'pkcs1', format: 'der' })),
    kid: 'own',
    expected: { kid: 'own' },
  },
  'a set with one private key': {
    text: () => encoded({ keys: [one.jwk, two.publicJwk] }),
    warnings: ['KEY_UNWRAPPED_JWKS'],
  },
  'a set with several private keys and a kid that names one': {
    text: () => encoded({ keys: [two.jwk, one.jwk] }),
    kid: 'k1',
    warnings: ['KEY_UNWRAPPED_JWKS'],
  },
  'a list with one JWK': { text: () => encoded([one.jwk]), warnings: ['KEY_UNWRAPPED_LIST'] },
  'a JWK without kid beside a kid': {
    text: () => encoded(without(one.jwk, 'kid')),
    kid: 'own',
    expected: { kid: 'own' },
  },
  'a blank kid beside a JWK that has one': { text: () => encoded(one.jwk), kid: ' ' },
  'another kid beside a JWK': {
    text: () => encoded(one.jwk),
    kid: 'own',
    warnings: ['KEY_KID_OVERRIDDEN'],
    expected: { kid: 'own' },
  },
  'another kid beside a set of one': {
    text: () => encoded({ keys: [one.jwk] }),
    kid: 'own',
    warnings: ['KEY_UNWRAPPED_JWKS', 'KEY_KID_OVERRIDDEN'],
    expected: { kid: 'own' },
  },
  'a kid that looks like a placeholder': {
    text: () => JSON.stringify({ ...one.jwk, kid: 'your-<kid>' }),
    warnings: ['KEY_RAW_JSON'],
    expected: { kid: 'your-<kid>' },
  },
  'JSON text around the JSON': {
    text: () => JSON.stringify(JSON.stringify(one.jwk)),
    warnings: ['KEY_TRIMMED'],
  },
  'members in standard base64': { text: () => encoded(standard(one.jwk)) },
  'members in upper case': { text: () => encoded(upper(one.jwk)) },
  'a leading zero byte in n': {
    text: () =>
      encoded({
        ...one.jwk,
        n: Buffer.concat([Buffer.alloc(1), Buffer.from(one.jwk.n, 'base64url')]).toString('base64url'),
      }),
  },
  'oth, key_ops, ext and x5c': {
    text: () =>
      encoded({ ...one.jwk, oth: [], key_ops: ['verify'], ext: false, x5c: ['MII'], use: 'sig', unknown: null }),
  },
  'oth: null': { text: () => encoded({ ...one.jwk, oth: null }) },
  'a duplicate member: the last counts': {
    text: () => base64(JSON.stringify(one.jwk).replace('{', '{"kid":"first",')),
  },
  'use: enc': { text: () => encoded({ ...one.jwk, use: 'enc' }), warnings: ['KEY_USE'] },
  'alg PS256': { text: () => encoded({ ...one.jwk, alg: 'PS256' }), warnings: ['KEY_ALG'] },
  'alg rs256': { text: () => encoded({ ...one.jwk, alg: 'rs256' }), warnings: ['KEY_ALG'] },
  'alg none': { text: () => encoded({ ...one.jwk, alg: 'none' }), warnings: ['KEY_ALG'] },
  'alg RS384': { text: () => encoded({ ...one.jwk, alg: 'RS384' }), expected: { alg: 'RS384' } },
  'alg RS512, 4096 bits': {
    text: () => encoded({ ...large.jwk, alg: 'RS512' }),
    expected: { alg: 'RS512', kid: 'k4' },
  },
  'd of another key': { text: () => encoded({ ...one.jwk, d: two.jwk.d }) },
  'CRT members of another key': {
    text: () => encoded({ ...one.jwk, dp: two.jwk.dp, dq: two.jwk.dq, qi: two.jwk.qi }),
  },
  'a kid of 200 characters': {
    text: () => encoded({ ...one.jwk, kid: 'k'.repeat(200) }),
    expected: { kid: 'k'.repeat(200) },
  },
  'p and q swapped': { text: () => encoded({ ...one.jwk, p: one.jwk.q, q: one.jwk.p }) },
  'exp in seconds': { text: () => encoded({ ...one.jwk, exp: 4102444799 }), expected: { expiresAt: 4102444799000 } },
  'exp 0, as Altinn writes it': { text: () => encoded({ ...one.jwk, exp: 0 }), expected: { expiresAt: undefined } },
  'PEM with its certificate chain': {
    text: chain,
    expected: { kid: undefined, expiresAt: Date.parse('2099-12-31T23:59:59Z') },
  },
}

interface Refused {
  readonly text: () => string
  readonly kid?: string
  readonly code: string
  readonly says: string
}

const refused: Readonly<Record<string, Refused>> = {
  'an empty string': {
    text: () => '',
    code: 'CONFIG_MISSING',
    says: 'is empty. Set the signing key to the private JWK in base64.',
  },
  'only whitespace': { text: () => ' \r\n', code: 'CONFIG_MISSING', says: 'is empty.' },
  'the guide’s placeholder': {
    text: () => 'retrieved from secrets',
    code: 'CONFIG_PLACEHOLDER',
    says: 'still holds a placeholder text. Set the signing key to the private JWK',
  },
  'the guide’s Norwegian placeholder': {
    text: () => 'hentes fra Key Vault',
    code: 'CONFIG_PLACEHOLDER',
    says: 'still holds a placeholder text',
  },
  'the README’s truncated sample': {
    text: () => 'eyJwIjoiMms2RlZMRW9iV...',
    code: 'CONFIG_PLACEHOLDER',
    says: 'still holds a placeholder text',
  },
  'a Key Vault reference': {
    text: () => '@Microsoft.KeyVault(SecretUri=https://my-kv.vault.azure.net/secrets/x)',
    code: 'CONFIG_KV_REFERENCE',
    says: 'is a Key Vault reference that the host did not resolve',
  },
  'a Key Vault reference in braces': {
    text: () => '{@Microsoft.KeyVault(SecretUri=https://my-kv.vault.azure.net/secrets/x)}',
    code: 'CONFIG_KV_REFERENCE',
    says: 'is a Key Vault reference',
  },
  'base64 three times over': {
    text: () => base64(base64(encoded(one.jwk))),
    code: 'KEY_BASE64_NESTED',
    says: 'is base64 more than twice over',
  },
  'PEM without certificate and kid': {
    text: () => pem(one.key),
    code: 'KEY_KID_MISSING',
    says: 'is a PEM key, which is accepted but carries no key id. Set',
  },
  'a public PEM': {
    text: () => createPublicKey(one.key).export({ type: 'spki', format: 'pem' }),
    code: 'KEY_PUBLIC_ONLY',
    says: 'is a certificate or public key; the private key is needed',
  },
  'a certificate without its key': {
    text: () => certificatePem(certificate({ subject: 'a', issuer: 'a', key: one.key })),
    code: 'KEY_PUBLIC_ONLY',
    says: 'the private key is needed',
  },
  'an encrypted PEM': {
    text: () => one.key.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' }),
    kid: 'a',
    code: 'KEY_PEM_ENCRYPTED',
    says: 'openssl pkey -in FILE -out plain.pem',
  },
  'an encrypted PKCS#1 PEM': {
    text: () => one.key.export({ type: 'pkcs1', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' }),
    kid: 'a',
    code: 'KEY_PEM_ENCRYPTED',
    says: 'Decrypt it (openssl',
  },
  'encrypted DER': {
    text: () => base64(one.key.export({ type: 'pkcs8', format: 'der', cipher: 'aes-256-cbc', passphrase: 'x' })),
    kid: 'a',
    code: 'KEY_PEM_ENCRYPTED',
    says: 'Decrypt it (openssl',
  },
  'base64 of a public JWK': {
    text: () => encoded(one.publicJwk),
    code: 'KEY_PUBLIC_ONLY',
    says: 'holds only the public half ("d" is missing). Set the signing key to the private JWK of the same pair in base64 (if it is lost, make a new pair, and register its public half on the client in Samarbeidsportalen).',
  },
  'a public JWK itself': {
    text: () => JSON.stringify(one.publicJwk),
    code: 'KEY_PUBLIC_ONLY',
    says: 'holds only the public half',
  },
  'a set of public keys': {
    text: () => encoded({ keys: [one.publicJwk, two.publicJwk] }),
    code: 'KEY_PUBLIC_ONLY',
    says: 'is a JWKS (key set) without any private key. Set the signing key to the private JWK of the same pair in base64',
  },
  'a set with two private keys and no kid': {
    text: () => encoded({ keys: [one.jwk, two.jwk] }),
    code: 'KEY_JWKS',
    says: 'is a key set (JWKS) with 2 private keys; one must be chosen. Set',
  },
  'a list with two private keys': { text: () => encoded([one.jwk, two.jwk]), code: 'KEY_JWKS', says: '2 private keys' },
  'a set and a kid that names none': {
    text: () => encoded({ keys: [one.jwk, two.jwk] }),
    kid: 'k9',
    code: 'KEY_KID_NOT_FOUND',
    says: 'has no key with kid "k9"; it holds "k1", "k2"',
  },
  'base64 cut short': {
    text: () => encoded(one.jwk).slice(0, 900),
    code: 'KEY_JSON_BAD',
    says: 'decodes to text that starts like JSON but ends too early (675 characters): it was cut short.',
  },
  'base64 cut short between two bytes': {
    text: () => encoded(one.jwk).slice(0, 901),
    code: 'KEY_JSON_BAD',
    says: 'it was cut short',
  },
  'two JSON documents': {
    text: () => base64(`${JSON.stringify(one.jwk)}\n${JSON.stringify(one.publicJwk)}`),
    code: 'KEY_JSON_BAD',
    says: 'holds two JSON documents. Set the signing key to the one with "d".',
  },
  'JSON that lost a quote before d': {
    text: () => JSON.stringify(one.jwk).replace('"d"', 'd"'),
    code: 'KEY_JSON_BAD',
    says: 'does not parse',
  },
  'a JWK without kid': {
    text: () => encoded(without(one.jwk, 'kid')),
    code: 'KEY_KID_MISSING',
    says: 'has no "kid". Maskinporten finds the public key by it.',
  },
  'a JWK with an empty kid': {
    text: () => encoded({ ...one.jwk, kid: '' }),
    code: 'KEY_KID_MISSING',
    says: 'has no "kid"',
  },
  'a numeric kid': {
    text: () => encoded({ ...one.jwk, kid: 7 }),
    code: 'KEY_KID_TYPE',
    says: 'has a "kid" that is not text',
  },
  'a kid that is a piece of the key': {
    text: () => encoded({ ...one.jwk, kid: one.jwk.d.slice(40, 60) }),
    code: 'KEY_JWK_BAD',
    says: 'a part of the private key',
  },
  'an EC JWK': {
    text: () => encoded({ kty: 'EC', crv: 'P-256', x: 'x'.repeat(43), y: 'y'.repeat(43), d: 'd'.repeat(43) }),
    code: 'KEY_NOT_RSA',
    says: 'has "kty":"EC"; Maskinporten takes RSA keys only',
  },
  'an EC PEM': { text: () => ec, kid: 'a', code: 'KEY_NOT_RSA', says: 'Maskinporten takes RSA keys' },
  'an EC PEM in its own format': {
    text: () => ecSec1,
    kid: 'a',
    code: 'KEY_NOT_RSA',
    says: 'Maskinporten takes RSA keys',
  },
  'an RSA-PSS PEM': { text: () => pss, kid: 'a', code: 'KEY_NOT_RSA', says: 'Maskinporten takes RSA keys' },
  'a symmetric JWK': {
    text: () => encoded({ kty: 'oct', k: 'x'.repeat(86) }),
    code: 'KEY_SYMMETRIC',
    says: 'is a symmetric key ("kty":"oct"); Maskinporten needs an RSA key pair',
  },
  'RSA of 1024 bits': {
    text: () => encoded(small.jwk),
    code: 'KEY_TOO_SMALL',
    says: 'is 1024 bits; at least 2048 are needed',
  },
  'a JWK with n, e, d only': {
    text: () => encoded(without(one.jwk, 'p', 'q', 'dp', 'dq', 'qi')),
    code: 'KEY_INCOMPLETE',
    says: 'lacks p, q, dp, dq, qi',
  },
  'one CRT member missing': { text: () => encoded(without(one.jwk, 'qi')), code: 'KEY_INCOMPLETE', says: 'lacks qi' },
  'n of another key': {
    text: () => encoded({ ...one.jwk, n: two.jwk.n }),
    code: 'KEY_PAIR_MISMATCH',
    says: 'does not fit together: its members are not of one key. Set the signing key to a private JWK as it was exported, in base64.',
  },
  'p of another key': {
    text: () => encoded({ ...one.jwk, p: two.jwk.p }),
    code: 'KEY_PAIR_MISMATCH',
    says: 'does not fit together',
  },
  'e that is another exponent': {
    text: () => encoded({ ...one.jwk, e: 'Aw' }),
    code: 'KEY_PAIR_MISMATCH',
    says: 'does not fit together',
  },
  'both ways to sign of another key': {
    text: () => encoded({ ...one.jwk, d: two.jwk.d, qi: two.jwk.qi }),
    code: 'KEY_PAIR_MISMATCH',
    says: 'does not fit together',
  },
  'a factor of 1': {
    text: () => encoded({ ...one.jwk, p: 'AQ', q: one.jwk.n }),
    code: 'KEY_PAIR_MISMATCH',
    says: 'does not fit together',
  },
  'a kid that is too long for one': {
    text: () => encoded({ ...one.jwk, kid: 'k'.repeat(201) }),
    code: 'KEY_JWK_BAD',
    says: 'has a "kid" that is too long',
  },
  'PKCS#12 in base64': {
    text: () => base64(pkcs12()),
    code: 'KEY_IS_PKCS12',
    says: 'openssl pkcs12 -in store.p12 -nodes -out chain.pem',
  },
  'a certificate in base64': {
    text: () => base64(certificate({ subject: 'a', issuer: 'a', key: one.key })),
    code: 'KEY_IS_PKCS12',
    says: 'binary key store or certificate (DER)',
  },
  'base64 of a public key in DER': {
    text: () => base64(createPublicKey(one.key).export({ type: 'spki', format: 'der' })),
    code: 'KEY_PUBLIC_ONLY',
    says: 'the private key is needed',
  },
  'the kid pasted': {
    text: () => 'kid-01',
    code: 'KEY_TOO_SHORT',
    says: 'has only 6 characters; a private JWK has over 1000. Set the signing key',
  },
  'the client id pasted': {
    text: () => '7c2f1a0e-9a0b-4a55-8f3e-2f9f1a0e9a0b',
    code: 'KEY_TOO_SHORT',
    says: 'has only 36 characters',
  },
  'a JWT': {
    text: () => `${'a'.repeat(80)}.${'b'.repeat(80)}.${'c'.repeat(80)}`,
    code: 'KEY_IS_JWT',
    says: 'is a JWT (three dot-separated parts), not a JWK',
  },
  'JSON that is no JWK': {
    text: () => JSON.stringify({ client_id: 'x', foo: 1, bar: 2, d: 'secret' }),
    code: 'KEY_NOT_JWK',
    says: 'is JSON but has no "kty", so it is not a JWK (members: client_id, foo, bar)',
  },
  'a list with null': { text: () => '[null]', code: 'KEY_NOT_JWK', says: 'is JSON but not a JWK' },
  'base64 of null': { text: () => base64('null'), code: 'KEY_TOO_SHORT', says: 'has only 8 characters' },
  'base64 of a number': { text: () => base64('5'), code: 'KEY_TOO_SHORT', says: 'has only 4 characters' },
  'JSON with a comment': {
    text: () => base64(JSON.stringify(one.jwk).replace('{', '{/* a */')),
    code: 'KEY_JSON_BAD',
    says: 'does not parse',
  },
  'JSON with a trailing comma': {
    text: () => base64(JSON.stringify(one.jwk).replace(/\}$/, ',}')),
    code: 'KEY_JSON_BAD',
    says: 'does not parse',
  },
  'an empty list': { text: () => '[]', code: 'KEY_PUBLIC_ONLY', says: 'without any private key' },
  'an empty object': { text: () => '{}', code: 'KEY_NOT_JWK', says: 'has no "kty"' },
  'a set with what is no object': {
    text: () => encoded({ keys: [1, null, 'x', ...Array<number>(30).fill(1)] }),
    code: 'KEY_NOT_JWK',
    says: 'is JSON but not a JWK',
  },
  'percent-encoded base64': {
    text: () => encodeURIComponent(`${base64(`${JSON.stringify(one.jwk)} `)}==`),
    code: 'KEY_NOT_BASE64',
    says: 'is percent-encoded (%2B, %3D)',
  },
  hex: {
    text: () => Buffer.from(JSON.stringify(one.jwk)).toString('hex'),
    code: 'KEY_NOT_TEXT',
    says: 'is base64 of something that is not text',
  },
  'something else': {
    text: () => 'this-is:(not)-a-key-at-all!',
    code: 'KEY_NOT_BASE64',
    says: 'is neither base64, JSON nor PEM',
  },
  'base64 of other text': {
    text: () => base64('what this says is no key, '.repeat(10)),
    code: 'KEY_NOT_BASE64',
    says: 'is neither base64, JSON nor PEM',
  },
  'PEM cut short': {
    text: () => pem(one.key).slice(0, 800),
    kid: 'a',
    code: 'KEY_PEM_BAD',
    says: 'is a PEM that does not parse',
  },
  'PEM with a mangled body': {
    text: () => pem(one.key).replace(/\n[\w+/]{2}/, '\n!!'),
    kid: 'a',
    code: 'KEY_PEM_BAD',
    says: 'is a PEM that does not parse',
  },
  'PEM with two private keys': {
    text: () => pem(one.key) + pem(two.key),
    kid: 'a',
    code: 'KEY_PEM_BAD',
    says: 'holds 2 private keys',
  },
  'a chain and a kid': { text: chain, kid: 'own', code: 'KEY_KID_AND_CHAIN', says: 'holds a certificate chain, and' },
  'another key’s certificate': {
    text: () => certificatePem(certificate({ subject: 'a', issuer: 'a', key: two.key })) + pem(one.key),
    code: 'KEY_PAIR_MISMATCH',
    says: 'holds certificates, but none for its private key',
  },
  'a member that is no base64': {
    text: () => encoded({ ...one.jwk, dq: 'a b!' }),
    code: 'KEY_JWK_BAD',
    says: 'has a member "dq" that is not base64url',
  },
  'a member that is a number': {
    text: () => encoded({ ...one.jwk, p: 5 }),
    code: 'KEY_JWK_BAD',
    says: 'has a member "p" that is not base64url',
  },
  'members swapped for garbage': { text: () => encoded({ ...one.jwk, p: 'AA', q: 'AA' }), code: 'KEY_', says: '' },
}

/** Where the whole text is a secret; in JSON and PEM only members are. */
const secretText = (text: string): string => (/[{:]|-----|^.{0,200}$/s.test(text) ? '' : text.trim())

const refusalOf = async (text: string, kid?: string): Promise<MaskinportenError> => {
  const outcome: unknown = await parseSigningKey(text, { kid }).catch((error: unknown) => error)
  if (!isMaskinportenError(outcome, 'settings_invalid')) throw new Error(`was not refused: ${String(outcome)}`)
  return outcome
}

describe('a signing key is accepted as', () => {
  it.each(Object.entries(accepted))(
    '%s, and signs what its public half verifies',
    async (_, { text, kid, expected }) => {
      const key = await parseSigningKey(text(), { kid })
      const from = key.kid === 'k4' ? large : one
      const input = new TextEncoder().encode('signing input')
      const signature = await key.sign(input, { signal: new AbortController().signal })
      expect(verify(`sha${key.alg.slice(2)}`, input, createPublicKey(from.key), signature)).toBe(true)
      expect(key).toMatchObject({ alg: 'RS256', kid: 'k1', ...expected })
      expect(leakIn(shownBy(key), canariesOf(from.jwk, secretText(text())))).toBeUndefined()
    },
  )

  it.each(Object.entries(accepted))(
    '%s in a setting, with the warnings that are due',
    async (_, { text, kid, warnings = [] }) => {
      const section = { Environment: 'test', ClientId: 'c', EncodedJwk: text(), Kid: kid }
      const settings = settingsFrom([fromObject({ MaskinportenSettings: section })])
      const events: unknown[] = []
      const codes: string[] = []
      settings.subscribe((event) => {
        events.push(event)
        if (event.type === 'settings.warning') codes.push(event.code)
      })
      const { keys } = await settings.get()
      expect(keys).toHaveLength(1)
      expect(codes).toEqual(warnings)
      expect(
        leakIn(
          shownBy([events, keys, settings, settings.describe()]),
          canariesOf(keys[0]?.kid === 'k4' ? large.jwk : one.jwk, secretText(text())),
        ),
      ).toBeUndefined()
      await settings.close()
    },
  )

  it('one identity, the thumbprint of RFC 7638, whatever the form', async () => {
    const ids = await Promise.all(
      [encoded(one.jwk), encoded(standard(one.jwk)), base64(pem(one.key)), pem(one.key, 'pkcs1')].map(
        async (text) => (await parseSigningKey(text, { kid: 'k' })).id,
      ),
    )
    expect(new Set(ids)).toEqual(new Set([await calculateJwkThumbprint(one.publicJwk)]))
  })

  it('a chain with the leaf first, whatever the order in the file', async () => {
    const { x5c } = await parseSigningKey(chain())
    expect(x5c).toHaveLength(2)
    const [leaf = '', ca = ''] = x5c ?? []
    expect(Buffer.from(leaf, 'base64').includes(Buffer.from(one.jwk.n, 'base64url'))).toBe(true)
    expect(Buffer.from(ca, 'base64').includes(Buffer.from(two.jwk.n, 'base64url'))).toBe(true)
  })
})

describe('a text is refused with its own words', () => {
  it.each(Object.entries(refused))('%s', async (_, { text, kid, code, says }) => {
    const error = await refusalOf(text(), kid)
    expect(error.detail).toMatch(code.endsWith('_') ? /^KEY_/ : new RegExp(`^${code}$`))
    expect(error.message).toContain(says)
    expect(error.message).toMatch(/^the signing key /)
    expect(error.hint).not.toBe('')
    expect(error.message.endsWith(error.hint)).toBe(true)
    expect(error.cause).toBeUndefined()
    expect(leakIn(shownBy(error), canariesOf({ ...one.jwk }, secretText(text())))).toBeUndefined()
  })

  it.each(Object.entries(refused))(
    '%s, in a setting: with its key, its origin and the same code',
    async (_, { text, kid, code }) => {
      const settings = settingsFrom([
        fromObject(
          { MaskinportenSettings: { Environment: 'test', ClientId: 'c', EncodedJwk: text(), Kid: kid } },
          { name: 'appsettings.json' },
        ),
      ])
      const error: unknown = await settings.get().catch((reason: unknown) => reason)
      if (!isMaskinportenError(error, 'settings_invalid')) throw new Error('was not refused')
      expect(error.problems).toHaveLength(1)
      expect(error.problems?.[0]).toMatchObject({ key: 'MaskinportenSettings:EncodedJwk', origin: 'appsettings.json' })
      expect(error.problems?.[0]?.code).toMatch(code.endsWith('_') ? /^KEY_/ : new RegExp(`^${code}$`))
      expect(leakIn(shownBy(error), canariesOf({ ...one.jwk, ...two.jwk }, secretText(text())))).toBeUndefined()
    },
  )

  it('names the setting that a placeholder’s secret has, and the kid’s own setting', async () => {
    const error = await settingsFrom([
      fromObject({ MaskinportenSettings: { Environment: 'test', ClientId: 'c', EncodedJwk: pem(one.key) } }),
    ])
      .get()
      .catch((reason: unknown) => reason)
    expect(String(error)).toContain('Set MaskinportenSettings:Kid to the kid shown in Samarbeidsportalen')
  })

  it('and the check for leaks finds one: V8 quotes what does not parse', () => {
    const text = `d${one.jwk.d}`
    let thrown: unknown
    try {
      JSON.parse(text)
    } catch (error) {
      thrown = error
    }
    expect(leakIn(shownBy(thrown), canariesOf(one.jwk))).toBeDefined()
  })
})
