/** `maskinporten key-vault push`: the client id and the private key into a vault, under the names that the settings look for. */
import type { ConfigLayer } from '@maskinporten-kit/core'
import { confirmChange } from '../confirm.ts'
import { CommandFailed } from '../failure.ts'
import { defaultKeyText, readKeyFile } from '../keys/key-file.ts'
import { type PublicHalf, encodedKeyOf, keyTextIn, publicHalfOf } from '../keys/public-half.ts'
import { issuerOf } from '../self-service/admin.ts'
import { DEFAULT_SECTION, type SettingsFlags, localSourcesOf, readLayer, settingOf } from '../settings.ts'
import type { Terminal } from '../terminal.ts'
import { vaultOf } from './address.ts'
import { type Dialect, dialects, keySetting, secretName } from './key-secrets.ts'
import {
  type PlannedSecret,
  type PutSecret,
  type WantedSecret,
  planSecrets,
  putSecrets,
  refuseOthers,
} from './put-secrets.ts'
import { type SecretStore, openVault } from './secret-client.ts'

export interface PushFlags extends SettingsFlags {
  /** A private key. Default: the key of the settings. */
  readonly key?: string | undefined
  readonly kid?: string | undefined
  /** Default: that of the settings. */
  readonly clientId?: string | undefined
  /** Default: legacy. */
  readonly dialect?: string | undefined
  /** The date that the key's secret gets as its end. Default: none. */
  readonly expiresOn?: string | undefined
  readonly force?: boolean | undefined
  readonly dryRun?: boolean | undefined
}

/** The SDK (4.12.0) sends seconds in 32 bits: a later date would be one before 1970. */
const LATEST_MS = Date.UTC(2038, 0)

export async function pushKey(flags: PushFlags, terminal: Terminal): Promise<void> {
  const section = flags.section ?? DEFAULT_SECTION
  const dialect = dialectOf(flags.dialect)
  const layer = await readLayer(localSourcesOf(flags), section)
  const vault = vaultOf(layer, flags.keyVault) ?? noVault()
  const key = await keyOf(flags, layer, section)
  const wanted = wantedSecrets({ flags, layer, section, dialect, key })
  const store = await openVault(vault)
  const planned = await terminal.progress(
    { en: `Looking into ${store.name}`, nb: `Ser i ${store.name}` },
    planAll(store, wanted, { section, dialect, key }),
  )
  refuseOthers(planned, store.name, flags.force ?? false)
  if (flags.dryRun === true) return showPlan({ store, planned, key }, terminal, 'result')
  if (planned.some(({ state }) => state !== 'same')) {
    showPlan({ store, planned, key }, terminal, 'beside')
    await confirmChange(terminal)
  }
  const put = await terminal.progress(
    { en: `Writing to ${store.name}`, nb: `Skriver til ${store.name}` },
    putSecrets(store, planned, flags.force ?? false),
  )
  showResult({ store, put, key }, terminal)
}

/** @throws CommandFailed `usage` */
export function dialectOf(name: string = 'legacy'): Dialect {
  const known = dialects.find((one) => one === name)
  if (known !== undefined) return known
  throw new CommandFailed('usage', {
    en: `--dialect is ${dialects.join(' or ')}`,
    nb: `--dialect må være ${dialects.join(' eller ')}`,
  })
}

async function keyOf(
  { key, kid, settings }: PushFlags,
  layer: ConfigLayer,
  section: string,
): Promise<PublicHalf & { readonly encoded: string }> {
  const text =
    key === undefined
      ? (keyTextIn(layer, section)?.text ?? (await defaultKeyText('privateFile', settings)))
      : await readKeyFile(key)
  if (text === undefined)
    throw new CommandFailed('usage', {
      en: 'there is no key to push; make one with: maskinporten keys create, and name its private file with --key',
      nb: 'det er ingen nøkkel å legge inn; lag en med: maskinporten keys create, og oppgi den private filen med --key',
    })
  return encodedKeyOf(text, kid ?? (key === undefined ? settingOf(layer, section, 'Kid') : undefined))
}

interface Push {
  readonly flags: PushFlags
  readonly layer: ConfigLayer
  readonly section: string
  readonly dialect: Dialect
  readonly key: PublicHalf & { readonly encoded: string }
}

