/** `maskinporten init`: how it is called. */
import { Option } from 'commander'
import { type Register, addCommand } from '../context.ts'
import type { InitFlags } from '../init/answers.ts'

export const registerInit: Register = (program, context) => {
  const { say } = context
  addCommand(program, 'init', context, {
    summary: {
      en: 'Writes appsettings.json, the lines of .gitignore, and a working file that calls your first API. Asks what the flags do not say; with --yes it asks nothing.',
      nb: 'Skriver appsettings.json, linjene i .gitignore, og en fil som virker og kaller ditt første API. Spør om det flaggene ikke sier; med --yes spør den ikke.',
    },
    short: { en: 'Begins a project: settings and a working file.', nb: 'Begynner et prosjekt: innstillinger og kode.' },
    example: 'init --api altinn/storage',
  })
    .option(
      '--api <id...>',
      say({ en: 'see maskinporten apis; default: altinn/storage', nb: 'se maskinporten apis; ellers altinn/storage' }),
    )
    .addOption(
      new Option('--adapter <name>', say({ en: 'default: fetch', nb: 'ellers fetch' })).choices([
        'fetch',
        'axios',
        'ky',
      ]),
    )
    .option(
      '--sources <list>',
      say({ en: 'of json,env,key-vault; default: all three', nb: 'av json,env,key-vault; ellers alle tre' }),
    )
    .addOption(
      new Option(
        '--environment <name>',
        say({ en: 'of Maskinporten; default: test', nb: 'i Maskinporten; ellers test' }),
      ).choices(['test', 'prod']),
    )
    .option(
      '--org <name>',
      say({ en: "your organisation's short name at Altinn", nb: 'organisasjonens kortnavn i Altinn' }),
    )
    .option('--key-vault <url>', say({ en: 'address of your vault', nb: 'adressen til hvelvet ditt' }))
    .option(
      '--emulator [control]',
      say({
        en: 'settings for an emulator that runs, and an admin client there',
        nb: 'innstillinger for en emulator som kjører, og en admin-klient der',
      }),
    )
    .option('--force', say({ en: 'replaces what is there', nb: 'erstatter det som er der' }))
    .action(async (flags: InitFlags) => {
      const { init } = await import('../init/init.ts')
      await init(flags, context.terminal())
    })
}
