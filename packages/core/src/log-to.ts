/** Events as lines of a log. */
import { Listeners, type MaskinportenEvent } from './events.ts'

const LEVELS = ['debug', 'info', 'warn', 'error'] as const
type Level = (typeof LEVELS)[number]
type Log = (...values: never[]) => unknown

/** What is used of `console`, pino or winston. */
export interface Logger {
  readonly debug: Log
  readonly info: Log
  readonly warn: Log
  readonly error: Log
}

/**
 * For `subscribe`: writes each event to `console`, to a pino logger (Fastify's too) or to a winston logger, told apart by
 * their shape. The line says what happened; the event's other fields stand beside it as an object, an error as `err`.
 *
 * `level`: events below it are left out. Default `info`.
 *
 * @throws TypeError when `logger` lacks one of the four methods, or `level` is not one of them.
 */
export function logTo(
  logger: Logger,
  options: { readonly level?: Level | undefined } = {},
): (event: MaskinportenEvent) => void {
  if (!LEVELS.every((one) => typeof Reflect.get(new Object(logger), one) === 'function'))
    throw new TypeError('logTo takes a logger: console, or one of pino or winston')
  const lowest = LEVELS.indexOf(options.level ?? 'info')
  if (lowest < 0) throw new TypeError(`level is not one of ${LEVELS.join(', ')}`)
  // Only pino has this property. It takes the fields before the message.
  const fieldsFirst = 'bindings' in logger
  return ({ type, level, at, ...fields }) => {
    if (LEVELS.indexOf(level) < lowest) return
    const { error: err, message, ...others } = fields as { error?: Error; message?: string }
    const words = err?.message ?? message
    const line = `maskinporten ${type}${words === undefined ? '' : `: ${words}`}`
    const beside = { at: new Date(at).toISOString(), ...others, ...(err && { err }) }
    const write = logger[level] as (...values: unknown[]) => unknown
    write.apply(logger, fieldsFirst ? [beside, line] : [line, beside])
  }
}

/** While `isDebugging` and nobody listens, events go to standard error: standard output is a program's result. */
export class LoggedListeners extends Listeners<MaskinportenEvent> {
  readonly #isDebugging: () => boolean
  #log: ((event: MaskinportenEvent) => void) | undefined

  constructor(isDebugging: () => boolean) {
    super()
    this.#isDebugging = isDebugging
  }

  override emit(event: MaskinportenEvent): void {
    if (this.size > 0 || !this.#isDebugging()) return super.emit(event)
    this.#log ??= this.#start()
    this.#log(event)
  }

  #start(): (event: MaskinportenEvent) => void {
    const write = (...values: unknown[]): void => console.error(...values)
    write(
      'EnableDebugLog is true and nobody subscribes, so the events are written here. To send them elsewhere: maskinporten.subscribe(logTo(logger)).',
    )
    return logTo({ debug: write, info: write, warn: write, error: write }, { level: 'debug' })
  }
}
