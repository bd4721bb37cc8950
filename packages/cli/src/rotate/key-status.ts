/** `maskinporten keys status`: the key in use, the one that waits, and those that are published, with their ends. */
import type { ResolvedSettings } from '@maskinporten-kit/core'
import { CommandFailed, exitCodes } from '../failure.ts'
import type { Text } from '../language.ts'
import { thumbprintOf } from '../keys/public-half.ts'
import { openSelfService } from '../self-service/admin.ts'
import type { AdminFlags } from '../self-service/admin-flags.ts'
import type { PublishedKey, SelfService } from '../self-service/client.ts'
import { DEFAULT_SECTION, type Read, type SettingsFlags, readSources, sourcesOf } from '../settings.ts'
import type { Style, Terminal } from '../terminal.ts'
import { type KeyHome, type Kept, keyHomeOf } from './key-home.ts'
import { type LifeLevel, daysBetween, levelOf } from './key-life.ts'

export type StatusFlags = SettingsFlags & AdminFlags

export interface KeyStatus {
  readonly kid: string
  readonly thumbprint: string
  /** Milliseconds since the Unix epoch. */
  readonly startsAt: number | undefined
  readonly endsAt: number | undefined
  /** Not the end that Maskinporten has: from the key itself, its store, or a year after its start. */
  readonly isEstimate: boolean
  readonly level: LifeLevel
  /** Where the settings have it; `undefined`: it is not the key in use. */
  readonly inUse: string | undefined
  readonly waiting: string | undefined
  /** `undefined`: not known, without an administration client. */
  readonly isPublished: boolean | undefined
}

export async function keyStatus(flags: StatusFlags, terminal: Terminal): Promise<void> {
  const section = flags.section ?? DEFAULT_SECTION
  const read = await terminal.progress(
    { en: 'Reading the settings', nb: 'Leser innstillingene' },
    readSources(sourcesOf(flags), section, true),
  )
  const { settings } = read
  if (settings === undefined) throw new TypeError('settings that are not valid were refused')
  const api = await openSelfService(flags, `${settings.authority.replace(/\/+$/, '')}/`)
  try {
    const [kept, published] = await terminal.progress(
      { en: 'Looking at the keys', nb: 'Ser på nøklene' },
      Promise.all([keptOf(read, settings, section, flags), api?.keys(settings.clientId)]),
    )
    const keys = statusOf(settings, kept, published, Date.now())
    show(keys, settings, api, terminal)
    refuseEnding(keys)
  } finally {
    await api?.close()
  }
}

/** A key elsewhere, such as in a variable, has no other beside it. */
async function keptOf(
  { layer }: Read,
  settings: ResolvedSettings,
  section: string,
  { settings: folder = '.', keyVault }: StatusFlags,
): Promise<{ readonly home: KeyHome; readonly kept: Kept } | undefined> {
  const home = await keyHomeOf({ layer, section, settings, folder, keyVault }).catch((error: unknown) => {
    if (error instanceof CommandFailed && error.exitCode === exitCodes.usage) return undefined
    throw error
  })
  return home === undefined ? undefined : { home, kept: await home.read() }
}

function statusOf(
  settings: ResolvedSettings,
  found: { readonly home: KeyHome; readonly kept: Kept } | undefined,
  published: readonly PublishedKey[] | undefined,
  now: number,
): readonly KeyStatus[] {
  const { keyLife, credential } = settings
  const [current] = settings.keys
  const next = found?.kept.next
  const rowOf = (kid: string, thumbprint: string): KeyStatus => {
    const there = published?.find((key) => thumbprintOf(key) === thumbprint)
    const isInUse = thumbprint === current?.id
    const end = there?.exp === undefined ? undefined : there.exp * 1000
    const startsAt = isInUse ? keyLife?.startsAt : undefined
    const endsAt = end ?? (isInUse ? keyLife?.endsAt : undefined)
    return {
      kid,
      thumbprint,
      startsAt,
      endsAt,
      isEstimate: end === undefined && endsAt !== undefined,
      level: levelOf({ startsAt, endsAt }, now),
      inUse: isInUse ? (credential?.keyOrigin ?? 'settings') : undefined,
      waiting: thumbprint === next?.thumbprint ? found?.home.nextLabel : undefined,
      isPublished: published === undefined ? undefined : there !== undefined,
    }
  }
  const all = new Map<string, string>()
  if (current !== undefined) all.set(current.id, current.kid ?? current.id)
  if (next !== undefined) all.set(next.thumbprint, next.jwk.kid)
  for (const key of published ?? []) if (!all.has(thumbprintOf(key))) all.set(thumbprintOf(key), key.kid)
  return [...all].map(([thumbprint, kid]) => rowOf(kid, thumbprint))
}

