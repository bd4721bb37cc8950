/** The key and the section of each client of the command, as files: a terminal shows where they are and no key. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EmulatedClient, EmulatedClientWithoutKey } from '../control/register-client.ts'

export interface ClientFiles {
  readonly folder: string
  /** One for each client, in their order. */
  readonly clients: readonly { readonly key: string | undefined; readonly settings: string }[]
  remove(): Promise<void>
}

/** In a folder of its own, which only the user may read. */
export async function writeClientFiles(
  clients: readonly (EmulatedClient | EmulatedClientWithoutKey)[],
): Promise<ClientFiles> {
  const folder = await mkdtemp(join(tmpdir(), 'maskinporten-emulator-'))
  const write = async (name: string, content: object): Promise<string> => {
    const path = join(folder, name)
    await writeFile(path, `${JSON.stringify(content, undefined, 2)}\n`, { mode: 0o600 })
    return path
  }
  return {
    folder,
    clients: await Promise.all(
      clients.map(async ({ jwk, settings }, at) => ({
        key: jwk?.d === undefined ? undefined : await write(`client-${at + 1}.jwk.json`, jwk),
        settings: await write(`client-${at + 1}.appsettings.json`, { MaskinportenSettings: settings }),
      })),
    ),
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}
