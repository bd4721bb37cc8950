/** The key material of one source, in all its forms: a text, or a JWK as a tree, which is one setting for each member. */
import type { ConfigEntry, ConfigLayer } from '../sources/config-source.ts'
import type { Found, Lookup } from './lookup.ts'

export interface KeyForm {
  readonly found: Found
  /** The members, when the source has the JWK as an object. Otherwise the key is `found.text`. */
  readonly jwk?: Readonly<Record<string, unknown>> | undefined
  /** JSON is the usual form of this setting, so JSON brings no warning. */
  readonly raw: boolean
  /** An older key of the ring, from `Jwks`. The operator of the Altinn platform writes `Jwks` beside `Jwk`. */
  readonly older: boolean
  /** From a set or a list, where a `Kid` names one of several. */
  readonly inSet: boolean
}

/** The documented name first, the one of NAIS last. */
export const KEY_NAMES: readonly string[] = ['EncodedJwk', 'JwkBase64', 'Jwk', 'Jwks', 'MASKINPORTEN_CLIENT_JWK']
/** Names that may hold JSON as a tree, and the paths of a set in them. */
const TREES = ['Jwk', 'Jwks', 'EncodedJwk', 'JwkBase64', 'MASKINPORTEN_CLIENT_JWK']
const SETS = TREES.flatMap((name) => [`${name}:keys`, name])

/** Newest first. */
export function keyForms(lookup: Lookup, level: number): readonly KeyForm[] {
  const layer = lookup.layers[level]?.layer ?? new Map()
  const forms: KeyForm[] = []
  for (const name of KEY_NAMES) {
    const found = lookup.filledIn(level, [name])
    if (found !== undefined) forms.push(textForm(found))
  }
  const add = (path: string, inSet: boolean): boolean => {
    const [entry, jwk] = members(layer, path.toLowerCase())
    if (entry === undefined) return false
    const found = { key: path, origin: entry.origin, text: '', level, entry }
    forms.push({ found, jwk, raw: true, older: false, inSet })
    return true
  }
  for (const name of TREES) add(lookup.path(name), false)
  for (const name of SETS) for (let index = 0; add(lookup.path(`${name}:${index}`), true); index++);
  // As in the text of a set, public keys beside a private key are left out.
  const usable = forms.filter(({ inSet, jwk }) => !inSet || jwk?.['d'] !== undefined)
  return (usable.length > 0 ? usable : forms).map((form, index) => ({ ...form, older: form.inSet && index > 0 }))
}

export const textForm = (found: Found): KeyForm => ({
  found,
  raw: !/(?:64|:EncodedJwk)$/i.test(found.key),
  older: false,
  inSet: false,
})

/** Of several keys in a set, only the one that the `Kid` names. Without a match, all forms. */
export function namedByKid(forms: readonly KeyForm[], kid: string | undefined): readonly KeyForm[] {
  const set = forms.filter(({ inSet }) => inSet)
  const [first] = set
  if (kid === undefined || first === undefined || forms.length < 2) return forms
  const named = set.find(({ jwk }) => jwk?.['kid'] === kid)
  if (named !== undefined) return [{ ...named, older: false }]
  // Beside a `Jwk`, the Kid belongs to the `Jwk`.
  return set.length === forms.length ? [{ ...first, jwk: { keys: set.map(({ jwk }) => jwk) } }] : forms
}

/** The direct members under a path that are not blank. Their names are in lower case. */
function members(
  layer: ConfigLayer,
  path: string,
): readonly [ConfigEntry | undefined, Readonly<Record<string, string>>] {
  const own: [string, string][] = []
  let first: ConfigEntry | undefined
  for (const [key, entry] of layer) {
    const name = key.startsWith(`${path}:`) ? key.slice(path.length + 1) : ''
    const text = entry.reveal()?.trim() ?? ''
    if (!/^[^:\d][^:]*$/.test(name) || text === '') continue
    first ??= entry
    own.push([name, text])
  }
  return [first, Object.fromEntries(own)]
}
