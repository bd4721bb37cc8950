/** The administration client that Digdir gives an organisation: where its credential is, and which API it is for (protocol: Digdir, «Selvbetjening API»). */
import { fromJsonFile } from '@maskinporten-kit/config-json'
import {
  type ConfigLayer,
  type ConfigSource,
  type SettingsProvider,
  createConfigLayer,
  createMaskinporten,
  environments,
  isMaskinportenError,
  settingsFrom,
} from '@maskinporten-kit/core'
import { CommandFailed } from '../failure.ts'
import { createKey, encodeJwk } from '../keys/create-key.ts'
import { DEFAULT_SECTION, type SettingsFlags, readLayer, settingOf, sourcesOf } from '../settings.ts'
import { isLoopback } from '../vault/address.ts'
import { ADMIN_SECTION, type AdminFlags } from './admin-flags.ts'
import { SelfService } from './client.ts'

const addresses: Readonly<Record<string, { readonly api: string; readonly portal: string }>> = {
  [environments.test.issuer]: {
    api: 'https://api.test.samarbeid.digdir.no',
    portal: 'https://sjolvbetjening.test.samarbeid.digdir.no',
  },
  [environments.prod.issuer]: {
    api: 'https://api.samarbeid.digdir.no',
    portal: 'https://sjolvbetjening.samarbeid.digdir.no',
  },
}

const ISSUER = /:(?:environment|authority|assertionaudience)$|^maskinporten_(?:issuer|well_known_url)$/

/** Where clients are registered by hand. */
export const portalOf = (issuer: string | undefined): string =>
  (addresses[issuer ?? environments.test.issuer] ?? addresses[environments.test.issuer])?.portal ?? ''

/** Of settings that may not be valid yet; `undefined`: they do not say. */
export function issuerOf(layer: ConfigLayer, section: string = DEFAULT_SECTION): string | undefined {
  const authority = settingOf(layer, section, 'Authority')
  if (authority !== undefined) return `${authority.replace(/\/+$/, '')}/`
  const environment = settingOf(layer, section, 'Environment')?.toLowerCase()
  return environment === 'test' || environment === 'prod' ? environments[environment].issuer : undefined
}

/**
 * The same as core finds it, in every dialect, of settings that have no client id and perhaps no key yet; `undefined`:
 * they do not say.
 *
 * @throws MaskinportenError when they say two, or none that exists.
 */
export async function issuerIn(layer: ConfigLayer, section: string): Promise<string | undefined> {
  const stated = [...layer].filter(([key]) => ISSUER.test(key))
  if (stated.every(([, entry]) => (entry.reveal()?.trim() ?? '') === '')) return undefined
  // Core makes settings of a whole credential only: this one is used for nothing else.
  const { privateJwk } = await createKey({})
  const own = createConfigLayer(
    { [`${section}:ClientId`]: 'not-registered-yet', [`${section}:EncodedJwk`]: encodeJwk(privateJwk) },
    { origin: 'register', secret: true },
  )
  const source = { name: 'register', load: () => Promise.resolve(new Map([...stated, ...own])) }
  const provider = settingsFrom([source], { section })
  try {
    return `${(await provider.get()).authority.replace(/\/+$/, '')}/`
  } finally {
    await provider.close()
  }
}

/**
 * `undefined`: there is no administration credential. `issuer`: of the client that is administered; where it is not
 * known, nothing is registered, since the administration client could be of prod.
 *
 * @throws CommandFailed `settings` when the credential is for another environment, or the address of the API is not known.
 * @throws MaskinportenError when the credential is there and not valid.
 */
