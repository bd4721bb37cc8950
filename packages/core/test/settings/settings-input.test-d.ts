import { createMaskinporten, environments, fromObject, settingsFrom } from '@maskinporten-kit/core'
import type { Maskinporten, SettingsInput, Signer } from '@maskinporten-kit/core'
import { expectTypeOf, test } from 'vitest'

declare const signer: Signer
declare const maybe: string | undefined
const named = { environment: 'test', clientId: 'c', scope: 'a:b' } as const

test('a client id and exactly one key are settings', () => {
  expectTypeOf(createMaskinporten({ ...named, encodedJwk: 'e30=' })).toEqualTypeOf<Maskinporten>()
  createMaskinporten({ ...named, jwk: { kty: 'RSA' } })
  createMaskinporten({ ...named, jwkBase64: 'e30=' })
  createMaskinporten({ ...named, signer })
  // @ts-expect-error no key
  createMaskinporten(named)
  // @ts-expect-error two keys
  createMaskinporten({ ...named, encodedJwk: 'e30=', signer })
  // @ts-expect-error two keys
  createMaskinporten({ ...named, encodedJwk: 'e30=', jwk: {} })
  // @ts-expect-error a key that may be missing
  createMaskinporten({ ...named, encodedJwk: maybe })
  // @ts-expect-error no client id
  createMaskinporten({ environment: 'test', encodedJwk: 'e30=' })
})

test('nothing else is', () => {
  // @ts-expect-error nothing at all
  createMaskinporten({})
  // @ts-expect-error any variable may be missing
  createMaskinporten(process.env)
  // @ts-expect-error a tree
  createMaskinporten({ MaskinportenSettings: { ClientId: 'c', EncodedJwk: 'e30=' } })
  // @ts-expect-error the spelling of a file
  createMaskinporten({ Environment: 'test', ClientId: 'c', EncodedJwk: 'e30=' })
  // @ts-expect-error misspelt
  createMaskinporten({ ...named, encodedJwk: 'e30=', scopes: 'a:b' })
  // @ts-expect-error no environment of Maskinporten
  createMaskinporten({ ...named, environment: 'ver2', encodedJwk: 'e30=' })
  // Its keys are the documented names, and no others.
  expectTypeOf<string extends keyof SettingsInput ? true : false>().toEqualTypeOf<false>()
})

test('a tree of any dialect goes through fromObject', () => {
  expectTypeOf(createMaskinporten(settingsFrom([fromObject(process.env)]))).toEqualTypeOf<Maskinporten>()
  createMaskinporten(settingsFrom([fromObject({ MaskinportenSettings: { ClientId: 'c' } })]))
})

test('what stays undefined is not given', () => {
  const input = {
    clientId: 'c',
    encodedJwk: 'e30=',
    authority: maybe,
    assertionAudience: maybe,
    tokenEndpoint: maybe,
    scope: ['a:b'],
    kid: maybe,
    resource: maybe,
    consumerOrgNo: maybe,
    exchangeToAltinnToken: undefined,
    exhangeToAltinnToken: undefined,
    useAltinnTestOrg: undefined,
    tokenExchangeEnvironment: maybe,
    tokenExchangeEndpoint: maybe,
    enableDebugLog: undefined,
    enableDebugLogging: undefined,
    overwriteAuthorizationHeader: undefined,
  } as const
  expectTypeOf(input).toExtend<SettingsInput>()
  // Each of them is a setting of its own, and not one of any name.
  expectTypeOf<Exclude<keyof typeof input, keyof SettingsInput>>().toEqualTypeOf<never>()
})

test('an environment names its platform', () => {
  expectTypeOf(environments.test.altinn).toEqualTypeOf<string>()
})
