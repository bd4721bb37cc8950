// Where an assertion or a token must never go: the wrong place is a recording server, which has seen none.
import { createMaskinporten } from '@maskinporten-kit/core'
import { type Arrived, type RecordingServer, everyPrintOf, startRecordingServer } from '../in-tree/index.ts'
import { type EmulatedClient, type Emulator, startEmulator } from '@maskinporten-kit/emulator'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'

let emulator: Emulator
let client: EmulatedClient
let wrong: RecordingServer
let server: RecordingServer
beforeAll(async () => {
  emulator = await startEmulator()
  client = await emulator.registerClient({ scopes: ['altinn:serviceowner/instances.read'], orgNumber: '991825827' })
})
afterAll(() => emulator.close())
beforeEach(async () => {
  wrong = await startRecordingServer()
  server = await startRecordingServer()
})
afterEach(async () => {
  await wrong[Symbol.asyncDispose]()
  await server[Symbol.asyncDispose]()
})

/** What a server saw that holds an assertion or a token. */
const credentialsAt = ({ arrived }: RecordingServer): Arrived[] =>
  arrived.filter(({ body, headers }) => body.includes('assertion') || headers.authorization !== undefined)

async function refusalOf(settings: object, request = {}): Promise<unknown> {
  const maskinporten = createMaskinporten({ ...client.settings, ...settings })
  try {
    return await maskinporten.getToken(request).catch((error: unknown) => error)
  } finally {
    await maskinporten.close()
  }
}

const metadata = (issuer: string, tokenEndpoint: string): { body: string } => ({
  body: JSON.stringify({ issuer, token_endpoint: tokenEndpoint }),
})

describe('metadata', () => {
  it('of another issuer is refused', async () => {
    server.reply = () => metadata(emulator.maskinporten.issuer, `${wrong.origin}/token`)
    const error = await refusalOf({ authority: `${server.origin}/` }, { kind: 'maskinporten' })
    expect(error).toMatchObject({ code: 'metadata_invalid', hint: expect.stringMatching(/Authority/) })
    expect([...credentialsAt(wrong), ...credentialsAt(server)]).toEqual([])
  })

  it('with a token endpoint at another origin is refused', async () => {
    server.reply = () => metadata(`${server.origin}/`, `${wrong.origin}/token`)
    expect(await refusalOf({ authority: `${server.origin}/` }, { kind: 'maskinporten' })).toMatchObject({
      code: 'metadata_invalid',
    })
    expect([...credentialsAt(wrong), ...credentialsAt(server)]).toEqual([])
  })

  it('behind a redirect is refused', async () => {
    server.reply = () => ({
      status: 302,
      headers: { location: `${wrong.origin}/.well-known/oauth-authorization-server` },
    })
    expect(await refusalOf({ authority: `${server.origin}/` }, { kind: 'maskinporten' })).toMatchObject({
      code: 'metadata_invalid',
    })
    expect(wrong.arrived).toEqual([])
  })

  it('that cannot be had is an error for an issuer that is not known, and no assertion is sent', async () => {
    server.reply = () => ({ status: 503 })
    expect(await refusalOf({ authority: `${server.origin}/` }, { kind: 'maskinporten' })).toMatchObject({
      code: 'token_unavailable',
      status: 503,
      retryable: true,
    })
    expect(credentialsAt(server)).toEqual([])
  })

  it('that is right with or without the final slash gives the grant the issuer as the server writes it', async () => {
    const maskinporten = createMaskinporten({
      ...client.settings,
      authority: emulator.maskinporten.issuer.replace(/\/$/, ''),
    })
    await maskinporten.getToken({ kind: 'maskinporten' })
    expect(emulator.requests('token').at(-1)?.grant?.claims).toMatchObject({ aud: emulator.maskinporten.issuer })
    await maskinporten.close()
  })
})

describe('redirects', () => {
  for (const status of [301, 302, 303, 307, 308]) {
    it(`of the token endpoint (${status}) are not followed`, async () => {
      server.reply = ({ path }) =>
        path === '/token'
          ? { status, headers: { location: `${wrong.origin}/token` } }
          : metadata(`${server.origin}/`, `${server.origin}/token`)
      expect(await refusalOf({ authority: `${server.origin}/` }, { kind: 'maskinporten' })).toMatchObject({
        code: 'token_refused',
        status,
      })
      expect(wrong.arrived).toEqual([])
    })

    it(`of the exchange (${status}) are not followed`, async () => {
      server.reply = () => ({ status, headers: { location: `${wrong.origin}/exchange` } })
      expect(await refusalOf({ tokenExchangeEnvironment: server.origin }, { kind: 'altinn' })).toMatchObject({
        code: 'exchange_refused',
        status,
      })
      expect(wrong.arrived).toEqual([])
    })
  }
})

describe('a server that echoes what it was sent', () => {
  it('gets neither assertion nor token into an error', async () => {
    const secrets: string[] = []
    server.reply = ({ path, body, headers }) => {
      if (path.startsWith('/.well-known')) return metadata(`${server.origin}/`, `${server.origin}/token`)
      const secret = new URLSearchParams(body.toString()).get('assertion') ?? headers.authorization ?? ''
      secrets.push(secret.replace('Bearer ', ''))
      return {
        status: 400,
        body: JSON.stringify({
          error: 'invalid_request',
          error_description: `cannot read ${secret}`,
          error_uri: `https://x.example/?${secret}`,
        }),
      }
    }
    const errors = [
      await refusalOf({ authority: `${server.origin}/` }, { kind: 'maskinporten' }),
      await refusalOf({ tokenExchangeEnvironment: server.origin }, { kind: 'altinn' }),
    ]
    expect(errors).toMatchObject([{ code: 'token_refused' }, { code: 'exchange_refused' }])
    expect(secrets).toHaveLength(2)
    const parts = secrets.flatMap((secret) => secret.split('.').slice(1)).map((part) => part.slice(10, 60))
    const prints = errors.map(everyPrintOf).join('\n')
    expect(parts.filter((part) => prints.includes(part))).toEqual([])
  })
})
