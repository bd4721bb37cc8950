/** The ports of all services: opened together, or not at all. */
import type { CertificateAuthority } from './certificates.ts'
import type { EmulatorOptions, ServiceName } from './emulator.ts'
import { listen, type Listener } from './listen.ts'
import { type Origins, vaultHosts } from './names.ts'

export type Listeners = Readonly<Record<ServiceName, Listener>>

/** @throws Error when one is taken or not allowed; then none stays open. */
export async function openPorts(
  host: string,
  ports: NonNullable<EmulatorOptions['ports']>,
  authority: CertificateAuthority,
): Promise<Listeners> {
  const tls = await authority.issueServer({ dns: ['localhost', ...vaultHosts], ip: ['127.0.0.1', '::1'] })
  const opened: Listener[] = []
  const open = async (name: ServiceName): Promise<Listener> => {
    const listener = await listen({ host, port: ports[name] ?? 0, tls: name === 'keyVault' ? tls : undefined })
    opened.push(listener)
    return listener
  }
  try {
    return {
      maskinporten: await open('maskinporten'),
      altinn: await open('altinn'),
      register: await open('register'),
      selfService: await open('selfService'),
      keyVault: await open('keyVault'),
      control: await open('control'),
    }
  } catch (error) {
    await Promise.all(opened.map((listener) => listener.close()))
    throw error
  }
}

export async function closePorts(listeners: Listeners): Promise<void> {
  await Promise.all(Object.values(listeners).map((listener) => listener.close()))
}

export function originsOf(listeners: Listeners): Origins {
  return {
    maskinporten: listeners.maskinporten.origin,
    altinn: listeners.altinn.origin,
    register: listeners.register.origin,
    selfService: listeners.selfService.origin,
    keyVault: listeners.keyVault.origin,
    control: listeners.control.origin,
  }
}
