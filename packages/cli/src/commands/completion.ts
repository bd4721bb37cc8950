/** `maskinporten completion`: a script by which a shell completes commands and flags. */
import { Argument, type Command } from 'commander'
import { type Register, addCommand } from '../context.ts'

const shells = ['bash', 'zsh', 'fish', 'powershell'] as const

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
    .action(async (shell: string) => {
      const { script } = await import('@bomb.sh/tab')
      script(shell, 'maskinporten', 'maskinporten')
    })
}

/** What the script asks: `maskinporten complete -- keys cr`. */
export const isCompletion = ([first, second]: readonly string[]): boolean => first === 'complete' && second === '--'

/** Answers the script with what may stand next, a line each. */
export async function complete(program: Command, words: readonly string[]): Promise<void> {
  const { default: tab } = await import('@bomb.sh/tab/commander')
  tab(program).parse([...words])
}
