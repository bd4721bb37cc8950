/** `maskinporten init`: how it is called. */
import { Option } from 'commander'
import { type Register, addCommand } from '../context.ts'
import type { InitFlags } from '../init/answers.ts'

export const registerInit: Register = (program, context) => {
  const { say } = context
  addCommand(program, 'init', context, {
    summary: {
      en: 'Writes appsettings.json, the lines of .gitignore, and a working file that calls your first API. Asks what the flags do not say; with --yes it asks nothing.',
      nb: 'Skriver appsettings.json, linjer i .gitignore, og en ferdig fil som kaller det første API-et ditt. Spør om det som ikke er gitt som valg; med --yes spør den ikke.',
    },
    short: { en: 'Begins a project: settings and a working file.', nb: 'Starter et prosjekt: innstillinger og kode.' },
    example: 'init --api altinn/storage',
  })
    .option(
      '--api <id...>',
      say({
        en: 'see maskinporten apis; default: altinn/storage',
        nb: 'se maskinporten apis; standard: altinn/storage',
      }),
    )
    .addOption(
      new Option('--adapter <name>', say({ en: 'default: fetch', nb: 'standard: fetch' })).choices([
        'fetch',
        'axios',
        'ky',
      ]),
    )
    .option(
      '--sources <list>',
      say({
        en: 'of json,env,key-vault; the vault only with --key-vault, by default',
        nb: 'av json,env,key-vault; hvelvet bare med --key-vault, om ikke oppgitt',
      }),
    )
    .addOption(
      new Option(
        '--environment <name>',
        say({ en: 'of Maskinporten; default: test', nb: 'i Maskinporten; standard: test' }),
      ).choices(['test', 'prod']),
    )
    .option(
      '--org <name>',
      say({ en: "your organisation's short name at Altinn", nb: 'virksomhetens kortnavn i Altinn' }),
    )
    .option('--key-vault <url>', say({ en: 'address of your vault', nb: 'adressen til hvelvet ditt' }))
    .option(
      '--emulator [control]',
      say({
        en: 'settings for an emulator that runs, and an administration client there',
        nb: 'innstillinger for en emulator som kjører, og en administrasjonsklient der',
      }),
    )
    .option('--force', say({ en: 'replaces what is there', nb: 'erstatter det som er der' }))
    .action(async (flags: InitFlags) => {
      const { init } = await import('../init/init.ts')
      await init(flags, context.terminal())
    })
}
