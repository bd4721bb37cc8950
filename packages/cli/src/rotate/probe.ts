/** Whether Maskinporten knows a key yet: it is asked for a token that is signed with it. */
import {
  type ConfigLayer,
  type ResolvedSettings,
  createConfigLayer,
  createMaskinporten,
  isMaskinportenError,
  settingsFrom,
} from '@maskinporten-kit/core'
import { CommandFailed } from '../failure.ts'
import type { StoredKey } from './stored-key.ts'

/** Waits between tries, milliseconds; the last one again and again. Digdir: 0 to 2 minutes, seen: several. */
const WAITS_MS = [250, 500, 1_000, 2_000, 5_000]
/** One answer of several servers of theirs is not enough. */
const NEEDED = 2
const BETWEEN_MS = 250

export interface Probed {
  readonly layer: ConfigLayer
  readonly section: string
  readonly settings: ResolvedSettings
  /** Of the client, where the settings name none. */
  readonly scopes: readonly string[]
}

/** @throws CommandFailed when it is not known in time, or is refused for another reason. */
export async function waitUntilKnown(key: StoredKey, probed: Probed, timeoutMs: number): Promise<void> {
  const endsAt = Date.now() + timeoutMs
  let known = 0
  for (let tried = 0; ; tried++) {
    known = (await isKnown(key, probed)) ? known + 1 : 0
    if (known === NEEDED) return
    const waitMs = known > 0 ? BETWEEN_MS : (WAITS_MS[Math.min(tried, WAITS_MS.length - 1)] ?? 0)
    if (Date.now() + waitMs > endsAt) throw notKnown(key, timeoutMs)
    await new Promise((resolve) => setTimeout(resolve, waitMs))
  }
}

async function isKnown(key: StoredKey, { layer, section, settings, scopes }: Probed): Promise<boolean> {
  // A source of its own, so that the client id and the key are one credential; and a client of its own, without a token yet.
  const source = { name: 'rotation', load: () => Promise.resolve(layerWith(key, layer, section, settings.clientId)) }
  const maskinporten = createMaskinporten(settingsFrom([source], { section }))
  try {
    const asked = settings.request.scopes ?? scopes
    await maskinporten.getToken({ scopes: asked, kind: 'maskinporten' })
    return true
  } catch (error) {
    if (!isMaskinportenError(error)) throw error
    if (error.code === 'token_unavailable' || error.code === 'timeout') return false
    if (error.code !== 'token_refused') throw error
    // Who signed is settled before what is asked for: a refused scope is not the key's.
    if (/^MP-[23]\d\d$/.test(error.mpCode ?? '')) return true
    // An unknown kid has no code; a new client is not known at once either (MP-100).
    if (error.oauthError === 'invalid_grant' && /^(?:|MP-100)$/.test(error.mpCode ?? '')) return false
    throw error
  } finally {
    await maskinporten.close()
  }
}

const KEY_SETTING = /:(?:encodedjwk|jwkbase64|jwks?|kid)(?::|$)|^maskinporten_client_jwk/

function layerWith(key: StoredKey, layer: ConfigLayer, section: string, clientId: string): ConfigLayer {
  const others = [...layer].filter(([path]) => !KEY_SETTING.test(path))
  const own = createConfigLayer(
    { [`${section}:ClientId`]: clientId, [`${section}:EncodedJwk`]: key.encoded },
    { origin: 'the new key', secret: true },
  )
  return new Map([...others, ...own])
}

const notKnown = ({ jwk: { kid } }: StoredKey, timeoutMs: number): CommandFailed =>
  new CommandFailed('failed', {
    en: `Maskinporten does not know the key ${kid} after ${timeoutMs / 1000} s; the former key is still in use and works, so run the same command again later`,
    nb: `Maskinporten kjenner ikke nøkkelen ${kid} etter ${timeoutMs / 1000} s; den forrige nøkkelen er fortsatt i bruk og virker, så kjør samme kommando igjen senere`,
  })
