/** Events into spans. A span begins in the async context of the call that began the work. */
import {
  type Attributes,
  type Link,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  type SpanOptions,
  SpanStatusCode,
  type Tracer,
  context,
  trace,
} from '@opentelemetry/api'
import type { MaskinportenError, MaskinportenEvent } from '@maskinporten-kit/core'
import {
  type Outcome,
  type TokenEnd,
  type TokenStart,
  errorDetails,
  organisationsOf,
  outcomeOf,
  requestTo,
  scopesOf,
} from './attributes.ts'
import type { Instance, NameOptions } from './instance.ts'
import { ALTINN, OWN, SEMCONV, SPANS } from './names.ts'

const HTTP_OK = 200

export class SpanRecorder {
  readonly #tracer: Tracer
  readonly #instance: Instance
  readonly #options: NameOptions
  /** Tokens and exchanges share one sequence of ids. */
  readonly #open = new Map<number, { readonly span: Span; readonly isSent: boolean }>()

  constructor(tracer: Tracer, instance: Instance, options: NameOptions) {
    this.#tracer = tracer
    this.#instance = instance
    this.#options = options
  }

  record(event: MaskinportenEvent): void {
    if (event.type === 'token.start') this.#beginToken(event)
    else if (event.type === 'token.end') this.#endToken(event)
    else if (event.type === 'exchange.start') this.#beginExchange(event)
    else if (event.type === 'exchange.end')
      this.#end(event.id, event.error === undefined ? 'success' : 'failure', event.error)
    else if (event.type === 'settings.changed') this.#settings(event.why, event.durationMs, undefined)
    else if (event.type === 'settings.failed') this.#settings(event.why, event.durationMs, event.error)
  }

  /** What is still open has no end of its own. */
  end(): void {
    for (const id of this.#open.keys()) this.#end(id, 'abandoned')
  }

  #beginToken(event: TokenStart): void {
    const { id, kind, why, parentId } = event
    const isAltinn = kind === 'altinn'
    const settings = this.#instance.settings?.current()
    const altinnName = isAltinn ? ALTINN.exchangedTokenSpan : ALTINN.tokenSpan
    const parent = parentId === undefined ? undefined : this.#open.get(parentId)?.span
    const attributes: Attributes = {
      [OWN.kind]: kind,
      [OWN.why]: why,
      [OWN.scopes]: scopesOf(event),
      ...(this.#options.organisations && organisationsOf(event)),
      ...(!isAltinn && requestTo(settings?.tokenEndpoint ?? settings?.authority, 'POST')),
    }
    const options = { kind: isAltinn ? SpanKind.INTERNAL : SpanKind.CLIENT, attributes }
    const name = this.#options.altinnNames ? altinnName : SPANS.token
    const span = this.#start(name, options, why === 'renewal', parent)
    this.#open.set(id, { span, isSent: !isAltinn && SEMCONV.method in attributes })
  }

  #endToken(event: TokenEnd): void {
    const { id, from, lifetimeMs, error } = event
    const isSent = from === 'server' && this.#open.get(id)?.isSent
    this.#end(id, outcomeOf(event), error, {
      [OWN.from]: from,
      [OWN.lifetime]: lifetimeMs === undefined ? undefined : lifetimeMs / 1000,
      ...(isSent && { [SEMCONV.status]: HTTP_OK }),
    })
  }

  #beginExchange({ id, parentId }: { readonly id: number; readonly parentId: number }): void {
    const parent = this.#open.get(parentId)?.span
    const attributes = requestTo(this.#instance.settings?.current()?.exchange?.url, 'GET')
    const options = { kind: SpanKind.CLIENT, attributes }
    const span = this.#start(SPANS.exchange, options, true, parent)
    this.#open.set(id, { span, isSent: true })
  }

  /**
   * Below its parent, else below the caller's own span. What goes on behind the caller is a trace of its own, linked to the
   * caller's span: it may last longer than that one.
   */
  #start(name: string, options: SpanOptions, isBehind: boolean, parent?: Span): Span {
    if (parent !== undefined) return this.#tracer.startSpan(name, options, trace.setSpan(context.active(), parent))
    if (!isBehind) return this.#tracer.startSpan(name, options, context.active())
    return this.#tracer.startSpan(name, { ...options, root: true, links: [...callerOf()] }, ROOT_CONTEXT)
  }

  #end(id: number, outcome: Outcome, error?: MaskinportenError, attributes: Attributes = {}): void {
    const span = this.#open.get(id)?.span
    this.#open.delete(id)
    if (span !== undefined) finish(span, outcome, error, attributes)
  }

  /** Reported when it is over, so that a poll that found nothing new costs no span. */
  #settings(why: string | undefined, durationMs = 0, error: MaskinportenError | undefined): void {
    const options = { attributes: { [OWN.why]: why }, startTime: Date.now() - durationMs }
    const span = this.#start(SPANS.settings, options, why !== 'start')
    finish(span, error === undefined ? 'success' : 'failure', error)
  }
}

const callerOf = (): readonly Link[] => {
  const caller = trace.getSpanContext(context.active())
  return caller === undefined ? [] : [{ context: caller }]
}

function finish(span: Span, outcome: Outcome, error?: MaskinportenError, attributes: Attributes = {}): void {
  span.setAttributes({ [OWN.outcome]: outcome, ...attributes, ...errorDetails(error) })
  if (error !== undefined) span.setStatus({ code: SpanStatusCode.ERROR })
  span.end()
}
