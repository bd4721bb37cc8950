/** The stand-in server as measures use it. */
import { startProcess } from './start.ts'

export interface StandIn extends AsyncDisposable {
  readonly origin: string
  /** The address under which one system is served and counted. */
  base(system: string, answers?: { readonly lifeSeconds?: number; readonly delayMs?: number }): string
  /** Token requests of that system so far. */
  count(system: string): Promise<number>
}

export async function startStandIn(): Promise<StandIn> {
  const server = await startProcess(new URL('main.ts', import.meta.url))
  const origin = text(server.said, 'origin')
  return {
    origin,
    base: (system, { lifeSeconds = 120, delayMs = 0 } = {}) => `${origin}/${system}/${lifeSeconds}/${delayMs}`,
    async count(system) {
      const answer: unknown = await (await fetch(`${origin}/counts/${system}`)).json()
      return Number(typeof answer === 'object' && answer !== null && 'count' in answer ? answer.count : Number.NaN)
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}

export function text(said: unknown, name: string): string {
  const value: unknown = Reflect.get(Object(said), name)
  if (typeof value !== 'string') throw new TypeError(`the server process did not say its ${name}`)
  return value
}
