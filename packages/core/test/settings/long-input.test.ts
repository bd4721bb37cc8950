// Settings and keys of a size that nobody means: read in time that grows with their length, not with its square.
import { fromObject, parseSigningKey, settingsFrom } from '@maskinporten-kit/core'
import { describe, expect, it } from 'vitest'

/** Processor time, which a busy machine does not stretch. Quadratic readers need a minute or more for these; ours, on a slow machine, a few hundred milliseconds. */
const LENGTH = 1_000_000
const LIMIT_MS = 3_000

const fill = (piece: string, length = LENGTH): string => piece.repeat(Math.ceil(length / piece.length))
const base64 = (text: string): string => Buffer.from(text).toString('base64')

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage()
  await work().catch(() => undefined)
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

describe('a key of a megabyte', () => {
  it.each([
    ['beginnings of a PEM', fill('-----BEGIN PRIVATE KEY-----\n')],
    ['beginnings of a PEM in base64', base64(fill('-----BEGIN PRIVATE KEY-----\n'))],
    ['beginnings of many labels', Array.from({ length: 50_000 }, (_, at) => `-----BEGIN A${at}-----`).join('\n')],
    ['hyphens after a beginning', `-----BEGIN ${fill('-----')}`],
    ['letters after a beginning', `-----BEGIN ${fill('A ')}`],
    ['beginnings without an end of line', fill('-----BEGIN ')],
    ['padding and a letter', `${fill('=')}A`],
    ['blanks and a letter', `A${fill(' ')}A`],
    ['backslashes', `-----BEGIN A-----${fill('\\')}`],
    ['braces', `{${fill('} ')}`],
    ['quotes', fill('"')],
    ['empty certificates', fill('-----BEGIN CERTIFICATE-----MAA=-----END CERTIFICATE-----')],
    ['elements of DER', Buffer.from(`30830f4240${fill('0500', 2_000_000)}`, 'hex').toString('base64')],
    [
      'a kid like its private exponent',
      JSON.stringify({ kty: 'RSA', kid: fill('A'), d: fill('AAAAAAAB'), n: 'A', e: 'AQAB' }),
    ],
    [
      'a key set of many',
      JSON.stringify({ keys: Array.from({ length: 10_000 }, (_, kid) => ({ kty: 'RSA', kid: `${kid}`, d: 'A' })) }),
    ],
  ])('of %s is refused in time', { timeout: 120_000 }, async (_name, text) => {
    expect(await timeOf(() => parseSigningKey(text, { kid: 'other' }))).toBeLessThan(LIMIT_MS)
  })
})

describe('a setting of a megabyte', () => {
  const slashes = `https://a.example/${fill('/')}x`
  const wellKnown = `https://a.example/${fill('/.well-known/')}\nx`
  it.each([
    ['Authority of slashes', { Authority: slashes }],
    ['Authority of well-known paths', { Authority: wellKnown }],
    ['AssertionAudience of slashes', { Authority: 'https://a.example/', AssertionAudience: slashes }],
    ['TokenExchangeEnvironment of slashes', { Environment: 'test', TokenExchangeEnvironment: slashes }],
    ['TokenEndpoint of slashes', { Environment: 'test', TokenEndpoint: slashes }],
    ['Environment of blanks', { Environment: `t${fill(' ')}t` }],
    ['Scope of blanks', { Scope: `a:b${fill(' ')}c:d` }],
    ['ConsumerOrgNo of digits', { ConsumerOrgNo: fill('0192:') }],
    ['Resource of fragments', { Resource: fill('https://a.example/# ') }],
    ['ClientId of braces', { ClientId: fill('<{') }],
    ['name of letters', { [fill('a')]: 'x' }],
  ])('%s is read in time', { timeout: 120_000 }, async (_name, setting) => {
    const section = { Environment: undefined, ClientId: 'a', Scope: 'a:b', EncodedJwk: 'A', ...setting }
    const settings = settingsFrom([fromObject({ MaskinportenSettings: section })])
    expect(await timeOf(() => settings.get())).toBeLessThan(LIMIT_MS)
    await settings.close()
  })

  it('named as NAIS does is read in time', { timeout: 120_000 }, async () => {
    const settings = settingsFrom([
      fromObject({
        MASKINPORTEN_WELL_KNOWN_URL: wellKnown.replaceAll('/.well-known/', '.well-known/'),
        MASKINPORTEN_ISSUER: slashes,
      }),
    ])
    expect(await timeOf(() => settings.get())).toBeLessThan(LIMIT_MS)
    await settings.close()
  })
})
