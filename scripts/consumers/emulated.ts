// The emulator of a consumer, as it is reached from here: by its controls over HTTP.
import { record, type Json } from '../workspace.ts'

export interface Emulated {
  /** What an app that reads its settings from the environment needs. */
  readonly environment: Readonly<Record<string, string>>
  readonly register: string
  readonly ofMaskinporten: RegExp
  readonly ofExchange: RegExp
  /** The settings of a new client of the register, whose tokens live so long. */
  client(lifetimeSeconds: number): Promise<Json>
  /** The next answer of Maskinporten's token endpoint comes so much later. */
  delayToken(ms: number): Promise<void>
  /** A finished instance in Storage; resolves to the id. */
  submit(): Promise<string>
  /** The requests that arrived until now. */
  forget(): Promise<void>
  /** How often Maskinporten was asked for a token since. */
  grants(): Promise<number>
  /** Whose requests reached Storage since: their `page` of the query. */
  pages(): Promise<readonly string[]>
}

export function emulated(served: Json): Emulated {
  const { settings, altinn, register, maskinporten, control } = served
  const ask = async (method: string, path: string, body?: object): Promise<unknown> => {
    const headers = { 'x-maskinporten-emulator': 'consumer', 'content-type': 'application/json' }
    const answer = await fetch(`${String(control)}${path}`, {
      method,
      headers,
      body: body ? JSON.stringify(body) : null,
    })
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${await answer.text()}`)
    return answer.status === 204 ? undefined : await answer.json()
  }
  const requests = async (target: string): Promise<readonly Json[]> => {
    const list = await ask('GET', `/requests?target=${target}`)
    return Array.isArray(list) ? list.map(record) : []
  }
  return {
    environment: {
      ALTINN: String(altinn),
      ...Object.fromEntries(
        Object.entries(record(settings)).map(([name, value]) => [`MaskinportenSettings__${name}`, String(value)]),
      ),
    },
    register: String(register),
    ofMaskinporten: new RegExp(`${new URL(String(maskinporten)).host}\\b`),
    ofExchange: new RegExp(`${new URL(String(altinn)).host}/authentication`),
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
  }
}
