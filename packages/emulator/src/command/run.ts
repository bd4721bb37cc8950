/** `maskinporten-emulator run -- <command>`: the command, with the emulator around it. */
import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import type { EmulatorAsTest } from '../emulator.ts'
import type { OpenedEmulator } from '../start-emulator.ts'
import { heedsProxy, nodeVersion } from './node-version.ts'
import type { EmulatedClient, EmulatedClientWithoutKey } from '../control/register-client.ts'
import { runEnvironment } from './run-environment.ts'

const forwarded = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Resolves with the exit code: the command's own, or 128 and the number of the signal that ended it. @throws Error when it cannot be started. */
export async function run(
  { emulator, atStart }: OpenedEmulator<EmulatorAsTest>,
  { clientId, settings }: EmulatedClient | EmulatedClientWithoutKey,
  [command, ...args]: readonly [string, ...string[]],
): Promise<number> {
  const application = emulator.entra.registerApplication()
  await atStart(() => {
    emulator.keyVault.setSecret('MaskinportenSettings--ClientId', clientId)
    const { encodedJwk } = settings
    if (encodedJwk !== undefined) emulator.keyVault.setSecret('MaskinportenSettings--EncodedJwk', encodedJwk)
    const { clientId: id, clientSecret } = application
    emulator.entra.registerApplication({ clientId: id, clientSecret })
  })
  const env = await runEnvironment(emulator, application, process.env)
  const version = await nodeVersion(command, env)
  if (version !== undefined && !heedsProxy(version)) {
    process.stderr.write(
      `maskinporten-emulator: Node ${version.slice(1)} does not heed HTTPS_PROXY, so what it fetches may go to the real hosts; run the command with Node 22.21, 24.5 or newer\n`,
    )
  }
  const child = spawn(command, args, { stdio: 'inherit', env })
  const forward = (signal: NodeJS.Signals): void => {
    // A terminal has told the whole foreground group of its Ctrl-C already.
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal)
  }
  for (const signal of forwarded) process.on(signal, forward)
  try {
    return await new Promise<number>((resolve, reject) => {
      child.once('error', (error) =>
        reject(new Error(`${command} cannot be run (${error.message}); check its name and PATH`)),
      )
      child.once('close', (code, signal) => resolve(code ?? 128 + constants.signals[signal ?? 'SIGTERM']))
    })
  } finally {
    for (const signal of forwarded) process.off(signal, forward)
  }
}
