/** `maskinporten keys rotate`: a new key, with a key that works in use at every moment. The steps are those of `next-step.ts`. */
import type { ConfigLayer, ResolvedSettings } from '@maskinporten-kit/core'
import { confirmChange } from '../confirm.ts'
import { CommandFailed } from '../failure.ts'
import { createKey, encodeJwk } from '../keys/create-key.ts'
import { publicHalfOf } from '../keys/public-half.ts'
import { openSelfService } from '../self-service/admin.ts'
import type { AdminFlags } from '../self-service/admin-flags.ts'
import type { SelfService } from '../self-service/client.ts'
import { DEFAULT_SECTION, type SettingsFlags, readSources, sourcesOf } from '../settings.ts'
import type { Terminal } from '../terminal.ts'
import { type KeyHome, type Kept, keyHomeOf } from './key-home.ts'
import { isDue } from './key-life.ts'
import { refuseUseless, withKey, withoutKey } from './merge-keys.ts'
import { type Asked, type RotationState, type Step, nextStep, publishedAs } from './next-step.ts'
import { waitUntilKnown } from './probe.ts'
import { showEnd, showPlan } from './rotation-texts.ts'

export interface RotateFlags extends SettingsFlags, AdminFlags {
  readonly prune?: boolean | undefined
  /** Kids. */
  readonly drop?: readonly string[] | undefined
  /** Hours. Default 24. */
  readonly grace?: string | undefined
  /** Seconds. Default 300. */
  readonly wait?: string | undefined
  readonly bits?: string | undefined
  /** Begins nothing while more than 7/30 of the key's life is left. */
  readonly ifDue?: boolean | undefined
  readonly dryRun?: boolean | undefined
}

const GRACE_HOURS = 24
const WAIT_SECONDS = 300
const HOUR_MS = 3_600_000
/** More steps than there are: one that does not take would go on for ever. */
const MAX_STEPS = 12

interface Rotation {
  readonly api: SelfService
  readonly home: KeyHome
  readonly settings: ResolvedSettings
  readonly layer: ConfigLayer
  readonly section: string
  readonly flags: RotateFlags
  readonly terminal: Terminal
}

export async function rotateKey(flags: RotateFlags, terminal: Terminal): Promise<void> {
  const section = flags.section ?? DEFAULT_SECTION
  const wanted: Asked = {
    isPrune: flags.prune ?? false,
    isDue: true,
    dropped: flags.drop ?? [],
    graceMs: numberOf('--grace', flags.grace, GRACE_HOURS) * HOUR_MS,
    hasSwitched: false,
  }
  numberOf('--wait', flags.wait, WAIT_SECONDS)
  const { layer, settings } = await terminal.progress(
    { en: 'Reading the settings', nb: 'Leser innstillingene' },
    readSources(sourcesOf(flags), section, true),
  )
  if (settings === undefined) throw new TypeError('settings that are not valid were refused')
  const home = await keyHomeOf({ layer, section, settings, folder: flags.settings ?? '.', keyVault: flags.keyVault })
  const api = (await openSelfService(flags, withSlash(settings.authority))) ?? noAdmin()
  try {
    const rotation = { api, home, settings, layer, section, flags, terminal }
    const state = await terminal.progress({ en: 'Looking at the keys', nb: 'Ser på nøklene' }, stateOf(rotation))
    const asked = { ...wanted, isDue: flags.ifDue !== true || isDueIn(state, settings) }
    const step = nextStep(state, asked)
    refuseUseless(step, state.published, asked)
    const shown = { state, asked, home, clientId: settings.clientId, api: api.baseUrl }
    if (flags.dryRun === true) return showPlan(step, shown, terminal, 'result')
    if (step === 'wait' || step === 'done') return showEnd(step, shown, terminal)
    showPlan(step, shown, terminal, 'beside')
    await confirmChange(terminal)
    await carryOut(rotation, asked)
  } finally {
    await api.close()
  }
}

function isDueIn({ kept, published, now }: RotationState, { keyLife }: ResolvedSettings): boolean {
  const end = publishedAs(published, kept.current.thumbprint)?.exp
  const endsAt = end === undefined ? (kept.endsAt ?? keyLife?.endsAt) : end * 1000
  return isDue({ startsAt: keyLife?.startsAt ?? kept.since, endsAt }, now)
}

async function stateOf({ api, home, settings }: Rotation): Promise<RotationState> {
  // The stored keys first, then the registered ones: a run beside this one changes them in the same order.
  const kept = await home.read()
  return { kept, published: await api.keys(settings.clientId), now: Date.now() }
}

/** One step after the other, each from what is there now. */
async function carryOut(rotation: Rotation, first: Asked): Promise<void> {
  const { home, terminal, settings, api } = rotation
  await home.tidy()
  // Read anew: somebody may have thought about the plan for an hour.
  let state = await stateOf(rotation)
  const begun = state.kept.current.thumbprint
  for (let count = 0; count < MAX_STEPS; count++) {
    const { current } = state.kept
    const asked = { ...first, hasSwitched: current.thumbprint !== begun }
    if (asked.hasSwitched && publishedAs(state.published, current.thumbprint) === undefined) {
      // A run at the same time has posted the keys that it read before.
      await publish(rotation, current, current)
      state = await stateOf(rotation)
      continue
    }
    const step = nextStep(state, asked)
    if (step === 'wait' || step === 'done')
      return showEnd(step, { state, asked, home, clientId: settings.clientId, api: api.baseUrl }, terminal)
    await steps[step](rotation, state)
    state = await stateOf(rotation)
  }
  throw new CommandFailed('failed', {
    en: 'the keys change while they are replaced, as if somebody else did the same; run the command again when they are done',
    nb: 'nøklene endrer seg mens de byttes, som om noen andre gjør det samme; kjør kommandoen igjen når de er ferdige',
  })
}

