/** Prints a token, since it is asked for. */
import { createMaskinporten } from '@maskinporten-kit/core'
import { type SettingsFlags, readSettings } from '../settings.ts'
import type { Terminal } from '../terminal.ts'

export async function printToken(flags: SettingsFlags, terminal: Terminal): Promise<void> {
  const maskinporten = createMaskinporten(readSettings(flags))
  try {
    const token = await terminal.progress({ en: 'Getting a token', nb: 'Henter et token' }, maskinporten.getToken())
    terminal.result(token.value)
  } finally {
    await maskinporten.close()
  }
}
