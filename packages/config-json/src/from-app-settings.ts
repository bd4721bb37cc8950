/** `appsettings.json`, and the environment's own beside it. */
import { join } from 'node:path'
import type { ConfigSource } from '@maskinporten-kit/core'
import { loadFile, refreshOf, twinOf } from './from-json-file.ts'

export interface AppSettingsOptions {
  /** Folder of the files. Default: the working directory. */
  readonly directory?: string | undefined
  /** Default: DOTNET_ENVIRONMENT, ASPNETCORE_ENVIRONMENT or NODE_ENV, the first that is set; else `Production`. */
  readonly environment?: string | undefined
  /** Where those are looked up. Default `process.env`, at each load. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined
  /** How often the files are read again, milliseconds. Default 5,000, at least 1,000; 0: never. */
  readonly refreshMs?: number | undefined
}

/**
 * `appsettings.json`, then `appsettings.{environment}.json` over it; either may be absent, and the case of the
 * environment's name does not matter. Each of the two counts as a source of its own: a client id in one does not go with
 * the key of the other.
 */
export function fromAppSettings(options: AppSettingsOptions = {}): ConfigSource {
  const { directory } = options
  const pathOf = (name: string): string => (directory === undefined ? name : join(directory, name))
  const refreshMs = refreshOf(options.refreshMs)
  const environmentFile = (): string => `appsettings.${environmentOf(options)}.json`
  const file = (nameOf: () => string): ConfigSource => ({
    get name() {
      return nameOf()
    },
    refreshMs,
    load: async (context) => {
      const path = pathOf(nameOf())
      return loadFile((await twinOf(path)) ?? path, nameOf(), true, context)
    },
  })
  const parts = [file(() => 'appsettings.json'), file(environmentFile)]
  return {
    name: 'appsettings.json',
    refreshMs,
    parts,
    load: async (context) => {
      const layers = await Promise.all(parts.map((part) => part.load({ ...context, previous: undefined })))
      return new Map(layers.flatMap((layer) => [...layer]))
    },
  }
}

function environmentOf({ environment, env = process.env }: AppSettingsOptions): string {
  const names = ['DOTNET_ENVIRONMENT', 'ASPNETCORE_ENVIRONMENT', 'NODE_ENV']
  return (
    environment ??
    names.map((name) => env[name]?.trim()).find((value) => value !== undefined && value !== '') ??
    'Production'
  )
}
