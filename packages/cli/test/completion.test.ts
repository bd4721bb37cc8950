import { execFile, spawnSync } from 'node:child_process'
import { access, chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cliFile, environmentWith, maskinporten } from './maskinporten.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cli-completion-'))
  const text = `#!/bin/sh\nexec "${process.execPath}" --conditions=@maskinporten-kit/source "${cliFile}" "$@"\n`
  await writeFile(join(folder, 'maskinporten'), text)
  await chmod(join(folder, 'maskinporten'), 0o755)
})
afterAll(() => rm(folder, { recursive: true }))

const hasShell = (name: string): boolean => spawnSync(name, ['-c', 'exit 0']).status === 0

function run(shell: string, script: string): Promise<string> {
  const env = environmentWith({ PATH: `${folder}${delimiter}${process.env['PATH'] ?? ''}` })
  return new Promise((resolve, reject) => {
    execFile(shell, ['-c', script], { env, cwd: folder }, (error, stdout, stderr) =>
      error ? reject(new Error(stderr, { cause: error })) : resolve(stdout),
    )
  })
}

/** Bash as it completes the words when Tab is pressed, without a terminal. */
const inBash = (...words: readonly string[]): string => `
source <(maskinporten completion bash)
COMP_WORDS=(maskinporten ${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length}
COMP_LINE="\${COMP_WORDS[*]}"; COMP_POINT=\${#COMP_LINE}
function=$(complete -p maskinporten | sed 's/.*-F \\([^ ]*\\).*/\\1/')
$function 2>/dev/null; printf '%s\\n' "\${COMPREPLY[@]}"`

describe('completion', { timeout: 120_000 }, () => {
  test.skipIf(!hasShell('bash'))('in bash, of commands, of their commands, of flags and of their values', async () => {
    expect((await run('bash', inBash('ke'))).trim().split('\n').toSorted()).toEqual(['key-vault', 'keys'])
    expect(await run('bash', inBash('keys', 'ins'))).toContain('inspect')
    expect(await run('bash', inBash('keys', 'create', '--en'))).toMatch(
      /--encoded[^]*--environment|--environment[^]*--encoded/,
    )
    expect(await run('bash', inBash('init', '--adapter', 'a'))).toContain('axios')
  })

  test.skipIf(!hasShell('bash'))('in bash runs nothing of what is typed, and takes words as they stand', async () => {
    const marker = join(folder, 'marker')
    const words = ['`touch marker`', '; touch marker;', '--body=$(touch marker)', 'https://x/$(touch marker)']
    await run('bash', inBash('call', ...words))
    await expect(access(marker)).rejects.toMatchObject({ code: 'ENOENT' })
    expect(await run('bash', inBash('keys', ''))).toMatch(/create[^]*inspect/)
  })

  test('of zsh and of PowerShell quote what is typed before it is evaluated', async () => {
    expect((await maskinporten(['completion', 'zsh'])).stdout).toContain('flagPrefix="-P ${(q)BASH_REMATCH}"')
    expect((await maskinporten(['completion', 'powershell'])).stdout).toContain(String.raw`"['\u2018\u2019`)
  })

  test.skipIf(!hasShell('zsh'))('in zsh: the script is one that zsh takes', async () => {
    await expect(
      run('zsh', 'autoload -U compinit && compinit -u; source <(maskinporten completion zsh)'),
    ).resolves.toBeDefined()
  })

  test.skipIf(!hasShell('fish'))('in fish', async () => {
    const script = 'maskinporten completion fish | source; complete -C "maskinporten keys cr"'
    expect(await run('fish', script)).toContain('create')
  })

  test('for PowerShell is generated, and another shell is refused', async () => {
    expect((await maskinporten(['completion', 'powershell'])).stdout).toContain('Register-ArgumentCompleter')
    expect(await maskinporten(['completion', 'tcsh'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('bash, zsh, fish, powershell'),
    })
  })
})
