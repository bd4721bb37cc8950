/** `maskinporten keys inspect`: how it is called. */
import { type Register, addCommand } from '../context.ts'
import type { InspectFlags } from '../keys/print-inspection.ts'

export const registerKeysInspect: Register = (keys, context) => {
  const { say } = context
  addCommand(keys, 'inspect', context, {
    summary: {
      en: 'Says what a key, certificate or text is, and why Maskinporten would not take it; it prints nothing of it. Ends with 1 when it is of no use: neither a key to sign with, nor the public half of one.',
      nb: 'Sier hva en nøkkel, et sertifikat eller en tekst er, og hvorfor Maskinporten eventuelt ikke godtar den. Innholdet vises ikke. Avslutter med kode 1 når den verken kan signere eller er den offentlige delen av en nøkkel.',
    },
    short: { en: 'Says what a key is, and what is wrong with it.', nb: 'Sier hva en nøkkel er, og hva som er galt.' },
    example: 'keys inspect maskinporten.private.jwk.json',
  })
    .argument('<file>', say({ en: 'a file, or - for standard input', nb: 'en fil, eller - for standard inn' }))
    .option('--kid <id>', say({ en: 'of a key that has none, such as a PEM', nb: 'til en nøkkel uten, som en PEM' }))
    .option(
      '--public',
      say({
        en: 'prints the public half, as the portal wants it',
        nb: 'viser den offentlige delen, slik portalen vil ha den',
      }),
    )
    .action(async (file: string, flags: InspectFlags) => {
      const { printInspection } = await import('../keys/print-inspection.ts')
      await printInspection(file, flags, context.terminal())
    })
}
