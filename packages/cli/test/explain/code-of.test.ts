import { MaskinportenError, type MaskinportenErrorFields } from '@maskinporten-kit/core'
import { expect, it } from 'vitest'
import { codeOf } from '../../src/explain/code-of.ts'

it.each<readonly [string, MaskinportenErrorFields]>([
  ['MP-121', { oauthError: 'invalid_grant', mpCode: 'MP-121', description: 'Expired key.' }],
  ['MP-303-customer', { oauthError: 'invalid_altinn_customer_configuration', mpCode: 'MP-303', description: 'Words.' }],
  [
    'kid_unknown',
    {
      oauthError: 'invalid_grant',
      description:
        'Invalid assertion. Client authentication failed. Unknown key identifier (kid) for client. (trace_id: 0123456789abcdef)',
    },
  ],
  ['invalid_grant', { oauthError: 'invalid_grant', mpCode: 'MP-999', description: 'New words.' }],
  ['REDIRECT', { detail: 'REDIRECT', status: 302 }],
  ['token_refused', { detail: 'consumerOrg' }],
  ['token_refused', { oauthError: 'something_new' }],
  ['token_refused', {}],
])('an error is explained under %s: %j', (code, fields) => {
  expect(codeOf(new MaskinportenError('token_refused', 'x', fields))).toBe(code)
})
