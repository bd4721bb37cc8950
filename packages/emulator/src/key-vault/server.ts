/** Azure Key Vault's secrets over HTTP: of the vault by whose name it is called. */
import { randomUUID } from 'node:crypto'
import type { Context } from 'hono'
import { isJsonObject, type JsonObject, parseJsonObject } from '../json.ts'
import { entraAuthority, vaultAt, vaultResource } from '../network/names.ts'
import { because, createService, type Service, type ServiceEnv, type World } from '../http/service.ts'
import { bearerToken } from '../tokens/verify-token.ts'
import type { Callers } from './callers.ts'
import { isVaultErrorName, vaultError, type VaultErrorFacts, type VaultErrorName, vaultMessage } from './error-table.ts'
import { isSecretName, type Secret, type SecretChange } from './secrets.ts'
import { maxPageSize, type Vaults, type VaultState } from './vaults.ts'

export interface KeyVault {
  readonly vaults: Vaults
  readonly callers: Callers
  readonly tenantId: string
}

type Answer = (c: Context<ServiceEnv>, vault: VaultState) => Response | Promise<Response>

const nameOf = (c: Context<ServiceEnv>): string => c.req.param('name') ?? ''

export function vaultService(world: World, { vaults, callers, tenantId }: KeyVault): Service {
  const service = createService(
    world,
    () => 'key-vault',
    (error, c) => {
      const { hostname, pathname } = new URL(c.req.url)
      const [, name] = /^\/secrets\/([^/]+)/.exec(pathname) ?? []
      const vault = vaultAt(hostname) ?? hostname
      return vaultError(isVaultErrorName(error) ? error : 'ForbiddenByRbac', { name, vault, caller: 'appid=unknown' })
    },
  )
  service.use(async (c, next) => {
    await next()
    c.res.headers.set('x-ms-keyvault-region', 'norwayeast')
    c.res.headers.set('x-ms-keyvault-service-version', '1.9.0.0')
    c.res.headers.set('x-ms-request-id', randomUUID())
    const id = c.req.header('x-ms-client-request-id')
    if (id !== undefined) c.res.headers.set('x-ms-client-request-id', id)
  })
  const guarded =
    (answer: Answer) =>
    async (c: Context<ServiceEnv>): Promise<Response> => {
      // Before everything else, so that an anonymous caller learns no name.
      const token = bearerToken(c.req.header('authorization'))
      if (token === undefined) return challenge(vaultError('Unauthorized'), tenantId)
      const known = await callers.identify(token)
      if ('error' in known) return challenge(refuse(c, known.error, known), tenantId)
      const { hostname, searchParams } = new URL(c.req.url)
      const vault = vaults.at(hostname)
      const name = c.req.param('name')
      const denied = vault.denied ?? vault.deniedSecrets.get(name?.toLowerCase() ?? '')
      if (denied) return refuse(c, denied, { name, vault: vaultAt(hostname) ?? hostname, caller: known.caller })
      if (!searchParams.has('api-version')) return refuse(c, 'MissingApiVersion')
      if (name !== undefined && !isSecretName(name)) return refuse(c, 'BadParameter', { name })
      return answer(c, vault)
    }
  const read: Answer = (c, { secrets }) => {
    const secret = secrets.get(nameOf(c), c.req.param('version'))
    if (!secret) return refuse(c, 'SecretNotFound', { name: nameOf(c) })
    return secret.attributes.enabled ? Response.json(bundle(c, secret)) : refuse(c, 'SecretDisabled')
  }
  const update: Answer = async (c, { secrets }) => {
    const body = parseJsonObject(c.get('body'))
    if (!body) return refuse(c, 'BadBody')
    const secret = secrets.change(nameOf(c), c.req.param('version'), changeOf(body))
    return secret ? Response.json(item(c, secret, true)) : refuse(c, 'SecretNotFound', { name: nameOf(c) })
  }
  service.put(
    '/secrets/:name',
    guarded(async (c, { secrets }) => {
      const body = parseJsonObject(c.get('body'))
      const value = body?.['value']
      if (!body || typeof value !== 'string') return refuse(c, 'BadBody')
      return Response.json(bundle(c, secrets.set(nameOf(c), { ...changeOf(body), value })))
    }),
  )
  service.get(
    '/secrets',
    guarded((c, vault) => listing(c, vault, vault.secrets.list(), false)),
  )
  service.get('/secrets/:name', guarded(read))
  service.get(
    '/secrets/:name/versions',
    guarded((c, vault) => listing(c, vault, vault.secrets.versions(nameOf(c)), true)),
  )
  service.get('/secrets/:name/:version', guarded(read))
  service.patch('/secrets/:name', guarded(update))
  service.patch('/secrets/:name/:version', guarded(update))
  service.delete(
    '/secrets/:name',
    guarded((c, { secrets }) => {
      const secret = secrets.delete(nameOf(c))
      if (!secret) return refuse(c, 'SecretNotFound', { name: nameOf(c) })
      const origin = new URL(c.req.url).origin
      return Response.json({ ...item(c, secret, true), recoveryId: `${origin}/deletedsecrets/${secret.name}` })
    }),
  )
  service.all(
    '*',
    guarded((c) => refuse(c, 'NotFound')),
  )
  return service
}

