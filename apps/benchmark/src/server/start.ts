/** Starts a server process, and ends it. */
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export interface ServerProcess extends AsyncDisposable {
  /** The line of JSON that it began with. */
  readonly said: unknown
}

/** `script`: an absolute path or URL of a program whose first line on standard output is JSON. */
export function startProcess(script: URL, words: readonly string[] = []): Promise<ServerProcess> {
  const child = spawn(process.execPath, ['--conditions=@maskinporten-kit/source', fileURLToPath(script), ...words], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) =>
      reject(new Error(`${fileURLToPath(script)} ended with ${String(code)} before it was ready`)),
    )
    createInterface({ input: child.stdout }).once('line', (line) =>
      resolve({
        said: JSON.parse(line),
        async [Symbol.asyncDispose]() {
          child.kill()
          await ended
        },
      }),
    )
  })
}
