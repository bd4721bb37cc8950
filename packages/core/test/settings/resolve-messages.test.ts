/** One error for all that is wrong: one line for each cause, and a hint that lists what to do. */
import { createMaskinporten, isMaskinportenError, settingsFrom } from '@maskinporten-kit/core'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Tree, load, loadSection } from './load.ts'
import { type TestKey, encoded, rsaKey } from './rsa-keys.ts'

const signer = { alg: 'RS256', kid: 'k', sign: async () => new Uint8Array() } as const
const BASE = { Environment: 'test', ClientId: 'c' }
const KEY = 'the private JWK in base64'
let key: TestKey
beforeAll(async () => {
  key = await rsaKey('k1')
})

async function errorOf(input: object): Promise<unknown> {
  await using maskinporten = createMaskinporten(input as never)
  return await maskinporten.settings.get().catch((error: unknown) => error)
}

describe('the lines of an error', () => {
  it('each have their own search, where the searches differ', async () => {
    const { error } = await loadSection({ ClientId: '<client id>' }, { signer })
    expect(error?.message).toBe(
      [
        '2 things are wrong with the settings:',
        '- MaskinportenSettings:ClientId (from appsettings.json) still holds a placeholder text. Replace it with the id of the client in Samarbeidsportalen.',
        '- MaskinportenSettings:Environment is missing. Set it to "test" or "prod", as MaskinportenSettings:Environment in appsettings.json. Looked in: appsettings.json.',
      ].join('\n'),
    )
    expect(error?.hint).toBe(
      'To do: correct MaskinportenSettings:ClientId (from appsettings.json), set MaskinportenSettings:Environment in appsettings.json.',
    )
  })

  it('name each place, and settings that are wrong in the same way share one', async () => {
    const { error } = await load(
      {
        file: { MaskinportenSettings: { ...BASE, UseAltinnTestOrg: '1', EnableDebugLog: '1' } },
        env: { MaskinportenSettings: { ExhangeToAltinnToken: '1' } },
      },
      { signer },
    )
    expect(error?.message).toBe(
      [
        '2 things are wrong with the settings:',
        '- MaskinportenSettings:ExhangeToAltinnToken (from env) is "1". Use true or false.',
        '- MaskinportenSettings:UseAltinnTestOrg and MaskinportenSettings:EnableDebugLog (from file) are "1". Use true or false.',
      ].join('\n'),
    )
    expect(error?.hint).toBe(
      'To do: correct MaskinportenSettings:ExhangeToAltinnToken (from env), correct MaskinportenSettings:UseAltinnTestOrg (from file), correct MaskinportenSettings:EnableDebugLog (from file).',
    )
  })

  it('of a plain object name no place, in the hint neither', async () => {
    expect(await errorOf({ environment: 'dev', clientId: 'c', consumerOrgNo: '1', signer })).toMatchObject({
      message: [
        '2 things are wrong with the settings:',
        '- environment is "dev". Use "test" or "prod", or set authority to the issuer URL.',
        '- consumerOrgNo is "1", which is not an organisation number (wrong length or check digit). Set it to the nine digits of the organisation that has delegated to yours.',
      ].join('\n'),
      hint: 'To do: correct environment, correct consumerOrgNo.',
    })
    expect(await errorOf({ environment: 'dev', clientId: 'c', signer })).toMatchObject({
      message:
        'the settings are wrong: environment is "dev". Use "test" or "prod", or set authority to the issuer URL.',
    })
    expect(await errorOf({ encodedJwk: encoded(key.jwk) })).toMatchObject({
      message: [
        '2 things are wrong with the settings:',
        '- clientId is missing. Set it to the id of the client in Samarbeidsportalen.',
        '- environment is missing. Set it to "test" or "prod".',
      ].join('\n'),
      hint: 'To do: set clientId, set environment.',
    })
  })

  it('are one where several values have one fault, told in the words of one', async () => {
    const bad = { alg: 'RS256', sign: async () => new Uint8Array() } as never
    const settings = settingsFrom([], { signer: { load: async () => [bad, bad] } })
    const error: unknown = await settings.get().catch((reason: unknown) => reason)
    expect(isMaskinportenError(error) && error.message.split('\n').slice(0, 2)).toEqual([
      '2 things are wrong with the settings:',
      '- signer needs a kid or an x5c, and one of them only. Give the kid of a registered key, or the chain of an enterprise certificate.',
    ])
    expect(isMaskinportenError(error) && error.hint).toMatch(
      /^To do: correct signer, set MaskinportenSettings:ClientId/,
    )
    await settings.close()
  })

  it('name three and more settings as a list', async () => {
    const { error } = await load({
      'a.json': { Maskinporten: { ...BASE, EncodedJwk: encoded(key.jwk) } },
    })
    expect(error?.message).toMatch(
      /EncodedJwk, MaskinportenSettings:ClientId and MaskinportenSettings:Environment are missing, but they are set/,
    )
  })

  it('that already name the place name it once', async () => {
    const tree: Tree = { MaskinportenSettings: { ...BASE, ExhangeToAltinnToken: true, ExchangeToAltinnToken: false } }
    const { error } = await load({ env: tree }, { signer })
    expect(error?.message).toBe(
      'the settings are wrong: MaskinportenSettings:ExhangeToAltinnToken is set twice with different values: in env and in env (MaskinportenSettings:ExchangeToAltinnToken). Delete one of them.',
    )
    const { error: other } = await load({
      env: { MaskinportenSettings: { ...BASE, Authority: 'https://maskinporten.no/', EncodedJwk: encoded(key.jwk) } },
    })
    expect(other?.message).toBe(
      'the settings are wrong: MaskinportenSettings:Environment says "test" (env) but MaskinportenSettings:Authority is "https://maskinporten.no/" (env). Delete the one that is wrong.',
    )
  })
})

describe('the settings in force', () => {
  it('of a plain object say no origin', async () => {
    await using maskinporten = createMaskinporten({ environment: 'test', clientId: 'c', signer })
    expect((await maskinporten.settings.get()).credential).toBeUndefined()
  })

  it('have a request that nobody can change', async () => {
    const { settings } = await loadSection(BASE, { signer })
    expect(Object.isFrozen(settings?.request)).toBe(true)
    expect(Object.isFrozen(settings)).toBe(true)
    expect(Object.isFrozen(settings?.keys)).toBe(true)
  })

  it('are read from a section of another name, and messages say that name', async () => {
    const { error } = await load({ env: { My: { Environment: 'test' } } }, { section: 'My' })
    expect(error?.message).toBe(
      [
        '2 things are wrong with the settings:',
        `- My:EncodedJwk is missing. Set it to ${KEY}, as My:EncodedJwk in env.`,
        '- My:ClientId is missing. Set it to the id of the client in Samarbeidsportalen, as My:ClientId in env.',
        'Looked in: env.',
      ].join('\n'),
    )
  })
})
