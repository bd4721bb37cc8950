/** Keys that do nothing here: refused, ignored with a word, or unknown. */
import type { ConfigEntry } from '../sources/config-source.ts'
import type { SourceLayer } from '../sources/source-loader.ts'
import { nearest } from '../nearest.ts'
import { KEY_NAMES } from './key-forms.ts'
import type { Lookup } from './lookup.ts'
import { SECTION_KEYS, knownKeys } from './setting-names.ts'

const TO_PEM = 'openssl pkcs12 -in store.p12 -nodes -out chain.pem'

/** Key material in forms that are not read → what it is, and the way out. */
const UNSUPPORTED: Readonly<Record<string, string>> = {
  EncodedX509: `is PKCS#12, which is not read. Convert it to PEM: openssl base64 -d -A -in value.txt -out store.p12 && ${TO_PEM}`,
  CertificatePkcs12Path: `is PKCS#12, which is not read. Convert it to PEM: ${TO_PEM}`,
  CertificateStoreThumbprint: 'uses the Windows certificate store, which is not read. Export the key as a JWK.',
}

const IGNORED: readonly (readonly [string, readonly string[], string])[] = [
  [
    'CONFIG_ENTERPRISE_USER',
    ['EnterpriseUserName', 'EnterpriseUserPassword'],
    'is ignored: Altinn removed enterprise users (virksomhetsbruker); the exchange answers 410 Gone to one. Use a system user (systembruker) and delete both EnterpriseUser keys.',
  ],
  [
    'CONFIG_NO_EFFECT',
    ['OverwriteAuthorizationHeader'],
    "is ignored: a caller's own Authorization header is never replaced. Delete it.",
  ],
]

/** `keyLevel`: of the source whose key signs; below it and beside it, other key material is not needed. */
export function reportUnusedKeys(lookup: Lookup, exchanges: boolean, keyLevel: number): void {
  for (const [name, words] of Object.entries(UNSUPPORTED)) {
    const found = lookup.highest([name])
    if (found === undefined) continue
    if (found.level > keyLevel) lookup.problem('CONFIG_UNSUPPORTED', found, words)
    else
      lookup.warn('CONFIG_UNSUPPORTED', found, 'is not read, and is not needed beside the key that signs. Delete it.')
  }
  for (const [code, names, words] of IGNORED) {
    const found = lookup.highestOfEach(names, () => '')
    if (found !== undefined) lookup.warn(code, found, words)
  }
  const testOrg = lookup.highest(['UseAltinnTestOrg'])
  if (testOrg?.text.toLowerCase() === 'true' && !exchanges) {
    const exchange = lookup.isPlain ? 'exchangeToAltinnToken' : 'ExhangeToAltinnToken'
    const words = `has no effect without exchange. Set ${exchange}, or ask for the kind altinn.`
    lookup.warn('CONFIG_NO_EFFECT', testOrg, words)
  }
  reportUnknownKeys(lookup)
}

function reportUnknownKeys(lookup: Lookup): void {
  const prefix = `${lookup.section.toLowerCase()}:`
  const known = new Set(SECTION_KEYS.map((name) => name.toLowerCase()))
  for (const source of lookup.layers) {
    for (const [key, entry] of source.layer) {
      if (key.startsWith('maskinporten_')) reportLookAlike(lookup, source, entry)
      const [name = ''] = key.startsWith(prefix) ? key.slice(prefix.length).split(':') : []
      if (name === '' || known.has(name)) continue
      const near = nearest(name, SECTION_KEYS)
      lookup.warn(
        'CONFIG_UNKNOWN_KEY',
        entry,
        `is not a known setting.${near === undefined ? ' Delete it.' : ` Did you mean ${lookup.name(near)}?`}`,
        near && lookup.path(near),
      )
    }
  }
}

const ISSUER = ['Environment', 'Authority', 'AssertionAudience', 'MASKINPORTEN_ISSUER', 'MASKINPORTEN_WELL_KNOWN_URL']

/** Variables as people name them → the name that is read, and the names that make it needless. The first that fits. */
const LOOK_ALIKES: readonly (readonly [RegExp, string, readonly string[]])[] = [
  [/KEY_?ID|KID/i, 'Kid', ['Kid']],
  [/CLIENT_?ID|KLIENT|INTEGRATION/i, 'MASKINPORTEN_CLIENT_ID', ['ClientId', 'MASKINPORTEN_CLIENT_ID']],
  [/SCOPE/i, 'MASKINPORTEN_SCOPES', ['Scope', 'MASKINPORTEN_SCOPES']],
  [/TOKEN/i, 'MASKINPORTEN_TOKEN_ENDPOINT', ['TokenEndpoint', 'MASKINPORTEN_TOKEN_ENDPOINT']],
  [/WELL_?KNOWN|DISCOVERY|METADATA|UR[LI]/i, 'MASKINPORTEN_WELL_KNOWN_URL', ISSUER],
  [/ENV|MILJO/i, 'Environment', ISSUER],
  [/AUTHORITY|AUDIENCE|ISS/i, 'MASKINPORTEN_ISSUER', ISSUER],
  [/KEY|JWK|PEM|PFX|NOKKEL/i, 'MASKINPORTEN_CLIENT_JWK', [...KEY_NAMES]],
]

/** Names seen in hand-written code; they are not read. */
function reportLookAlike(lookup: Lookup, source: SourceLayer, entry: ConfigEntry): void {
  if (knownKeys('').includes(entry.key.toUpperCase())) return
  const [, name, names] = LOOK_ALIKES.find(([pattern]) => pattern.test(entry.key.slice(13))) ?? []
  if (name === undefined || names === undefined || lookup.hasAny(names)) return
  // Without a kid of its own, it is the key that has the problem.
  const problem = lookup.problems.find(({ code }) => code === 'KEY_KID_MISSING')
  if (name === 'Kid' && problem === undefined) return
  // Without its kind: `MaskinportenSettings__Kid`.
  const named = source.nameOf?.(lookup.path(name), lookup.section)?.replace(/^.* /, '') ?? lookup.path(name)
  lookup.warn(
    'CONFIG_UNKNOWN_KEY',
    entry,
    `is set but not read; the name is ${named}.`,
    name === 'Kid' ? problem?.key : lookup.path(name),
  )
}