function refuse(c: Context<ServiceEnv>, error: VaultErrorName, facts?: VaultErrorFacts): Response {
  const compared = { of: 'aud', expected: vaultResource, received: facts?.found ?? '' }
  because(c, { rule: error, reason: vaultMessage(error, facts), ...(error === 'WrongAudience' ? { compared } : {}) })
  return vaultError(error, facts)
}

/** The real challenge, by which the SDK learns tenant and scope. */
function challenge(response: Response, tenantId: string): Response {
  const value = `Bearer authorization="${entraAuthority}${tenantId}", resource="${vaultResource}"`
  response.headers.set('www-authenticate', value)
  return response
}

/** The request's own origin, so that the SDK, which checks it, goes on to send its token there. */
function idOf(c: Context<ServiceEnv>, secret: Secret, withVersion: boolean): string {
  const { origin } = new URL(c.req.url)
  return `${origin}/secrets/${secret.name}${withVersion ? `/${secret.version}` : ''}`
}

function item(c: Context<ServiceEnv>, secret: Secret, withVersion: boolean): object {
  const { contentType, tags, attributes } = secret
  return {
    id: idOf(c, secret, withVersion),
    attributes: { ...attributes, recoveryLevel: 'Recoverable+Purgeable', recoverableDays: 90 },
    ...(contentType === undefined ? {} : { contentType }),
    tags,
  }
}

function bundle(c: Context<ServiceEnv>, secret: Secret): object {
  return { value: secret.value, ...item(c, secret, true) }
}

/** `$skiptoken` counts the empty pages as well, which stand before the others as if each held `size` items. */
function listing(
  c: Context<ServiceEnv>,
  { paging }: VaultState,
  secrets: readonly Secret[],
  withVersion: boolean,
): Response {
  const url = new URL(c.req.url)
  const asked = Number(url.searchParams.get('maxresults') ?? maxPageSize)
  if (!(asked >= 1)) return refuse(c, 'BadBody')
  const size = Math.min(asked, paging.size)
  const skipped = Number(url.searchParams.get('$skiptoken') ?? 0)
  const start = skipped - paging.emptyPages * size
  const page = secrets.slice(Math.max(start, 0), Math.max(start + size, 0))
  const more = start + size < secrets.length
  const version = url.searchParams.get('api-version') ?? ''
  const next = `${url.origin}${url.pathname}?api-version=${version}&$skiptoken=${skipped + size}&maxresults=${asked}`
  return Response.json({ value: page.map((secret) => item(c, secret, withVersion)), nextLink: more ? next : null })
}

function changeOf(body: JsonObject): SecretChange {
  const { contentType, tags, attributes } = body
  const { enabled, nbf, exp } = isJsonObject(attributes) ? attributes : {}
  return {
    contentType: typeof contentType === 'string' ? contentType : undefined,
    tags: isJsonObject(tags)
      ? Object.fromEntries(Object.entries(tags).map(([name, value]) => [name, String(value)]))
      : undefined,
    enabled: typeof enabled === 'boolean' ? enabled : undefined,
    nbf: typeof nbf === 'number' ? nbf : undefined,
    exp: typeof exp === 'number' ? exp : undefined,
  }
}
