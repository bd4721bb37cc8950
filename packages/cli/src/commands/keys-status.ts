/** `maskinporten keys status`: how it is called. */
import { type Register, addCommand } from '../context.ts'
import type { StatusFlags } from '../rotate/key-status.ts'
import { addAdminFlags } from '../self-service/admin-flags.ts'
import { addSettingsFlags } from '../settings.ts'

export const registerKeysStatus: Register = (keys, context) => {
  const { say } = context
  const command = addCommand(keys, 'status', context, {
    summary: {
      en: 'Says of each key how old it is, when it ends, and where it is used. Exits 1 when the key in use has ended, or nearly.',
      nb: 'Viser alder, utløpsdato og bruk for hver nøkkel. Avslutter med kode 1 når nøkkelen i bruk er utløpt eller snart utløper.',
    },
    example: 'keys status --json',
  })
  addSettingsFlags(addAdminFlags(command, say), say).action(async (flags: StatusFlags) => {
    const { keyStatus } = await import('../rotate/key-status.ts')
    await keyStatus(flags, context.terminal())
  })
}
