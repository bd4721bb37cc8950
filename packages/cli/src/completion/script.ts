/** The script by which a shell asks the command what may stand next. What is typed is handed on as it stands, and never run. */
import { script } from '@bomb.sh/tab'
import { CommandFailed } from '../failure.ts'

export type Shell = 'bash' | 'zsh' | 'fish' | 'powershell'

/** @throws CommandFailed when the generator's script is not the one that is known to be mended. */
export function completionScript(shell: Shell): string {
  if (shell === 'bash') return BASH
  const made = generated(shell)
  const mend = mends[shell]
  if (mend === undefined) return made
  const [unsafe, safe] = mend
  if (made.includes(unsafe)) return made.replace(unsafe, () => safe)
  throw new CommandFailed('failed', {
    en: `the script for ${shell} is of another version of @bomb.sh/tab than this command knows: reinstall @maskinporten-kit/cli`,
    nb: `skriptet for ${shell} er fra en annen versjon av @bomb.sh/tab enn denne kommandoen kjenner: installer @maskinporten-kit/cli på nytt`,
  })
}

/** Places of the generated scripts that evaluate what is typed. */
const mends: { readonly [Name in Shell]?: readonly [unsafe: string, safe: string] } = {
  // The prefix `--flag=` is evaluated later.
  zsh: ['flagPrefix="-P ${BASH_REMATCH}"', 'flagPrefix="-P ${(q)BASH_REMATCH}"'],
  // PowerShell ends a string at the typographic quotes, too.
  powershell: [`-replace "'", "''"`, String.raw`-replace "['\u2018\u2019\u201A\u201B]", '$0$0'`],
}

/** The generator prints. */
function generated(shell: Shell): string {
  const print = console.log
  let text = ''
  console.log = (line: unknown) => (text += `${String(line)}\n`)
  try {
    script(shell, 'maskinporten', 'maskinporten')
  } finally {
    console.log = print
  }
  return text
}

/** Our own: the generated one evaluates the whole line, and bash's `compgen -W` each word that it is given. */
const BASH = String.raw`# bash completion for maskinporten

__maskinporten_complete() {
    local cur prev words cword
    if declare -F _get_comp_words_by_ref >/dev/null; then
        _get_comp_words_by_ref -n "=:" cur prev words cword
    else
        words=("${'$'}{COMP_WORDS[@]}") cword=$COMP_CWORD cur=${'$'}{COMP_WORDS[COMP_CWORD]}
    fi

    COMPREPLY=()
    local line value directive=0
    while IFS= read -r line; do
        # The last line is a colon and a number.
        if [[ "$line" =~ ^:([0-9]+)$ ]]; then
            directive=${'$'}{BASH_REMATCH[1]}
            continue
        fi
        value=${'$'}{line%%$'\t'*}
        [[ -n "$value" && "$value" == "$cur"* ]] && COMPREPLY+=("$value")
    done < <(maskinporten complete -- "${'$'}{words[@]:1:cword}" 2>/dev/null)

    if (( directive & 1 )); then COMPREPLY=(); fi
    if (( directive & 2 )); then compopt -o nospace 2>/dev/null; fi
    if (( directive & 32 )); then compopt -o nosort 2>/dev/null; fi
}

complete -F __maskinporten_complete maskinporten
`
