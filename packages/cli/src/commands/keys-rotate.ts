/** `maskinporten keys rotate`: how it is called. */
import { type Register, addCommand } from '../context.ts'
import type { RotateFlags } from '../rotate/rotate-key.ts'
import { addAdminFlags } from '../self-service/admin-flags.ts'
import { addSettingsFlags } from '../settings.ts'

export const registerKeysRotate: Register = (keys, context) => {
  const { say } = context
  const command = addCommand(keys, 'rotate', context, {
    summary: {
      en: 'Replaces the signing key through self-service. A working key is in use all the time. If a run is stopped, the next run goes on from there.',
      nb: 'Bytter signeringsnøkkelen gjennom selvbetjening, med en nøkkel som virker hele veien. Blir kommandoen avbrutt, fortsetter neste kjøring der den slapp.',
    },
    example: 'keys rotate --dry-run',
  })
    .option('--dry-run', say({ en: 'only says what it would do', nb: 'sier bare hva den ville gjort' }))
    .option(
      '--if-due',
      say({ en: 'nothing while over 7/30 of its life is left', nb: 'ingenting mens over 7/30 av levetiden er igjen' }),
    )
    .option(
      '--prune',
      say({ en: 'ends it: takes the replaced key away', nb: 'siste steg: fjerner den gamle nøkkelen' }),
    )
    .option(
      '--grace <hours>',
      say({ en: 'until a later run does that; default: 24', nb: 'timer før den gamle kan fjernes; standard: 24' }),
    )
    .option(
      '--wait <seconds>',
      say({ en: 'for Maskinporten to know it; default: 300', nb: 'sekunder å vente på Maskinporten; standard: 300' }),
    )
    .option('--drop <kid...>', say({ en: 'keys to take away, of five', nb: 'nøkler som fjernes når klienten har fem' }))
    .option('--bits <number>', say({ en: 'default: 2048', nb: 'standard: 2048' }))
  addSettingsFlags(addAdminFlags(command, say), say).action(async (flags: RotateFlags) => {
    const { rotateKey } = await import('../rotate/rotate-key.ts')
    await rotateKey(flags, context.terminal())
  })
}
