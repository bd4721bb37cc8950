/** The controls over HTTP, so that an app in any language can do all that a test in process can: the routes are the rows of the table. */
import type { HttpBindings } from '@hono/node-server'
import { type Context, Hono } from 'hono'
import type { Emulator } from '../emulator.ts'
import { problem } from '../http/problem.ts'
import { maxBodyBytes, readBody } from '../http/read-body.ts'
import type { Service, ServiceEnv } from '../http/service.ts'
import { hostOf, plainHost } from '../network/names.ts'
import { isJsonObject, type JsonObject, parseJsonObject } from '../json.ts'
import { addPage, isForPage, type PageParts } from '../page/routes.ts'
import { addresses, controlHeader } from './addresses.ts'
import { checkMembers } from './check.ts'
import type { Answer, Control } from './control.ts'
import type { Members } from './members.ts'
import { openApi } from './openapi.ts'
import { type OpenRoute, openRoutes } from './open-routes.ts'
import { controlPrefix, controlRows, membersOf } from './table.ts'

export interface ControlOptions {
  /** Names under which the controls may be called, with those of loopback. */
  readonly hosts: readonly string[]
  readonly vaultToken: string
  readonly page: PageParts
  /** What the emulator is begun with is there. */
  readonly ready: () => boolean
}

export function controlService(emulator: Emulator, options: ControlOptions): Service {
  const service: Service = new Hono()
  const open = new Set(openRoutes.filter(({ guarded }) => !guarded).map(({ path }) => path))
  // Host is checked against DNS rebinding: a foreign name that resolves to loopback is refused. Its port is not: a container's
  // or a tunnel's is another one.
  const own = options.hosts.map((host) => plainHost(host.includes(':') ? `[${host}]` : host))
  const hosts = new Set(['127.0.0.1', 'localhost', '[::1]', ...own])
  service.use(async (c, next) => {
    // They tell nothing that is worth a foreign page's while, and health checks come under any name.
    if (open.has(c.req.path)) return next()
    const name = hostOf(c.req.header('host') ?? '')
    if (!hosts.has(name)) {
      return problem(403, 'Forbidden', 'Call it as localhost, or give the name that you use as one of allowedHosts.')
    }
    if (c.req.header(controlHeader) === undefined && !isForPage(c)) {
      return problem(403, 'Forbidden', `Send the header ${controlHeader} with any value.`)
    }
    return next()
  })
  service.onError((error) =>
    // A TypeError or RangeError here is a sentence for the caller; anything else is ours.
    error instanceof TypeError || error instanceof RangeError
      ? problem(400, 'Bad Request', error.message)
      : problem(500, 'Internal Server Error'),
  )
  service.notFound((c) =>
    problem(
      404,
      'Not Found',
      `${c.req.method} ${c.req.path} is not a control; ${controlPrefix}/openapi.json lists them.`,
    ),
  )
  addPage(service, emulator, options.page)
  for (const route of openRoutes) {
    const answer = (c: Context<ServiceEnv>): Promise<Response> => answerOpen(c, route.name, emulator, options)
    service.get(route.path, answer)
    if (route.also !== undefined) service.get(route.also, answer)
  }
  for (const [name, control] of controlRows) {
    const path = control.path.replaceAll(/\{(\w+)\}/g, ':$1')
    const answer = (c: Context<ServiceEnv>): Promise<Response> => answerControl(c, name, control, emulator)
    service.on(control.method, `${controlPrefix}${path}`, answer)
    if (control.alsoBare === true) service.on(control.method, path, answer)
  }
  return service
}

async function answerOpen(
  c: Context<ServiceEnv>,
  name: OpenRoute['name'],
  emulator: Emulator,
  { ready, vaultToken }: ControlOptions,
): Promise<Response> {
  switch (name) {
    case 'addresses':
      return c.json(addresses(emulator))
    case 'vaultToken':
      return c.json({ access_token: vaultToken })
    case 'openApi':
      return c.json(openApi(emulator.control.url))
    case 'health':
      return c.json({ status: 'ok' })
    case 'ready':
      return ready()
        ? c.json({ status: 'ok' })
        : problem(503, 'Service Unavailable', 'What the emulator is begun with is not there yet; ask again.')
    case 'version':
      // Loaded only when asked for: it uses `import.meta`, which Jest's CommonJS does not read.
      return c.json({ version: (await import('./version.ts')).packageVersion() })
  }
}

