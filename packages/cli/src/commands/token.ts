/** `maskinporten token`: how it is called. */
import { type Register, addCommand } from '../context.ts'
import { type SettingsFlags, addSettingsFlags } from '../settings.ts'

export const registerToken: Register = (program, context) => {
  const command = addCommand(program, 'token', context, {
    summary: { en: 'Gets a token and prints it.', nb: 'Henter et token og skriver det ut.' },
    example: 'token --raw',
  })
  addSettingsFlags(command, context.say).action(async (flags: SettingsFlags) => {
    const { printToken } = await import('../token/print-token.ts')
    await printToken(flags, context.terminal())
  })
}
