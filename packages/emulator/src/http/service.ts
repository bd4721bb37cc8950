/** One of the emulator's HTTP services: every request is recorded, may meet a fault, and is answered with the emulator's `Date`. */
import { setTimeout as delay } from 'node:timers/promises'
import type { HttpBindings } from '@hono/node-server'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import { type Context, Hono, type Next } from 'hono'
import type { EmulatorClock } from '../clock.ts'
import type { Fault, FaultQueue } from './faults.ts'
import { type Log, pathFor, withoutTokens } from './log.ts'
import { maxBodyBytes, readBody } from './read-body.ts'
import type { Arrival } from './recorded-request.ts'
import type { Recorder } from './recorder.ts'
import type { Target } from './target.ts'
import type { Refusal } from '../tokens/verify-token.ts'

export interface ServiceEnv {
  // Hono reads a type of this name from its type argument.
  Bindings: HttpBindings
  Variables: {
    /** The body is read once, before the service's own handlers. */
    body: string
    /** Why the request is refused: for the recorder. */
    refusal?: Refusal
    /** The token that the answer has: for the recorder. */
    issued?: string
    /** Written straight to the socket, in the place of the handler's response. */
    plain?: PlainAnswer
  }
}

/** An answer without the web's `Response` around it, whose stream and headers cost the token endpoint a fifth of its time. */
export interface PlainAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export type Service = Hono<ServiceEnv>

export interface World {
  readonly clock: EmulatorClock
  readonly recorder: Recorder
  readonly faults: FaultQueue
  readonly log: Log
  /** Aborted by `close()`: what hangs or waits ends. */
  readonly closing: AbortSignal
}

export function createService(
  world: World,
  targetOf: (path: string) => Target,
  /** The body of a row of the service's error table, for a fault's `error`. */
  namedError?: (name: string, c: Context<ServiceEnv>) => Response,
): Service {
  const service: Service = new Hono({ strict: false })
  service.use(async (c, next) => {
    const { incoming } = c.env
    // A Host that is none, such as 99999999999, would be met again wherever the address is read.
    if (!URL.canParse(c.req.url)) return new Response(null, { status: 400 })
    // A caller that hung up while sending has sent nothing, and hears nothing.
    const read = await readBody(incoming, maxBodyBytes).catch(() => null)
    if (read === null) return RESPONSE_ALREADY_SENT
    const body = read ?? ''
    c.set('body', body)
    const target = targetOf(c.req.path)
    const arrival = world.recorder.record({
      target,
      at: world.clock.now(),
      method: c.req.method,
      url: c.req.url,
      rawHeaders: incoming.rawHeaders,
      body,
    })
    const answerIt = read === undefined ? tooLarge : answer
    if (!world.log.heard) return answerIt(c, next, arrival)
    const begun = performance.now()
    const answered = await answerIt(c, next, arrival)
    logRequest(world.log, arrival, c.req.path, performance.now() - begun)
    return answered
  })
  async function answer(c: Context<ServiceEnv>, next: Next, arrival: Arrival): Promise<Response | undefined> {
    const { target } = arrival
    const fault = world.faults.take(target)
    if (fault && answers(fault)) {
      arrival.refusal = { rule: 'fault', reason: `A fault was queued for ${target}: ${Object.keys(fault).join(', ')}.` }
    }
    if (fault?.delayMs !== undefined) await wait(fault.delayMs, world.closing)
    if (fault?.hang === true) await untilClosed(world.closing)
    if (fault?.hang === true || fault?.reset === true) return cut(c.env)
    const instead = fault && answerOf(fault, c, namedError)
    if (instead) c.res = instead
    else await next()
    const plain = c.get('plain')
    const status = plain?.status ?? c.res.status
    const answerBody = status < 400 ? undefined : (plain?.body ?? (await c.res.clone().text()))
    world.recorder.answered(arrival, { answerBody, issued: c.get('issued') })
    if (fault?.loseAnswer === true) return cut(c.env)
    // Clients repair their clock from this header, so it must be the emulator's time and not the machine's.
    const headers = { date: new Date(world.clock.now()).toUTCString(), ...fault?.headers }
    arrival.status = status
    arrival.refusal ??= c.get('refusal') ?? unnamed(arrival, c.res.headers)
    if (plain) return send(c.env, { ...plain, headers: { ...plain.headers, ...headers } })
    for (const [name, value] of Object.entries(headers)) c.res.headers.set(name, value)
    return undefined
  }
  service.notFound((c) => {
    because(c, { rule: 'address_unknown', reason: `${c.req.method} ${pathFor(c.req.path)} is not answered here.` })
    return c.text('404 Not Found', 404)
  })
  async function tooLarge(_c: unknown, _next: unknown, arrival: Arrival): Promise<Response> {
    arrival.status = 413
    arrival.refusal = { rule: 'body_too_large', reason: `The body has more than ${maxBodyBytes} bytes.` }
    return new Response(null, { status: 413, headers: { date: new Date(world.clock.now()).toUTCString() } })
  }
  return service
}

