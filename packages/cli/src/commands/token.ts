/** `maskinporten token`: how it is called. */
import { type Register, addCommand } from '../context.ts'
import { tellInLine } from '../help.ts'
import { addSettingsFlags } from '../settings.ts'
import type { TokenFlags } from '../token/print-token.ts'
import { addRequestFlags } from '../token/request-flags.ts'

export const registerToken: Register = (program, context) => {
  const { say } = context
  const command = addCommand(program, 'token', context, {
    summary: {
      en: 'Gets a token and prints it: alone (--raw, the default), or as one of these.',
      nb: 'Henter et token og skriver det ut: bare tokenet (--raw, standard), eller i en av disse formene.',
    },
    short: { en: 'Gets a token and prints it.', nb: 'Henter et token og skriver det ut.' },
    example: 'token --api altinn/storage --inspect',
  })
  command
    .option('--raw', say({ en: 'the token alone; the default', nb: 'bare tokenet; det vanlige' }))
    .option('--header', say({ en: 'as the line of an HTTP header', nb: 'som linjen i en HTTP-header' }))
    .option(
      '--inspect',
      say({ en: 'its header, claims and life; not the token', nb: 'header, claims og levetid; ikke tokenet' }),
    )
    .option(
      '--env [shell]',
      say({ en: 'sets MASKINPORTEN_TOKEN: sh, powershell', nb: 'setter MASKINPORTEN_TOKEN: sh, powershell' }),
    )
    .option('--curl [url]', say({ en: 'a line for curl, without the token', nb: 'en linje for curl, uten tokenet' }))
    .option('--credential-process', say({ en: 'JSON for other programs', nb: 'JSON for andre programmer' }))
  addRequestFlags(command, say)
  tellInLine(command, ['--raw', '--org'], '')
  addSettingsFlags(command, say)
  command.action(async (flags: TokenFlags) => {
    const { printToken } = await import('../token/print-token.ts')
    await printToken(flags, context.terminal())
  })
}
