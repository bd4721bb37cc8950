/** Where the settings have, or get, the id of the client. */
import { isAbsolute, join } from 'node:path'
import type { ConfigLayer } from '@maskinporten-kit/core'
import { setJsonSetting } from '../files/json-setting.ts'

export interface ClientIdPlace {
  /** The file that gets it. */
  readonly path: string
  readonly setting: string
  /** The id that is in force; `undefined`: none. */
  readonly current: string | undefined
  /** Where that is. */
  readonly origin: string
  /** A source over the file has the one in force. */
  readonly isHidden: boolean
}

export function clientIdPlaceOf(layer: ConfigLayer, section: string, folder = '.'): ClientIdPlace {
  const setting = `${section}:ClientId`
  const entry = layer.get(setting.toLowerCase())
  const text = entry?.reveal()?.trim() ?? ''
  const origin = entry?.origin ?? ''
  const file = fileOf(origin)
  const path = file === undefined ? join(folder, 'appsettings.json') : isAbsolute(file) ? file : join(folder, file)
  // `<your client id>`, `{id}`: no id holds these signs.
  const current = text === '' || /[<>{}[\]\s]/.test(text) ? undefined : text
  return { path, setting, current, origin, isHidden: current !== undefined && file === undefined }
}

/** `appsettings.json` of `appsettings.json:4:17`. */
export function fileOf(origin: string): string | undefined {
  return /^(.+\.json)(?::\d+)*$/i.exec(origin)?.[1]
}

export async function writeClientId({ path, setting, current }: ClientIdPlace, id: string): Promise<void> {
  if (current !== id) await setJsonSetting(path, setting, id)
}
