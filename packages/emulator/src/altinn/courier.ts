/** Brings events to subscribers: at once, and again as Altinn does while they are not taken. Only to addresses on loopback. */
import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { randomUUID } from 'node:crypto'
import type { LookupFunction } from 'node:net'
import { rootCertificates } from 'node:tls'
import type { ResettableClock } from '../clock.ts'
import type { Log } from '../http/log.ts'
import type { CloudEvent } from './events.ts'
import { identityOfConsumer } from './identity.ts'
import type { Policy } from './policy.ts'
import { isOnLoopback } from './subscription-request.ts'
import type { KeptSubscription, SubscriptionStore } from './subscriptions.ts'

export interface Courier {
  /** Sends the validation event to the end point; 2xx makes the subscription valid. */
  validate(kept: KeptSubscription): void
  /** Sends the event to each validated subscription that wants it and may have it. */
  deliver(event: CloudEvent): void
}

export interface CourierParts {
  readonly clock: ResettableClock
  readonly log: Log
  /** Aborted by `close()`. */
  readonly closing: AbortSignal
  /** The emulator's own authority, PEM, which is trusted beside the usual ones. */
  readonly ca: string
  readonly subscriptions: SubscriptionStore
  readonly policy: Policy
}

/** The event that asks for the validation of a subscription. */
interface ValidationEvent {
  readonly id: string
  readonly source: string
  readonly type: 'platform.events.validatesubscription'
  readonly specversion: '1.0'
}

interface Delivery {
  readonly kept: KeptSubscription
  readonly event: CloudEvent | ValidationEvent
  readonly delaysSeconds: readonly number[]
  /** Attempts that failed. */
  failed: number
  /** By the emulator's monotonic clock, milliseconds. */
  dueAt: number
}

/** Seconds between the attempts (Altinn/altinn-events, `RetryBackoffService.cs`); after the last one the event is given up. */
const deliveryDelays = [10, 30, 60, 300, 600, 1800, 3600, 10_800, 21_600, 43_200, 43_200]
/** The same for the validation event (`appsettings.json` there). */
const validationDelays = [1, 5, 10, 30, 60, 120, 120, 120]
/** `RequestTimeout` there, milliseconds. */
const answerTimeoutMs = 45_000
/** Deliveries, under way or waiting for their next attempt. */
const mostDeliveries = 10_000
/** Node's timers hold no more. */
const longestTimerMs = 2 ** 31 - 1

