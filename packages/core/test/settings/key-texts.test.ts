/** What people really have where a key belongs, and what is said of it. */
import { createPublicKey } from 'node:crypto'
import { isMaskinportenError, parseSigningKey } from '@maskinporten-kit/core'
import { beforeAll, describe, expect, it } from 'vitest'
import { canariesOf, leakIn, shownBy } from './canaries.ts'
import { certificate, certificatePem } from './der-writer.ts'
import { loadSection } from './load.ts'
import { type TestKey, base64, encoded, pem, rsaKey } from './rsa-keys.ts'

let one: TestKey
let two: TestKey
beforeAll(async () => {
  ;[one, two] = await Promise.all([rsaKey('k1'), rsaKey('k2')])
})

const raw = (): string => JSON.stringify(one.jwk)
const pretty = (): string => JSON.stringify(one.jwk, null, 2)
const escaped = (text: string): string => text.replaceAll('"', '\\"')
const written = (text: string, lineBreak: string): string => text.replaceAll('\n', lineBreak)
const leafFirst = (): string => certificatePem(certificate({ subject: 'V', issuer: 'V', key: one.key })) + pem(one.key)
const wrapped = (text: string): string => text.replaceAll(/.{64}/g, '$&\n')
const block = (label: string, body: string): string =>
  `-----BEGIN ${label}-----\n${wrapped(body)}\n-----END ${label}-----\n`
const openSsh = (): string =>
  block('OPENSSH PRIVATE KEY', base64(`openssh-key-v1\0\0\0\0\u0004none${'\0\u0001'.repeat(300)}`))
const xml = (): string => {
  const field = (name: string, value: string): string =>
    `<${name}>${Buffer.from(value, 'base64url').toString('base64')}</${name}>`
  const { n, e, d, p, q, dp, dq, qi } = one.jwk
  return `<RSAKeyValue>${field('Modulus', n)}${field('Exponent', e)}${field('P', p)}${field('Q', q)}${field('DP', dp)}${field('DQ', dq)}${field('InverseQ', qi)}${field('D', d)}</RSAKeyValue>`
}

interface Read {
  readonly text: () => string
  /** The text carries no kid. */
  readonly kid?: string
  /** What the warnings in a setting must say. */
  readonly warns?: RegExp
  readonly chain?: boolean
}

