/**
 * Mutated input to all servers and to all controls: no crash, and no 500 that is not a told fault. 2,000 in all; EMULATOR_FUZZ_RUNS
 * asks for more, FUZZ_SEED for those of a former run again.
 */
import { createPrivateKey, createSign, type KeyObject } from 'node:crypto'
import { Agent, request as httpRequest } from 'node:http'
import { Agent as SecureAgent, request as httpsRequest } from 'node:https'
import { connect } from 'node:net'
import { type EmulatedClient, type Emulator, startEmulator } from '@maskinporten-kit/emulator'
import { exportJWK, generateKeyPair } from 'jose'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { controlRows } from '../src/control/table.ts'
import { cases } from './control-cases.ts'
import { mutateJson, mutateText, pick, type Random, randomOf } from './mutations.ts'
import { altinnTokenFor, jwtBearer, tokenFor } from './sign-grant.ts'

const total = Number(process.env['EMULATOR_FUZZ_RUNS'] ?? 2_000)
const seed = Number(process.env['FUZZ_SEED'] ?? Math.floor(Math.random() * 2 ** 31))
/** Requests at the same time, and how many there are until everything is as at the start again. */
const together = 16
const batch = 1_000
const timeout = 60_000 + total * 5

interface Sent {
  readonly origin: string
  readonly path: string
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | undefined
}

let emulator: Emulator
let controlled: Emulator
let jwk: Awaited<ReturnType<typeof exportJWK>>
let key: KeyObject
let client: EmulatedClient
let templates: readonly Sent[]
let plain: Agent
let secure: SecureAgent
beforeAll(async () => {
  jwk = { ...(await exportJWK((await generateKeyPair('RS256', { extractable: true })).privateKey)), kid: 'fuzz' }
  key = createPrivateKey({ key: { ...jwk, kty: 'RSA' }, format: 'jwk' })
  const clock = { startAt: 1_900_000_000_000, stopped: true }
  ;[emulator, controlled] = await Promise.all([startEmulator({ clock }), startEmulator({ clock })])
  plain = new Agent({ keepAlive: true, maxSockets: together })
  secure = new SecureAgent({ keepAlive: true, maxSockets: together, ca: [emulator.ca, controlled.ca] })
  await begin(emulator)
  templates = await seeds()
  console.info(`fuzz of the servers and the controls: seed ${seed}, ${total} runs`)
})
afterAll(async () => {
  plain.destroy()
  secure.destroy()
  await Promise.all([emulator.close(), controlled.close()])
})

const scopes = [
  'altinn:serviceowner/instances.read',
  'altinn:events.subscribe',
  'krr:global/kontaktinformasjon.read',
  'idporten:dcr.write',
  'idporten:dcr.read',
  'idporten:dcr.modify',
  'idporten:scopes.write',
]

/** With keys that are there, since to make one takes longer than a hundred requests. */
async function begin(one: Emulator): Promise<void> {
  await one.reset()
  const registered = await one.registerClient({ scopes, clientId: 'fuzz', jwk })
  if (one === emulator) client = registered
  one.keyVault.setSecret('Name', 'x')
  one.maskinporten.addSystemUser({ orgNumber: '310702641', clientIds: ['fuzz'], systemId: 'x', systemUserId: 'fuzz' })
  one.entra.registerApplication({ clientId: '7f9d3c3a-8a60-4bd0-9c3f-0f2f6c3d8a11', clientSecret: 'secret' })
}

