/** Where the settings have, or get, the id of the client. */
import { basename, isAbsolute, join } from 'node:path'
import type { ConfigLayer } from '@maskinporten-kit/core'
import { CommandFailed } from '../failure.ts'
import { checkJsonSetting, setJsonSetting } from '../files/json-setting.ts'

/** The file under those of the environments. */
const BASE = 'appsettings.json'

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
  const own = file ?? BASE
  const stating = ['Authority', 'Environment']
    .map((name) => layer.get(`${section}:${name}`.toLowerCase()))
    .find((one) => (one?.reveal()?.trim() ?? '') !== '')
  // The client is of one Maskinporten: the file that all environments share does not get the id of one of them.
  const chosen = basename(own) === BASE ? (fileOf(stating?.origin ?? '') ?? own) : own
  const path = isAbsolute(chosen) ? chosen : join(folder, chosen)
  // `<your client id>`, `{id}`: no id holds these signs.
  const current = text === '' || /[<>{}[\]\s]/.test(text) ? undefined : text
  return { path, setting, current, origin, isHidden: current !== undefined && file === undefined }
}

/** `appsettings.json` of `appsettings.json:4:17`. */
export function fileOf(origin: string): string | undefined {
  return /^(.+\.json)(?::\d+)*$/i.exec(origin)?.[1]
}

/** Before the client is made: an id that cannot be kept would be lost. @throws CommandFailed */
export async function checkPlace({ path, setting }: ClientIdPlace): Promise<void> {
  await checkJsonSetting(path, setting)
}

/** @throws CommandFailed that names the id. */
export async function writeClientId({ path, setting, current }: ClientIdPlace, id: string): Promise<void> {
  if (current === id) return
  try {
    await setJsonSetting(path, setting, id)
  } catch (error) {
    const why = error instanceof CommandFailed ? error.text : { en: String(error), nb: String(error) }
    throw new CommandFailed('failed', {
      en: `the client is registered as ${id}, but its id is not in the settings: ${why.en}; then set ${setting}`,
      nb: `klienten er registrert som ${id}, men ID-en står ikke i innstillingene: ${why.nb}; sett så ${setting}`,
    })
  }
}