const read: Readonly<Record<string, Read>> = {
  'a raw JWK in single quotes': { text: () => `'${raw()}'`, warns: /quotes around the key/ },
  'a raw JWK in double quotes': { text: () => `"${raw()}"`, warns: /quotes around the key/ },
  'a raw JWK in backticks': { text: () => `\`${raw()}\``, warns: /quotes around the key/ },
  'a raw JWK in curly quotes': { text: () => `“${raw()}”`, warns: /quotes around the key/ },
  'a raw JWK in two kinds of quotes': { text: () => `'"${escaped(raw())}"'`, warns: /quotes.*backslashes/ },
  'a raw JWK with backslashes before its quotes': { text: () => escaped(raw()), warns: /backslashes/ },
  'a raw JWK with backslashes doubled': { text: () => raw().replaceAll('"', '\\\\"'), warns: /backslashes/ },
  'a raw JWK in quotes and with backslashes': { text: () => `"${escaped(raw())}"`, warns: /quotes.*backslashes/ },
  'a pretty JWK with its line breaks written out': { text: () => written(pretty(), '\\n'), warns: /backslashes/ },
  'a pretty JWK with line breaks and quotes written out': {
    text: () => escaped(written(pretty(), '\\n')),
    warns: /backslashes/,
  },
  'a pretty JWK': { text: pretty, warns: /not base64 of it/ },
  'a pretty JWK with CR LF': { text: () => written(pretty(), '\r\n'), warns: /not base64 of it/ },
  'a JWK that a terminal has wrapped': { text: () => wrapped(raw()), warns: /line breaks/ },
  'a JWK whose curly quotes an editor wrote': {
    text: () => raw().replaceAll(/"([^"]*)"/g, '“$1”'),
    warns: /quotes/,
  },
  'a JWK with no-break spaces': { text: () => pretty().replaceAll(' ', '\u00A0'), warns: /not base64 of it/ },
  'base64 in curly quotes': { text: () => `“${encoded(one.jwk)}”`, warns: /quotes around the key/ },
  'base64 in two kinds of quotes': { text: () => `'"${encoded(one.jwk)}"'`, warns: /quotes around the key/ },
  'base64 with its line breaks written out': {
    text: () => written(wrapped(encoded(one.jwk)), '\\n'),
    warns: /backslashes/,
  },
  'base64 with zero-width characters': {
    text: () => `${encoded(one.jwk).slice(0, 300)}\u200B${encoded(one.jwk).slice(300)}\u200B`,
    warns: /invisible characters/,
  },
  'base64 with a soft hyphen': {
    text: () => `${encoded(one.jwk).slice(0, 300)}\u00AD${encoded(one.jwk).slice(300)}`,
    warns: /invisible characters/,
  },
  'a raw JWK with a zero-width character before it': { text: () => `\u200B${raw()}`, warns: /invisible characters/ },
  'UTF-16 read as one-byte text': {
    text: () => Array.from(raw(), (char) => `${char}\0`).join(''),
    warns: /invisible characters/,
  },
  'base64 with NUL at its end': { text: () => `${encoded(one.jwk)}\0`, warns: /invisible characters/ },
  'base64 with its slashes escaped, as PHP writes JSON': {
    text: () => `"${base64(`${raw()}???>>>`.slice(0, raw().length)).replaceAll('/', '\\/')}"`,
    warns: /quotes/,
  },
  'base64 of a JWK in quotes': { text: () => base64(`'${raw()}'`), warns: /quotes/ },
  'base64 of a JWK with a line break at its end': { text: () => base64(`${raw()}\n`) },
  'base64 of base64 with a line break': { text: () => base64(`${encoded(one.jwk)}\n`), warns: /twice over/ },
  'a JWK inside other JSON': { text: () => JSON.stringify({ privateKey: one.jwk }), warns: /other JSON/ },
  'base64 of a JWK inside other JSON': { text: () => encoded({ data: { jwk: one.jwk } }), warns: /other JSON/ },
  'a private and a public JWK side by side': {
    text: () => encoded({ private: one.jwk, public: one.publicJwk }),
    warns: /other JSON/,
  },
  'a set inside other JSON': {
    text: () => encoded({ jwks: { keys: [two.publicJwk, one.jwk] }, created: '2026-01-01' }),
    warns: /other JSON/,
  },
  'a key as text inside other JSON, as az prints a secret': {
    text: () =>
      JSON.stringify({
        contentType: 'text/plain',
        id: 'https://my-kv.vault.azure.net/secrets/MaskinportenSettings--EncodedJwk/4387e9f3d6e14c459867679a90fd0f79',
        value: encoded(one.jwk),
      }),
    warns: /other JSON/,
  },
  'a whole settings file': {
    text: () => JSON.stringify({ MaskinportenSettings: { Environment: 'test', EncodedJwk: encoded(one.jwk) } }),
    warns: /other JSON/,
  },
  'a PEM as text inside other JSON': {
    text: () => JSON.stringify({ type: 'key', private_key: pem(one.key) }),
    kid: 'own',
    warns: /other JSON/,
  },
  'base64 of JSON text around the JSON': { text: () => encoded(raw()), warns: /quotes/ },
  'kty in lower case': { text: () => encoded({ ...one.jwk, kty: 'rsa' }) },
  'PEM with its line breaks written out': { text: () => written(pem(one.key), '\\n'), kid: 'own' },
  'PEM with its line breaks written out twice over': {
    text: () => written(pem(one.key), '\\\\n'),
    kid: 'own',
    warns: /backslashes/,
  },
  'PEM with CR LF written out': { text: () => written(pem(one.key), '\\r\\n'), kid: 'own' },
  'PEM with a backslash at the end of each line': {
    text: () => written(pem(one.key), '\\\n'),
    kid: 'own',
    warns: /backslashes/,
  },
  'PEM in quotes, with its line breaks written out': {
    text: () => `"${written(pem(one.key), '\\n')}"`,
    kid: 'own',
    warns: /quotes/,
  },
  'base64 of PEM with its line breaks written out': { text: () => base64(written(pem(one.key), '\\n')), kid: 'own' },
  'base64 of PEM, twice': { text: () => base64(base64(pem(one.key))), kid: 'own', warns: /twice over/ },
  'the body of a PEM alone': {
    text: () => pem(one.key).replaceAll(/-----.*-----\n/g, ''),
    kid: 'own',
    warns: /line breaks/,
  },
  'PEM with Bag Attributes': {
    text: () =>
      `Bag Attributes\n    localKeyID: 01 00 00 00 \n    friendlyName: {7C2F1A0E}\nKey Attributes: <No Attributes>\n${pem(one.key)}`,
    kid: 'own',
  },
  'PEM with Bag Attributes and a certificate before it': {
    text: () => `Bag Attributes\n    localKeyID: 01\nsubject=CN = V\n\nissuer=CN = V\n\n${leafFirst()}`,
    chain: true,
  },
  'PEM with a byte order mark': { text: () => `\uFEFF${pem(one.key)}`, kid: 'own', warns: /invisible characters/ },
}

