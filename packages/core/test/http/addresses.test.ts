// Where a credential may go, and how an address that a server named is told.
import { describe, expect, it } from 'vitest'
import { isLoopback, isSafeUrl, quotedAddress } from '../../src/http/address.ts'

describe('a credential', () => {
  it.each([
    'https://maskinporten.no/token',
    'https://127.0.0.1:8443/',
    'http://localhost:8080/token',
    'http://app.localhost/token',
    'http://127.0.0.1/',
    'http://127.12.0.255:9/',
    'http://[::1]:9/',
  ])('may go to %s', (url) => {
    expect(isSafeUrl(url)).toBe(true)
  })

  it.each([
    'http://maskinporten.no/token',
    'http://notlocalhost/',
    'http://localhost.example.no/',
    'http://.localhost.example/',
    'http://128.0.0.1/',
    'http://127.0.0.1.example.no/',
    'http://x127.0.0.1/',
    'http://[::2]/',
    'ws://localhost/',
    'ftp://127.0.0.1/',
    'https://user@maskinporten.no/',
    'https://:secret@maskinporten.no/',
    'http://user:secret@localhost/',
    'maskinporten.no',
    '',
  ])('may not go to %j', (url) => {
    expect(isSafeUrl(url)).toBe(false)
  })

  it.each(['127.0.0', '127.0.0.1.1', '127.0.0.', 'x[::1]', '[::1]x', '', 'localhostx'])(
    'is not on this machine at %j',
    (host) => {
      expect(isLoopback(host)).toBe(false)
    },
  )
})

describe('an address that a server named', () => {
  it.each([
    ['https://a.example/token?key=CANARY#CANARY', '"https://a.example/token"'],
    ['https://user:CANARY@a.example/token', '"https://a.example/token"'],
    ['http://a.example:8080/', '"http://a.example:8080/"'],
    ['no address', '"no address"'],
    ['user:CANARY@', 'of the scheme user:'],
    ['//user:CANARY@a b', 'that does not parse'],
    ['data:text/plain,CANARY', 'of the scheme data:'],
    ['xhttps:CANARY', 'of the scheme xhttps:'],
    ['httpsx:CANARY', 'of the scheme httpsx:'],
    ['a\u202Eb', '"a\\u202eb"'],
  ])('%j is told without what may be a secret', (text, told) => {
    expect(quotedAddress(text)).toBe(told)
  })

  it('is told in 200 characters at most', () => {
    expect(quotedAddress('x'.repeat(500))).toBe(`"${'x'.repeat(200)}"`)
    expect(quotedAddress(`https://a.example/${'x'.repeat(500)}`)).toHaveLength(202)
  })

  it('of a scheme without end is told in 40 characters of it', () => {
    expect(quotedAddress(`${'x'.repeat(500)}:y`)).toBe(`of the scheme ${'x'.repeat(40)}`)
  })
})
