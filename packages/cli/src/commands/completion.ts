/** `maskinporten completion`: a script by which a shell completes commands and flags. */
import { Argument, type Command } from 'commander'
import type { Shell } from '../completion/script.ts'
import { type Register, addCommand } from '../context.ts'

// As src/completion has them; that is loaded only when a script is asked for.
const shells: readonly Shell[] = ['bash', 'zsh', 'fish', 'powershell']

export const registerCompletion: Register = (program, context) => {
  addCommand(program, 'completion', context, {
    summary: {
      en: 'Prints a script that completes commands and flags. In ~/.bashrc: source <(maskinporten completion bash)',
      nb: 'Skriver ut et skript som fullfører kommandoer og valg. I ~/.bashrc: source <(maskinporten completion bash)',
    },
    short: { en: 'Prints a script for your shell.', nb: 'Skriver ut et skript til skallet ditt.' },
    example: 'completion bash',
  })
    .addArgument(new Argument('<shell>').choices(shells))
    .action(async (shell: Shell) => {
      const { completionScript } = await import('../completion/script.ts')
      context.terminal().result(completionScript(shell))
    })
}

/** What the script asks: `maskinporten complete -- keys cr`. */
export const isCompletion = ([first, second]: readonly string[]): boolean => first === 'complete' && second === '--'

/** Answers the script with what may stand next, a line each. */
export async function complete(program: Command, words: readonly string[]): Promise<void> {
  const { default: tab } = await import('@bomb.sh/tab/commander')
  tab(program).parse([...words])
}