async function answerControl(
  c: Context<ServiceEnv>,
  name: string,
  control: Control,
  emulator: Emulator,
): Promise<Response> {
  const members = membersOf(control)
  const body = await bodyOf(c.env)
  if (body === undefined) {
    return problem(413, 'Content Too Large', `A body has ${maxBodyBytes} bytes at most; send a smaller one.`)
  }
  const given = checkMembers(joined([c.req.param(), queryOf(c, members), body]), members, name)
  const { vault, ...rest } = given
  const own = control.inVault === true
  const holder = own && typeof vault === 'string' ? emulator.keyVault.vault(vault) : holderOf(name, emulator)
  const method: unknown = Reflect.get(holder, name.slice(name.lastIndexOf('.') + 1))
  if (typeof method !== 'function') throw new Error(`the emulator has no ${name}; its row is in the table of controls`)
  const result: unknown = await Reflect.apply(method, undefined, argumentsOf(control, own ? rest : given))
  const { answer } = control
  if (!answer) return new Response(null, { status: 204 })
  return Response.json(shownResult(result, answer, emulator), { status: answer.status })
}

function holderOf(name: string, emulator: Emulator): object {
  const dot = name.lastIndexOf('.')
  const holder: unknown = dot < 0 ? emulator : Reflect.get(emulator, name.slice(0, dot))
  return isJsonObject(holder) ? holder : emulator
}

/** The object of options is left out when none of its members was given. */
function argumentsOf({ positional = {}, options, optionsOptional }: Control, given: JsonObject): readonly unknown[] {
  const args = Object.keys(positional).map((name) => given[name])
  if (!options) return args
  const more = Object.fromEntries(Object.entries(given).filter(([name]) => Object.hasOwn(options, name)))
  return optionsOptional === true && Object.keys(more).length === 0 ? args : [...args, more]
}

/** Of an object, the members that the table promises. */
function shownResult(result: unknown, { schema, of }: Answer, emulator: Emulator): unknown {
  const shown = of ? of(result, emulator) : result
  if (schema.type !== 'record' || !isJsonObject(shown)) return shown
  return Object.fromEntries(Object.keys(schema.members).map((name) => [name, shown[name]]))
}

/** `undefined` for one that is too large. @throws TypeError for one that is not a JSON object. */
async function bodyOf({ incoming }: HttpBindings): Promise<JsonObject | undefined> {
  const text = await readBody(incoming, maxBodyBytes)
  if (text === undefined || text === '') return text === '' ? {} : undefined
  const body = parseJsonObject(text)
  if (!body) throw new TypeError('send a JSON object')
  return body
}

/** Text is all that a query has: a number is read where the table wants one. */
function queryOf(c: Context<ServiceEnv>, members: Members): JsonObject {
  const query = new URL(c.req.url).searchParams
  return Object.fromEntries(
    [...query].map(([name, value]): readonly [string, unknown] => {
      if (query.getAll(name).length > 1) throw new TypeError(`the query has \`${name}\` twice; send it once`)
      const wanted = Object.hasOwn(members, name) ? members[name] : undefined
      const isNumber =
        wanted?.type === 'number' ? value.trim() !== '' : wanted?.type === 'instant' && /^\d+$/.test(value)
      if (isNumber) return [name, Number(value)]
      if (wanted?.type === 'boolean' && (value === 'true' || value === 'false')) return [name, value === 'true']
      return [name, value]
    }),
  )
}

/** @throws TypeError for a member that stands in two of them. */
function joined(parts: readonly JsonObject[]): JsonObject {
  const all = new Map<string, unknown>()
  for (const [name, value] of parts.flatMap((part) => Object.entries(part))) {
    if (all.has(name)) throw new TypeError(`\`${name}\` stands in two places of the request; send it once`)
    all.set(name, value)
  }
  return Object.fromEntries(all)
}
