/** What another process needs to meet the emulator under the names of the test environment. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Listeners } from './ports.ts'
import { openProxy, type Proxy } from './proxy.ts'

/** For a process's own environment. `NODE_USE_ENV_PROXY` is heeded by Node from 22.21 and 24.5 on. */
export type ProxyEnvironment = {
  readonly HTTPS_PROXY: string
  readonly NODE_USE_ENV_PROXY: '1'
  readonly NODE_EXTRA_CA_CERTS: string
}

export interface TestEnvironment {
  readonly proxy: Proxy
  readonly caFile: string
  readonly environment: ProxyEnvironment
  close(): Promise<void>
}

/** @throws Error when the proxy's port is taken or not allowed. */
export async function openTestEnvironment(
  listeners: Listeners,
  options: { readonly host: string; readonly port: number; readonly ca: string },
): Promise<TestEnvironment> {
  const folder = await mkdtemp(join(tmpdir(), 'maskinporten-emulator-'))
  const removeFolder = (): Promise<void> => rm(folder, { recursive: true, force: true })
  try {
    const caFile = join(folder, 'ca.pem')
    await writeFile(caFile, options.ca)
    const proxy = await openProxy({ ...options, services: listeners })
    return {
      proxy,
      caFile,
      environment: { HTTPS_PROXY: proxy.url, NODE_USE_ENV_PROXY: '1', NODE_EXTRA_CA_CERTS: caFile },
      async close() {
        await Promise.all([proxy.close(), removeFolder()])
      },
    }
  } catch (error) {
    await removeFolder()
    throw error
  }
}
