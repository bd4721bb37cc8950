import { inspect } from 'node:util'
import { createConfigLayer, isMaskinportenError } from '@maskinporten-kit/core'
import { describe, expect, it } from 'vitest'

const flat = (values: Readonly<Record<string, unknown>>): unknown =>
  Object.fromEntries(
    [...createConfigLayer(values, { origin: 'test' }).values()].map((entry) => [entry.key, entry.reveal()]),
  )

describe('createConfigLayer', () => {
  it('flattens as .NET does: lists by index, null and {} without a value, [] empty, undefined not at all', () => {
    expect(
      flat({
        A: {
          b: ['x', { c: 1.5 }],
          d: true,
          e: null,
          f: {},
          g: [],
          h: undefined,
          'i:j': 'k',
          l: 10n,
          u: new URL('https://a.no/'),
        },
      }),
    ).toEqual({
      'A:b:0': 'x',
      'A:b:1:c': '1.5',
      'A:d': 'true',
      'A:e': null,
      'A:f': null,
      'A:g': '',
      'A:i:j': 'k',
      'A:l': '10',
      'A:u': 'https://a.no/',
    })
  })

  it('finds by lower case and keeps the spelling; marks each with what the author says', () => {
    const layer = createConfigLayer(
      { A: { ClientId: 'c' } },
      { origin: (key) => `vault ${key}`, secret: true, version: 'v', createdAt: 1, expiresAt: 2 },
    )
    expect(layer.get('a:clientid')).toMatchObject({
      key: 'A:ClientId',
      origin: 'vault A:ClientId',
      secret: true,
      version: 'v',
      createdAt: 1,
      expiresAt: 2,
    })
  })

  it('refuses two spellings with two values, and nesting without end', () => {
    const refusal = (values: Readonly<Record<string, unknown>>): unknown => {
      try {
        return createConfigLayer(values, { origin: 'test' })
      } catch (error) {
        return isMaskinportenError(error, 'settings_invalid') ? [error.detail, error.message] : error
      }
    }
    expect(refusal({ a: 'x', A: 'y' })).toEqual([
      'CONFIG_CONFLICT',
      'A and a (test) are one setting with two values. Keep one of them. (from test)',
    ])
    expect(refusal({ a: 'x', A: 'x' })).toBeInstanceOf(Map)
    const cyclic: Record<string, unknown> = {}
    cyclic['a'] = cyclic
    expect(refusal(cyclic)).toEqual(['CONFIG_DEPTH', expect.stringContaining('nested more than 64 levels deep')])
  })

  it('takes what is no value for none, and __proto__ for a name', () => {
    expect(flat({ a: () => 'x', b: Symbol('x') })).toEqual({ a: null, b: null })
    const layer = createConfigLayer(Object.fromEntries([['__proto__', { x: 'y' }]]), { origin: 'test' })
    expect(layer.get('__proto__:x')?.reveal()).toBe('y')
  })

  it('shows no value when it is printed', () => {
    const layer = createConfigLayer({ a: 'canary' }, { origin: 'test' })
    expect(
      inspect([layer, ...layer.values()], { depth: 9, showHidden: true }) + JSON.stringify([...layer]),
    ).not.toContain('canary')
  })
})
