/** The emulator as a process of its own, by its command, with one client of Digdir's. */
import { startProcess } from './start.ts'
import { text } from './stand-in.ts'

export const SCOPE = 'altinn:serviceowner/instances.read'

export interface Emulated extends AsyncDisposable {
  readonly said: unknown
  readonly maskinporten: string
  readonly issuer: string
  readonly altinn: string
  readonly keyVault: string
  readonly ca: string
  readonly client: EmulatedClient
  control(method: string, path: string, body?: object): Promise<unknown>
}

export interface EmulatedClient {
  readonly clientId: string
  readonly kid: string
  readonly jwk: object
  readonly settings: Readonly<Record<string, unknown>>
}

export async function startEmulated(): Promise<Emulated> {
  const command = new URL('cli.ts', import.meta.resolve('@maskinporten-kit/emulator'))
  const server = await startProcess(command, ['--json', '--quiet', '--port', '0', '--client', SCOPE])
  const { said } = server
  const url = text(said, 'control')
  return {
    said,
    maskinporten: text(said, 'maskinporten'),
    issuer: text(said, 'issuer'),
    altinn: text(said, 'altinn'),
    keyVault: text(said, 'keyVault'),
    ca: text(said, 'ca'),
    client: firstClient(said),
    async control(method, path, body) {
      const headers = { 'x-maskinporten-emulator': 'benchmark' }
      const init = body === undefined ? { method, headers } : { method, headers, body: JSON.stringify(body) }
      const answer = await fetch(`${url}${path}`, init)
      if (!answer.ok) throw new Error(`the emulator answered ${answer.status} to ${method} ${path}`)
      const json = await answer.text()
      const value: unknown = json === '' ? undefined : JSON.parse(json)
      return value
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}

function firstClient(said: unknown): EmulatedClient {
  const clients: unknown = Reflect.get(Object(said), 'clients')
  const client: unknown = Array.isArray(clients) ? clients[0] : undefined
  if (!isClient(client)) throw new TypeError('the emulator named no client')
  return client
}

const isClient = (value: unknown): value is EmulatedClient =>
  typeof value === 'object' && value !== null && 'settings' in value && 'jwk' in value
