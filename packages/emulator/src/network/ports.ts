/** The ports of all services: opened together, or not at all. */
import { isIP } from 'node:net'
import type { CertificateAuthority } from '../tokens/certificates.ts'
import type { EmulatorOptions } from '../options.ts'
import { listen, type Listener, originOf } from './listen.ts'
import { type Origins, type PublicNames, type ServiceName, testHosts } from './names.ts'

export type Listeners = Readonly<Record<ServiceName, Listener>>

export interface PortOptions {
  readonly host: string
  readonly called: PublicNames
  readonly ports: NonNullable<EmulatorOptions['ports']>
  readonly authority: CertificateAuthority
  /** All services speak TLS, but for the controls and Texas; otherwise those that are never called without it. */
  readonly tls: boolean
}

/** @throws Error when one is taken or not allowed; then none stays open. */
export async function openPorts({ host, called, ports, authority, tls }: PortOptions): Promise<Listeners> {
  const opened: Listener[] = []
  const open = async (name: ServiceName): Promise<Listener> => {
    const listener = await listen({
      host,
      publicName: called.name,
      publicOrigin: name === 'maskinporten' ? called.maskinporten : undefined,
      port: ports[name] ?? 0,
      tls: await certificateOf(name),
    })
    opened.push(listener)
    return listener
  }
  // Each its own, so that a tunnel to one service never serves as a way to another.
  const certificateOf = async (name: ServiceName): Promise<{ key: string; cert: string } | undefined> => {
    if (name === 'control' || name === 'texas' || !(tls || name === 'keyVault' || name === 'entra')) return undefined
    const own = [called.name ?? [], called.allowed].flat()
    const dns = own.filter((one) => isIP(one) === 0)
    const ip = own.filter((one) => isIP(one) !== 0)
    return authority.issueServer({ dns: ['localhost', ...dns, ...testHosts[name]], ip: ['127.0.0.1', '::1', ...ip] })
  }
  try {
    return {
      maskinporten: await open('maskinporten'),
      altinn: await open('altinn'),
      register: await open('register'),
      selfService: await open('selfService'),
      keyVault: await open('keyVault'),
      control: await open('control'),
      entra: await open('entra'),
      texas: await open('texas'),
    }
  } catch (error) {
    await Promise.all(opened.map((listener) => listener.close()))
    throw error
  }
}

export async function closePorts(listeners: Listeners): Promise<void> {
  await Promise.all(Object.values(listeners).map((listener) => listener.close()))
}

/** `name`: of a host under which it is called, too. */
export function originsOf(listeners: Listeners, name?: string): Origins {
  const origin = ({ origin: own, tls, port }: Listener): string =>
    name === undefined ? own : originOf(tls ? 'https' : 'http', name, port)
  return {
    maskinporten: origin(listeners.maskinporten),
    altinn: origin(listeners.altinn),
    register: origin(listeners.register),
    selfService: origin(listeners.selfService),
    keyVault: origin(listeners.keyVault),
    control: origin(listeners.control),
    entra: origin(listeners.entra),
    texas: origin(listeners.texas),
  }
}
