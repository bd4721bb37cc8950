/** `maskinporten emulator …`: hands on to `maskinporten-emulator`. */
import { type Register, addCommand } from '../context.ts'

export const registerEmulator: Register = (program, context) => {
  addCommand(program, 'emulator', context, {
    summary: {
      en: 'Maskinporten, Altinn and Key Vault on this machine: the command maskinporten-emulator.',
      nb: 'Maskinporten, Altinn og Key Vault på denne maskinen: kommandoen maskinporten-emulator.',
    },
    short: { en: 'Maskinporten and Altinn on this machine.', nb: 'Maskinporten og Altinn på denne maskinen.' },
    example: 'emulator run -- node app.mjs',
  })
    .argument(
      '[words...]',
      context.say({ en: 'what it takes; see emulator --help', nb: 'det den tar; se emulator --help' }),
    )
    .allowUnknownOption()
    .action(handOn)
}

/** All words that stand behind `emulator` are its own, flags too. */
export const isHandedOn = ([first]: readonly string[]): boolean => first === 'emulator'

/** Its command in this process: then signals and the exit code are its own. */
export async function handOn(words: readonly string[]): Promise<void> {
  const index = import.meta.resolve('@maskinporten-kit/emulator')
  // Beside its index, from the sources as from the package.
  const file = new URL(index.endsWith('.ts') ? './cli.ts' : './cli.js', index)
  process.argv = [process.argv[0] ?? 'node', file.pathname, ...words]
  await import(file.href)
}
