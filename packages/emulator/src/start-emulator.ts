/** Opens the ports, makes the keys, and puts the services together. */
import { createCertificateAuthority } from './tokens/certificates.ts'
import { createClock } from './clock.ts'
import { checkMembers } from './control/check.ts'
import { optionsMembers } from './control/options-members.ts'
import { controlService } from './control/server.ts'
import { controls } from './control/controls.ts'
import type { Emulator, EmulatorAsTest } from './emulator.ts'
import type { EmulatorOptions } from './options.ts'
import { entraErrorNames } from './entra/error-table.ts'
import { createFaults } from './http/faults.ts'
import { createCallers } from './key-vault/callers.ts'
import { vaultClientOptions } from './key-vault/client-options.ts'
import { vaultErrorNames } from './key-vault/error-table.ts'
import { tokenErrorIds } from './maskinporten/error-table.ts'
import { rulesFrom } from './maskinporten/rules.ts'
import { assertName, loopbackNames, testNames } from './network/names.ts'
import { closePorts, openPorts, originsOf } from './network/ports.ts'
import { createRecorder } from './http/recorder.ts'
import { createRegistries } from './registries.ts'
import { serve } from './serve.ts'
import type { World } from './http/service.ts'
import { openTestEnvironment } from './network/test-environment.ts'
import { createTokenKeys } from './tokens/token-keys.ts'

/** @throws TypeError for an option that cannot be, RangeError for a number out of its range; Error when a port is taken. */
export function startEmulator(options: EmulatorOptions & { readonly as: 'test' }): Promise<EmulatorAsTest>
export function startEmulator(options?: EmulatorOptions): Promise<Emulator>
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  return (await openEmulator(options)).emulator
}

/** With the way to say what it is begun with. */
export interface OpenedEmulator<E extends Emulator = Emulator> {
  readonly emulator: E
  /** Runs the step now, and again after each `reset`, in the order in which the steps came. */
  readonly atStart: (step: () => unknown) => Promise<void>
}

/** @throws as `startEmulator`. */
export function openEmulator(
  options: EmulatorOptions & { readonly as: 'test' },
): Promise<OpenedEmulator<EmulatorAsTest>>
export function openEmulator(options?: EmulatorOptions): Promise<OpenedEmulator>
export async function openEmulator(options: EmulatorOptions = {}): Promise<OpenedEmulator> {
  // It has words of its own for production.
  if (typeof options === 'object' && options !== null) assertName(options.as)
  checkMembers(options, optionsMembers, 'startEmulator')
  const rules = rulesFrom(options.strict, options.rules)
  const clock = createClock(options.clock)
  const registries = createRegistries(clock, rules, options)
  const { host = '127.0.0.1', ports = {} } = options
  const authority = await createCertificateAuthority()
  const keys = await createTokenKeys(authority, options)
  const tls = options.as === 'test'
  const listeners = await openPorts({ host, ports, authority, tls })
  const opened = tls
    ? openTestEnvironment(listeners, { host, port: ports.proxy ?? 0, ca: authority.pem })
    : Promise.resolve(undefined)
  const test = await opened.catch(async (error: unknown) => {
    await closePorts(listeners)
    throw error
  })

  const origins = originsOf(listeners)
  const names = test ? testNames(origins) : loopbackNames(origins)
  const closing = new AbortController()
  const recorder = createRecorder()
  const faults = createFaults({ token: tokenErrorIds, 'key-vault': vaultErrorNames, entra: entraErrorNames })
  const world: World = { clock, recorder, faults, closing: closing.signal }
  const callers = createCallers(registries.applications, keys.entra)
  serve(listeners, { world, names, rules, authority, keys, registries, callers })

  const { host: vaultHost, port: vaultPort } = listeners.keyVault
  const vaultClient = vaultClientOptions({ host: vaultHost, port: vaultPort }, authority.pem)
  const closeAll = async (): Promise<void> => {
    closing.abort()
    vaultClient.agent.destroy()
    await Promise.all([closePorts(listeners), test?.close()])
  }
  let closed: Promise<void> | undefined
  const close = (): Promise<void> => (closed ??= closeAll())
  const steps: (() => unknown)[] = []
  let unfinished = 0
  const runStep = async (step: () => unknown): Promise<void> => {
    unfinished += 1
    await step()
    unfinished -= 1
  }
  const begin = async (): Promise<void> => {
    for (const step of steps) await runStep(step)
  }
  const parts = { world, clock, begin, names, authority, keys, registries, callers, vaultClient, proxy: test?.proxy }
  const shown = test && {
    proxy: { url: test.proxy.url, refused: () => test.proxy.refused() },
    caFile: test.caFile,
    environment: test.environment,
  }
  const emulator: Emulator = { ...controls(parts), ...shown, close, [Symbol.asyncDispose]: close }
  listeners.control.serve(
    controlService(emulator, {
      host,
      port: listeners.control.port,
      vaultToken: callers.ownToken,
      ready: () => unfinished === 0,
    }),
  )
  return {
    emulator,
    atStart(step) {
      steps.push(step)
      return runStep(step)
    },
  }
}