interface Refused {
  readonly text: () => string
  readonly code: string
  readonly says: RegExp
  /** Words that would lead astray. */
  readonly never?: RegExp
}

const cutShort = /cut short/
const refused: Readonly<Record<string, Refused>> = {
  'one brace, as node --env-file leaves it': {
    text: () => '{',
    code: 'KEY_CUT_SHORT',
    says: /an env reader ended the value at a quote/,
  },
  'a brace and a backslash': {
    text: () => '{\\',
    code: 'KEY_CUT_SHORT',
    says: /an env reader ended the value at a quote/,
  },
  'one bracket': { text: () => '[', code: 'KEY_CUT_SHORT', says: /an env reader ended the value at a quote/ },
  'one quote': { text: () => '"', code: 'KEY_CUT_SHORT', says: /an env reader ended the value at a quote/ },
  'the first line of a PEM': {
    text: () => '-----BEGIN PRIVATE KEY-----',
    code: 'KEY_CUT_SHORT',
    says: /at the end of its first line/,
    never: /begin|BEGIN/,
  },
  'the first line of a PEM, with the quote before it': {
    text: () => '"-----BEGIN RSA PRIVATE KEY-----',
    code: 'KEY_CUT_SHORT',
    says: /at the end of its first line/,
  },
  'an absolute path': { text: () => '/run/secrets/maskinporten.pem', code: 'KEY_IS_PATH', says: /path of a file/ },
  'a path without an extension': {
    text: () => '/run/secrets/maskinporten_jwk',
    code: 'KEY_IS_PATH',
    says: /path of a file/,
  },
  'a short path': { text: () => '/x.pem', code: 'KEY_IS_PATH', says: /path of a file/ },
  'a Windows path': { text: () => 'C:\\keys\\maskinporten key.pem', code: 'KEY_IS_PATH', says: /path of a file/ },
  'a Windows share': { text: () => '\\\\server\\share\\key', code: 'KEY_IS_PATH', says: /path of a file/ },
  'a relative path': { text: () => './jwk.json', code: 'KEY_IS_PATH', says: /path of a file/ },
  'a path of a parent': { text: () => '../secrets/jwk', code: 'KEY_IS_PATH', says: /path of a file/ },
  'a path of the home': { text: () => '~/.ssh/id_rsa', code: 'KEY_IS_PATH', says: /path of a file/ },
  'the name of a file': { text: () => 'maskinporten.prod.pem', code: 'KEY_IS_PATH', says: /path of a file/ },
  'a path in quotes': { text: () => '"./jwk.json"', code: 'KEY_IS_PATH', says: /path of a file/ },
  'a file URL': { text: () => 'file:///run/secrets/jwk', code: 'KEY_IS_PATH', says: /path of a file/ },
  'base64 of a path': {
    text: () => base64(`/run/secrets/${'maskinporten/'.repeat(6)}jwk`),
    code: 'KEY_IS_PATH',
    says: /path of a file/,
  },
  'a 1Password reference': {
    text: () => 'op://vault/maskinporten/jwk',
    code: 'KEY_REFERENCE',
    says: /a reference or an address/,
  },
  'a Vault reference': {
    text: () => 'vault:secret/data/maskinporten#jwk',
    code: 'KEY_REFERENCE',
    says: /a reference or an address/,
  },
  'an ARN': {
    text: () => 'arn:aws:secretsmanager:eu-north-1:123456789012:secret:maskinporten',
    code: 'KEY_REFERENCE',
    says: /a reference or an address/,
  },
  'the address of a secret': {
    text: () =>
      'https://my-kv.vault.azure.net/secrets/MaskinportenSettings--EncodedJwk/4387e9f3d6e14c459867679a90fd0f79',
    code: 'KEY_REFERENCE',
    says: /a reference or an address/,
  },
  'a Key Vault reference of Container Apps': {
    text: () => 'secretref:maskinporten-jwk',
    code: 'KEY_REFERENCE',
    says: /a reference or an address/,
  },
  'a shell’s placeholder': { text: () => '$MASKINPORTEN_JWK', code: 'CONFIG_PLACEHOLDER', says: /placeholder/ },
  'a placeholder in braces': {
    text: () => '${MASKINPORTEN_JWK}',
    code: 'CONFIG_PLACEHOLDER',
    says: /placeholder/,
    never: /Key Vault|named \./,
  },
  'a placeholder of a pipeline': { text: () => '#{MaskinportenJwk}#', code: 'CONFIG_PLACEHOLDER', says: /placeholder/ },
  'a placeholder of Azure DevOps': {
    text: () => '$(MaskinportenJwk)',
    code: 'CONFIG_PLACEHOLDER',
    says: /placeholder/,
  },
  'a placeholder of Helm': {
    text: () => '{{ .Values.maskinporten.jwk }}',
    code: 'CONFIG_PLACEHOLDER',
    says: /placeholder/,
  },
  'a placeholder of GitHub': { text: () => '${{ secrets.JWK }}', code: 'CONFIG_PLACEHOLDER', says: /placeholder/ },
  'a placeholder of Windows': { text: () => '%MASKINPORTEN_JWK%', code: 'CONFIG_PLACEHOLDER', says: /placeholder/ },
  'an unresolved Key Vault reference': {
    text: () => '@Microsoft.KeyVault(VaultName=my-kv;SecretName=jwk)',
    code: 'CONFIG_KV_REFERENCE',
    says: /is a Key Vault reference/,
  },
  'an OpenSSH key': {
    text: openSsh,
    code: 'KEY_OPENSSH',
    says: /OpenSSH.*ssh-keygen -p -m PEM -N '' -f key.pem/,
    never: /p12|key store/,
  },
  'base64 of an OpenSSH key': {
    text: () => base64(openSsh()),
    code: 'KEY_OPENSSH',
    says: /ssh-keygen -p -m PEM -N '' -f key.pem/,
  },
  'the body of an OpenSSH key': {
    text: () => openSsh().replaceAll(/-----.*-----\n/g, ''),
    code: 'KEY_OPENSSH',
    says: /ssh-keygen -p -m PEM -N '' -f key.pem/,
  },
  'a public key of OpenSSH': {
    text: () => `ssh-rsa ${base64('\0\0\0\u0007ssh-rsa'.repeat(20))} me@host`,
    code: 'KEY_PUBLIC_ONLY',
    says: /private key is needed/,
  },
  'XML of .NET': { text: xml, code: 'KEY_IS_XML', says: /XML of \.NET.*FromXmlString.*ExportPkcs8PrivateKeyPem/ },
  'pretty XML of .NET': { text: () => xml().replaceAll('><', '>\n  <'), code: 'KEY_IS_XML', says: /XML of \.NET/ },
  'base64 of XML of .NET': { text: () => base64(xml()), code: 'KEY_IS_XML', says: /XML of \.NET/ },
  'public XML of .NET': {
    text: () => xml().replace(/<P>.*<\/D>/, ''),
    code: 'KEY_PUBLIC_ONLY',
    says: /private key is needed/,
  },
  'an HTML page': {
    text: () => `<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body>${'x'.repeat(80)}</body></html>`,
    code: 'KEY_NOT_BASE64',
    says: /is neither base64, JSON nor PEM/,
  },
  'the labels of mkjwk around two JWKs': {
    text: () => `Public and Private Keypair\n${pretty()}\nPublic Key\n${JSON.stringify(one.publicJwk, null, 2)}`,
    code: 'KEY_NOT_BASE64',
    says: /around it.*from \{ to \}/s,
    never: /neither/,
  },
  'a whole line of an env file with a JWK': {
    text: () => `MASKINPORTEN_CLIENT_JWK=${raw()}`,
    code: 'KEY_NOT_BASE64',
    says: /around it.*from \{ to \}/s,
  },
  'a whole line of an env file with base64': {
    text: () => `export EncodedJwk="${encoded(one.jwk)}"`,
    code: 'KEY_NOT_BASE64',
    says: /begins with a name/,
  },
  'a whole line of an appsettings file': {
    text: () => `"EncodedJwk": "${encoded(one.jwk)}",`,
    code: 'KEY_NOT_BASE64',
    says: /begins with a name/,
    never: cutShort,
  },
  'a JWK in single quotes': {
    text: () => raw().replaceAll('"', "'"),
    code: 'KEY_JSON_BAD',
    says: /in double quotes.*shell.*comment/,
    never: cutShort,
  },
  'a JWK whose quotes a shell took': {
    text: () => raw().replaceAll('"', ''),
    code: 'KEY_JSON_BAD',
    says: /in double quotes.*shell.*comment/,
    never: cutShort,
  },
  'a JWK with names as in JSON5': {
    text: () => raw().replaceAll(/"(\w+)":/g, '$1:'),
    code: 'KEY_JSON_BAD',
    says: /in double quotes.*shell.*comment/,
    never: cutShort,
  },
  'a JWK with a comma after its last member': {
    text: () => raw().replace(/\}$/, ',\n}'),
    code: 'KEY_JSON_BAD',
    says: /starts like JSON.*a comma too many/,
    never: /cut short|decodes/,
  },
  'a JWK with a comment': {
    text: () => raw().replace('{', '{ // mine\n'),
    code: 'KEY_JSON_BAD',
    says: /in double quotes.*shell.*comment/,
    never: cutShort,
  },
  'a JWK of an HTML page': {
    text: () => raw().replaceAll('"', '&quot;'),
    code: 'KEY_JSON_BAD',
    says: /in double quotes.*shell.*comment/,
    never: cutShort,
  },
  'a JWK cut short': {
    text: () => raw().slice(0, 700),
    code: 'KEY_JSON_BAD',
    says: /^the signing key starts like JSON.*cut short/,
  },
  'base64 of a JWK cut short': {
    text: () => encoded(one.jwk).slice(0, 901),
    code: 'KEY_JSON_BAD',
    says: /decodes to text that starts like JSON.*cut short/,
  },
  'DER cut short': {
    text: () => base64(one.key.export({ type: 'pkcs8', format: 'der' })).slice(0, 1000),
    code: 'KEY_PEM_BAD',
    says: cutShort,
  },
  'PEM that lost lines': {
    text: () => pem(one.key).split('\n').toSpliced(5, 3).join('\n'),
    code: 'KEY_PEM_BAD',
    says: cutShort,
    never: /p12|key store/,
  },
  'PEM without its first line': {
    text: () => pem(one.key).replace(/^-----BEGIN.*\n/, ''),
    code: 'KEY_PEM_BAD',
    says: /does not parse/,
    never: /neither/,
  },
  'PEM whose hyphens an editor joined': {
    text: () => pem(one.key).replaceAll('-----', '—–-'),
    code: 'KEY_PEM_BAD',
    says: /five hyphens/,
  },
  'PEM with four hyphens': {
    text: () => pem(one.key).replaceAll('-----', '----'),
    code: 'KEY_PEM_BAD',
    says: /five hyphens/,
  },
  'a request for a certificate': {
    text: () => block('CERTIFICATE REQUEST', base64('0'.repeat(300))),
    code: 'KEY_PUBLIC_ONLY',
    says: /the private key is needed/,
  },
  'PKCS#7': { text: () => block('PKCS7', base64('0'.repeat(300))), code: 'KEY_PEM_BAD', says: /no private key/ },
  'a key of PGP': {
    text: () => block('PGP PRIVATE KEY BLOCK', base64('0'.repeat(300))),
    code: 'KEY_PEM_BAD',
    says: /no private key that is read/,
    never: /public key/,
  },
  'a certificate in DER': {
    text: () => base64(certificate({ subject: 'a', issuer: 'a', key: one.key })),
    code: 'KEY_IS_PKCS12',
    says: /certificate \(DER\).*A certificate holds no private key/,
  },
  hex: {
    text: () => one.key.export({ type: 'pkcs8', format: 'der' }).toString('hex'),
    code: 'KEY_NOT_TEXT',
    says: /is hexadecimal/,
  },
  'hex with colons': {
    text: () =>
      one.key
        .export({ type: 'pkcs8', format: 'der' })
        .toString('hex')
        .replaceAll(/..(?!$)/g, '$&:'),
    code: 'KEY_NOT_TEXT',
    says: /is hexadecimal/,
  },
  'a bearer token': {
    text: () => `Bearer ${['a', 'b', 'c'].map((part) => part.repeat(60)).join('.')}`,
    code: 'KEY_IS_JWT',
    says: /is a JWT/,
  },
  'a JWK, percent-encoded': {
    text: () => encodeURIComponent(raw()),
    code: 'KEY_NOT_BASE64',
    says: /percent-encoded/,
  },
  'a public JWK inside other JSON': {
    text: () => encoded({ publicKey: one.publicJwk }),
    code: 'KEY_PUBLIC_ONLY',
    says: /without any private key/,
  },
  'two private JWKs inside other JSON': {
    text: () => encoded({ test: one.jwk, prod: two.jwk }),
    code: 'KEY_KID_NOT_FOUND',
    says: /it holds "k1", "k2"/,
  },
}

