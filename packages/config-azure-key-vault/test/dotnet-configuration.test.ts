import { dotnetCases } from '../../conformance/test/in-tree/index.ts'
import { expect, it } from 'vitest'
import { keyOfSecret, secretOfKey } from '../src/secret-name.ts'

const vaults = dotnetCases().flatMap(({ name, sources, flat = {} }) =>
  sources.flatMap(({ secrets }) => Object.keys(secrets ?? {}).map((secret) => [name, secret, flat] as const)),
)

it.each(vaults)('%s: %s is the key that .NET makes of it', (_, secret, flat) => {
  expect(Object.keys(flat)).toContain(keyOfSecret(secret))
})

it('and the way back', () => {
  expect(secretOfKey('myapp:MaskinportenSettings:ClientId')).toBe('myapp--MaskinportenSettings--ClientId')
})
