/** `maskinporten-emulator init`: an `emulator.json` with one client, and the file with its key. */
import { randomUUID } from 'node:crypto'
import { rm, writeFile } from 'node:fs/promises'
import { basename, dirname, extname, join } from 'node:path'
import type { NewClientOptions } from '../control/register-client.ts'
import { testOrganisation } from '../control/register-client.ts'
import { generateRsaKey, jwkOf } from '../tokens/rsa-key.ts'

export interface Written {
  readonly config: string
  readonly keys: readonly string[]
}

const schema = './node_modules/@maskinporten-kit/emulator/src/emulator.schema.json'

/** Writes nothing when one of the files is there. @throws Error that names it. */
export async function init(path: string, clients: readonly NewClientOptions[]): Promise<Written> {
  const written: string[] = []
  const write = async (file: string, content: object, mode: number): Promise<void> => {
    await writeFile(file, `${JSON.stringify(content, undefined, 2)}\n`, { flag: 'wx', mode })
    written.push(file)
  }
  const configured = clients.map((client, at) => {
    const name = basename(path, extname(path))
    return { client, clientId: randomUUID(), file: `${name}-client${at === 0 ? '' : at + 1}.jwk.json` }
  })
  try {
    for (const { file, clientId } of configured) {
      const { privateKey } = await generateRsaKey()
      const jwk = { ...jwkOf(privateKey), kid: clientId, alg: 'RS256', use: 'sig' }
      await write(join(dirname(path), file), jwk, 0o600)
    }
    const content = {
      $schema: schema,
      clients: configured.map(({ client, clientId, file }) => ({
        clientId,
        orgNumber: client.orgNumber ?? testOrganisation,
        scopes: client.scopes,
        keys: [{ file }],
      })),
    }
    await write(path, content, 0o644)
    return { config: path, keys: configured.map(({ file }) => join(dirname(path), file)) }
  } catch (error) {
    await Promise.all(written.map((file) => rm(file)))
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST' && 'path' in error)) throw error
    throw new Error(
      `${String(error.path)} is there already, and init overwrites nothing; move it away, or give --config another name`,
      {
        cause: error,
      },
    )
  }
}
