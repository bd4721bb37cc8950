/** Which source each setting came from, with secrets masked. */
import type { ConfigEntry } from '../sources/config-source.ts'
import type { CredentialKey } from './credential.ts'
import { keyName } from '../keys/signer.ts'
import { looksLikeKey } from '../keys/look-alikes.ts'
import { mergeLayers } from '../sources/config-layer.ts'
import { isOurs, shownKeys } from './setting-names.ts'
import type { SourceLayer } from '../sources/source-loader.ts'
import { unsetReason } from '../keys/placeholder.ts'

export interface DescribedSetting {
  readonly key: string
  /** With what it hides in the sources below. */
  readonly origin: string
  readonly value: string
}

const REQUIRED = /:(?:environment|authority|clientid|encodedjwk|jwkbase64|jwk|jwks)$|^maskinporten_/

/** One row for each setting, in the order in which the sources name them. */
export function describeLayers(
  layers: readonly SourceLayer[],
  section: string,
  keys: readonly CredentialKey[],
): readonly DescribedSetting[] {
  const prefix = `${section.toLowerCase()}:`
  const shown = shownKeys(section)
  const rows = new Map<string, ConfigEntry[]>()
  for (const { layer } of layers) {
    const own = new Map<string, ConfigEntry>()
    for (const [key, entry] of layer) {
      if (!isOurs(key, section)) continue
      // A JWK as an object is one setting, and so is a list.
      const name = key.startsWith(prefix) ? prefix + (key.slice(prefix.length).split(':')[0] ?? '') : key
      if (!own.has(name)) own.set(name, entry)
    }
    for (const [name, entry] of own) rows.set(name, [entry, ...(rows.get(name) ?? [])])
  }
  const valueOf = (name: string, entry: ConfigEntry): string => {
    const key = keys.find((one) => one.entry === entry)?.key
    const text = entry.reveal() ?? ''
    if (key !== undefined) return `[RSA${'bits' in key ? ` ${String(key.bits)}` : ''}, kid ${keyName(key)}]`
    const isThumbprint = keys.some((one) => one.key.id === text)
    const mayBeShown = shown.has(name) && !entry.secret && !looksLikeKey(text, isThumbprint)
    return text === '' || mayBeShown ? text : '[secret]'
  }
  return [...rows].map(([name, entries]) => {
    const chosen =
      entries.find((entry) => !REQUIRED.test(name) || unsetReason(entry.reveal(), entry.key) === undefined) ??
      entries[0]
    const hidden = entries
      .filter((entry) => entry !== chosen)
      .map((entry) => `${JSON.stringify(valueOf(name, entry))} ${entry.origin}`)
    return {
      // `MaskinportenSettings:Jwk` of `MaskinportenSettings:Jwk:kty`.
      key: chosen?.key.slice(0, name.length) ?? name,
      origin: [chosen?.origin, ...hidden.map((one) => `hidden: ${one}`)].join('; '),
      value: chosen === undefined ? '' : valueOf(name, chosen),
    }
  })
}

/** Of the section, kvSetting and the NAIS names, as written. */
export function changedKeys(
  before: readonly SourceLayer[],
  after: readonly SourceLayer[],
  section: string,
): readonly string[] {
  const [old, now] = [before, after].map((all) => mergeLayers(all.map(({ layer }) => layer)))
  return [...new Map([...(old ?? []), ...(now ?? [])])].flatMap(([path, { key }]) =>
    isOurs(path, section) && old?.get(path)?.reveal() !== now?.get(path)?.reveal() ? [key] : [],
  )
}
