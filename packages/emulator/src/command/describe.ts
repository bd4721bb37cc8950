/** What the command prints: addresses, clients with their files, and how what arrived is looked at. It fits a screen of 24 lines. */
import { controlHeader, environmentOf } from '../control/addresses.ts'
import type { EmulatedClient, EmulatedClientWithoutKey } from '../control/register-client.ts'
import { controlPrefix } from '../control/table.ts'
import { packageVersion } from '../control/version.ts'
import type { Emulator } from '../emulator.ts'
import type { ClientFiles } from './client-files.ts'
import { defaultClient } from './default-client.ts'

/** More would not fit. */
const shownClients = 1

export function describe(
  emulator: Emulator,
  clients: readonly (EmulatedClient | EmulatedClientWithoutKey)[],
  files: ClientFiles,
): string {
  const sections = clients.slice(0, shownClients).map(({ clientId, orgNumber, scopes, kid }, at) => {
    const others = scopes.length > 1 ? ` and ${scopes.length - 1} more` : ''
    const file = files.clients[at]?.key ?? 'elsewhere: the configuration has no private key of it'
    const open = kid === defaultClient.jwk.kid ? '  (no secret: the same for everybody)' : ''
    return `
  client    ${clientId}  (organisation ${orgNumber})
  scope     ${scopes[0]}${others}
  kid       ${kid ?? 'none'}${open}
  key       ${file}
  settings  ${files.clients[at]?.settings}
`
  })
  const hidden = clients.length - shownClients
  const more = hidden > 0 ? `  and ${hidden} more in ${files.folder}\n` : ''
  const environment = Object.entries(environmentOf(emulator) ?? {})
  const variables = environment.map(([name, value]) => `  export ${name}=${value}\n`)
  return `maskinporten-emulator ${packageVersion()}, not affiliated with Digdir or Altinn

  Maskinporten  ${emulator.maskinporten.issuer}
  Altinn        ${emulator.altinn.url}
  Register      ${emulator.register.url}
  Self-service  ${emulator.selfService.url}
  Key Vault     ${emulator.keyVault.url}
  Entra ID      ${emulator.entra.url}
  Texas         ${emulator.texas.url}
  Controls      ${emulator.control.url}
${sections.join('')}${more}${variables.length > 0 ? `\n${variables.join('')}` : ''}
See what arrived in a browser at ${emulator.control.url}/ or with
  curl -H '${controlHeader}: 1' ${emulator.control.url}${controlPrefix}/requests
Ctrl-C ends it.
`
}
