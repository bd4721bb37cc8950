/** What the command prints: addresses, a section for each client, and how an app gets there. */
import { controlHeader, environmentOf } from '../control/addresses.ts'
import type { Emulator } from '../emulator.ts'
import type { EmulatedClient } from '../control/register-client.ts'

export function describe(emulator: Emulator, clients: readonly EmulatedClient[]): string {
  const sections = clients.map(
    ({ settings }) => `\nappsettings.json:\n${JSON.stringify({ MaskinportenSettings: settings }, undefined, 2)}\n`,
  )
  const environment = Object.entries(environmentOf(emulator) ?? {})
  const variables = environment.map(([name, value]) => `  export ${name}=${value}\n`)
  return `Emulated, and not affiliated with Digdir or Altinn:
  Maskinporten  ${emulator.maskinporten.issuer}
  Altinn        ${emulator.altinn.url}
  Register      ${emulator.register.url}  (KRR-like, synthetic persons)
  Key Vault     ${emulator.keyVault.url}  (as https://<any>.vault.azure.net through the SDK's agent)
  Entra ID      ${emulator.entra.url}
  Controls      ${emulator.control.url}  (send the header ${controlHeader})
${variables.length > 0 ? `\nFor a process that is to meet it:\n${variables.join('')}` : ''}${sections.join('')}
Ctrl-C ends it.
`
}
