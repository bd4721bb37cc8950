/** `maskinporten explain`: how it is called. */
import { type Register, addCommand } from '../context.ts'

export const registerExplain: Register = (program, context) => {
  addCommand(program, 'explain', context, {
    summary: {
      en: 'Says what a code means, who must act, and the way out.',
      nb: 'Sier hva en kode betyr, hvem som må gjøre noe, og veien videre.',
    },
    short: { en: 'Says what a code means, and the way out.', nb: 'Sier hva en kode betyr, og veien videre.' },
    example: 'explain MP-200',
  })
    .argument(
      '[code...]',
      context.say({
        en: 'a code, a message or an answer; - reads it from standard input; none lists all',
        nb: 'en kode, en melding eller et svar; - leser det fra standard inn; ingen viser alle',
      }),
    )
    .action(async (words: readonly string[]) => {
      const { explain } = await import('../explain/explain.ts')
      process.exitCode = await explain(words, context.terminal())
    })
}
