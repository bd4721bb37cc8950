/** Core with a planted bug, in this process only. */
import { readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { fileURLToPath } from 'node:url'
import { plants } from './plants.ts'

const core = new URL('../../../packages/core/src/', import.meta.url)

/** Where the source no longer holds what would be replaced: nothing would be broken, and nothing tested. */
export function missingTexts(): readonly string[] {
  return Object.entries(plants)
    .filter(([, { file, from }]) => readFileSync(new URL(file, core), 'utf8').split(from).length !== 2)
    .map(([name]) => name)
}

const textOf = (source: unknown): string =>
  typeof source === 'string' ? source : Buffer.from(source as Uint8Array).toString()

/** Core is loaded with that change from now on, in this process only. */
export function plant(name: string): void {
  const found = plants[name]
  if (found === undefined) throw new Error(`no such bug: ${name}; there are: ${Object.keys(plants).join(', ')}`)
  const { file, from, to } = found
  const target = fileURLToPath(new URL(file, core))
  registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context)
      if (!url.startsWith('file:') || fileURLToPath(url) !== target) return loaded
      const source = textOf(loaded.source)
      if (source.split(from).length !== 2) throw new Error(`${file} no longer holds: ${from}`)
      return { ...loaded, source: source.replace(from, () => to) }
    },
  })
}
