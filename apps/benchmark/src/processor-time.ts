/** Processor time of a request as the client spends it: the server is another process. Waiting costs nothing. */
import type { Figure, Limit } from './measure.ts'
import type { Round } from './rounds.ts'

const IN_FLIGHT = 8

/** One client, sending a GET or, with a body, a POST; resolves when the answer is read. */
export type Send = (body?: string) => Promise<unknown>

const BODY = JSON.stringify({ text: 'a'.repeat(1012) })

export const requestFigures: readonly Figure[] = [
  { name: 'GET', unit: 'µs', against: 'bare' },
  { name: 'POST of 1 kB', unit: 'µs', against: 'bare' },
]

export function requestBudget(limit: Pick<Limit, 'atMost' | 'failsAt' | 'accepted'>): readonly Limit[] {
  return requestFigures.map(({ name }) => ({ system: 'ours', figure: name, ...limit }))
}

export async function requestRound(send: Send, requests: number): Promise<Round> {
  // Connected and compiled.
  await microseconds(send, undefined, 400)
  await microseconds(send, BODY, 400)
  return async () => ({
    GET: await microseconds(send, undefined, requests),
    'POST of 1 kB': await microseconds(send, BODY, requests),
  })
}

async function microseconds(send: Send, body: string | undefined, requests: number): Promise<number> {
  let left = requests
  const lane = async (): Promise<void> => {
    while (left-- > 0) await send(body)
  }
  const before = process.cpuUsage()
  await Promise.all(Array.from({ length: IN_FLIGHT }, lane))
  const { user, system } = process.cpuUsage(before)
  return (user + system) / requests
}
