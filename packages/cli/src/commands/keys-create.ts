/** `maskinporten keys create`: how it is called. */
import { Option } from 'commander'
import { type Register, addCommand } from '../context.ts'
import type { KeySize } from '../keys/create-key.ts'
import type { EnvironmentName } from '../portals.ts'

interface Flags {
  readonly bits: '2048' | '3072' | '4096'
  readonly kid?: string | undefined
  readonly out: string
  readonly environment: EnvironmentName
  readonly encoded?: string | true | undefined
  readonly force?: boolean | undefined
  readonly toKeyVault?: string | undefined
  readonly section?: string | undefined
  readonly dialect?: string | undefined
}

export const registerKeysCreate: Register = (keys, context) => {
  const { say } = context
  addCommand(keys, 'create', context, {
    summary: {
      en: 'Makes an RSA key for a client: a private file for you alone, and the public half as Samarbeidsportalen wants it.',
      nb: 'Lager en RSA-nøkkel til en klient: en privat fil bare for deg, og den offentlige delen slik Samarbeidsportalen vil ha den.',
    },
    short: { en: 'Makes a key for a client.', nb: 'Lager en nøkkel til en klient.' },
    example: 'keys create',
  })
    .addOption(
      new Option('--bits <number>', say({ en: 'length of the key', nb: 'lengden på nøkkelen' }))
        .choices(['2048', '3072', '4096'])
        .default('2048'),
    )
    .option(
      '--kid <id>',
      say({ en: 'letters, digits and ._-; default: a UUID', nb: 'bokstaver, sifre og ._-; standard: en UUID' }),
    )
    .option(
      '--out <name>',
      say({ en: 'what the names of the files begin with', nb: 'det filnavnene begynner med' }),
      'maskinporten',
    )
    .option(
      '--encoded [file]',
      say({
        en: 'the private key in base64, too; - is standard output',
        nb: 'også den private nøkkelen i base64; - er standard ut',
      }),
    )
    .addOption(
      new Option('--environment <name>', say({ en: 'whose portal is told', nb: 'hvilken portal som vises' }))
        .choices(['test', 'prod'])
        .default('test'),
    )
    .option('--force', say({ en: 'replaces what is there', nb: 'erstatter det som er der' }))
    .option(
      '--to-key-vault <url>',
      say({ en: 'straight into a vault, never on a disk', nb: 'rett i et hvelv, aldri på disk' }),
    )
    .option('--section <name>', say({ en: 'of the secret there', nb: 'for hemmeligheten der' }))
    .option('--dialect <name>', say({ en: 'there: legacy or altinn', nb: 'der: legacy eller altinn' }))
    .action(async ({ bits, kid, out, environment, encoded, force = false, toKeyVault, ...there }: Flags) => {
      if (toKeyVault !== undefined) {
        const [{ createInVault }, { keyFilesOf }] = await Promise.all([
          import('../vault/create-in-vault.ts'),
          import('../keys/write-key.ts'),
        ])
        const { publicFile } = keyFilesOf(out)
        const key = { bits: Number(bits) as KeySize, kid, publicFile, isForced: force }
        return createInVault({ ...there, ...key, keyVault: toKeyVault }, context.terminal())
      }
      const { writeKey } = await import('../keys/write-key.ts')
      await writeKey(
        {
          bits: Number(bits) as KeySize,
          kid,
          out,
          environment,
          encoded: encoded === true ? `${out}.private.b64` : encoded,
          isForced: force,
        },
        context.terminal(),
      )
    })
}
