/** Where the settings have their key, and where the next one waits until Maskinporten knows it: both in the same store. */
import { readFile, stat } from 'node:fs/promises'
import { basename, dirname, isAbsolute, join } from 'node:path'
import type { ConfigLayer, ResolvedSettings } from '@maskinporten-kit/core'
import { CommandFailed } from '../failure.ts'
import { ignoreInGit } from '../files/git-ignore.ts'
import { setJsonSetting } from '../files/json-setting.ts'
import { writeFileWhole } from '../files/write-file.ts'
import { memberOf, textAt } from '../member.ts'
import { fileOf } from '../self-service/client-id-place.ts'
import { settingOf } from '../settings.ts'
import { vaultOf } from '../vault/address.ts'
import { secretName } from '../vault/key-secrets.ts'
import { openVault } from '../vault/secret-client.ts'
import { type StoredKey, notAKey, storedKey, waitingKey } from './stored-key.ts'
import { vaultHome } from './vault-home.ts'

export interface Kept {
  /** The key in use. */
  readonly current: StoredKey
  /** The key that waits; `undefined`: none, or it is the one in use already. */
  readonly next: StoredKey | undefined
  /** The key that the one in use has replaced, by thumbprint. */
  readonly replaced: string | undefined
  /** When the key in use became that, milliseconds since the Unix epoch; `undefined`: not known. */
  readonly since: number | undefined
  /** The end of the key in use as the store says, milliseconds since the Unix epoch. */
  readonly endsAt: number | undefined
}

export interface KeyHome {
  /** For messages. */
  readonly label: string
  readonly nextLabel: string
  /** The same without its vault, or folder. */
  readonly nextName: string
  /** How soon a running app reads the store again. */
  readonly reloadsWithin: string
  /** Changes nothing. */
  read(): Promise<Kept>
  /** What a run left that was killed between its switch and its tidying: the private key is not left in a second place. */
  tidy(): Promise<void>
  /** It waits for this key only: when another one is in use, it is not taken. */
  storeNext(key: StoredKey, current: StoredKey): Promise<void>
  /** The waiting key becomes the one in use, and it is noted which it replaced. `endsAt`: of the key, milliseconds since the Unix epoch. */
  switchTo(next: StoredKey, kept: Kept, endsAt: number | undefined): Promise<void>
}

interface Place {
  readonly layer: ConfigLayer
  readonly section: string
  readonly settings: ResolvedSettings
  /** Of the settings. */
  readonly folder: string
  /** Address of the vault, by flag. */
  readonly keyVault: string | undefined
}

/** @throws CommandFailed for a key in a place that this command cannot write to. */
export async function keyHomeOf({ layer, section, settings, folder, keyVault }: Place): Promise<KeyHome> {
  if (settings.keys[0]?.x5c !== undefined) throw isCertificate()
  if (settingOf(layer, section, 'Kid') !== undefined) throw kidBeside(section)
  const origin = settings.credential?.keyOrigin ?? ''
  const setting = ['EncodedJwk', 'JwkBase64'].find(
    (name) => layer.get(`${section}:${name}`.toLowerCase())?.origin === origin,
  )
  if (setting === undefined) throw elsewhere(origin)
  if (origin.startsWith('Key Vault ')) {
    const vault = vaultOf(layer, keyVault)
    if (vault !== undefined) return vaultHome(await openVault(vault), secretName(section, setting))
  }
  const file = fileOf(origin)
  if (file === undefined) throw elsewhere(origin)
  return fileHome(isAbsolute(file) ? file : join(folder, file), `${section}:${setting}`, layer)
}

