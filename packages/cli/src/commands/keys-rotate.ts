/** `maskinporten keys rotate`: how it is called. */
import { type Register, addCommand } from '../context.ts'
import type { RotateFlags } from '../rotate/rotate-key.ts'
import { addAdminFlags } from '../self-service/admin-flags.ts'
import { addSettingsFlags } from '../settings.ts'

export const registerKeysRotate: Register = (keys, context) => {
  const { say } = context
  const command = addCommand(keys, 'rotate', context, {
    summary: {
      en: 'Replaces the key of the settings through self-service, with one that works in use all the time. Stopped anywhere, the next run goes on.',
      nb: 'Bytter nøkkelen i innstillingene gjennom selvbetjening, med en som virker i bruk hele tiden. Stoppes den, fortsetter neste kjøring.',
    },
    example: 'keys rotate --dry-run',
  })
    .option('--dry-run', say({ en: 'only says what it would do', nb: 'sier bare hva den ville gjort' }))
    .option('--prune', say({ en: 'ends it: takes the replaced key away', nb: 'avslutter: fjerner den erstattede' }))
    .option(
      '--grace <hours>',
      say({ en: 'until a later run does that; default: 24', nb: 'til en senere kjøring gjør det; ellers 24' }),
    )
    .option(
      '--wait <seconds>',
      say({ en: 'for Maskinporten to know it; default: 300', nb: 'til Maskinporten kjenner den; ellers 300' }),
    )
    .option('--drop <kid...>', say({ en: 'keys to take away, of five', nb: 'nøkler som fjernes, av fem' }))
    .option('--bits <number>', say({ en: 'default: 2048', nb: 'ellers 2048' }))
  addSettingsFlags(addAdminFlags(command, say), say).action(async (flags: RotateFlags) => {
    const { rotateKey } = await import('../rotate/rotate-key.ts')
    await rotateKey(flags, context.terminal())
  })
}