async function seeds(): Promise<readonly Sent[]> {
  const { maskinporten, altinn, register, selfService, keyVault, entra, texas, control } = emulator
  const raw = await tokenFor(emulator, client)
  const exchanged = await altinnTokenFor(emulator, client)
  const vault = await keyVault.credential.getToken('https://vault.azure.net/.default')
  const { instance, partyId, dataGuid } = await altinn.submit({
    org: 'ttd',
    app: 'app',
    person: '20914695016',
    data: {},
  })
  const form = { 'content-type': 'application/x-www-form-urlencoded' }
  const json = { 'content-type': 'application/json' }
  const bearer = (token: string, more: object = {}) => ({ authorization: `Bearer ${token}`, ...more })
  const sent = (method: string, url: string, headers: object = {}, body?: unknown): Sent => ({
    method,
    origin: new URL(url).origin,
    path: url.slice(new URL(url).origin.length),
    headers: { ...headers },
    body: body === undefined || typeof body === 'string' ? body : JSON.stringify(body),
  })
  const grant = `grant_type=${encodeURIComponent(jwtBearer)}&assertion=`
  const storage = `${altinn.url}/storage/api/v1/instances`
  const events = `${altinn.url}/events/api/v1`
  const exchangeUrl = `${altinn.url}/authentication/api/v1/exchange/maskinporten`
  const subscription = { endPoint: 'http://127.0.0.1:9/x', resourceFilter: 'urn:altinn:resource:app_ttd_app' }
  const newClient = {
    client_name: 'x',
    description: 'x',
    integration_type: 'maskinporten',
    token_endpoint_auth_method: 'private_key_jwt',
    grant_types: [jwtBearer],
    scopes: [],
  }
  const { kty, n, e } = jwk
  const self = `${selfService.url}/api/v1`
  const entraToken = `${entra.url}/${entra.tenantId}/oauth2/v2.0/token`
  const application =
    'grant_type=client_credentials&client_id=7f9d3c3a-8a60-4bd0-9c3f-0f2f6c3d8a11&client_secret=secret&scope=https%3A%2F%2Fvault.azure.net%2F.default'
  return [
    sent('POST', `${maskinporten.url}/token`, form, `${grant}${raw}`),
    sent('POST', `${maskinporten.url}/token?${grant}${raw}`),
    sent('GET', `${maskinporten.url}/jwk`),
    sent('GET', `${maskinporten.issuer}.well-known/oauth-authorization-server`),
    sent('GET', `${exchangeUrl}?test=true`, bearer(raw, { accept: 'application/json' })),
    sent('GET', `${altinn.url}/authentication/api/v1/openid/.well-known/openid-configuration/jwks`),
    sent(
      'GET',
      `${storage}?org=ttd&appId=ttd/app&created=gte:2020-01-01T00:00:00Z&size=10&mainVersionInclude=3`,
      bearer(exchanged),
    ),
    sent('GET', `${storage}?org=ttd&order=asc:lastChanged&continuationToken=x&A3Ref=123456789012`, bearer(exchanged)),
    sent('GET', `${storage}?org=ttd`, bearer(exchanged, { 'x-ai-instanceowneridentifier': 'person:20914695016' })),
    sent('GET', `${storage}/${instance.id}`, bearer(exchanged)),
    sent('GET', `${storage}/${instance.id}/data/${dataGuid}`, bearer(exchanged)),
    sent('POST', `${storage}/${instance.id}/complete`, bearer(exchanged)),
    sent(
      'GET',
      `${events}/app/ttd/app?from=2020-01-01T00:00:00Z&size=5&party=${partyId}`,
      bearer(exchanged, { person: '1' }),
    ),
    sent('POST', `${events}/subscriptions`, bearer(exchanged, json), subscription),
    sent('POST', `${events}/subscriptions`, bearer(exchanged, json), {
      ...subscription,
      sourceFilter: 'https://ttd.apps.altinn.no/ttd/app',
      alternativeSubjectFilter: '/org/310702641',
      typeFilter: 'app.instance.created',
      includeSubunits: true,
    }),
    sent('GET', `${events}/subscriptions`, bearer(exchanged)),
    sent('GET', `${events}/subscriptions/1`, bearer(exchanged)),
    sent('DELETE', `${events}/subscriptions/1`, bearer(exchanged)),
    sent('POST', `${register.url}/rest/v2/personer`, bearer(raw, json), { personidentifikatorer: ['20914695016'] }),
    sent('GET', `${self}/clients?inactive=true`, bearer(raw)),
    sent('POST', `${self}/clients`, bearer(raw, json), newClient),
    sent('PUT', `${self}/clients/fuzz`, bearer(raw, json), newClient),
    sent('POST', `${self}/clients/fuzz/jwks`, bearer(raw, json), {
      keys: [{ kty, n, e, kid: 'new', use: 'sig', alg: 'RS256', exp: 1_900_000_100 }],
    }),
    sent('GET', `${self}/scopes/all?accessible_for_all=true&integration_type=maskinporten&inactive=false`),
    sent('POST', `${self}/scopes`, bearer(raw, json), { prefix: 'test', subscope: 'one', description: 'x' }),
    sent('PUT', `${self}/scopes/access/310702641?scope=altinn:events.subscribe`, bearer(raw)),
    sent('GET', `${keyVault.url}/secrets/Name?api-version=7.4`, bearer(vault.token)),
    sent('PUT', `${keyVault.url}/secrets/Name?api-version=7.4`, bearer(vault.token, json), { value: 'y' }),
    sent('GET', `${keyVault.url}/secrets?api-version=7.4&maxresults=1`, bearer(vault.token)),
    sent('GET', `${entra.url}/${entra.tenantId}/v2.0/.well-known/openid-configuration`),
    sent('POST', entraToken, form, application),
    sent('POST', texas.tokenEndpoint, json, { identity_provider: 'maskinporten', target: scopes[0], skip_cache: true }),
    sent('POST', texas.introspectionEndpoint, json, { identity_provider: 'maskinporten', token: raw }),
    sent('GET', `${control.url}/__emulator/openapi.json`),
    sent('GET', `${control.url}/ready`),
  ]
}

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
let grants = 0

