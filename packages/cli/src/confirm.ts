/** Asks before something outside this folder is changed. */
import { CommandFailed } from './failure.ts'
import type { Terminal } from './terminal.ts'

/**
 * Goes on at once under `--yes`, and asks when somebody is at the terminal.
 *
 * @throws CommandFailed `usage` when nobody is there and `--yes` is not given; `failed` when the answer is no.
 */
export async function confirmChange(terminal: Terminal): Promise<void> {
  if (terminal.isUnattended) return
  if (!terminal.isInteractive)
    throw new CommandFailed('usage', {
      en: 'nothing was changed, since nobody is at the terminal to say yes; give --yes',
      nb: 'ingenting ble endret, siden ingen sitter ved terminalen og kan si ja; bruk --yes',
    })
  const { confirm } = await import('@clack/prompts')
  const answer = await confirm({
    message: terminal.text({ en: 'Go on?', nb: 'Fortsette?' }),
    active: terminal.text({ en: 'Yes', nb: 'Ja' }),
    inactive: terminal.text({ en: 'No', nb: 'Nei' }),
    initialValue: false,
    // Standard output is for the result.
    output: process.stderr,
  })
  if (answer === true) return
  throw new CommandFailed('failed', { en: 'nothing was changed', nb: 'ingenting ble endret' })
}
