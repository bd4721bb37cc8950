// A short key (EC, Ed25519) in a setting that is shown: Maskinporten takes none yet, and people paste them all the same.
import { createPrivateKey } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { canariesOf, leakIn, shownBy } from './canaries.ts'
import { load, loadSection } from './load.ts'
import { encoded, pem, rsaKey } from './rsa-keys.ts'

/** RFC 7517, appendix A.2; RFC 8037, appendix A.1. */
const EC = {
  kty: 'EC',
  crv: 'P-256',
  x: 'MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4',
  y: '4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM',
  d: '870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE',
}
const OKP = {
  kty: 'OKP',
  crv: 'Ed25519',
  d: 'nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A',
  x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
}

const base64Of = (jwk: typeof EC | typeof OKP, type: 'sec1' | 'pkcs8'): string =>
  createPrivateKey({ key: jwk, format: 'jwk' }).export({ type, format: 'der' }).toString('base64')

const forms: Readonly<Record<string, string>> = {
  'a JWK': JSON.stringify(EC),
  'a JWK in quotes': `'${JSON.stringify(EC)}'`,
  'a JWK with a shell’s backslashes': JSON.stringify(JSON.stringify(EC)),
  'a JWK without its braces': JSON.stringify(EC).slice(1, -1),
  'the end of a JWK': `"d":"${EC.d}"}`,
  'base64 of a JWK': encoded(EC),
  'SEC1 without its armour': base64Of(EC, 'sec1'),
  'SEC1 without its armour, in lines': base64Of(EC, 'sec1').replaceAll(/.{64}/g, '$&\n'),
  'PKCS#8 without its armour, in lines': base64Of(EC, 'pkcs8').replaceAll(/.{64}/g, '$& '),
  'an Ed25519 key without its armour': base64Of(OKP, 'pkcs8'),
  'a JWK of Ed25519': JSON.stringify(OKP),
}
const members: Readonly<Record<string, string>> = { 'the d of an EC key': EC.d, 'the d of Ed25519': OKP.d }

const SHOWN = ['ClientId', 'Scope', 'Resource', 'Authority', 'TokenEndpoint', 'Environment']
const section = { Environment: 'test', ClientId: 'c1', Scope: 'a:b' }

describe('describe() prints no part of', () => {
  it.each(Object.entries({ ...forms, ...members }))('%s, whichever shown setting holds it', async (_name, text) => {
    const canaries = new Set([...canariesOf(EC, text), ...canariesOf(OKP)])
    for (const name of SHOWN) {
      const { rows, shown } = await loadSection({ ...section, [name]: text })
      expect(rows).toMatchObject({ [`MaskinportenSettings:${name}`]: { value: '[secret]' } })
      expect([name, leakIn(shownBy(shown), canaries)]).toEqual([name, undefined])
    }
  })

  it.each(Object.entries({ ...forms, ...members }))('%s in the place of the kid', async (_name, text) => {
    const { rows } = await loadSection({ ...section, Kid: text })
    expect(rows).toMatchObject({ 'MaskinportenSettings:Kid': { value: '[secret]' } })
  })
})

describe('a kid of the same form as a private member', () => {
  const withKid = async (Kid: string): Promise<Awaited<ReturnType<typeof loadSection>>> =>
    loadSection({ ...section, ClientId: 'c1', EncodedJwk: pem((await rsaKey('k1')).key), Kid })

  it('is hidden in all that is shown', async () => {
    const { settings, shown, rows } = await withKid(EC.d)
    expect(settings?.keys.map(({ kid }) => kid)).toEqual([EC.d])
    expect(rows).toMatchObject({
      'MaskinportenSettings:Kid': { value: '[secret]' },
      'MaskinportenSettings:EncodedJwk': { value: '[RSA 2048, kid [hidden: 43 characters]]' },
    })
    const [, events, described] = shown
    expect(leakIn(shownBy([events, described]), canariesOf(EC))).toBeUndefined()
    const other = await load({
      low: { MaskinportenSettings: { ...section, EncodedJwk: pem((await rsaKey('k1')).key), Kid: EC.d } },
      high: { MaskinportenSettings: { ClientId: 'c2' } },
    })
    expect(other.error?.message).toContain('lists the kid [hidden: 43 characters], and delete')
    expect(leakIn(shownBy(other.shown), canariesOf(EC))).toBeUndefined()
  })

  it('is shown where it is the thumbprint of the key', async () => {
    const { settings } = await withKid('k1')
    const { id } = settings?.keys[0] ?? expect.unreachable()
    const { rows } = await withKid(id)
    expect(rows).toMatchObject({
      'MaskinportenSettings:Kid': { value: id },
      'MaskinportenSettings:EncodedJwk': { value: `[RSA 2048, kid ${id}]` },
    })
  })
})

it.each([
  ['Kid', '2026-11-key-1'],
  ['CertificateStoreThumbprint', 'A1B2C3D4E5F60718293A4B5C6D7E8F9001122334'],
  ['ClientId', '7c2f1a0e-9a0b-4a55-8f3e-2f9f1a0e9a0b'],
  ['ClientId', 'oidc_digdir_my_rather_long_client_name_in_small_letters'],
  [
    'Scope',
    'altinn:serviceowner/instances.read altinn:serviceowner/instances.write digdir:dpi.read digdir:a/very/long',
  ],
  ['Resource', 'https://api.example.no/Register/V1/Organisasjoner/Underenheter/Navn'],
  ['CertificatePkcs12Path', '/var/run/secrets/Maskinporten/EnterpriseCertificate.p12'],
])('describe() shows what %s is meant to hold: %s', async (name, text) => {
  const { rows } = await loadSection({ ...section, [name]: text })
  expect(rows).toMatchObject({ [`MaskinportenSettings:${name}`]: { value: text } })
})