export function createCourier(parts: CourierParts): Courier {
  const { clock, log, closing, subscriptions, policy } = parts
  const waiting = new Set<Delivery>()
  let underWay = 0
  let timer: NodeJS.Timeout | undefined
  let soon: NodeJS.Immediate | undefined

  /** Starts what is due, and comes back for what is not. Emulated time may stand still: then `advance` is what comes back. */
  const pump = (): void => {
    clearTimeout(timer)
    if (closing.aborted) return waiting.clear()
    const now = clock.monotonic()
    for (const delivery of waiting) {
      if (delivery.dueAt > now) continue
      waiting.delete(delivery)
      void attempt(delivery)
    }
    // One by one: a call takes no list of any length.
    let next = Infinity
    for (const { dueAt } of waiting) next = Math.min(next, dueAt)
    if (next === Infinity) return
    timer = setTimeout(pump, Math.min(Math.max(next - now, 1), longestTimerMs))
    timer.unref()
  }
  /** Behind the answer to whoever caused it, and once for all that came meanwhile. */
  const pumpSoon = (): void => {
    soon ??= setImmediate(() => {
      soon = undefined
      pump()
    })
  }
  /** `to`: the end point without its query, which may have a secret. */
  const tell = ({ kept, event }: Delivery, to: string, status: number | undefined, what: string): void =>
    log.write({
      kind: 'delivery',
      at: clock.now(),
      subscription: kept.subscription.id,
      type: event.type,
      event: event.id,
      to,
      status,
      message: `${event.type} for subscription ${kept.subscription.id}: ${to}${what}`,
    })
  const attempt = async (delivery: Delivery): Promise<void> => {
    const { kept, event, delaysSeconds } = delivery
    if (!subscriptions.has(kept)) return
    const to = new URL(kept.subscription.endPoint)
    underWay += 1
    const status = await post(to, JSON.stringify(event), parts).catch((error: unknown) => error)
    underWay -= 1
    // Deleted, forgotten by a reset, or closed meanwhile.
    if (!subscriptions.has(kept) || closing.aborted) return
    const taken = typeof status === 'number' && status >= 200 && status < 300
    const delay = taken ? undefined : delaysSeconds[delivery.failed]
    if (!taken) delivery.failed += 1
    if (taken && event.type === 'platform.events.validatesubscription') subscriptions.setValidated(kept)
    const answered = typeof status === 'number' ? `answered ${status}` : `gave no answer (${codeOf(status)})`
    const then = taken ? '' : delay === undefined ? '; it is given up' : `; the next attempt is in ${delay} s`
    tell(delivery, placeOf(to), typeof status === 'number' ? status : undefined, ` ${answered}${then}`)
    if (delay === undefined) return
    delivery.dueAt = clock.monotonic() + delay * 1000
    waiting.add(delivery)
    pumpSoon()
  }
  const send = (kept: KeptSubscription, event: Delivery['event'], delaysSeconds: readonly number[]): void => {
    const delivery: Delivery = { kept, event, delaysSeconds, failed: 0, dueAt: clock.monotonic() }
    const to = new URL(kept.subscription.endPoint)
    if (!isOnLoopback(to)) {
      const why = 'is not on this machine, and the emulator never connects outward: nothing is sent'
      return tell(delivery, to.origin, undefined, ` ${why}; give an end point on 127.0.0.1 or localhost`)
    }
    if (waiting.size + underWay >= mostDeliveries) {
      return tell(delivery, placeOf(to), undefined, `: ${mostDeliveries} deliveries wait already; it is given up`)
    }
    waiting.add(delivery)
    pumpSoon()
  }
  clock.onAdvance(pump)
  closing.addEventListener('abort', pump, { once: true })
  return {
    validate(kept) {
      const source = `${kept.platform}/events/api/v1/subscriptions/${kept.subscription.id}`
      const type = 'platform.events.validatesubscription'
      send(kept, { id: randomUUID(), source, type, specversion: '1.0' }, validationDelays)
    },
    deliver(event) {
      const [org = '', app = ''] = new URL(event.source).pathname.split('/').slice(1)
      const partyId = event.subject.slice('/party/'.length)
      for (const kept of subscriptions.wanting(event)) {
        const who = identityOfConsumer(kept.subscription.consumer)
        if (policy.denial(who, 'event', { org, app, partyId }) === undefined) send(kept, event, deliveryDelays)
      }
    },
  }
}

function placeOf({ origin, pathname }: URL): string {
  return `${origin}${pathname}`
}

/** The status of the answer, whose body nobody reads. */
function post(to: URL, body: string, { ca, closing }: Pick<CourierParts, 'ca' | 'closing'>): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json; charset=utf-8', 'content-length': Buffer.byteLength(body) }
    // No agent: a connection of its own, and never through a proxy of the environment.
    const timeout = answerTimeoutMs
    const options = { method: 'POST', headers, agent: false, timeout, signal: closing, lookup: toLoopback } as const
    const sent =
      to.protocol === 'https:'
        ? httpsRequest(to, { ...options, ca: [...rootCertificates, ca] })
        : httpRequest(to, options)
    sent.on('response', (response) => {
      response.resume()
      response.on('error', () => undefined)
      resolve(response.statusCode ?? 0)
    })
    sent.on('timeout', () => sent.destroy(new Error('ETIMEDOUT')))
    sent.on('error', reject)
    sent.end(body)
  })
}

const loopback = [
  { address: '127.0.0.1', family: 4 },
  { address: '::1', family: 6 },
]

/** For `localhost`, the one name that passes: a resolver may send it to anywhere, and to ask one may be a packet that goes out. */
const toLoopback: LookupFunction = (_host, { all }, done) =>
  all === true ? done(null, loopback) : done(null, '127.0.0.1', 4)

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message
}