export async function openSelfService(
  flags: SettingsFlags & AdminFlags,
  issuer: string | undefined,
): Promise<SelfService | undefined> {
  const section = flags.adminSection ?? ADMIN_SECTION
  const sources = flags.admin === undefined ? sourcesOf(flags) : [sectionFile(flags.admin, section)]
  if (flags.admin === undefined && !(await hasSection(sources, section))) return undefined
  const provider = settingsFrom(sources, { section })
  const { authority, clientId } = await settingsOf(provider, section)
  const own = `${authority.replace(/\/+$/, '')}/`
  if (own !== issuer) {
    await provider.close()
    throw issuer === undefined ? noEnvironment(own) : otherEnvironment(own, issuer)
  }
  const baseUrl = flags.selfService ?? addresses[own]?.api ?? (await emulatedApi(own)) ?? unknownAddress(own)
  return new SelfService(createMaskinporten(provider), { baseUrl: checkedAddress(baseUrl), adminClientId: clientId })
}

async function hasSection(sources: readonly ConfigSource[], section: string): Promise<boolean> {
  const layer = await readLayer(sources, section)
  return [...layer].some(
    ([key, entry]) => key.startsWith(`${section.toLowerCase()}:`) && (entry.reveal()?.trim() ?? '') !== '',
  )
}

async function settingsOf(
  provider: SettingsProvider,
  section: string,
): Promise<{ readonly authority: string; readonly clientId: string }> {
  try {
    return await provider.get()
  } catch (error) {
    await provider.close()
    if (!isMaskinportenError(error, 'settings_invalid')) throw error
    throw new CommandFailed('settings', {
      en: `the administration client (${section}) cannot be used: ${error.message}`,
      nb: `administrasjonsklienten (${section}) kan ikke brukes: ${error.message}`,
    })
  }
}

/** The file has the section, or is the section. */
function sectionFile(path: string, section: string): ConfigSource {
  const file = fromJsonFile(path, { refreshMs: 0 })
  return {
    ...file,
    load: async (context) => {
      const layer = await file.load(context)
      if ([...layer.keys()].some((key) => key.startsWith(`${section.toLowerCase()}:`))) return layer
      const entries = [...layer.values()]
      const origins = new Map(entries.map((entry) => [`${section}:${entry.key}`, entry.origin]))
      return createConfigLayer(
        Object.fromEntries(entries.map((entry) => [`${section}:${entry.key}`, entry.reveal()])),
        { origin: (key) => origins.get(key) ?? path, secret: true },
      )
    },
  }
}

function checkedAddress(address: string): string {
  const url = URL.canParse(address) ? new URL(address) : undefined
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(address))
  if (url !== undefined && isSafe && url.username + url.search + url.hash === '') return address.replace(/\/+$/, '')
  throw new CommandFailed('usage', {
    en: '--self-service is not an address that a token may be sent to; use https, or http on loopback',
    nb: '--self-service er ikke en adresse som et token kan sendes til; bruk https, eller http på loopback',
  })
}

/** Of an emulator on loopback, its controls know. */
async function emulatedApi(issuer: string): Promise<string | undefined> {
  if (!isLoopback(issuer)) return undefined
  const { findEmulator } = await import('../init/emulator.ts')
  const emulator = await findEmulator(true).catch(() => undefined)
  return emulator?.issuer === issuer ? emulator.selfService : undefined
}

function unknownAddress(issuer: string): never {
  throw new CommandFailed('usage', {
    en: `the self-service API of ${issuer} is not known; name it with --self-service`,
    nb: `selvbetjenings-API-et til ${issuer} er ikke kjent; oppgi det med --self-service`,
  })
}

const noEnvironment = (own: string): CommandFailed =>
  new CommandFailed('settings', {
    en: `the settings do not say which Maskinporten the client is for, and the administration client is of ${own}; set Environment to test or prod, or Authority`,
    nb: `innstillingene sier ikke hvilken Maskinporten klienten er for, og administrasjonsklienten gjelder ${own}; sett Environment til test eller prod, eller Authority`,
  })

const otherEnvironment = (own: string, issuer: string): CommandFailed =>
  new CommandFailed('settings', {
    en: `the administration client is of ${own}, and the settings are of ${issuer}; use one of the same environment`,
    nb: `administrasjonsklienten gjelder ${own}, og innstillingene gjelder ${issuer}; bruk en for samme miljø`,
  })
