/** The scripts behind a command, each read once: those that start themselves or each other come to an end. */
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { isJsonObject, parseJsonObject } from '../json.ts'

export interface Scripts {
  /** Its beginning; '' for a file that is not there or not to be read, or was read before. */
  readonly file: (path: string) => Promise<string>
  /** `npm run dev`, `npm test`, `yarn dev`: the text of the script. `undefined`: none, or read before. */
  readonly ofPackage: (args: readonly string[], folder: string) => Promise<string | undefined>
  /** Counts a program that is looked for. False: it is one too many. */
  readonly mayLook: () => boolean
  /** All that was read. */
  readonly texts: () => readonly string[]
}

/** Each look asks all folders of PATH. */
const mostLooks = 200

export function createScripts(): Scripts {
  const seen = new Map<string, string>()
  let looks = 0
  const once = async (key: string, read: () => Promise<string | undefined>): Promise<string | undefined> => {
    if (seen.has(key)) return undefined
    seen.set(key, '')
    const text = await read()
    if (text !== undefined) seen.set(key, text)
    return text
  }
  return {
    file: async (path) => (await once(path, () => beginningOf(path))) ?? '',
    async ofPackage(args, folder) {
      const words = args.filter((arg) => !arg.startsWith('-'))
      const asked = /^(?:run|run-script)$/.test(words[0] ?? '') ? words[1] : words[0]
      if (asked === undefined) return undefined
      const name = asked === 't' ? 'test' : asked
      const path = join(folder, 'package.json')
      return once(`${path}#${name}`, async () => {
        const scripts = parseJsonObject(await beginningOf(path))?.['scripts']
        const text = isJsonObject(scripts) ? scripts[name] : undefined
        return typeof text === 'string' ? text : undefined
      })
    },
    mayLook: () => ++looks <= mostLooks,
    texts: () => [...seen.values()],
  }
}

async function beginningOf(path: string): Promise<string> {
  try {
    const file = await open(path)
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(65_536), 0, 65_536, 0)
      return buffer.toString('utf8', 0, bytesRead)
    } finally {
      await file.close()
    }
  } catch {
    return ''
  }
}
