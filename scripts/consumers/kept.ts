// What a folder keeps of some texts: as they are, in base64, or compressed.
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'

/** No file of a build unpacks to more; brotli has no mark, so that other bytes can seem to unpack to much. */
const MOST_UNPACKED = 64 * 2 ** 20
/** Fetch caches keep an answer's body as base64 inside JSON, and a compressed file may hold that. */
const DEPTH = 2

export interface Kept {
  readonly file: string
  readonly what: string
}

/** Where in a folder's files anything stands that one of the patterns, named by its key, matches. */
export function keptIn(folder: string, patterns: Readonly<Record<string, RegExp>>): readonly Kept[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .flatMap((entry) => {
      const path = join(entry.parentPath, entry.name)
      const found = new Set<string>()
      search(readFileSync(path), DEPTH, (text) => {
        for (const [what, pattern] of Object.entries(patterns)) if (pattern.test(text)) found.add(what)
      })
      return [...found].map((what) => ({ file: relative(folder, path), what }))
    })
}

function search(bytes: Buffer, depth: number, look: (text: string) => void): void {
  const text = bytes.toString('latin1')
  look(text)
  if (depth === 0) return
  for (const unpack of [gunzipSync, brotliDecompressSync]) {
    const unpacked = attempt(() => unpack(bytes, { maxOutputLength: MOST_UNPACKED }))
    if (unpacked !== undefined && unpacked.length > 0) search(unpacked, depth - 1, look)
  }
  for (const [run] of text.matchAll(/[\w+/-]{40,}/g)) {
    // What stands right before it may be of the same alphabet.
    for (let skip = 0; skip < 4; skip++) {
      const decoded = Buffer.from(run.slice(skip), 'base64')
      if (isText(decoded)) search(decoded, depth - 1, look)
    }
  }
}

/** Code has many a long name that is base64 of nothing. */
function isText(bytes: Buffer): boolean {
  return bytes.subarray(0, 24).every((byte) => byte >= 0x20 && byte < 0x7f)
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}
