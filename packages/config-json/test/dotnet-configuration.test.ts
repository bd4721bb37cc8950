import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fromEnv } from '@maskinporten-kit/config-env'
import { fromJsonFile } from '@maskinporten-kit/config-json'
import { type DotnetLayer, dotnetCases } from '../../conformance/test/in-tree/index.ts'
import { type ConfigSource, createConfigLayer, settingsFrom } from '@maskinporten-kit/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { temporaryFolder } from './temporary-folder.ts'

let folder: string
beforeAll(() => {
  folder = temporaryFolder()
})
afterAll(() => rmSync(folder, { recursive: true }))

function sourceOf({ type, text, vars, prefix, secrets = {} }: DotnetLayer, index: number): ConfigSource {
  if (type === 'env') return fromEnv({ env: vars, prefix })
  if (type === 'vault') {
    const values = Object.fromEntries(
      Object.entries(secrets).map(([name, value]) => [name.replaceAll('--', ':'), value]),
    )
    return { name: 'vault', load: async () => createConfigLayer(values, { origin: 'vault' }) }
  }
  const path = join(folder, `${index}.json`)
  writeFileSync(path, text ?? '')
  return fromJsonFile(path)
}

type Flat = Readonly<Record<string, string | null>>

/** What core's merge makes of the sources: the layer that a last source is given. */
async function flattened(sources: readonly ConfigSource[]): Promise<Flat | undefined> {
  let flat: Flat | undefined
  const probe: ConfigSource = {
    name: 'probe',
    async load({ earlier }) {
      flat = Object.fromEntries([...earlier.values()].map((entry) => [entry.key, entry.reveal()]))
      return new Map()
    },
  }
  const settings = settingsFrom([...sources, probe])
  await settings.get().catch(() => undefined)
  await settings.close()
  return flat
}

/** .NET writes True and False. */
const withoutCase = (flat: Flat | undefined): Flat | undefined =>
  flat &&
  Object.fromEntries(
    Object.entries(flat).map(([key, value]) => [
      key,
      /^(?:true|false)$/i.test(value ?? '') ? (value ?? '').toLowerCase() : value,
    ]),
  )

describe('layers merge as .NET merged them', () => {
  it.each(dotnetCases().map((one) => [one.name, one] as const))('%s', async (_, { sources, flat, error }) => {
    const ours = await flattened(sources.map(sourceOf))
    expect(withoutCase(ours)).toEqual(error === undefined ? withoutCase(flat) : undefined)
  })
})
