// The packed emulator in a process of its own, reached by its controls over HTTP.
import { join } from 'node:path'
import { record, type Json } from '../workspace.ts'
import { start } from './started.ts'

export interface Emulator {
  /** What serve.mjs says of it, as JSON. */
  readonly json: string
  /** The settings of its client. */
  readonly settings: Json
  /** Real address → the emulator's. */
  readonly addresses: Readonly<Record<string, string>>
  readonly altinn: string
  readonly maskinporten: string
  readonly register: string
  /** The settings of a new client of the register, whose tokens live so long. */
  readonly client: (lifetimeSeconds: number) => Promise<Json>
  /** The next answer of Maskinporten's token endpoint comes so much later. */
  readonly delayToken: (ms: number) => Promise<void>
  /** A finished instance in Storage; resolves to the id. */
  readonly submit: () => Promise<string>
  /** The requests that arrived until now. */
  readonly forget: () => Promise<void>
  /** How often Maskinporten was asked for a token since. */
  readonly grants: () => Promise<number>
  /** Whose requests reached Storage since: their `page` of the query. */
  readonly pages: () => Promise<readonly string[]>
  readonly stop: () => Promise<void>
}

/** `folder` is that of a project. */
export async function startEmulator(folder: string): Promise<Emulator> {
  const { said, stop } = await start([process.execPath, join(folder, 'serve.mjs')], /^(\{.*\})\n/, { cwd: folder })
  const { settings, addresses, control, ...urls } = record(JSON.parse(said))
  const ask = async (method: string, path: string, body?: object): Promise<unknown> => {
    const headers = { 'x-maskinporten-emulator': 'consumer', 'content-type': 'application/json' }
    const sent = body === undefined ? null : JSON.stringify(body)
    const answer = await fetch(`${String(control)}${path}`, { method, headers, body: sent })
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${await answer.text()}`)
    return answer.status === 204 ? undefined : await answer.json()
  }
  const requests = async (target: string): Promise<readonly Json[]> =>
    Object.values(record(await ask('GET', `/requests?target=${target}`))).map(record)
  return {
    json: said,
    settings: record(settings),
    addresses: strings(record(addresses)),
    altinn: String(urls['altinn']),
    maskinporten: String(urls['maskinporten']),
    register: String(urls['register']),
    client: async (accessTokenLifetime) => {
      const scopes = ['krr:global/kontaktinformasjon.read']
      return record(record(await ask('POST', '/clients', { scopes, accessTokenLifetime }))['settings'])
    },
    delayToken: async (delayMs) => void (await ask('POST', '/faults/token', { delayMs })),
    submit: async () => {
      const data = { name: 'Kari' }
      const made = record(await ask('POST', '/submissions', { org: 'ttd', app: 'app', person: '17858296439', data }))
      return String(made['instanceGuid'])
    },
    forget: async () => void (await ask('DELETE', '/requests')),
    grants: async () => (await requests('token')).length,
    pages: async () => (await requests('storage')).map(({ query }) => String(record(query)['page'])),
    stop,
  }
}

function strings(values: Json): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]))
}
