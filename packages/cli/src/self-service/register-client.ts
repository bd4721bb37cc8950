/** Registers a client with its scopes and its public key, and writes its id into the settings. */
import { readFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import type { ConfigLayer } from '@maskinporten-kit/core'
import { confirmChange } from '../confirm.ts'
import { CommandFailed } from '../failure.ts'
import { keyTextIn, publicHalfOf, thumbprintOf } from '../keys/public-half.ts'
import { defaultKeyText, readKeyFile } from '../keys/key-file.ts'
import { withKey } from '../rotate/merge-keys.ts'
import { textAt } from '../member.ts'
import { adviceOnScopes } from '../registry.ts'
import { DEFAULT_SECTION, type SettingsFlags, readLayer, settingOf, sourcesOf } from '../settings.ts'
import type { Terminal } from '../terminal.ts'
import { issuerIn, openSelfService, portalOf } from './admin.ts'
import type { AdminFlags } from './admin-flags.ts'
import { LostAnswer, type RegisteredClient, type SelfService } from './client.ts'
import { type ClientIdPlace, checkPlace, clientIdPlaceOf, writeClientId } from './client-id-place.ts'
import { showPortal } from './portal.ts'
import { type Found, type Wanted, isDone, showPlan, showResult } from './registration-plan.ts'
import { scopesOf } from './scopes.ts'

export interface RegisterFlags extends SettingsFlags, AdminFlags {
  readonly api?: readonly string[] | undefined
  readonly scope?: readonly string[] | undefined
  /** Default: that of package.json, else of the folder. */
  readonly name?: string | undefined
  readonly description?: string | undefined
  /** A private or public key. Default: the key of the settings. */
  readonly key?: string | undefined
  readonly kid?: string | undefined
  readonly force?: boolean | undefined
  readonly dryRun?: boolean | undefined
}

export async function registerClient(flags: RegisterFlags, terminal: Terminal): Promise<void> {
  const section = flags.section ?? DEFAULT_SECTION
  const layer = await terminal.progress(
    { en: 'Reading the settings', nb: 'Leser innstillingene' },
    readLayer(sourcesOf(flags), section),
  )
  const wanted = await wantedFrom(flags, layer, section)
  for (const advice of adviceOnScopes(wanted.client.scopes)) terminal.say(advice)
  const issuer = await issuerIn(layer, section)
  const api = await openSelfService(flags, issuer)
  if (api === undefined) {
    showPortal({ ...wanted, page: portalOf(issuer) }, terminal)
    // A script must not go on as if there were a client.
    throw notRegistered()
  }
  try {
    const found = await terminal.progress(
      { en: 'Looking for the client', nb: 'Ser etter klienten' },
      findOwn(api, wanted),
    )
    const place = clientIdPlaceOf(layer, section, flags.settings)
    refuseOther(place, found?.client.client_id, flags.force ?? false)
    if (place.current === undefined || place.current !== found?.client.client_id) await checkPlace(place)
    const plan = { wanted, found, place, api: api.baseUrl }
    if (flags.dryRun === true) return showPlan(plan, terminal, 'result')
    if (isDone(plan)) return showResult({ ...plan, client: found?.client }, terminal)
    showPlan(plan, terminal, 'beside')
    await confirmChange(terminal)
    const client = await terminal.progress(
      { en: 'Registering the client', nb: 'Registrerer klienten' },
      carryOut(api, wanted, found),
    )
    await writeClientId(place, client.client_id)
    showResult({ ...plan, client }, terminal)
  } finally {
    await api.close()
  }
}

async function wantedFrom(flags: RegisterFlags, layer: ConfigLayer, section: string): Promise<Wanted> {
  const text =
    flags.key === undefined
      ? (keyTextIn(layer, section)?.text ?? (await defaultKeyText('publicFile', flags.settings)))
      : await readKeyFile(flags.key)
  if (text === undefined)
    throw new CommandFailed('usage', {
      en: 'there is no key to register; make one with: maskinporten keys create, and name its public file with --key',
      nb: 'det er ingen nøkkel å registrere; lag en med: maskinporten keys create, og oppgi den offentlige filen med --key',
    })
  const key = await publicHalfOf(
    text,
    flags.kid ?? (flags.key === undefined ? settingOf(layer, section, 'Kid') : undefined),
  )
  const scopes = await scopesOf(flags, settingOf(layer, section, 'Scope'))
  const name = flags.name ?? (await nameOf(flags.settings ?? '.'))
  const description = flags.description ?? `${name} (maskinporten register)`
  return { client: { client_name: name, description, integration_type: 'maskinporten', scopes }, key }
}

async function nameOf(folder: string): Promise<string> {
  const manifest: unknown = await readFile(join(folder, 'package.json'), 'utf8')
    .then((text): unknown => JSON.parse(text))
    .catch(() => undefined)
  return textAt(manifest, 'name') || basename(resolve(folder))
}

/**
 * The client that an earlier run made: of that name and with that key, or of that name and description and without any
 * key, when the run was ended before it posted the key.
 *
 * @throws CommandFailed `usage` when a client of that name has other keys.
 */
async function findOwn(api: SelfService, { client, key }: Wanted): Promise<Found | undefined> {
  const named = (await api.clients()).filter(
    (one) => one.client_name === client.client_name && one.integration_type === client.integration_type,
  )
  let begun: Found | undefined
  for (const one of named) {
    const keys = await api.keys(one.client_id)
    if (keys.some((published) => published.kid === key.jwk.kid && thumbprintOf(published) === key.thumbprint))
      return { client: one, keys, hasKey: true }
    if (keys.length === 0 && one.description === client.description) begun = { client: one, keys, hasKey: false }
  }
  const [other] = named
  if (begun !== undefined || other === undefined) return begun
  throw new CommandFailed('usage', {
    en: `there is a client ${client.client_name} already (${other.client_id}), with other keys; choose another --name, or use that client and give it a new key with: maskinporten keys rotate`,
    nb: `det finnes allerede en klient ${client.client_name} (${other.client_id}), med andre nøkler; velg et annet navn med --name, eller bruk den klienten og gi den en ny nøkkel med: maskinporten keys rotate`,
  })
}

const notRegistered = (): CommandFailed =>
  new CommandFailed('settings', {
    en: 'nothing was registered, since there is no administration client (--admin, or the section MaskinportenAdmin); register the client by hand with these fields',
    nb: 'ingenting ble registrert, siden det ikke er noen administrasjonsklient (--admin, eller seksjonen MaskinportenAdmin); registrer klienten for hånd med disse feltene',
  })

/** The id of another client in the settings is replaced only when that is asked for. */
function refuseOther({ current, origin }: ClientIdPlace, id: string | undefined, isForced: boolean): void {
  if (current === undefined || current === id || isForced) return
  throw new CommandFailed('usage', {
    en: `the settings have a client id already (${current}, from ${origin}); delete it, or replace it with --force`,
    nb: `innstillingene har allerede en klient-ID (${current}, fra ${origin}); slett den, eller erstatt den med --force`,
  })
}

async function carryOut(api: SelfService, wanted: Wanted, found: Found | undefined): Promise<RegisteredClient> {
  const { client, hasKey } = found ?? { client: await createOnce(api, wanted), hasKey: false }
  const { jwk, thumbprint } = wanted.key
  // An answer that was lost may have been that of a client with the key: then nothing is posted.
  if (!hasKey)
    await api.putKeys(
      client.client_id,
      (published) => withKey({ published, next: jwk, current: thumbprint, dropped: [] }),
      found === undefined ? [] : undefined,
    )
  return client
}

/** After a lost answer the client is looked for, so that there are never two. */
async function createOnce(api: SelfService, wanted: Wanted): Promise<RegisteredClient> {
  try {
    return await api.create(wanted.client)
  } catch (error) {
    if (!(error instanceof LostAnswer)) throw error
    const made = await findOwn(api, wanted)
    return made?.client ?? (await api.create(wanted.client))
  }
}