type Act = (rotation: Rotation, state: RotationState) => Promise<void>

const steps: Readonly<Record<Exclude<Step, 'wait' | 'done'>, Act>> = {
  async make({ home, flags, terminal }, { kept }) {
    const { privateJwk } = await createKey({ bits: bitsOf(flags.bits) })
    const encoded = encodeJwk(privateJwk)
    const key = { ...(await publicHalfOf(encoded)), encoded }
    await terminal.progress(
      { en: `Storing the new key as ${home.nextLabel}`, nb: `Lagrer den nye nøkkelen som ${home.nextLabel}` },
      home.storeNext(key, kept.current),
    )
  },
  async publish(rotation, { kept }) {
    await publish(rotation, waiting(kept), kept.current)
  },
  async switch(rotation, { kept }) {
    const { home, flags, terminal } = rotation
    const next = waiting(kept)
    await terminal.progress(
      { en: `Waiting until Maskinporten knows ${next.jwk.kid}`, nb: `Venter til Maskinporten kjenner ${next.jwk.kid}` },
      proveKey(rotation, next, numberOf('--wait', flags.wait, WAIT_SECONDS) * 1000),
    )
    // A run at the same time may have changed either place while this one waited: then it is looked at anew.
    const now = await stateOf(rotation)
    const there = publishedAs(now.published, next.thumbprint)
    const isAsBefore =
      now.kept.next?.thumbprint === next.thumbprint && now.kept.current.thumbprint === kept.current.thumbprint
    if (there === undefined || !isAsBefore) return
    const end = there.exp
    await terminal.progress(
      { en: `Switching ${home.label}`, nb: `Bytter ${home.label}` },
      home.switchTo(next, now.kept, end === undefined ? undefined : end * 1000),
    )
  },
  async prune(rotation, { kept }) {
    const { api, settings, flags, terminal } = rotation
    // The last way back is taken away: the key in use must work.
    await proveKey(rotation, kept.current, numberOf('--wait', flags.wait, WAIT_SECONDS) * 1000)
    const now = await rotation.home.read()
    if (now.current.thumbprint !== kept.current.thumbprint) return
    await terminal.progress(
      { en: 'Taking the replaced key away', nb: 'Fjerner den erstattede nøkkelen' },
      api.putKeys(settings.clientId, (published) => withoutKey(published, kept.replaced ?? '')),
    )
  },
}

/** `current`: the key in use, which stays. */
async function publish(
  { api, settings, flags, terminal }: Rotation,
  key: Kept['current'],
  current: Kept['current'],
): Promise<void> {
  await terminal.progress(
    { en: `Publishing ${key.jwk.kid}`, nb: `Registrerer ${key.jwk.kid}` },
    api.putKeys(settings.clientId, (published) =>
      withKey({ published, next: key.jwk, current: current.thumbprint, dropped: flags.drop ?? [] }),
    ),
  )
}

async function proveKey({ api, ...probed }: Rotation, key: Kept['current'], timeoutMs: number): Promise<void> {
  const { settings, layer, section } = probed
  const own = settings.request.scopes === undefined ? await api.clients() : []
  const scopes = own.find(({ client_id }) => client_id === settings.clientId)?.scopes.slice(0, 1) ?? []
  await waitUntilKnown(key, { layer, section, settings, scopes }, timeoutMs)
}

function waiting({ next }: Kept): NonNullable<Kept['next']> {
  if (next === undefined) throw new TypeError('a key waits in this step')
  return next
}

function bitsOf(text: string | undefined): 2048 | 3072 | 4096 {
  const bits = ([2048, 3072, 4096] as const).find((one) => String(one) === (text ?? '2048'))
  if (bits !== undefined) return bits
  throw new CommandFailed('usage', { en: '--bits is 2048, 3072 or 4096', nb: '--bits må være 2048, 3072 eller 4096' })
}

function numberOf(flag: string, text: string | undefined, otherwise: number): number {
  const value = text === undefined ? otherwise : Number(text)
  if (text?.trim() !== '' && value >= 0 && value <= 100_000) return value
  throw new CommandFailed('usage', {
    en: `${flag} is a number, 0 or more`,
    nb: `${flag} må være et tall, 0 eller høyere`,
  })
}

const withSlash = (authority: string): string => `${authority.replace(/\/+$/, '')}/`

function noAdmin(): never {
  throw new CommandFailed('settings', {
    en: 'there is no administration client (--admin, or the section MaskinportenAdmin); without one, make a key with: maskinporten keys create, add its public half to the client in Samarbeidsportalen beside the old one, then: maskinporten key-vault push --force',
    nb: 'det er ingen administrasjonsklient (--admin, eller seksjonen MaskinportenAdmin); uten en: lag en nøkkel med maskinporten keys create, legg den offentlige delen til på klienten i Samarbeidsportalen ved siden av den gamle, og kjør maskinporten key-vault push --force',
  })
}
