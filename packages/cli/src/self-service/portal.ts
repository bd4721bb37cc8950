/** For those without an administration client: the page, and what goes into its five fields. */
import type { Terminal } from '../terminal.ts'
import type { Wanted } from './registration-plan.ts'

export function showPortal({ client, key, page }: Wanted & { readonly page: string }, terminal: Terminal): void {
  const fields = {
    integrationType: 'Maskinporten',
    name: client.client_name,
    description: client.description,
    scopes: client.scopes,
    publicKey: [key.jwk],
  }
  if (terminal.isJson) return terminal.json({ registered: false, page, fields })
  const rows: readonly (readonly [string, string])[] = [
    [terminal.text({ en: 'Page', nb: 'Side' }), page],
    [terminal.text({ en: 'Integration type', nb: 'Integrasjonstype' }), fields.integrationType],
    [terminal.text({ en: 'Name', nb: 'Navn' }), fields.name],
    [terminal.text({ en: 'Description', nb: 'Beskrivelse' }), fields.description],
    ['Scopes', fields.scopes.join(' ')],
    [terminal.text({ en: 'Public key', nb: 'Offentlig nøkkel' }), JSON.stringify(fields.publicKey)],
  ]
  const width = Math.max(...rows.map(([name]) => name.length))
  terminal.result(rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join('\n'))
}
