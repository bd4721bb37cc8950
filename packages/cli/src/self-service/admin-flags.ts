/** Which administration client works on the self-service API, by flags. */
import type { Command } from 'commander'
import type { Text } from '../language.ts'

export const ADMIN_SECTION = 'MaskinportenAdmin'

export interface AdminFlags {
  /** A JSON file of the section, instead of the section in the settings. */
  readonly admin?: string | undefined
  /** Default: MaskinportenAdmin. */
  readonly adminSection?: string | undefined
  /** Base address of the API. Default: by the environment of the administration client. */
  readonly selfService?: string | undefined
}

export function addAdminFlags(command: Command, say: (text: Text) => string): Command {
  return command
    .option(
      '--admin <file>',
      say({ en: 'JSON file with the administration client', nb: 'JSON-fil med administrasjonsklienten' }),
    )
    .option(
      '--admin-section <name>',
      say({ en: `or its section; default: ${ADMIN_SECTION}`, nb: `eller seksjonen; standard: ${ADMIN_SECTION}` }),
    )
    .option(
      '--self-service <url>',
      say({ en: "default: Digdir's, by environment", nb: 'standard: Digdirs, etter miljø' }),
    )
}
