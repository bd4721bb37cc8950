// Which values count as not set, and which as a look-alike of a key: told by their shape.
import { describe, expect, it } from 'vitest'
import { KeyRefusal } from '../../src/keys/key-refusal.ts'
import { looksLikeKey, refuseLookAlike, refuseNoBase64 } from '../../src/keys/look-alikes.ts'
import { unsetReason } from '../../src/keys/placeholder.ts'

const JWK = 'MaskinportenSettings:EncodedJwk'

describe('a value that says nothing', () => {
  it.each([null, '', '  ', '\n', '""', "''", '``', '" "'])('%j is missing', (text) => {
    expect(unsetReason(text)).toBe('CONFIG_MISSING')
    expect(unsetReason(text, JWK)).toBe('CONFIG_MISSING')
  })

  it.each(['@Microsoft.KeyVault(SecretUri=x)', ' {@microsoft.keyvault(VaultName=x)}'])(
    '%j is a reference that nobody resolved',
    (text) => {
      expect(unsetReason(text)).toBe('CONFIG_KV_REFERENCE')
    },
  )

  it.each([
    'Retrieved from secrets',
    'hentes fra Key Vault',
    'changeme',
    'your-client-id',
    'YOUR_KEY',
    'abc+/_-...',
    'abc…',
    'xxx',
    'xxxx-xxxx xx',
    '***',
    '...',
    '???',
    '___',
    '•••',
    '000',
    '0-0',
    '<key>',
    '<>',
    '${KEY}',
    '#{Key}#',
    '#{Key}',
    '$(Key)',
    '{{ key }}',
    '${{ key }}',
    '%KEY%',
    '%k%',
    '__Key__',
    '__a:b.c__',
    '$KEY',
    '$_k',
    '@@key@@',
    '{key}',
    '[key}',
    '[the key]',
    '"changeme"',
    "'<key>'",
    '`$KEY`',
    '  <key>  ',
  ])('%j is a placeholder of any setting', (text) => {
    expect(unsetReason(text)).toBe('CONFIG_PLACEHOLDER')
    expect(unsetReason(text, 'MaskinportenSettings:ClientId')).toBe('CONFIG_PLACEHOLDER')
  })

  it.each([
    'x@Microsoft.KeyVault(x)',
    'not changeme',
    'changeme now',
    'our-client',
    'my your-client',
    'abc.. .',
    'a b...',
    'xxxy',
    '00',
    '0a0',
    '<a> b',
    '<a<b>',
    'a<b>',
    '${KEY',
    '$KEY x',
    '$1',
    '%1%',
    '%KEY',
    '50%',
    '__1__',
    '[null]',
    '{"a":1}',
    '{a',
    'a}',
    '[a]b',
    '"<key>',
    'https://altinn.no/${x}',
    '991825827',
    '@key@',
  ])('%j is a value', (text) => {
    expect(unsetReason(text)).toBeUndefined()
  })

  it('is no placeholder from 64 characters on', () => {
    expect(unsetReason(`your-${'x'.repeat(58)}`)).toBe('CONFIG_PLACEHOLDER')
    expect(unsetReason(`your-${'x'.repeat(59)}`)).toBeUndefined()
  })

  it('with a blank is no kid', () => {
    for (const key of ['MaskinportenSettings:Kid', 'kid', 'KID'])
      expect(unsetReason('the kid', key)).toBe('CONFIG_PLACEHOLDER')
    for (const key of ['Kid:x', 'MyKid', 'Scope', '']) expect(unsetReason('the kid', key)).toBeUndefined()
    expect(unsetReason('kid-1', 'kid')).toBeUndefined()
  })
})

describe('words in the place of a key', () => {
  const KEYS = [JWK, 'encodedjwk', 'JwkBase64', 'jwk', 'jwks', 'MASKINPORTEN_CLIENT_JWK', 'a:b:jwk']

  it.each([
    'SetInKeyVault',
    'base64-encoded-jwk',
    'jwk64',
    'put the key here',
    'hemmelig nøkkel',
    'SECRET',
    'TheJWKHere',
    'a-key',
    'key_nr12',
    'set:in:vault',
    'secret!',
    'to do...',
    'kid-nr2024',
  ])('%j are a placeholder', (text) => {
    for (const key of KEYS) expect(unsetReason(text, key)).toBe('CONFIG_PLACEHOLDER')
    for (const key of ['clientid', 'xjwk', 'jwkx', 'encodedjwk:x', '']) expect(unsetReason(text, key)).toBeUndefined()
  })

  it.each([
    'eyJ',
    'eyJrdHkiOiJSU0EifQ',
    'ey',
    'MII',
    'M',
    'MIIEvQIBADANBg',
    '-----BEGIN',
    '-----',
    'LS0tLS1CRUdJTi',
    'W3siabc',
    'key.pem',
    'keys/secret.json',
    'C:\\keys\\key',
    '/run/secret',
    './secret',
    '~/secret',
    'file:secret',
    'secret.pfx',
    '"secret.p12"',
    'aB3dE6gH',
    'abc1',
    'a1b2c3',
    'q',
    '7',
    'x-9-y',
    'part-12345',
    'key_1',
    'kid-2024',
    'part-nr12345',
    '{ "kty": "RSA"',
    '"x" }',
    'the kty here',
    'see <? xml',
    '<a> <b>',
    'in -----',
    'RSAKeyValue is this',
    'this aB3dE6gH9jK1mN4pQ7',
  ])('%j are none, and are read as a key', (text) => {
    for (const key of KEYS) expect(unsetReason(text, key)).toBeUndefined()
  })

  it('may hold long words, but no long run that words do not make', () => {
    expect(unsetReason('the averyveryverylongword here', JWK)).toBe('CONFIG_PLACEHOLDER')
    expect(unsetReason('the aB3dE6gH9jK1mN4p here', JWK)).toBeUndefined()
    expect(unsetReason('the aB3dE6gH9jK1mN4 here', JWK)).toBe('CONFIG_PLACEHOLDER')
  })
})

