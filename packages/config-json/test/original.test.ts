// What the .NET original sends, ours sends: the same layers read by both, the same emulator before both. What differs on purpose is named here.
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fromEnv } from '@maskinporten-kit/config-env'
import { fromAppSettings } from '@maskinporten-kit/config-json'
import { type RecordingServer, startRecordingServer } from '../../conformance/test/in-tree/index.ts'
import { createMaskinporten, settingsFrom } from '@maskinporten-kit/core'
import { type Emulator, type RecordedRequest, startEmulator } from '@maskinporten-kit/emulator'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { CONSUMER, type LayerCase, layerCases, SCOPE } from './original-cases.ts'
import { type Original, findOriginal } from './original.ts'
import { temporaryFolder } from './temporary-folder.ts'

interface Place {
  readonly clientId: string
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
}

let original: Original | string
let folder: string
let emulator: Emulator
let api: RecordingServer
const places = new Map<string, Place>()

beforeAll(async () => {
  original = await findOriginal()
  if (typeof original === 'string') console.warn(`skipped: ${original}`)
  folder = temporaryFolder()
  emulator = await startEmulator()
  api = await startRecordingServer()
  emulator.maskinporten.defineScope({ name: 'a:delegated', delegable: true })
  emulator.maskinporten.grantAccess('a:delegated', CONSUMER)
  emulator.maskinporten.delegate({ scope: 'a:delegated', from: CONSUMER, to: '991825827' })
  for (const [name, one] of Object.entries(layerCases)) places.set(name, await lay(one))
  // Two processes at a time: there are small machines.
  const waiting = [...places.values()]
  const work = async (): Promise<void> => {
    for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) await ask(place)
  }
  await Promise.all([work(), work()])
}, 180_000)
afterAll(async () => {
  await emulator.close()
  await api[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

/** A new client, and a folder with the files for it. */
async function lay({ client, layers }: LayerCase): Promise<Place> {
  const { clientId, settings, jwk } = await emulator.registerClient({ scopes: [SCOPE], ...client })
  const exchangeEndpoint = `${emulator.altinn.url}/authentication/api/v1/exchange/maskinporten`
  const own = { ClientId: clientId, EncodedJwk: settings.encodedJwk ?? '', jwk: jwk ?? {}, exchangeEndpoint }
  const { base, staging, env } = layers(own)
  const cwd = join(folder, clientId)
  await mkdir(cwd)
  await writeFile(join(cwd, 'appsettings.json'), JSON.stringify(base))
  if (staging) await writeFile(join(cwd, 'appsettings.Staging.json'), JSON.stringify(staging))
  const endpoints = {
    MaskinportenSettings__TokenEndpoint: `${emulator.maskinporten.url}/token`,
    MaskinportenSettings__AssertionAudience: emulator.maskinporten.issuer,
    MaskinportenSettings__TokenExchangeEndpoint: exchangeEndpoint,
  }
  return { clientId, cwd, env: { ...endpoints, ...(staging ? { DOTNET_ENVIRONMENT: 'Staging' } : {}), ...env } }
}

async function ask(place: Place): Promise<void> {
  if (typeof original !== 'string') await original.call(`${api.origin}/${place.clientId}`, place)
}

async function tokenOfOurs({ cwd, env }: Place): Promise<string> {
  await using maskinporten = createMaskinporten(
    settingsFrom([fromAppSettings({ directory: cwd, env }), fromEnv({ env })]),
  )
  const { value } = await maskinporten.getToken()
  return value
}

const arrived = (target: 'token' | 'exchange', { clientId }: Place): readonly RecordedRequest[] =>
  emulator
    .requests(target)
    .filter(({ grant, bearer }) => (grant?.claims['iss'] ?? bearer?.claims['client_id']) === clientId)

/** What differs on purpose is left out or put in one form: `typ`, the order of scopes, `resource` as a list; and what is new each time. */
function grantOf({ status, body, grant }: RecordedRequest): object {
  const { typ: _, ...header } = grant?.header ?? {}
  const { jti: _jti, iat: _iat, exp: _exp, nbf: _nbf, scope, resource, ...claims } = grant?.claims ?? {}
  return {
    status,
    form: [...new URLSearchParams(body).keys()].toSorted(),
    header,
    claims: { ...claims, scope: sorted(scope), ...(resource === undefined ? {} : { resource: [resource].flat() }) },
  }
}

/** Of a token that an API is given. */
function claimsOf(token: string): object {
  const decoded: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())
  const { jti: _jti, iat: _iat, exp: _exp, nbf: _nbf, sid: _sid, scope, aud, ...claims } = record(decoded)
  return { ...claims, scope: sorted(scope), aud: [aud].flat() }
}

const record = (value: unknown): Readonly<Record<string, unknown>> => ({ ...Object(value) })
const sorted = (scope: unknown): string => String(scope).split(' ').toSorted().join(' ')

describe('ours sends what the .NET original sends, of', () => {
  beforeEach(({ skip }) => {
    if (typeof original === 'string') skip(original)
  })

  it.each(Object.entries(layerCases))('%s', async (name, { header = {}, claims = {}, exchange, ours = {} }) => {
    const place = places.get(name) ?? expect.unreachable()
    const token = await tokenOfOurs(place)

    const grants = arrived('token', place).map(grantOf)
    expect(grants).toMatchObject([
      { status: 200, header, claims },
      { status: 200, header: { ...header, ...ours }, claims },
    ])
    expect(grants[1]).toEqual({ ...grants[0], header: { ...record(record(grants[0])['header']), ...ours } })

    const exchanges = arrived('exchange', place).map(({ method, path, query, status }) => ({
      method,
      path,
      query,
      status,
    }))
    expect(exchanges.map(({ query, status }) => [query, status])).toEqual(
      exchange
        ? [
            [exchange, 200],
            [exchange, 200],
          ]
        : [],
    )
    expect(exchanges[1]).toEqual(exchanges[0])

    const theirs = api.arrived.filter(({ path }) => path === `/${place.clientId}`)
    expect(theirs.map(({ headers }) => claimsOf(headers.authorization ?? ''))).toEqual([claimsOf(token)])
  })
})
