/** describe(): one row for each setting, with the value that counts, where it came from, and what it hides. */
import { beforeAll, describe, expect, it } from 'vitest'
import { createConfigLayer, settingsFrom } from '@maskinporten-kit/core'
import { load } from './load.ts'
import { type TestKey, encoded, rsaKey } from './rsa-keys.ts'

const signer = { alg: 'RS256', kid: 'k', sign: async () => new Uint8Array() } as const
let key: TestKey
beforeAll(async () => {
  key = await rsaKey('k1')
})

describe('describe()', () => {
  it('shows the highest value, and those below from high to low', async () => {
    const { rows } = await load(
      {
        low: { MaskinportenSettings: { ClientId: 'c', Environment: 'test', Scope: ['a:b', 'c:d'] } },
        mid: { MASKINPORTENSETTINGS: { SCOPE: 'x' }, MaskinportenSettings: { Environment: 'test' } },
        high: { MaskinportenSettings: { Scope: '', Environment: '', ClientId: '<client id>' } },
      },
      { signer },
    )
    expect(rows).toEqual({
      'MaskinportenSettings:Scope': { value: '', origin: 'high; hidden: "x" mid; hidden: "a:b" low' },
      'MaskinportenSettings:Environment': { value: 'test', origin: 'mid; hidden: "" high; hidden: "test" low' },
      'MaskinportenSettings:ClientId': { value: 'c', origin: 'low; hidden: "<client id>" high' },
    })
  })

  it('shows a JWK that is an object as one row, and hides the key of a signer', async () => {
    const { rows } = await load({
      low: { MaskinportenSettings: { ClientId: 'c', Environment: 'test', Jwk: key.jwk, Kid: 'k1' } },
      high: { MaskinportenSettings: { Jwk: 'TODO: add' } },
    })
    expect(rows['MaskinportenSettings:Jwk']).toEqual({
      value: '[RSA 2048, kid k1]',
      origin: 'low; hidden: "[secret]" high',
    })
    expect(Object.keys(rows)).toHaveLength(4)
  })

  it('shows the row that counts where the only value is a placeholder, and a null as a blank', async () => {
    const { rows } = await load({
      low: { MaskinportenSettings: { ClientId: '<client id>', Scope: null }, kvSetting: { SecretUri: '<uri>' } },
      high: { kvSetting: { SecretUri: '' }, MASKINPORTEN_CLIENT_JWK: 'TODO: add', MASKINPORTEN_ISSUER: '' },
      top: { MASKINPORTEN_CLIENT_JWK: encoded(key.jwk), MASKINPORTEN_ISSUER: '<issuer>' },
      over: { MASKINPORTEN_CLIENT_JWK: '', MASKINPORTEN_ISSUER: 'https://test.maskinporten.no/' },
    })
    expect(rows).toEqual({
      'MaskinportenSettings:ClientId': { value: '<client id>', origin: 'low' },
      'MaskinportenSettings:Scope': { value: '', origin: 'low' },
      'kvSetting:SecretUri': { value: '', origin: 'high; hidden: "<uri>" low' },
      MASKINPORTEN_CLIENT_JWK: { value: '[secret]', origin: 'top; hidden: "" over; hidden: "[secret]" high' },
      MASKINPORTEN_ISSUER: {
        value: 'https://test.maskinporten.no/',
        origin: 'over; hidden: "<issuer>" top; hidden: "" high',
      },
    })
  })

  it('hides what a source calls secret, whatever its name', async () => {
    const settings = settingsFrom([
      {
        name: 'vault',
        load: async () =>
          createConfigLayer(
            { MaskinportenSettings: { Scope: 'a:b', ClientId: '' } },
            { origin: 'vault', secret: true },
          ),
      },
    ])
    await settings.get().catch(() => undefined)
    expect(settings.describe()).toEqual([
      { key: 'MaskinportenSettings:Scope', origin: 'vault', value: '[secret]' },
      { key: 'MaskinportenSettings:ClientId', origin: 'vault', value: '' },
    ])
    await settings.close()
  })
})

describe('settings.changed', () => {
  it('names what was added, what went, and what has another value, and nothing of others', async () => {
    const trees = [
      { MaskinportenSettings: { Environment: 'test', ClientId: 'c', Scope: 'a:b', Resource: 'urn:a' }, Other: 'x' },
      { maskinportensettings: { Environment: 'test', ClientId: 'c', scope: 'c:d', TokenEndpoint: '' }, Other: 'y' },
    ]
    const settings = settingsFrom(
      [{ name: 'file', load: async () => createConfigLayer(trees.shift() ?? {}, { origin: 'file' }) }],
      { signer },
    )
    await settings.get()
    const keys: unknown[] = []
    settings.subscribe((event) => {
      if (event.type === 'settings.changed') keys.push(event.keys)
    })
    await settings.refresh('poll')
    expect(keys).toEqual([
      ['maskinportensettings:scope', 'MaskinportenSettings:Resource', 'maskinportensettings:TokenEndpoint'],
    ])
    await settings.close()
  })
})
