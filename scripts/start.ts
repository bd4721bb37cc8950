// `npm start`: the example, in a process of its own, since Node reads NO_PROXY when a process starts.
import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { join } from 'node:path'
import { pastTheProxy } from './loopback.ts'

const child = spawn(
  process.execPath,
  [
    // Node 24.0 to 24.2 call the stripping of types experimental.
    '--disable-warning=ExperimentalWarning',
    '--conditions=@maskinporten-kit/source',
    join(import.meta.dirname, '..', 'apps', 'example', 'src', 'main.ts'),
    ...process.argv.slice(2),
  ],
  { stdio: 'inherit', env: { ...process.env, ...pastTheProxy(process.env) } },
)
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    // A terminal sends Ctrl-C to the child itself.
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal)
  })
}
child.once('close', (code, signal) => {
  process.exitCode = code ?? 128 + constants.signals[signal ?? 'SIGTERM']
})
