/** `maskinporten doctor`: how it is called. */
import { type Register, addCommand } from '../context.ts'
import { type SettingsFlags, addSettingsFlags } from '../settings.ts'

export const registerDoctor: Register = (program, context) => {
  const { say } = context
  const command = addCommand(program, 'doctor', context, {
    summary: {
      en: 'Looks through settings, key, token and API, and says who must do what.',
      nb: 'Ser gjennom innstillinger, nøkkel, token og API, og sier hvem som må gjøre hva.',
    },
    short: { en: 'Looks through all of it: who must do what.', nb: 'Sjekker alt, og sier hvem som må gjøre hva.' },
    example: 'doctor --api altinn/storage',
  })
    .option(
      '--scope <scope...>',
      say({ en: 'beside those of the settings', nb: 'i tillegg til scopene i innstillingene' }),
    )
    .option('--api <id[:/path]|url>', say({ en: 'calls it once, by GET', nb: 'kaller det én gang, med GET' }))
    .option('--org <name>', say({ en: 'in its address, such as ttd', nb: 'i adressen, som ttd' }))
    .option('--base-url <url>', say({ en: 'where the API is', nb: 'der API-et er' }))
    .option('--bundle <file>', say({ en: 'writes a report for support', nb: 'skriver en rapport til brukerstøtte' }))
    .option('--force', say({ en: 'replaces that file', nb: 'erstatter den filen' }))
  addSettingsFlags(command, say).action(async (flags: SettingsFlags & DoctorFlags) => {
    const { doctor } = await import('../doctor/command.ts')
    process.exitCode = await doctor(flags, context.terminal())
  })
}

export interface DoctorFlags {
  readonly scope?: readonly string[] | undefined
  /** An API of the registry, with or without a path, or an address. */
  readonly api?: string | undefined
  /** Short name of an organisation, for an address that has it. */
  readonly org?: string | undefined
  /** Stands in the place of the API's address of the registry. */
  readonly baseUrl?: string | undefined
  readonly bundle?: string | undefined
  readonly force?: boolean | undefined
}
