/** Opens the ports, makes the keys, and puts the services together. */
import { createCourier } from './altinn/courier.ts'
import { createPolicy } from './altinn/policy.ts'
import { createCertificateAuthority } from './tokens/certificates.ts'
import { createClock } from './clock.ts'
import { type Defaults, openConfiguration } from './config/open-configuration.ts'
import { checkMembers } from './control/check.ts'
import { optionsMembers } from './control/options-members.ts'
import { controls } from './control/controls.ts'
import type { Emulator, EmulatorAsTest } from './emulator.ts'
import type { EmulatorOptions } from './options.ts'
import { entraErrorNames } from './entra/error-table.ts'
import { createFaults } from './http/faults.ts'
import { createLog } from './http/log.ts'
import { createCallers } from './key-vault/callers.ts'
import { vaultClientOptions } from './key-vault/client-options.ts'
import { vaultErrorNames } from './key-vault/error-table.ts'
import { tokenErrorIds } from './maskinporten/error-table.ts'
import { rulesFrom } from './maskinporten/rules.ts'
import { createFetch } from './network/fetch.ts'
import { assertNoProduction, warnOfOthers } from './network/exposure.ts'
import { assertName, hostOf, isTestHost, loopbackNames, publicNames, testNames } from './network/names.ts'
import { closePorts, openPorts, originsOf } from './network/ports.ts'
import { whenCalled } from './http/by-host.ts'
import { createRecorder } from './http/recorder.ts'
import { createRegistries } from './registries.ts'
import { serve } from './serve.ts'
import type { Service, World } from './http/service.ts'
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
  /** Of each of `emulator.clients`, the file that its private key is in, absolute. */
  readonly keyFiles: () => readonly (string | undefined)[]
}

/** @throws as `startEmulator`. */
export function openEmulator(
  options: EmulatorOptions & { readonly as: 'test' },
  defaults?: Defaults,
): Promise<OpenedEmulator<EmulatorAsTest>>
export function openEmulator(options?: EmulatorOptions, defaults?: Defaults): Promise<OpenedEmulator>
export async function openEmulator(given: EmulatorOptions = {}, defaults: Defaults = {}): Promise<OpenedEmulator> {
  // It has words of its own for production.
  if (typeof given === 'object' && given !== null) assertName(given.as)
  checkMembers(given, optionsMembers, 'startEmulator')
  assertNoProduction(process.env['NODE_ENV'], given.allowProduction)
  const configuration = await openConfiguration(given, defaults)
  const { options } = configuration
  assertName(options.as)
  const rules = rulesFrom(options.strict, options.rules)
  const clock = createClock(options.clock)
  const registries = createRegistries(clock, rules, options)
  const { host = '127.0.0.1', ports = {} } = options
  const called = publicNames(options)
  const authority = await createCertificateAuthority()
  const keys = await createTokenKeys(authority, options)
  const tls = options.as === 'test'
  const listeners = await openPorts({ host, called, ports, authority, tls })
  const opened = tls
    ? openTestEnvironment(listeners, { host, port: ports.proxy ?? 0, ca: authority.pem })
    : Promise.resolve(undefined)
  const test = await opened.catch(async (error: unknown) => {
    await closePorts(listeners)
    throw error
  })

  warnOfOthers(host)
  const origins = originsOf(listeners)
  const names = test ? testNames(origins) : loopbackNames(origins)
  const closing = new AbortController()
  const recorder = createRecorder()
  const log = createLog()
  if (options.log) log.listen(options.log)
  const faults = createFaults({ token: tokenErrorIds, 'key-vault': vaultErrorNames, entra: entraErrorNames })
  const world: World = { clock, recorder, faults, log, closing: closing.signal }
  const callers = createCallers(registries.applications, keys.entra)
  const policy = createPolicy(registries)
  const { subscriptions } = registries
  const courier = createCourier({ clock, log, closing: closing.signal, ca: authority.pem, subscriptions, policy })
  registries.events.onAdd((event) => courier.deliver(event))
  const allowed = called.allowed.map((name) => ({
    has: (named: string) => hostOf(named) === name,
    names: loopbackNames(originsOf(listeners, name)),
  }))
  const others = test ? [] : [{ has: isTestHost, names: testNames(origins) }, ...allowed]
  const served = { world, rules, authority, keys, registries, callers, policy, courier }
  serve(listeners, served, { names, others })

  const { host: vaultHost, port: vaultPort } = listeners.keyVault
  const vaultClient = vaultClientOptions({ host: vaultHost, port: vaultPort }, authority.pem)
  const ownFetch = createFetch({ listeners, ca: authority.pem })
  const closeAll = async (): Promise<void> => {
    closing.abort()
    vaultClient.agent.destroy()
    ownFetch.close()
    configuration.close()
    await Promise.all([closePorts(listeners), test?.close()])
  }
  let closed: Promise<void> | undefined
  const close = (): Promise<void> => (closed ??= closeAll())
  const start = createStart()
  const parts = {
    world,
    clock,
    begin: start.begin,
    names,
    authority,
    keys,
    registries,
    callers,
    vaultClient,
    proxy: test?.proxy,
  }
  const shown = test && {
    proxy: { url: test.proxy.url, refused: () => test.proxy.refused(), connections: () => test.proxy.connections() },
    caFile: test.caFile,
    environment: test.environment,
  }
  const emulator: Emulator = {
    ...controls(parts),
    get clients() {
      return configuration.clients()
    },
    fetch: ownFetch.fetch,
    log: (listener) => log.listen(listener),
    ...shown,
    close,
    [Symbol.asyncDispose]: close,
  }
  const controlOptions = {
    hosts: [host, called.name ?? [], called.allowed].flat(),
    vaultToken: callers.ownToken,
    ready: start.finished,
    page: { clients: registries.clients, recorder },
  }
  const control = async (): Promise<Service> =>
    (await import('./control/server.ts')).controlService(emulator, controlOptions)
  listeners.control.serve(whenCalled(control))
  const begun = configuration.begin({
    emulator,
    log,
    rules,
    atStart: start.atStart,
    // Tried on registries of its own first, so that what cannot be used changes nothing.
    rehearsal: (other) => controls({ ...parts, registries: createRegistries(clock, other, options) }),
  })
  await begun.catch(async (error: unknown) => {
    await close()
    throw error
  })
  return { emulator, atStart: start.atStart, keyFiles: configuration.keyFiles }
}

interface Start {
  readonly atStart: OpenedEmulator['atStart']
  readonly begin: () => Promise<void>
  /** No step is under way, and none has failed. */
  readonly finished: () => boolean
}

function createStart(): Start {
  const steps: (() => unknown)[] = []
  let running = 0
  let failed = false
  const runStep = async (step: () => unknown): Promise<void> => {
    running += 1
    try {
      await step()
    } catch (error) {
      failed = true
      throw error
    } finally {
      running -= 1
    }
  }
  return {
    atStart(step) {
      steps.push(step)
      return runStep(step)
    },
    async begin() {
      failed = false
      for (const step of steps) await runStep(step)
    },
    finished: () => running === 0 && !failed,
  }
}
