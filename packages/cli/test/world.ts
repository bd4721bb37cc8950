/** An emulator, a folder with settings that lead to it, and an administration client: what the commands of a client's life need. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { Agent } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Emulator, type EmulatorOptions, startEmulator } from '@maskinporten-kit/emulator'
import { vi } from 'vitest'
import { type NewKey, createKey, encodeJwk } from '../src/keys/create-key.ts'

const ADMIN_SCOPES: readonly string[] = ['idporten:dcr.read', 'idporten:dcr.modify', 'idporten:dcr.write']
export const SCOPE = 'altinn:serviceowner/instances.read'

export interface World extends AsyncDisposable {
  readonly emulator: Emulator
  readonly folder: string
  /** Of the section MaskinportenAdmin, as a file of its own. */
  readonly adminFile: string
  /** For a child process: the vault's certificate, and an application that may sign in to it. */
  readonly env: Readonly<Record<string, string>>
  /** The same for the rooms of the command that are called in this process, until the test file ends. */
  useHere(): void
  /** Writes appsettings.json, with the section and the address of the vault. */
  settings(section?: object, more?: object): Promise<void>
  read(file: string): Promise<string>
  write(file: string, content: string | object): Promise<string>
}

export async function startWorld(options: EmulatorOptions = {}): Promise<World> {
  const emulator = await startEmulator(options)
  const folder = await mkdtemp(join(tmpdir(), 'cli-'))
  const admin = await emulator.registerClient({ scopes: ADMIN_SCOPES, clientId: 'admin' })
  // The organisation has access to the scope.
  await emulator.registerClient({ scopes: [SCOPE], clientId: 'another' })
  const application = emulator.entra.registerApplication()
  const caFile = join(folder, 'ca.pem')
  await writeFile(caFile, emulator.ca)
  const write = async (file: string, content: string | object): Promise<string> => {
    const path = join(folder, file)
    await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content, null, 2))
    return path
  }
  const env = {
    NODE_EXTRA_CA_CERTS: caFile,
    AZURE_AUTHORITY_HOST: emulator.entra.url,
    AZURE_TENANT_ID: application.tenantId,
    AZURE_CLIENT_ID: application.clientId,
    AZURE_CLIENT_SECRET: application.clientSecret,
  }
  const adminFile = await write('admin.json', { MaskinportenAdmin: admin.settings })
  return {
    emulator,
    folder,
    adminFile,
    env,
    useHere: () => {
      for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value)
      trustHere(emulator.ca)
    },
    write,
    read: (file) => readFile(join(folder, file), 'utf8'),
    settings: async (section = {}, more = { kvSetting: { SecretUri: emulator.keyVault.url } }) => {
      const own = { Authority: emulator.maskinporten.issuer, Scope: SCOPE, ...section }
      await write('appsettings.json', { MaskinportenSettings: own, ...more })
    },
    [Symbol.asyncDispose]: async () => {
      // Other test files run in this process, too.
      vi.unstubAllEnvs()
      await emulator.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** NODE_EXTRA_CA_CERTS is read when a process starts, and `tls.setDefaultCACertificates` is not in Node 22.18. */
function trustHere(ca: string): void {
  const own = Object.getOwnPropertyDescriptor(Agent.prototype, 'createConnection')?.value as Agent['createConnection']
  vi.spyOn(Agent.prototype, 'createConnection').mockImplementation(function (this: Agent, options, callback) {
    return own.call(this, { ...options, ca: options.ca ?? ca }, callback)
  })
}

export interface TestKey extends NewKey {
  readonly encoded: string
}

export async function newKey(kid?: string): Promise<TestKey> {
  const key = await createKey({ kid })
  return { ...key, encoded: encodeJwk(key.privateJwk) }
}

/** Whether a text holds any private member of the keys: the canaries. */
export function leaks(text: string, ...keys: readonly TestKey[]): boolean {
  return keys.some(({ privateJwk: { d, p, q, dp, dq, qi }, encoded }) =>
    [d, p, q, dp, dq, qi, encoded].some((secret) => text.includes(secret)),
  )
}