/** Of an answer that no rule was named for: its target and status are the rule, and its own words the reason. */
function unnamed({ target, status = 0, answerBody = '' }: Arrival, headers: Headers): Refusal | undefined {
  // A challenge refuses nothing (RFC 9110 §11.6.1): every client of Key Vault begins with one.
  if (status < 400 || headers.has('www-authenticate')) return undefined
  const said = withoutTokens(answerBody.slice(0, longestReason))
  return { rule: `${target}_${status}`, reason: said === '' ? 'The answer gives no reason.' : said }
}

const longestReason = 200

function logRequest(log: Log, arrival: Arrival, path: string, ms: number): void {
  const { id, at, target, method, status, refusal } = arrival
  log.write({
    kind: 'request',
    id,
    at,
    target,
    method,
    path: pathFor(path),
    status,
    ms: Math.round(ms * 10) / 10,
    rule: refusal?.rule,
  })
}

/** For a handler that answers with a token: so that the recorder can tell its claims. */
export function issued(c: Context<ServiceEnv>, token: string): void {
  c.set('issued', token)
}

/** For a handler that refuses: says why to whoever looks at what arrived. */
export function because(c: Context<ServiceEnv>, refusal: Refusal): void {
  c.set('refusal', refusal)
}

/** Whether the fault stands in the place of the answer. */
function answers({ status, body, error, hang, reset, loseAnswer }: Fault): boolean {
  const cuts = hang === true || reset === true || loseAnswer === true
  return cuts || status !== undefined || body !== undefined || error !== undefined
}

/** For a handler: answers without a `Response`. */
export function answerPlainly(c: Context<ServiceEnv>, plain: PlainAnswer): Response {
  c.set('plain', plain)
  return RESPONSE_ALREADY_SENT
}

function send({ outgoing }: HttpBindings, { status, headers, body }: PlainAnswer): Response {
  outgoing.writeHead(status, headers)
  outgoing.end(body)
  return RESPONSE_ALREADY_SENT
}

function answerOf(
  fault: Fault,
  c: Context<ServiceEnv>,
  namedError?: (name: string, c: Context<ServiceEnv>) => Response,
): Response | undefined {
  if (fault.error !== undefined && namedError) return namedError(fault.error, c)
  if (fault.status === undefined && fault.body === undefined) return undefined
  const isText = typeof fault.body === 'string'
  const body =
    fault.body === undefined ? null : typeof fault.body === 'string' ? fault.body : JSON.stringify(fault.body)
  const type: Record<string, string> =
    body === null ? {} : { 'content-type': isText ? 'text/plain' : 'application/json' }
  return new Response(body, { status: fault.status ?? 200, headers: type })
}

function cut(env: HttpBindings): Response {
  env.incoming.socket.resetAndDestroy()
  return RESPONSE_ALREADY_SENT
}

/** Until then, or until the emulator closes. */
function wait(ms: number, closing: AbortSignal): Promise<void> {
  return delay(ms, undefined, { signal: closing }).catch(() => undefined)
}

function untilClosed(closing: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    closing.addEventListener('abort', () => resolve(), { once: true })
  })
}
