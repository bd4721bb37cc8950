/** `maskinporten serve`: how it is called. */
import { type Register, addCommand } from '../context.ts'
import type { ServeFlags } from '../serve/serve.ts'
import { addSettingsFlags } from '../settings.ts'

export const registerServe: Register = (program, context) => {
  const { say } = context
  const command = addCommand(program, 'serve', context, {
    summary: {
      en: 'Gives tokens to apps in any language, by the API of Texas (NAIS, SKIP).',
      nb: 'Gir token til apper i alle språk, med API-et til Texas (NAIS, SKIP).',
    },
    short: { en: 'Gives tokens to apps in any language.', nb: 'Gir token til apper i alle språk.' },
    example: 'serve --secret-file token-service.secret',
  })
  command
    .option('--port <number>', say({ en: 'default: 8062', nb: 'standard: 8062' }))
    .option('--host <address>', say({ en: 'default: 127.0.0.1', nb: 'standard: 127.0.0.1' }))
    .option(
      '--socket <path>',
      say({ en: 'a socket, instead of host and port', nb: 'en socket, i stedet for vert og port' }),
    )
    .option(
      '--secret-file <file>',
      say({
        en: 'callers must send it; made if missing',
        nb: 'hemmelighet som appene må sende; lages hvis den mangler',
      }),
    )
  addSettingsFlags(command, say).action(async (flags: ServeFlags) => {
    const { serve } = await import('../serve/serve.ts')
    await serve(flags, context.terminal())
  })
}
