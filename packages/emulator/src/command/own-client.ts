/** The client that the settings of the app name, with the public half of its key. */
import type { PublicRsaJwk } from '../maskinporten/clients.ts'
import { keyOfSettings } from '../control/client-of-settings.ts'
import { isStringArray } from '../json.ts'
import type { OwnSettings, Setting, Settings } from './own-settings.ts'

export interface OwnClient {
  readonly clientId: string
  /** The file or the variable that has its id. */
  readonly from: string
  /** `undefined`: the settings have none that can be read. */
  readonly key: { readonly jwk: PublicRsaJwk; readonly from: string } | undefined
  /** That the settings want in the header of a grant. */
  readonly kid: string | undefined
}

export interface OwnClients {
  /** One of the section and one of NAIS's variables, where they differ. */
  readonly clients: readonly OwnClient[]
  /** Those of the settings. */
  readonly scopes: readonly string[]
  /** What cannot be used, a sentence each. No sentence quotes a key. */
  readonly problems: readonly string[]
  /** What can be used, by name in lower case. */
  readonly usable: ReadonlySet<string>
}

interface Names {
  readonly id: string
  readonly kid: string
  readonly scopes: readonly string[]
  readonly keys: readonly string[]
  /** Keys in forms that are not read here. */
  readonly unread: readonly string[]
}

const sectionNames: Names = {
  id: 'ClientId',
  kid: 'Kid',
  scopes: ['Scope', 'Scopes'],
  keys: ['EncodedJwk', 'JwkBase64', 'Jwk', 'Jwks', 'Pem'],
  unread: ['EncodedX509', 'CertificatePkcs12Path', 'CertificateStoreThumbprint'],
}

const naisNames: Names = {
  id: 'MASKINPORTEN_CLIENT_ID',
  kid: '',
  scopes: ['MASKINPORTEN_SCOPES'],
  keys: ['MASKINPORTEN_CLIENT_JWK'],
  unread: [],
}

export async function findOwnClients({ section, nais, problems }: OwnSettings): Promise<OwnClients> {
  const found = [await findClient(section, sectionNames), await findClient(nais, naisNames)]
  return {
    clients: distinct(found.flatMap(({ client }) => client ?? [])),
    scopes: [...new Set(found.flatMap(({ scopes }) => scopes))],
    problems: [...problems, ...found.flatMap((one) => one.problems)],
    usable: new Set(found.flatMap((one) => [...one.usable.keys()])),
  }
}

/** Where both name the same client: once, with the key. */
function distinct(clients: readonly OwnClient[]): readonly OwnClient[] {
  const [first, second] = clients
  if (!first || !second || first.clientId !== second.clientId) return clients
  return [first.key ? first : second]
}

interface Found {
  readonly client: OwnClient | undefined
  readonly scopes: readonly string[]
  readonly problems: readonly string[]
  readonly usable: Settings
}

async function findClient(all: Settings, names: Names): Promise<Found> {
  const problems: string[] = []
  const refuse = (name: string, { from, isVariable }: Setting, why: string): void => {
    problems.push(`${isVariable ? from : `${name} of ${from}`} ${why}`)
  }
  const usable = new Map(all)
  const get = (name: string): Setting | undefined => usable.get(name.toLowerCase())
  for (const name of [names.id, ...names.keys]) {
    const setting = get(name)
    if (!setting || !isPlaceholder(setting.value, names.keys.includes(name))) continue
    usable.delete(name.toLowerCase())
    refuse(
      name,
      setting,
      setting.isVariable
        ? 'holds a placeholder text; unset it, and the emulator sets it'
        : 'holds a placeholder text, so the emulator takes it as not set',
    )
  }
  const scopes: string[] = []
  for (const name of names.scopes) {
    const setting = get(name)
    const given = setting ? wordsOf(setting.value) : []
    const fit = given.filter((scope) => /^[^\s:<>]+:[^\s<>]+$/.test(scope))
    if (setting && fit.length < given.length) refuse(name, setting, 'holds what is not a scope; each is prefix:name')
    if (setting && fit.length === 0) usable.delete(name.toLowerCase())
    scopes.push(...fit)
  }
  for (const name of names.unread) {
    const setting = get(name)
    if (setting) refuse(name, setting, 'is a key in a form that the emulator does not read; export it as a JWK')
  }
  const id = get(names.id)
  const clientId = typeof id?.value === 'string' ? id.value.trim() : undefined
  const keyName = names.keys.find(get)
  const keySetting = keyName === undefined ? undefined : get(keyName)
  const kid = names.kid === '' ? undefined : get(names.kid)?.value
  if (!id || clientId === undefined) return { client: undefined, scopes, problems, usable }
  const client = { clientId, from: id.from, kid: typeof kid === 'string' ? kid.trim() : undefined }
  if (keyName === undefined || !keySetting) return { client: { ...client, key: undefined }, scopes, problems, usable }
  try {
    const settings = Object.fromEntries([...usable].map(([name, { value }]) => [name, value]))
    const jwk = await keyOfSettings(settings)
    return { client: { ...client, key: { jwk, from: keySetting.from } }, scopes, problems, usable }
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    usable.delete(keyName.toLowerCase())
    refuse(
      keyName,
      keySetting,
      'cannot be read as an RSA key (a JWK, base64 of one, a set with one private key, or a PEM)',
    )
    return { client: { ...client, key: undefined }, scopes, problems, usable }
  }
}

function wordsOf(value: unknown): readonly string[] {
  if (isStringArray(value)) return value.map((word) => word.trim()).filter((word) => word !== '')
  return typeof value === 'string' ? value.split(/\s+/).filter((word) => word !== '') : []
}

/** No RSA key is so short. */
const shortestKey = 64

const placeholders =
  /^(?:<.*>|\{.*\}|\[.*\]|\$\(.*\)|#\{.*\}#|\.{3}|…|x{3,}|todo.*|change[-_ ]?me|replace[-_ ]?me|your[-_ ].*|din[-_ ].*|placeholder|retrieved from .*|hentes fra .*|@microsoft\.keyvault\(.*\))$/i

function isPlaceholder(value: unknown, isKey: boolean): boolean {
  if (typeof value !== 'string') return false
  const text = value.trim()
  if (isKey) return text.length < shortestKey || /^@microsoft\.keyvault\(/i.test(text) || /(?:\.\.\.|…)$/.test(text)
  return placeholders.test(text)
}
