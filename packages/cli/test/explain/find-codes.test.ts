import { MaskinportenError } from '@maskinporten-kit/core'
import { tokenErrors } from '@maskinporten-kit/emulator/refusals'
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { findCodes, nearestCodes } from '../../src/explain/find-codes.ts'

const codesIn = (text: string): readonly string[] => findCodes(text).explanations.map(({ code }) => code)

describe('a code', () => {
  it.each([
    ['MP-200', 'MP-200'],
    ['mp-200', 'MP-200'],
    ['MP200', 'MP-200'],
    ['mp_302', 'MP-302'],
    ['MP 121', 'MP-121'],
    [' MP-100\n', 'MP-100'],
    ['https://maskinporten.no/errors/MP-121', 'MP-121'],
    ['invalid_grant', 'invalid_grant'],
    ['INVALID_GRANT', 'invalid_grant'],
    ['forbidden', 'forbidden'],
    ['kv_forbidden', 'KV_FORBIDDEN'],
    ['KEY_PUBLIC_ONLY', 'KEY_PUBLIC_ONLY'],
    ['settings_invalid', 'settings_invalid'],
    ['timeout', 'timeout'],
    ['tls', 'TLS'],
  ])('%j is %s', (asked, code) => {
    expect(codesIn(asked)).toEqual([code])
  })
})

describe('a pasted text', () => {
  const trace = '356666143081bbec11d293753e9702ca'

  it.each(Object.entries(tokenErrors))('%s: the whole answer of the server', (id, { error, text }) => {
    const mpCode = /^MP-\d+/.exec(id)?.[0]
    const said = text.replaceAll(/<\w+>/g, 'altinn:serviceowner/instances.read')
    const body = {
      error,
      error_description: `${said} (trace_id: ${trace})`,
      ...(mpCode === undefined ? {} : { error_uri: `https://maskinporten.no/errors/${mpCode}` }),
    }
    for (const pasted of [JSON.stringify(body), JSON.stringify(body, null, 2)]) {
      const { explanations, traceId } = findCodes(pasted)
      expect(explanations.map(({ code }) => code)).toEqual([id])
      expect(traceId).toBe(trace)
    }
  })

  it('an older trace id, and texts of before 2024', () => {
    const id = '5d1d3a0e-7c30-4f0e-9a53-1c0e6a1b7c11'
    const text = `Could not validate JWT Signature (correlation id: ${id})`
    expect(findCodes(text)).toMatchObject({ explanations: [{ code: 'MP-124' }], traceId: id })
  })

  it('a printed error of ours: the finest code', () => {
    const refused = new MaskinportenError('token_refused', 'token refused', {
      oauthError: 'invalid_scope',
      mpCode: 'MP-200',
    })
    expect(codesIn(inspect(refused))).toEqual(['MP-200'])
    const down = new MaskinportenError('token_unavailable', 'no answer', { detail: 'NETWORK' })
    expect(codesIn(inspect(down))).toEqual(['NETWORK'])
    expect(codesIn(inspect(new MaskinportenError('closed', 'it is closed')))).toEqual(['closed'])
  })

  it('each problem of the settings, once', () => {
    const problem = (code: string) => ({ code, key: 'a', origin: 'b', message: 'c' })
    const problems = [problem('CONFIG_MISSING'), problem('KEY_PUBLIC_ONLY'), problem('CONFIG_MISSING')]
    expect(
      codesIn(inspect(new MaskinportenError('settings_invalid', 'x', { problems, detail: 'CONFIG_MISSING' }))),
    ).toEqual(['CONFIG_MISSING', 'KEY_PUBLIC_ONLY'])
  })

  it.each([
    [
      'AUTH-00011',
      { status: 404, title: 'The Id does not refer to a Registered System.', code: 'AUTH-00011', type: 'about:blank' },
    ],
    [
      'AADSTS7000215',
      { error: 'invalid_client', error_description: 'AADSTS7000215: Invalid client secret provided. Trace ID: a' },
    ],
    [
      'ForbiddenByRbac',
      { error: { code: 'Forbidden', message: 'Caller is not authorized', innererror: { code: 'ForbiddenByRbac' } } },
    ],
    ['insufficient_scope', { error: 'insufficient_scope', scope: 'a:b' }],
  ])('%s: the answer of another server', (code, body) => {
    expect(codesIn(JSON.stringify(body))).toEqual([code])
  })

  it('a header of RFC 6750', () => {
    expect(codesIn('WWW-Authenticate: Bearer error="invalid_token", error_description="The token expired"')).toEqual([
      'invalid_token',
    ])
  })

  it('an answer with a text that is not known falls back to its OAuth error', () => {
    const body = {
      error: 'invalid_grant',
      error_description: 'Invalid assertion. Client authentication failed. New words.',
    }
    expect(codesIn(JSON.stringify(body))).toEqual(['invalid_grant'])
  })

  it.each([
    'the network had a timeout, the door is closed, and entrance forbidden',
    'eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJjIn0.c2ln',
    '',
  ])('holds no code in %j', (text) => {
    expect(codesIn(text)).toEqual([])
  })
})

describe('the nearest of a code that is not known', () => {
  it.each([
    ['KV_FORBIDEN', 'KV_FORBIDDEN'],
    ['invalid_grand', 'invalid_grant'],
    ['MP-210', 'MP-110'],
    ['key_publiconly', 'KEY_PUBLIC_ONLY'],
  ])('%s: %s', (asked, code) => {
    expect(nearestCodes(asked)).toContain(code)
  })

  it('none for what is far from all', () => {
    expect(nearestCodes('eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJjIn0.c2ln')).toEqual([])
  })
})
