// The emulator of a consumer, as it is reached from here: by its controls over HTTP.
import { record, type Json } from '../workspace.ts'

export interface Emulated {
  /** What an app that reads its settings from the environment needs. */
  readonly environment: Readonly<Record<string, string>>
  readonly ofMaskinporten: RegExp
  readonly ofExchange: RegExp
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
  const { settings, altinn, maskinporten, control } = served
  const ask = async (method: string, path: string, body?: object): Promise<unknown> => {
    const headers = { 'x-maskinporten-emulator': 'consumer', 'content-type': 'application/json' }
    const answer = await fetch(`${String(control)}${path}`, { method, headers, body: body ? JSON.stringify(body) : null })
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
    ofMaskinporten: new RegExp(`${new URL(String(maskinporten)).host}\\b`),
    ofExchange: new RegExp(`${new URL(String(altinn)).host}/authentication`),
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