/** A grant that is signed as it should be, and says something strange. */
function signedGrant(random: Random): Sent {
  const claims = {
    aud: emulator.maskinporten.issuer,
    iss: 'fuzz',
    scope: scopes.slice(0, 2).join(' '),
    iat: 1_900_000_000,
    exp: 1_900_000_100,
    jti: `${seed}-${(grants += 1)}`,
    resource: ['https://api.example.test'],
    consumer_org: '310702641',
    iss_onbehalfof: 'x',
    pid: '20914695016',
    authorization_details: [
      { type: 'urn:altinn:systemuser', systemuser_org: { authority: 'iso6523-actorid-upis', ID: '0192:310702641' } },
    ],
  }
  const header = { alg: 'RS256', kid: 'fuzz', x5c: ['AAAA'], typ: 'JWT' }
  const less = Object.fromEntries(Object.entries(claims).filter(() => random() < 0.8))
  const text = `${part(random() < 0.3 ? mutateJson(header, random) : header)}.${part(mutateJson(less, random))}`
  const assertion = `${text}.${createSign('RSA-SHA256').update(text).sign(key).toString('base64url')}`
  const body = new URLSearchParams({ grant_type: jwtBearer, assertion }).toString()
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  return { method: 'POST', origin: emulator.maskinporten.url, path: '/token', headers, body }
}

const methods = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS', 'TRACE', 'PROPFIND']
const names = [
  'authorization',
  'content-type',
  'accept',
  'host',
  'x-ai-instanceowneridentifier',
  'x-maskinporten-emulator',
  'cookie',
]

function mutated(sent: Sent, random: Random): Sent {
  const kind = random()
  if (kind < 0.45 && sent.body !== undefined) return { ...sent, body: mutatedBody(sent.body, random) }
  if (kind < 0.7) return { ...sent, path: mutateText(sent.path, random) }
  if (kind < 0.9) {
    const name = pick(random, names)
    return { ...sent, headers: { ...sent.headers, [name]: mutateText(sent.headers[name] ?? '', random) } }
  }
  return { ...sent, method: pick(random, methods), body: random() < 0.5 ? sent.body : mutateText('{"a":1}', random) }
}

function mutatedBody(body: string, random: Random): string {
  if (random() < 0.6 && body.startsWith('{')) return JSON.stringify(mutateJson(JSON.parse(body), random)) ?? ''
  return mutateText(body, random)
}

/** Resolves with the status. What Node's own client refuses to send is sent as it takes it. */
function send(sent: Sent): Promise<number> {
  const { origin, path: given, method, headers, body } = sent
  const { protocol, hostname, port } = new URL(origin)
  const path = `/${given.replace(/^\//, '')}`.replaceAll(/[^\x21-\x7e]/gu, (sign) =>
    encodeURIComponent(sign.toWellFormed()),
  )
  const clean = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, value.replaceAll(/[^\t\x20-\x7e\x80-\xff]/g, '')]),
  )
  return new Promise((resolve, reject) => {
    const bytes = body === undefined ? undefined : Buffer.from(body)
    const options = {
      hostname,
      port,
      method,
      path,
      headers: { ...clean, ...(bytes ? { 'content-length': bytes.length } : {}) },
      timeout: 20_000,
    }
    const request =
      protocol === 'https:'
        ? httpsRequest({ ...options, agent: secure, servername: 'localhost' })
        : httpRequest({ ...options, agent: plain })
    request.on('response', (response) => {
      response.resume()
      response.on('end', () => resolve(response.statusCode ?? 0))
      response.on('error', reject)
    })
    request.on('timeout', () => request.destroy(new Error('no answer in 20 s')))
    // A kept connection may have been closed meanwhile: then the request is sent on another one.
    request.on('error', (error: NodeJS.ErrnoException) =>
      request.reusedSocket && error.code === 'ECONNRESET' ? resolve(send(sent)) : reject(error),
    )
    request.end(bytes)
  })
}

