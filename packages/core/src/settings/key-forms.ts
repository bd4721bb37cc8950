/** The key material of one source, in whichever of its forms: text, or a JWK flattened into keys of its own. */
import type { ConfigEntry, ConfigLayer } from './config-source.ts'
import type { Found, Reading } from './reading.ts'

export interface KeyForm {
  readonly found: Found
  /** Members, when the source has the JWK as an object; else the key is `found.text`. */
  readonly jwk?: Readonly<Record<string, string>> | undefined
  /** JSON is this setting's own form: no warning. */
  readonly raw: boolean
  /** One of `Jwks`, which the platform's operator writes beside `Jwk`: a further key of the ring. */
  readonly older: boolean
}

/** Newest first. */
export function keyForms(reading: Reading, level: number): readonly KeyForm[] {
  const layer = reading.layers[level]?.layer ?? new Map()
  const forms: KeyForm[] = []
  for (const name of ['EncodedJwk', 'JwkBase64', 'MASKINPORTEN_CLIENT_JWK', 'Jwk', 'Jwks']) {
    const found = reading.given(level, [name])
    if (found !== undefined) forms.push({ found, raw: !/64$|^E/.test(name), older: false })
  }
  const add = (path: string, older: boolean): boolean => {
    const [entry, jwk] = members(layer, path.toLowerCase())
    if (entry === undefined) return false
    forms.push({ found: { key: path, origin: entry.origin, text: '', level, entry }, jwk, raw: true, older })
    return true
  }
  add(reading.path('Jwk'), false)
  for (let index = 0; add(reading.path(`Jwks:keys:${index}`), forms.length > 0); index++);
  return forms
}

/** The direct members under a path that are not blank; lower case, as a JWK's own names are. */
function members(
  layer: ConfigLayer,
  path: string,
): readonly [ConfigEntry | undefined, Readonly<Record<string, string>>] {
  const own: [string, string][] = []
  let first: ConfigEntry | undefined
  for (const [key, entry] of layer) {
    const name = key.startsWith(`${path}:`) ? key.slice(path.length + 1) : ''
    const text = entry.reveal()?.trim() ?? ''
    if (name === '' || name.includes(':') || text === '') continue
    first ??= entry
    own.push([name, text])
  }
  return [first, Object.fromEntries(own)]
}
