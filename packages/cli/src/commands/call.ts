/** `maskinporten call`: how it is called. */
import type { CallFlags } from '../call/call.ts'
import { type Register, addCommand } from '../context.ts'
import { tellInLine } from '../help.ts'
import { addSettingsFlags } from '../settings.ts'
import { addRequestFlags, several } from '../token/request-flags.ts'

export const registerCall: Register = (program, context) => {
  const { say } = context
  const command = addCommand(program, 'call', context, {
    summary: {
      en: 'Calls an API of the registry, or an address, with a token.',
      nb: 'Kaller et API i registeret, eller en adresse, med et token.',
    },
    short: {
      en: 'Calls an API, by name or address, with a token.',
      nb: 'Kaller et API, ved navn eller adresse, med token.',
    },
    example: "call 'altinn/storage:/instances?org=ttd'",
  })
  command
    .argument('<words...>')
    .usage('[METHOD] <ID:/path|URL> [options]')
    .option(
      '--body <file>',
      say({ en: 'sent with POST; - reads standard input', nb: 'sendes med POST; - er standard inn' }),
    )
    .option(
      '--header <text>',
      say({ en: "'Name: value', or @FILE; several", nb: "'Navn: verdi', eller @FIL; flere" }),
      several,
    )
    .option('--include', say({ en: 'status and headers, too', nb: 'også status og headere' }))
    .option(
      '--output <file>',
      say({ en: 'writes the answer there; --force overwrites', nb: 'skriver svaret dit; --force overskriver' }),
    )
    .option('--force', say({ en: 'overwrites that file', nb: 'overskriver den filen' }))
    .option('--base-url <url>', say({ en: 'where the API is', nb: 'der API-et er' }))
  addRequestFlags(command, say, { withApi: false })
  tellInLine(command, ['--force'], '')
  addSettingsFlags(command, say)
  command.action(async (words: string[], flags: CallFlags) => {
    const { call } = await import('../call/call.ts')
    await call(words, flags, context.terminal())
  })
}
