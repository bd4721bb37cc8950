/** `maskinporten key-vault …`: how it is called. */
import { type Register, addCommand } from '../context.ts'
import { addSettingsFlags } from '../settings.ts'
import type { PushFlags } from '../vault/push-key.ts'

export const registerKeyVault: Register = (program, context) => {
  const { say } = context
  const group = addCommand(program, 'key-vault', context, {
    summary: { en: 'Secrets in Azure Key Vault.', nb: 'Hemmeligheter i Azure Key Vault.' },
    example: 'key-vault push --key maskinporten.private.jwk.json',
  })
  const push = addCommand(group, 'push', context, {
    summary: {
      en: 'Puts the client id and the private key into a vault, under the names that the settings look for.',
      nb: 'Legger klient-ID og privat nøkkel i et hvelv, under navnene som innstillingene ser etter.',
    },
    example: 'key-vault push --key maskinporten.private.jwk.json',
  })
    .option(
      '--key <file>',
      say({ en: 'its key; default: that of the settings', nb: 'nøkkelfil; standard: nøkkelen i innstillingene' }),
    )
    .option('--kid <id>', say({ en: 'for a key without one', nb: 'for en nøkkel uten' }))
    .option('--client-id <id>', say({ en: 'default: that of the settings', nb: 'standard: fra innstillingene' }))
    .option(
      '--dialect <name>',
      say({ en: 'legacy (EncodedJwk) or altinn (JwkBase64)', nb: 'legacy (EncodedJwk) eller altinn (JwkBase64)' }),
    )
    .option(
      '--expires-on <date>',
      say({ en: "end of the key's secret", nb: 'utløpsdato for hemmeligheten med nøkkelen' }),
    )
    .option('--force', say({ en: 'a new version over another value', nb: 'ny versjon over en annen verdi' }))
    .option('--dry-run', say({ en: 'only says what it would do', nb: 'sier bare hva den ville gjort' }))
  addSettingsFlags(push, say).action(async (flags: PushFlags) => {
    const { pushKey } = await import('../vault/push-key.ts')
    await pushKey(flags, context.terminal())
  })
}
