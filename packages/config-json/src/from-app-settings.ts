/** `appsettings.json`, the environment's own beside it, and the file that `MaskinportenSettingsFilepath` names. */
import { isAbsolute, join } from 'node:path'
import {
  type ConfigLayer,
  type ConfigSource,
  type LoadContext,
  isMaskinportenError,
  MaskinportenError,
} from '@maskinporten-kit/core'
import { checkPath, loadFile, refreshOf, twinOf } from './from-json-file.ts'

/** Of Altinn's app library: where the platform's operator mounts the client's settings. */
const FILE_PATH = 'MaskinportenSettingsFilepath'

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
 * environment's name does not matter. Then, over both, the file that `MaskinportenSettingsFilepath` names, in the
 * environment's variables or in the sources so far; that one must be there. Each counts as a source of its own: a client
 * id in one does not go with the key of another.
 */
export function fromAppSettings(options: AppSettingsOptions = {}): ConfigSource {
  const { directory } = options
  if (directory !== undefined) checkPath('the directory of fromAppSettings', 'folder', directory)
  const pathOf = (name: string): string => (directory === undefined ? name : join(directory, name))
  const refreshMs = refreshOf(options.refreshMs)
  const environmentFile = (): string => `appsettings.${environmentOf(options)}.json`
  const file = (fileName: () => string): ConfigSource => ({
    get name() {
      return fileName()
    },
    refreshMs,
    load: async (context) => {
      const path = pathOf(fileName())
      return loadFile((await twinOf(path)) ?? path, fileName(), true, context)
    },
  })
  const parts = [file(() => 'appsettings.json'), file(environmentFile), namedFile(options, pathOf, refreshMs)]
  return {
    name: 'appsettings.json',
    refreshMs,
    parts,
    load: async (context) => {
      let earlier = context.earlier
      let whole: ConfigLayer = new Map()
      for (const part of parts) {
        // Each may be named by those before it.
        const layer = await part.load({ ...context, earlier, previous: undefined })
        whole = new Map([...whole, ...layer])
        earlier = new Map([...earlier, ...layer])
      }
      return whole
    },
  }
}

function namedFile(
  options: AppSettingsOptions,
  pathOf: (name: string) => string,
  refreshMs: number | undefined,
): ConfigSource {
  let last = ''
  return {
    /** Empty while no file is named: then there is nothing to speak of. */
    get name() {
      return last
    },
    refreshMs,
    load: async (context) => {
      const { path, origin } = pathFrom(options, context)
      last = path
      if (path === '') return new Map()
      try {
        return await loadFile(isAbsolute(path) ? path : pathOf(path), path, false, context)
      } catch (error) {
        if (!isMaskinportenError(error) || error.detail !== 'JSON_NOT_FOUND') throw error
        const hint = `Create ${path}, or correct ${FILE_PATH}.`
        throw new MaskinportenError(
          'settings_unavailable',
          `${FILE_PATH} (${origin}) names ${path}, which is not there. ${hint}`,
          { detail: 'JSON_NOT_FOUND', hint },
        )
      }
    },
  }
}

/** A variable goes over the files, as in .NET. */
function pathFrom(
  { env = process.env }: AppSettingsOptions,
  { earlier }: LoadContext,
): { readonly path: string; readonly origin: string } {
  const variable = Object.keys(env).find((name) => name.toLowerCase() === FILE_PATH.toLowerCase())
  const given = variable === undefined ? '' : (env[variable]?.trim() ?? '')
  if (variable !== undefined && given !== '') return { path: given, origin: `env ${variable}` }
  const entry = earlier.get(FILE_PATH.toLowerCase())
  return { path: entry?.reveal()?.trim() ?? '', origin: entry?.origin ?? '' }
}

function environmentOf({ environment, env = process.env }: AppSettingsOptions): string {
  const names = ['DOTNET_ENVIRONMENT', 'ASPNETCORE_ENVIRONMENT', 'NODE_ENV']
  return (
    environment ??
    names.map((name) => env[name]?.trim()).find((value) => value !== undefined && value !== '') ??
    'Production'
  )
}
