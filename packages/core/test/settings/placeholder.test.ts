import { Buffer } from 'node:buffer'
import { beforeAll, describe, expect, it } from 'vitest'
import { unsetReason } from '../../src/keys/placeholder.ts'
import { type TestKey, encoded, pem, rsaKey } from './rsa-keys.ts'

let keys: readonly TestKey[]
beforeAll(async () => {
  keys = await Promise.all(Array.from({ length: 6 }, (_, index) => rsaKey(`k${index}`)))
})

const base64 = (text: string): string => Buffer.from(text).toString('base64')

/** What people store, of one key. */
const textsOf = ({ jwk, key }: TestKey): readonly string[] => [
  encoded(jwk),
  encoded(jwk).replaceAll('+', '-').replaceAll('/', '_'),
  encoded(jwk).replaceAll(/.{64}/g, '$& '),
  JSON.stringify(jwk),
  JSON.stringify(JSON.stringify(jwk)),
  JSON.stringify(jwk, undefined, 2),
  `{"keys": [${JSON.stringify(jwk)}]}`,
  base64(JSON.stringify(jwk, undefined, 2)),
  base64(`{ ${JSON.stringify(jwk).slice(1)}`),
  base64(JSON.stringify([jwk])),
  base64(encoded(jwk)),
  base64(`\uFEFF${JSON.stringify(jwk)}`),
  Buffer.from(JSON.stringify(jwk), 'utf16le').toString('base64'),
  pem(key),
  pem(key).replaceAll('\n', ' '),
  pem(key).replaceAll('\n', '\\n'),
  base64(pem(key)),
  base64(base64(pem(key))),
  key.export({ type: 'pkcs8', format: 'der' }).toString('base64'),
  base64(key.export({ type: 'pkcs1', format: 'der' }).toString('base64')),
]

describe('a placeholder in the place of a key is', () => {
  it.each([
    'TODO: Add to local secrets',
    'Add your key here',
    'Retrieved from environment/keyvault',
    'settes i Key Vault (prod)',
    'Ligger i Azure Key Vault: MaskinportenSettings--EncodedJwk',
    'Base64 encoded JWK',
    'See README.md',
    'changeme',
    'N/A',
    'n/a',
    'ikke/satt',
    '(hidden)',
    '(set in vault)',
    '«hemmelig»',
    '—',
    '***redacted***',
    'CHANGE_ME',
    'TODO',
    'secret',
    'SetInKeyVault',
    'din-nøkkel-her',
    'your-base64-encoded-jwk',
    'MaskinportenSettings--EncodedJwk',
    'encodedJwkBase64',
    'insert_jwk_here!',
    'xxx',
    'XXXX-XXXX',
    '...',
    '…',
    '***',
    '*****',
    '?',
    '<EncodedJwk>',
    '<your key>',
    '${MASKINPORTEN_JWK}',
    '#{EncodedJwk}',
    '#{EncodedJwk}#',
    '$(EncodedJwk)',
    '{{ .Values.jwk }}',
    '${{ secrets.JWK }}',
    '__EncodedJwk__',
    '%ENCODED_JWK%',
    '$ENCODED_JWK',
    '[insert key]',
    '"xxx"',
    'eyJwIjoiMms2RlZMRW9iV...',
  ])('%j', (text) => {
    expect(unsetReason(text, 'MaskinportenSettings:EncodedJwk')).toBe('CONFIG_PLACEHOLDER')
    expect(unsetReason(` ${text}\n`, 'MASKINPORTEN_CLIENT_JWK')).toBe('CONFIG_PLACEHOLDER')
  })
})

describe('no placeholder, but an error of whoever reads the key, is', () => {
  it.each([
    'kid-01',
    '1234',
    '0',
    'N/A1',
    'AbCd/EfGh',
    'ab/cd/ef/gh/ij/kl/mn',
    'abc123',
    '7c2f1a0e-9a0b-4a55-8f3e-2f9f1a0e9a0b',
    '/etc/secrets/jwk.json',
    './jwk.json',
    'jwk.json',
    'C:\\Program Files\\keys\\jwk.pem',
    '/var/run/my keys/jwk',
    '{}',
    '[]',
    '[null]',
    '{ "kty": "RSA" }',
    '{kty: RSA, n: abc}',
    '-',
    '-----BEGIN OPENSSH PRIVATE KEY-----',
    '<RSAKeyValue><Modulus>abc</Modulus> </RSAKeyValue>',
    '%7B%22kty%22%3A%22RSA%22%7D',
  ])('%j', (text) => {
    expect(unsetReason(text, 'MaskinportenSettings:EncodedJwk')).toBeUndefined()
  })

  it('a key cut short, wherever it was cut', () => {
    const taken = keys
      .flatMap(textsOf)
      .flatMap((text) => Array.from({ length: Math.min(text.length, 2000) }, (_, end) => text.slice(0, end + 1)))
      .filter((text) => text.trim() !== '' && unsetReason(text, 'MaskinportenSettings:EncodedJwk') !== undefined)
    expect(taken).toEqual([])
  })

  // 21 letters of base64 are `SetInKeyVault` by chance, once in 250; 64 are so once in a million.
  it('the end of a key, if it is too long for a few words', () => {
    expect(ends(64, 2000).filter(isTaken)).toEqual([])
  })

  it('nearly every shorter end of a key', () => {
    const shorter = ends(21, 63)
    expect(shorter.filter(isTaken).length).toBeLessThan(shorter.length / 500)
  })
})

const isTaken = (text: string): boolean => unsetReason(text, 'MaskinportenSettings:EncodedJwk') !== undefined

/** All ends of the keys' texts that have so many characters. */
function ends(shortest: number, longest: number): readonly string[] {
  return keys
    .flatMap(textsOf)
    .flatMap((text) =>
      Array.from({ length: Math.min(longest, text.length) - shortest + 1 }, (_, at) => text.slice(-(shortest + at))),
    )
}

describe('of another setting', () => {
  it.each([
    ['ClientId', 'xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx'],
    ['ClientId', '00000000-0000-0000-0000-000000000000'],
    ['ClientId', '${CLIENT_ID}'],
    ['ClientId', '(hidden)'],
    ['ClientId', '***redacted***'],
    ['MASKINPORTEN_CLIENT_ID', '<client id>'],
    ['Kid', 'xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx'],
    ['Kid', 'Insert the kid here'],
    ['Kid', '#{Kid}#'],
  ])('%s: %s is a placeholder', (name, text) => {
    expect(unsetReason(text, `MaskinportenSettings:${name}`)).toBe('CONFIG_PLACEHOLDER')
  })

  it.each([
    ['ClientId', 'oidc_my_client'],
    ['ClientId', 'digdir'],
    ['ClientId', 'n/a'],
    ['ClientId', '1234'],
    ['ClientId', 'ab c'],
    ['ClientId', 'c'],
    ['Kid', 'registered'],
    ['Kid', 'my-key'],
    ['Kid', '0'],
  ])('%s: %s is a value', (name, text) => {
    expect(unsetReason(text, `MaskinportenSettings:${name}`)).toBeUndefined()
  })
})
