/** `maskinporten register`: how it is called. */
import { type Register, addCommand } from '../context.ts'
import { addAdminFlags } from '../self-service/admin-flags.ts'
import type { RegisterFlags } from '../self-service/register-client.ts'
import { addSettingsFlags } from '../settings.ts'

export const registerRegister: Register = (program, context) => {
  const { say } = context
  const command = addCommand(program, 'register', context, {
    summary: {
      en: 'Registers a client with scopes and key; its id goes into appsettings.json.',
      nb: 'Registrerer en klient med scopes og nøkkel; ID-en havner i appsettings.json.',
    },
    short: { en: 'Registers a client, and notes its id.', nb: 'Registrerer en klient, og noterer ID-en.' },
    example: 'register --api altinn/storage --dry-run',
  })
    .option('--api <id...>', say({ en: 'the scopes of these APIs', nb: 'scopene til disse API-ene' }))
    .option('--scope <scope...>', say({ en: 'these scopes', nb: 'disse scopene' }))
    .option(
      '--key <file>',
      say({ en: 'its key; default: that of the settings', nb: 'nøkkelfil; standard: nøkkelen i innstillingene' }),
    )
    .option('--kid <id>', say({ en: 'for a key without one', nb: 'for en nøkkel uten' }))
    .option('--name <text>', say({ en: 'default: that of the folder', nb: 'standard: navnet på mappen' }))
    .option('--description <text>', say({ en: 'for your colleagues', nb: 'for kollegene dine' }))
    .option('--force', say({ en: 'over another client id', nb: 'over en annen klient-ID' }))
    .option('--dry-run', say({ en: 'only says what it would do', nb: 'sier bare hva den ville gjort' }))
  addSettingsFlags(addAdminFlags(command, say), say).action(async (flags: RegisterFlags) => {
    const { registerClient } = await import('../self-service/register-client.ts')
    await registerClient(flags, context.terminal())
  })
}
