/** `maskinporten apis` and `maskinporten scopes`: how they are called. */
import { type Register, addCommand } from '../context.ts'

export const registerApis: Register = (program, context) => {
  addCommand(program, 'apis', context, {
    summary: {
      en: 'Searches the APIs of the registry, and tells all of one.',
      nb: 'Søker i API-ene i registeret, og viser alt om ett.',
    },
    example: 'apis altinn/storage',
  })
    .argument(
      '[word]',
      context.say({ en: 'a part of its id, name or owner', nb: 'en del av ID-en, navnet eller eieren' }),
    )
    .action(async (word: string | undefined) => {
      const { showApis } = await import('../registry/show-apis.ts')
      showApis(word, context.terminal())
    })
}

export const registerScopes: Register = (program, context) => {
  addCommand(program, 'scopes', context, {
    summary: {
      en: 'Searches the scopes of the registry: what each is for, and who grants it.',
      nb: 'Søker i scopene i registeret: hva hvert er til, og hvem som gir det.',
    },
    short: { en: 'Searches the scopes of the registry.', nb: 'Søker i scopene i registeret.' },
    example: 'scopes serviceowner',
  })
    .argument(
      '[word]',
      context.say({ en: 'a part of it, or of its meaning', nb: 'en del av det, eller av betydningen' }),
    )
    .action(async (word: string | undefined) => {
      const { showScopes } = await import('../registry/show-scopes.ts')
      showScopes(word, context.terminal())
    })
}