/** The key first: an app that reads between the two falls back on the key it had. */
function wantedSecrets({ flags, layer, section, dialect, key }: Push): readonly WantedSecret[] {
  const clientId = flags.clientId ?? settingOf(layer, section, 'ClientId')
  if (clientId === undefined || /[<>{}[\]\s]/.test(clientId))
    throw new CommandFailed('usage', {
      en: 'there is no client id; run maskinporten register first, or give --client-id',
      nb: 'det er ingen klient-ID; kjør maskinporten register først, eller bruk --client-id',
    })
  const authority = issuerOf(layer, section)
  const name = (setting: string): string => secretName(section, setting)
  return [
    {
      name: name(keySetting[dialect]),
      value: key.encoded,
      thumbprint: key.thumbprint,
      expiresOn: dateOf(flags.expiresOn),
    },
    { name: name('ClientId'), value: clientId },
    ...(dialect === 'altinn' && authority !== undefined ? [{ name: name('Authority'), value: authority }] : []),
  ]
}

function dateOf(text: string | undefined): Date | undefined {
  if (text === undefined) return undefined
  const date = new Date(text)
  const time = date.getTime()
  if (/^\d{4}-\d\d-\d\d/.test(text) && time > Date.now() && time < LATEST_MS) return date
  throw new CommandFailed('usage', {
    en: '--expires-on is a date to come and before 2038, such as 2027-11-30',
    nb: '--expires-on må være en dato fram i tid og før 2038, som 2027-11-30',
  })
}

/** Two forms of a key in one vault must be the same key; otherwise no app can use its settings. */
async function planAll(
  store: SecretStore,
  wanted: readonly WantedSecret[],
  { section, dialect, key }: Pick<Push, 'section' | 'dialect' | 'key'>,
): Promise<readonly PlannedSecret[]> {
  const planned = await planSecrets(store, wanted)
  const other = secretName(section, keySetting[dialect === 'legacy' ? 'altinn' : 'legacy'])
  const there = (await store.read(other))?.value.trim() ?? ''
  if (there === '' || (await publicHalfOf(there).catch(() => undefined))?.thumbprint === key.thumbprint) return planned
  throw new CommandFailed('usage', {
    en: `${store.name} has another key in ${other}, and an app refuses two keys that differ; delete that secret, or give --dialect ${dialect === 'legacy' ? 'altinn' : 'legacy'}`,
    nb: `${store.name} har en annen nøkkel i ${other}, og en app avviser to ulike nøkler; slett den hemmeligheten, eller bruk --dialect ${dialect === 'legacy' ? 'altinn' : 'legacy'}`,
  })
}

interface Shown {
  readonly store: SecretStore
  readonly key: PublicHalf
}

function showPlan(
  { store, planned, key }: Shown & { readonly planned: readonly PlannedSecret[] },
  terminal: Terminal,
  where: 'result' | 'beside',
): void {
  const { kid } = key.jwk
  if (where === 'result' && terminal.isJson)
    return terminal.json({
      dryRun: true,
      vault: store.url,
      kid,
      thumbprint: key.thumbprint,
      secrets: planned.map(({ name, state }) => ({ name, state })),
    })
  const states = {
    new: { en: 'new', nb: 'ny' },
    same: { en: 'there already', nb: 'finnes fra før' },
    other: { en: 'new version over another value', nb: 'ny versjon over en annen verdi' },
  }
  const width = Math.max(...planned.map(({ name }) => name.length))
  const lines = [
    terminal.text({
      en: `Into ${store.url}, the key ${kid} (thumbprint ${key.thumbprint}):`,
      nb: `Inn i ${store.url}, nøkkelen ${kid} (fingeravtrykk ${key.thumbprint}):`,
    }),
    ...planned.map(({ name, state }) => `  ${name.padEnd(width)}  ${terminal.text(states[state])}`),
  ]
  if (where === 'result') terminal.result(lines.join('\n'))
  else terminal.say(lines.join('\n'))
}

function showResult({ store, put, key }: Shown & { readonly put: readonly PutSecret[] }, terminal: Terminal): void {
  const { kid } = key.jwk
  if (terminal.isJson)
    return terminal.json({
      vault: store.url,
      kid,
      thumbprint: key.thumbprint,
      secrets: put.map(({ name, version, isWritten }) => ({ name, written: isWritten, version: version || null })),
    })
  const width = Math.max(...put.map(({ name }) => name.length))
  const lines = put.map(({ name, version, isWritten }) => {
    const what = isWritten
      ? { en: `version ${version}, read back`, nb: `versjon ${version}, lest tilbake` }
      : { en: 'was there already', nb: 'fantes fra før' }
    return `${name.padEnd(width)}  ${terminal.text(what)}`
  })
  terminal.result([`${store.url}  kid ${kid}`, ...lines].join('\n'))
}

function noVault(): never {
  throw new CommandFailed('usage', {
    en: 'no vault is named; give --key-vault, or set kvSetting:SecretUri',
    nb: 'det er ikke oppgitt noe hvelv; bruk --key-vault, eller sett kvSetting:SecretUri',
  })
}
