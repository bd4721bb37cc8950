// Jest runs tests in a realm of their own: what Node makes there is of other classes than those that code sees.
import { MaskinportenError, createMaskinporten, isMaskinportenError } from '@maskinporten-kit/core'
import { runInNewContext } from 'node:vm'
import { expect, it } from 'vitest'

it('an error of ours is known in another realm', () => {
  const error = new MaskinportenError('timeout', 'late')
  const other: unknown = runInNewContext(
    "Object.assign(new Error('late'), { name: 'MaskinportenError', code: 'timeout' })",
  )
  for (const one of [error, other]) {
    expect(isMaskinportenError(one)).toBe(true)
    expect(isMaskinportenError(one, 'closed')).toBe(false)
  }
  for (const one of [null, undefined, 'MaskinportenError', {}]) expect(isMaskinportenError(one)).toBe(false)
})

it('a signer’s fault keeps its code in another realm', async () => {
  const fault: unknown = runInNewContext(
    "new TypeError('no', { cause: Object.assign(new Error('PIN 1234'), { code: 'CKR_PIN_LOCKED' }) })",
  )
  const signer = { alg: 'RS256', kid: 'hsm', sign: () => Promise.reject(fault) } as const
  await using maskinporten = createMaskinporten({
    clientId: 'c',
    authority: 'https://issuer.example/',
    tokenEndpoint: 'https://issuer.example/token',
    signer,
  })
  await expect(maskinporten.getToken({ scopes: 'a:b' })).rejects.toThrow(/CKR_PIN_LOCKED/)
})