const names: Readonly<Record<LifeLevel, Text & { readonly style: Style }>> = {
  ok: { en: 'ok', nb: 'ok', style: 'green' },
  soon: { en: 'ends soon', nb: 'utløper snart', style: 'yellow' },
  sooner: { en: 'ends soon', nb: 'utløper snart', style: 'yellow' },
  critical: { en: 'ends now', nb: 'utløper nå', style: 'red' },
  ended: { en: 'ended', nb: 'utløpt', style: 'red' },
  unknown: { en: 'end not known', nb: 'ukjent slutt', style: 'dim' },
}

function show(
  keys: readonly KeyStatus[],
  { clientId }: ResolvedSettings,
  api: SelfService | undefined,
  terminal: Terminal,
): void {
  const now = Date.now()
  if (terminal.isJson) {
    const dated = (time: number | undefined): string | null =>
      time === undefined ? null : new Date(time).toISOString()
    return terminal.json({
      clientId,
      selfService: api?.baseUrl ?? null,
      keys: keys.map(({ startsAt, endsAt, inUse, waiting, isPublished, ...key }) => ({
        ...key,
        startsAt: dated(startsAt),
        endsAt: dated(endsAt),
        daysLeft: endsAt === undefined ? null : daysBetween(now, endsAt),
        inUse: inUse ?? null,
        waiting: waiting ?? null,
        isPublished: isPublished ?? null,
      })),
    })
  }
  const width = Math.max(...keys.map(({ kid }) => kid.length))
  const stateWidth = Math.max(...Object.values(names).map((name) => terminal.text(name).length))
  terminal.result(
    keys
      .map((key) => {
        const { style, ...name } = names[key.level]
        const state = terminal.style(style, terminal.text(name).padEnd(stateWidth))
        return `${key.kid.padEnd(width)}  ${state}  ${terminal.text(endText(key, now))}\n  ${terminal.text(placesText(key))}`
      })
      .join('\n'),
  )
  if (api === undefined)
    terminal.say({
      en: 'Without an administration client (--admin) the ends that Maskinporten has are not known.',
      nb: 'Uten en administrasjonsklient (--admin) er datoene som Maskinporten har, ikke kjent.',
    })
}

function endText({ startsAt, endsAt, isEstimate }: KeyStatus, now: number): Text {
  const age = startsAt === undefined ? undefined : daysBetween(startsAt, now)
  if (endsAt === undefined) return { en: '-', nb: '-' }
  const day = `${isEstimate ? '~' : ''}${new Date(endsAt).toISOString().slice(0, 10)}`
  const left = daysBetween(now, endsAt)
  const [old, gammel] = age === undefined ? ['', ''] : [`, ${age} days old`, `, ${age} dager gammel`]
  return { en: `${day} (${left} days left${old})`, nb: `${day} (${left} dager igjen${gammel})` }
}

function placesText({ inUse, waiting, isPublished }: KeyStatus): Text {
  const places: Text[] = []
  if (inUse !== undefined) places.push({ en: `in use: ${inUse}`, nb: `i bruk: ${inUse}` })
  if (waiting !== undefined) places.push({ en: `waits: ${waiting}`, nb: `venter: ${waiting}` })
  if (isPublished === true) places.push({ en: 'published', nb: 'registrert' })
  if (isPublished === false) places.push({ en: 'NOT published', nb: 'IKKE registrert' })
  return { en: places.map(({ en }) => en).join(', '), nb: places.map(({ nb }) => nb).join(', ') }
}

/** The key in use decides; others may end as they like. @throws CommandFailed `failed` */
function refuseEnding(keys: readonly KeyStatus[]): void {
  const current = keys.find(({ inUse }) => inUse !== undefined)
  if (current === undefined) return
  const { kid, level, isPublished } = current
  if (isPublished === false)
    throw new CommandFailed('failed', {
      en: `the key in use, ${kid}, is not published on the client; publish it in Samarbeidsportalen, or replace it with: maskinporten keys rotate`,
      nb: `nøkkelen i bruk, ${kid}, er ikke registrert på klienten; registrer den i Samarbeidsportalen, eller bytt den med: maskinporten keys rotate`,
    })
  if (level !== 'critical' && level !== 'ended') return
  const [en, nb] = level === 'ended' ? ['has ended', 'er utløpt'] : ['ends now', 'utløper nå']
  throw new CommandFailed('failed', {
    en: `the key in use, ${kid}, ${en}; replace it with: maskinporten keys rotate`,
    nb: `nøkkelen i bruk, ${kid}, ${nb}; bytt den med: maskinporten keys rotate`,
  })
}
