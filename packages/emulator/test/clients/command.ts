/** The emulator's command, in a process of its own. */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export const emulate: readonly string[] = [
  '--conditions=@maskinporten-kit/source',
  fileURLToPath(new URL('../../src/cli.ts', import.meta.url)),
]

export interface Summary {
  readonly maskinporten: string
  readonly altinn: string
  readonly control: string
  readonly clients: readonly [{ readonly jwk: { readonly kid: string }; readonly environment: Record<string, string> }]
}

export interface Started {
  readonly summary: Summary
  /** Resolves when it has ended. */
  readonly stop: () => Promise<void>
}

/** Until it prints what it is. @throws Error with what it said when it ends before. */
export function startCommand(...args: readonly string[]): Promise<Started> {
  const child = spawn(process.execPath, [...emulate, '--port', '0', '--json', '--quiet', ...args], { stdio: 'pipe' })
  const ended = new Promise<void>((resolve) => {
    child.on('close', () => resolve())
  })
  let printed = ''
  let errors = ''
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()))
  return new Promise((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      printed += chunk.toString()
      if (!printed.includes('\n')) return
      resolve({
        summary: JSON.parse(printed),
        stop: () => {
          child.kill('SIGTERM')
          return ended
        },
      })
    })
    void ended.then(() => reject(new Error(`the command ended: ${errors}`)))
  })
}

/** A form that somebody has submitted; resolves to the id of its instance. */
export async function submitted({ control }: Summary, org: string): Promise<string> {
  const answer = await fetch(`${control}/__emulator/submissions`, {
    method: 'POST',
    headers: { 'x-maskinporten-emulator': '1' },
    body: JSON.stringify({ org, app: 'app', person: '20914695016', data: { name: 'Kari' } }),
  })
  const { instance }: { readonly instance: { readonly id: string } } = JSON.parse(await answer.text())
  return instance.id
}