const problemOf = async (text: string, kid?: string): Promise<Error> => {
  const outcome: unknown = await parseSigningKey(text, { kid }).catch((error: unknown) => error)
  if (!isMaskinportenError(outcome, 'settings_invalid')) throw new Error(`was not refused: ${String(outcome)}`)
  return outcome
}
const secrets = (): ReadonlySet<string> =>
  new Set([
    ...canariesOf(one.jwk),
    ...canariesOf(two.jwk),
    ...canariesOf({}, encoded(one.jwk)),
    ...canariesOf({}, base64(one.key.export({ type: 'pkcs8', format: 'der' })).slice(60)),
  ])

describe('a key is read from', () => {
  it.each(Object.entries(read))('%s', async (_, { text, kid, warns, chain = false }) => {
    const key = await parseSigningKey(text(), { kid })
    expect(key.kid).toBe(chain ? undefined : (kid ?? 'k1'))
    expect(key.id).toBe((await parseSigningKey(raw())).id)
    const { error, warnings, shown } = await loadSection({
      Environment: 'test',
      ClientId: 'c',
      EncodedJwk: text(),
      Kid: kid,
    })
    expect(error).toBeUndefined()
    const said = warnings.map(({ message }) => message).join('\n')
    if (warns === undefined) expect(said).toBe('')
    else expect(said).toMatch(warns)
    expect(leakIn(shownBy(shown), secrets())).toBeUndefined()
  })
})