/** The file beside has the waiting key; after the switch, only what it replaced. */
function fileHome(path: string, setting: string, layer: ConfigLayer): KeyHome {
  const name = setting.slice(setting.lastIndexOf(':') + 1)
  const beside = join(dirname(path), `${basename(path, '.json')}.${name}-next.json`)
  const write = async (content: object): Promise<void> =>
    writeFileWhole(beside, `${JSON.stringify(content, null, 2)}\n`, { isPrivate: true, isReplacing: true })
  return {
    label: `${path}, ${setting}`,
    nextLabel: beside,
    nextName: basename(beside),
    reloadsWithin: '5 s',
    async read() {
      const current = await storedKey(await settingIn(path, setting, layer), name)
      const note = await noteIn(beside)
      const changed = await changedAt(path)
      const isNoted = textAt(note, 'uses') === current.thumbprint
      // Once the settings have changed after the switch began, it was done, and somebody has put another key there.
      const isOver = (changed ?? 0) >= (Number(memberOf(note, 'since')) || Infinity)
      const isOfNow = (textAt(note, 'replaces') || current.thumbprint) === current.thumbprint && !isOver
      return {
        current,
        next: isOfNow ? await waitingKey(textAt(note, 'key'), beside, current) : undefined,
        replaced: isNoted ? textAt(note, 'replaces') : undefined,
        since: isNoted ? Number(memberOf(note, 'since')) : changed,
        endsAt: undefined,
      }
    },
    async tidy() {
      const note = await noteIn(beside)
      if (textAt(note, 'key') === '') return
      const current = await storedKey(await settingIn(path, setting, layer), name)
      if (textAt(note, 'uses') === current.thumbprint) await write({ ...(note as object), key: undefined })
    },
    async storeNext({ encoded }, { thumbprint }) {
      await ignoreInGit([beside])
      await write({ key: encoded, replaces: thumbprint })
    },
    async switchTo({ encoded, thumbprint }, { current }) {
      const note = { uses: thumbprint, replaces: current.thumbprint, since: Date.now() }
      await write({ key: encoded, ...note })
      await setJsonSetting(path, setting, encoded)
      await write(note)
    },
  }
}

/** Read anew each time: a run may be the second one. */
async function settingIn(path: string, setting: string, layer: ConfigLayer): Promise<string> {
  const { parse } = await import('jsonc-parser')
  const tree: unknown = parse((await readFile(path, 'utf8')).replace(/^\uFEFF/, ''))
  return flatText(tree, setting.toLowerCase().split(':')) ?? layer.get(setting.toLowerCase())?.reveal() ?? ''
}

function flatText(value: unknown, parts: readonly string[]): string | undefined {
  if (parts.length === 0) return typeof value === 'string' ? value : undefined
  if (typeof value !== 'object' || value === null) return undefined
  for (const [key, member] of Object.entries(value)) {
    const own = key.toLowerCase().split(':')
    if (!own.every((part, index) => part === parts[index])) continue
    const found = flatText(member, parts.slice(own.length))
    if (found !== undefined) return found
  }
  return undefined
}

async function noteIn(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8').catch(() => '{}')
  try {
    return JSON.parse(text)
  } catch {
    throw notAKey(path)
  }
}

const changedAt = (path: string): Promise<number | undefined> =>
  stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => undefined,
  )

const isCertificate = (): CommandFailed =>
  new CommandFailed('usage', {
    en: 'the client signs with an enterprise certificate, and a registered key would end that; order a new certificate instead',
    nb: 'klienten signerer med et virksomhetssertifikat, og en registrert nøkkel ville gjort slutt på det; bestill et nytt sertifikat i stedet',
  })

const kidBeside = (section: string): CommandFailed =>
  new CommandFailed('usage', {
    en: `${section}:Kid names the key, and would name the new one wrongly; put the kid into the key (maskinporten key-vault push --kid … --force), then delete ${section}:Kid`,
    nb: `${section}:Kid gir nøkkelen navn, og ville gitt den nye feil navn; legg kid inn i nøkkelen (maskinporten key-vault push --kid … --force), og slett ${section}:Kid`,
  })

const elsewhere = (origin: string): CommandFailed =>
  new CommandFailed('usage', {
    en: `the key comes from ${origin === '' ? 'a place' : origin}, where this command cannot write; keep it in Key Vault or in EncodedJwk of appsettings.json, or let the platform that sets it replace it`,
    nb: `nøkkelen kommer fra ${origin === '' ? 'et sted' : origin}, der denne kommandoen ikke kan skrive; ha den i Key Vault eller i EncodedJwk i appsettings.json, eller la plattformen som setter den, bytte den`,
  })