/** Bytes that may be no HTTP at all. Resolves with the status of the answer, or 0 for a connection that was closed. */
function sendRaw(origin: string, text: string): Promise<number> {
  const { hostname, port } = new URL(origin)
  return new Promise((resolve) => {
    let heard = ''
    const socket = connect({ host: hostname, port: Number(port) }, () => socket.end(text))
    const done = (): void => resolve(Number(/^HTTP\/1\.1 (\d{3})/.exec(heard)?.[1] ?? 0))
    socket.setTimeout(250, () => socket.destroy())
    socket.on('data', (bytes: Buffer) => (heard += bytes.toString('latin1')))
    socket.on('error', () => undefined)
    socket.on('close', done)
  })
}

async function fuzzServers(at: number): Promise<void> {
  const random = randomOf(seed + at * 7919)
  const kind = random()
  const template = pick(random, templates)
  if (kind < 0.01) {
    const { method, origin, path, headers, body = '' } = template
    const lines = Object.entries({ host: new URL(origin).host, ...headers }).map(([name, value]) => `${name}: ${value}`)
    const head = `${method} ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\nconnection: close\r\n`
    const status = await sendRaw(origin, mutateText(`${head}content-length: ${body.length}\r\n\r\n${body}`, random))
    return judge(status, at, template, status === 0)
  }
  const sent = kind < 0.15 ? signedGrant(random) : mutated(template, random)
  judge(await send(sent).catch((error: unknown) => Promise.reject(told(error, at, sent))), at, sent)
}

const heavy = ['issueCertificate', 'use', 'reset', 'maskinporten.rotateSigningKey', 'altinn.rotateSigningKey']

async function fuzzControls(at: number): Promise<void> {
  const random = randomOf(seed + at * 7919 + 1)
  const light = controlRows.filter(([name]) => !heavy.includes(name))
  const [name, { method, path }] = pick(random, random() < 0.005 ? controlRows : light)
  const input: unknown = mutateJson(Object.entries(cases).find(([one]) => one === name)?.[1].input ?? {}, random)
  const rest = new Map(Object.entries(Object(input)))
  const filled = path.replaceAll(/\{(\w+)\}/g, (_whole, member: string) => {
    const value = rest.get(member)
    rest.delete(member)
    return encodeURIComponent(textOf(value).toWellFormed())
  })
  const url = new URL(`${controlled.control.url}/__emulator${filled}`)
  const inQuery = method === 'GET' || (method === 'DELETE' && random() < 0.5)
  if (inQuery) for (const [member, value] of rest) url.searchParams.set(member, textOf(value))
  const body = inQuery
    ? undefined
    : random() < 0.1
      ? mutateText('{"a":[1,{}]}', random)
      : JSON.stringify(random() < 0.1 ? input : Object.fromEntries(rest))
  const headers = { 'x-maskinporten-emulator': '1' }
  const sent = { origin: url.origin, path: `${url.pathname}${url.search}`, method, headers, body }
  const status = await send(sent).catch((error: unknown) => Promise.reject(told(error, at, sent)))
  // A fault may hang, and would be met by the next.
  controlled.faults.clear()
  judge(status, at, sent)
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
}

function judge(status: number, at: number, sent: Sent, closed = false): void {
  if (closed || (status >= 200 && status < 500) || status === 501 || status === 503) return
  throw told(`status ${status}`, at, sent)
}

function told(what: unknown, at: number, sent: Sent): Error {
  const said = what instanceof Error ? what.message : String(what)
  return new Error(`run ${at} of seed ${seed}: ${said} for ${JSON.stringify(sent).slice(0, 2_000)}`)
}

test('mutated requests to all servers are answered, and none with a 500', { timeout }, async () => {
  const runs = Math.ceil(total * 0.7)
  for (let begun = 0; begun < runs; begun += batch) {
    await begin(emulator)
    const end = Math.min(runs, begun + batch)
    let next = begun
    const work = async (): Promise<void> => {
      while (next < end) await fuzzServers(next++)
    }
    await Promise.all(Array.from({ length: together }, work))
  }
  await begin(emulator)
  expect(await tokenFor(emulator, client)).toMatch(/^ey/)
})

test('mutated calls of all controls are answered, and none with a 500', { timeout }, async () => {
  const runs = Math.floor(total * 0.3)
  for (let at = 0; at < runs; at += 1) {
    if (at % batch === 0) await begin(controlled)
    await fuzzControls(at)
  }
  await begin(controlled)
  expect((await fetch(`${controlled.control.url}/health`)).status).toBe(200)
  expect(Reflect.get({}, 'polluted')).toBeUndefined()
})
