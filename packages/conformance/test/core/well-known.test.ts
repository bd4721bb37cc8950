// Which address is asked for the issuer's metadata: a real server, which keeps what it was asked.
import { type RecordingServer, startRecordingServer } from '../in-tree/index.ts'
import { createMaskinporten, fromObject, settingsFrom } from '@maskinporten-kit/core'
import { type EmulatedClient, type Emulator, startEmulator } from '@maskinporten-kit/emulator'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'

let emulator: Emulator
let client: EmulatedClient
let server: RecordingServer
beforeAll(async () => {
  emulator = await startEmulator()
  client = await emulator.registerClient({ scopes: ['a:b'] })
})
afterAll(() => emulator.close())
beforeEach(async () => {
  server = await startRecordingServer()
})
afterEach(() => server[Symbol.asyncDispose]())

const PATH = '/maskinporten'
const INSERTED = `/.well-known/oauth-authorization-server${PATH}`
const APPENDED = `${PATH}/.well-known/oauth-authorization-server`
const OPENID = `${PATH}/.well-known/openid-configuration`

/** The metadata of an issuer with a path, at some of its addresses, and its token endpoint. */
function serve(at: readonly string[], issuer = `${server.origin}${PATH}`): void {
  server.reply = ({ path }) => {
    if (path === `${PATH}/token`)
      return { body: JSON.stringify({ access_token: 't', token_type: 'Bearer', expires_in: 120, scope: 'a:b' }) }
    if (!at.includes(path)) return { status: 404, body: '' }
    return { body: JSON.stringify({ issuer, token_endpoint: `${server.origin}${PATH}/token` }) }
  }
}

/** The paths that were asked, and the `aud` of what arrived at the token endpoint. */
async function asked(tree: object): Promise<{ paths: string[]; audiences: unknown[]; error?: unknown }> {
  const key = { MASKINPORTEN_CLIENT_ID: client.clientId, MASKINPORTEN_CLIENT_JWK: JSON.stringify(client.jwk) }
  await using maskinporten = createMaskinporten(settingsFrom([fromObject({ ...key, ...tree })]))
  const error: unknown = await maskinporten.getToken({ scopes: 'a:b' }).then(
    () => undefined,
    (reason: unknown) => reason,
  )
  const audiences = server.arrived
    .filter(({ method }) => method === 'POST')
    .map(({ body }) => new URLSearchParams(body.toString()).get('assertion')?.split('.')[1] ?? '')
    .map((claims) => (JSON.parse(Buffer.from(claims, 'base64url').toString()) as { aud: unknown }).aud)
  return { paths: server.arrived.map(({ path }) => path), audiences, error }
}

describe('MASKINPORTEN_WELL_KNOWN_URL', () => {
  it.each([INSERTED, APPENDED, OPENID])('%s alone is asked as given', async (path) => {
    serve([path])
    expect(await asked({ MASKINPORTEN_WELL_KNOWN_URL: server.origin + path })).toEqual({
      paths: [path, `${PATH}/token`],
      audiences: [`${server.origin}${PATH}`],
      error: undefined,
    })
  })

  it.each([
    ['the issuer of the root', ''],
    ['another path', '/other'],
    ['another origin', undefined],
  ])('is refused when the document is of %s, and nothing else is asked', async (_, path) => {
    serve([OPENID], path === undefined ? `https://elsewhere.example.no${PATH}` : server.origin + path)
    const { paths, error } = await asked({ MASKINPORTEN_WELL_KNOWN_URL: server.origin + OPENID })
    expect(paths).toEqual([OPENID])
    expect(error).toMatchObject({ code: 'metadata_invalid' })
  })

  it('is not needed beside ISSUER and TOKEN_ENDPOINT: they are used as they are', async () => {
    serve([])
    const issuer = `${server.origin}${PATH}`
    for (const more of [{}, { MASKINPORTEN_WELL_KNOWN_URL: server.origin + OPENID }]) {
      server.arrived.length = 0
      const names = { MASKINPORTEN_ISSUER: issuer, MASKINPORTEN_TOKEN_ENDPOINT: `${issuer}/token`, ...more }
      expect(await asked(names)).toEqual({ paths: [`${PATH}/token`], audiences: [issuer], error: undefined })
    }
  })

  it('beside ISSUER only is asked as given', async () => {
    serve([OPENID])
    const names = { MASKINPORTEN_ISSUER: server.origin + PATH, MASKINPORTEN_WELL_KNOWN_URL: server.origin + OPENID }
    expect((await asked(names)).paths).toEqual([OPENID, `${PATH}/token`])
  })

  it('beside TOKEN_ENDPOINT only gives the issuer as the document spells it', async () => {
    serve([OPENID], `${server.origin}${PATH}/`)
    const names = {
      MASKINPORTEN_WELL_KNOWN_URL: server.origin + OPENID,
      MASKINPORTEN_TOKEN_ENDPOINT: `${server.origin}${PATH}/token`,
    }
    expect(await asked(names)).toEqual({
      paths: [OPENID, `${PATH}/token`],
      audiences: [`${server.origin}${PATH}/`],
      error: undefined,
    })
  })

  it('and ISSUER with a TOKEN_ENDPOINT elsewhere is a conflict, and so is another ISSUER', async () => {
    const issuer = `${server.origin}${PATH}`
    const elsewhere = { MASKINPORTEN_ISSUER: issuer, MASKINPORTEN_TOKEN_ENDPOINT: 'http://localhost:1/token' }
    expect(await asked(elsewhere)).toMatchObject({ paths: [], error: { detail: 'CONFIG_AUTHORITY_CONFLICT' } })
    const other = { MASKINPORTEN_ISSUER: `${server.origin}/b`, MASKINPORTEN_WELL_KNOWN_URL: server.origin + OPENID }
    expect(await asked(other)).toMatchObject({ paths: [], error: { detail: 'CONFIG_CONFLICT' } })
  })
})

describe('an Authority with a path', () => {
  const authority = (): object => ({ MaskinportenSettings: { Authority: server.origin + PATH } })

  it('is asked for in the form of RFC 8414 first, and only after a 404 in the other', async () => {
    serve([INSERTED, APPENDED])
    expect((await asked(authority())).paths).toEqual([INSERTED, `${PATH}/token`])
    server.arrived.length = 0
    serve([APPENDED])
    expect((await asked(authority())).paths).toEqual([INSERTED, APPENDED, `${PATH}/token`])
  })

  it.each([400, 401, 403, 503])('is not, after %i', async (status) => {
    server.reply = () => ({ status })
    expect((await asked(authority())).paths.slice(0, 2)).not.toContain(APPENDED)
  })

  it('must be the issuer in the other form too', async () => {
    serve([APPENDED], server.origin)
    const { paths, error } = await asked(authority())
    expect(paths).toEqual([INSERTED, APPENDED])
    expect(error).toMatchObject({ code: 'metadata_invalid' })
  })

  it('without a path is asked for once', async () => {
    server.reply = () => ({ status: 404 })
    const { paths } = await asked({ MaskinportenSettings: { Authority: server.origin } })
    expect(paths).toEqual(['/.well-known/oauth-authorization-server'])
  })
})