const codeOf = (refuse: (text: string) => void, text: string): string | undefined => {
  try {
    refuse(text)
    return undefined
  } catch (error) {
    return error instanceof KeyRefusal ? error.code : String(error)
  }
}

describe('what people store where a key belongs', () => {
  it.each([
    ['-----BEGIN PRIVATE KEY-----', 'KEY_CUT_SHORT'],
    ['"-----BEGIN RSA PRIVATE KEY-----', 'KEY_CUT_SHORT'],
    ['{', 'KEY_CUT_SHORT'],
    ['[\\', 'KEY_CUT_SHORT'],
    ['"', 'KEY_CUT_SHORT'],
    ['file:key', 'KEY_IS_PATH'],
    ['C:\\key', 'KEY_IS_PATH'],
    ['/run/key', 'KEY_IS_PATH'],
    ['~/key', 'KEY_IS_PATH'],
    ['./key', 'KEY_IS_PATH'],
    ['../key', 'KEY_IS_PATH'],
    ['%HOME%\\key', 'KEY_IS_PATH'],
    ['key.pem', 'KEY_IS_PATH'],
    ['key.p12', 'KEY_IS_PATH'],
    ['https://vault.example/secrets/x', 'KEY_REFERENCE'],
    ['op://vault/item', 'KEY_REFERENCE'],
    ['<RSAKeyValue><N>x</N><D>x</D>', 'KEY_IS_XML'],
    ['<RSAKeyValue><N>x</N>', 'KEY_PUBLIC_ONLY'],
    ['b3BlbnNzaC1rZXktx', 'KEY_OPENSSH'],
    ['x BEGIN OPENSSH', 'KEY_OPENSSH'],
    ['ssh-rsa AAAA', 'KEY_PUBLIC_ONLY'],
    ['ecdsa-sha2 AAAA', 'KEY_PUBLIC_ONLY'],
  ])('%j is %s', (text, code) => {
    expect(codeOf(refuseLookAlike, text)).toBe(code)
  })

  it.each([
    'eyJrdHkiOiJSU0EifQ',
    '-----BEGIN PRIVATE KEY-----\nMII',
    'x-----BEGIN PRIVATE KEY-----',
    'x{',
    'key.',
    'key.toolongend',
    'key.1ab',
    'http:x y',
    'x ssh-rsa',
    'a:',
    '1a:b',
    'xb3BlbnNzaC1rZXkt',
  ])('%j may be one', (text) => {
    expect(codeOf(refuseLookAlike, text)).toBeUndefined()
  })

  it('is looked for as a path or a reference in texts shorter than a key', () => {
    expect(codeOf(refuseLookAlike, `https://x/${'y'.repeat(489)}`)).toBe('KEY_REFERENCE')
    expect(codeOf(refuseLookAlike, `https://x/${'y'.repeat(490)}`)).toBeUndefined()
  })

  it.each([
    ['aaa.bbb.ccc', 'KEY_IS_JWT'],
    ['Bearer a-_.b.c', 'KEY_IS_JWT'],
    ['a.b.', 'KEY_IS_JWT'],
    ['ab'.repeat(32), 'KEY_NOT_TEXT'],
    [`0x${'AB'.repeat(32)}`, 'KEY_NOT_TEXT'],
    ['ab:'.repeat(32), 'KEY_NOT_TEXT'],
    ['abc%2Bdef', 'KEY_NOT_BASE64'],
    ['x kty: RSA', 'KEY_NOT_BASE64'],
    ['kty":', 'KEY_NOT_BASE64'],
    ["KTY' :", 'KEY_NOT_BASE64'],
    ['JWK=eyJ', 'KEY_NOT_BASE64'],
    ['export JWK="eyJ', 'KEY_NOT_BASE64'],
    ['set JWK = eyJ', 'KEY_NOT_BASE64'],
    ['"jwk": "eyJ', 'KEY_NOT_BASE64'],
    ["'Maskinporten:Jwk':'x", 'KEY_NOT_BASE64'],
    ['"abc', 'KEY_CUT_SHORT'],
    ['`abc', 'KEY_CUT_SHORT'],
  ])('%j is no base64: %s', (text, code) => {
    expect(codeOf(refuseNoBase64, text)).toBe(code)
  })

  it.each([
    'eyJrdHkiOiJSU0EifQ==',
    'a.b',
    'a.b.c.d',
    'x a.b.c',
    'ab'.repeat(31) + 'a',
    `${'ab'.repeat(32)}x`,
    '%2',
    '%zz',
    'kty',
    'abc=',
    'abc==',
    'a"b',
  ])('%j may be base64', (text) => {
    expect(codeOf(refuseNoBase64, text)).toBeUndefined()
  })
})

describe('a setting that may be shown', () => {
  it.each(['-----BEGIN', 'x -----BEGIN', 'eyJ', ' \n{', '[', `x ${'aB9+/-_a'.repeat(10)}`, 'x '.repeat(101)])(
    'holds a key where it has %j',
    (text) => {
      expect(looksLikeKey(text)).toBe(true)
    },
  )

  it.each(['', '-----END', 'x eyJ', 'x {', 'a'.repeat(79), `${'a'.repeat(79)} ${'b'.repeat(79)}`, 'x '.repeat(100)])(
    'holds none where it has %j',
    (text) => {
      expect(looksLikeKey(text)).toBe(false)
    },
  )
})