describe('a text is named for what it is:', () => {
  it.each(Object.entries(refused))('%s', async (_, { text, code, says, never = /^$/ }) => {
    const error = await problemOf(text(), 'own')
    expect(error).toMatchObject({ detail: code })
    expect(error.message).toMatch(says)
    expect(error.message).not.toMatch(never)
    expect(leakIn(shownBy(error), secrets())).toBeUndefined()
  })

  it.each(Object.entries(refused))(
    '%s, in a setting, unless it counts as not set',
    async (_name, { text, code, says }) => {
      const { codes, error, shown } = await loadSection({
        Environment: 'test',
        ClientId: 'c',
        EncodedJwk: text(),
        Kid: 'own',
      })
      if (codes[0] !== 'CONFIG_PLACEHOLDER') {
        expect(codes).toEqual([code])
        expect(
          error?.message.replaceAll(
            /MaskinportenSettings:EncodedJwk( \(from appsettings\.json\))?/g,
            'the signing key',
          ),
        ).toMatch(new RegExp(says.source.replace('^', ''), says.flags))
      }
      expect(leakIn(shownBy(shown), secrets())).toBeUndefined()
    },
  )

  it.each(Object.entries(refused))('%s: the hint is the last sentence', async (_, { text }) => {
    const { message, hint } = (await problemOf(text(), 'own')) as Error & { hint: string }
    expect(hint).toMatch(/^[A-Z]/)
    expect(message).toMatch(/[.:;] /)
    expect(message.endsWith(` ${hint}`)).toBe(true)
  })
})

it('public halves are not taken for leaks: the check knows each private member', () => {
  expect(leakIn(createPublicKey(one.key).export({ format: 'jwk' }).n ?? '', canariesOf(one.jwk))).toBeUndefined()
  expect(leakIn(`x${one.jwk.d.slice(5, 20)}`, secrets())).toBeDefined()
})
