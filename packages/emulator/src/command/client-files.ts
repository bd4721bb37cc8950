/** The key and the section of each client of the command, as files: a terminal shows where they are and no key. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import type { EmulatedClient, EmulatedClientWithoutKey } from '../control/register-client.ts'

export interface ClientFiles {
  readonly folder: string
  /** One for each client, in their order. */
  readonly clients: readonly { readonly key: string | undefined; readonly settings: string }[]
  remove(): Promise<void>
}

/** In a folder of its own, which only the user may read. `keyFiles`: where the key of a client is already; no copy of it is written. */
export async function writeClientFiles(
  clients: readonly (EmulatedClient | EmulatedClientWithoutKey)[],
  keyFiles: readonly (string | undefined)[],
): Promise<ClientFiles> {
  const folder = await mkdtemp(join(tmpdir(), 'maskinporten-emulator-'))
  const write = async (name: string, content: object): Promise<string> => {
    const path = join(folder, name)
    await writeFile(path, `${JSON.stringify(content, undefined, 2)}\n`, { mode: 0o600 })
    return path
  }
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true })
  const writeFiles = async (
    { jwk, settings }: EmulatedClient | EmulatedClientWithoutKey,
    at: number,
  ): Promise<ClientFiles['clients'][number]> => {
    const there = keyFiles[at]
    const { encodedJwk, ...rest } = settings
    const section = there === undefined ? { ...rest, encodedJwk } : rest
    const written = async (): Promise<string | undefined> =>
      jwk?.d === undefined ? undefined : write(`client-${at + 1}.jwk.json`, jwk)
    return {
      key: there === undefined ? await written() : relative(process.cwd(), there),
      settings: await write(`client-${at + 1}.appsettings.json`, { MaskinportenSettings: section }),
    }
  }
  try {
    return { folder, clients: await Promise.all(clients.map(writeFiles)), remove }
  } catch (error) {
    await remove()
    throw error
  }
}
