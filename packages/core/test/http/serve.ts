/** Odd answers over real sockets: a server of Node's own, and what core makes of it. */
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http'
import { inspect } from 'node:util'
import {
  type MaskinportenEvent,
  type MaskinportenOptions,
  type TokenRequest,
  createMaskinporten,
} from '@maskinporten-kit/core'
import { onTestFinished } from 'vitest'
import { FakeSettings } from '../engine/world.ts'

export const GOOD: string = `e30.${Buffer.from('{"iat":0,"exp":600}').toString('base64url')}.c2ln`
export type Handler = (request: IncomingMessage, response: ServerResponse) => void

/** Its origin; closed after the test. */
export async function serve(handler: Handler): Promise<string> {
  const server = createServer(handler)
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
}

export interface Outcome {
  readonly error: Record<string, unknown> & { readonly message: string; readonly hint: string }
  readonly token: string | undefined
  readonly events: readonly MaskinportenEvent[]
  readonly print: string
}

/** A time limit too short for a second attempt, so that the first one's error is the caller's. */
export async function ask(
  origin: string,
  request: TokenRequest = {},
  options: MaskinportenOptions = {},
  authority = 'https://issuer.example/',
): Promise<Outcome> {
  const settings = new FakeSettings({
    authority,
    tokenEndpoint: authority.startsWith('http:') ? undefined : `${origin}/token`,
    exchange: { url: `${origin}/exchange`, testOrg: false },
  })
  await using maskinporten = createMaskinporten(settings, { timeoutMs: 850, ...options })
  const events: MaskinportenEvent[] = []
  maskinporten.subscribe((event) => events.push(event))
  const outcome: unknown = await maskinporten.getToken(request).catch((error: unknown) => error)
  const isError = outcome instanceof Error
  return {
    error: (isError ? outcome : { message: '', hint: '' }) as Outcome['error'],
    token: isError ? undefined : (outcome as { value: string }).value,
    events,
    print: inspect([outcome, events], { depth: 9 }) + (isError ? outcome.stack : ''),
  }
}

export interface Reply {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Buffer
}

const good: Reply = { body: JSON.stringify({ access_token: GOOD, token_type: 'Bearer', expires_in: 120 }) }

/** The token endpoint or the exchange answers so; the other one is well. */
export async function askWith(
  gives: 'token' | 'exchange',
  reply: Reply,
  options?: MaskinportenOptions,
): Promise<Outcome & { readonly asked: number }> {
  let asked = 0
  const origin = await serve((request, response) => {
    const isIt = request.url?.startsWith(`/${gives}`) === true
    if (isIt) asked++
    const { status = 200, headers = {}, body = '' } = isIt ? reply : good
    response.writeHead(status, headers).end(body)
  })
  return { ...(await ask(origin, gives === 'exchange' ? { kind: 'altinn' } : {}, options)), asked }
}
