/** Settings that have no effect here: refused, ignored with a warning, or unknown. */
import type { ConfigEntry } from '../sources/config-source.ts'
import type { SourceLayer } from '../sources/source-loader.ts'
import { refusalOf } from '../keys/key-refusal.ts'
import { readSigningKey } from '../keys/parse-signing-key.ts'
import { nearest } from '../nearest.ts'
import { quote } from '../quote.ts'
import { environmentOf, issuerOf } from './issuer.ts'
import { KEY_NAMES } from './key-forms.ts'
import type { Lookup } from './lookup.ts'
import { moveKey } from './missing.ts'
import { SECTION_KEYS, knownKeys } from './setting-names.ts'

const TO_PEM = 'openssl pkcs12 -in FILE -nodes -out chain.pem'
/** In one line, because a variable and a line of an `.env` file hold one line only. */
const TO_LINE = 'openssl base64 -A -in chain.pem -out key.txt'
const CHAIN = 'the line in key.txt'
/** The certificate chain identifies the key, and a kid beside a chain is refused. */
const NO_KID = 'No Kid is needed.'

/** Forms of key material that are not read: what the value is, and what to set instead. */
const UNSUPPORTED: Readonly<Record<string, readonly [why: string, right: string, after?: string]>> = {
  EncodedX509: [
    `is a PKCS#12 certificate, which this library does not read. Save the value as value.txt outside the project, and convert it (openssl base64 -d -A -in value.txt -out store.p12 && ${TO_PEM.replace('FILE', 'store.p12')} && ${TO_LINE}).`,
    CHAIN,
    `Then delete the four files. ${NO_KID}`,
  ],
  CertificatePkcs12Path: [
    `names a PKCS#12 file, which this library does not read. Convert the file (${TO_PEM} && ${TO_LINE}).`,
    CHAIN,
    `Then delete chain.pem and key.txt. ${NO_KID}`,
  ],
  CertificateStoreThumbprint: [
    'names a certificate in the Windows certificate store, which this library does not read. Export the key.',
    'the private JWK in base64',
  ],
}

/** Whether a key is set in a form that is not read. The error then says so, and not that a key is missing. */
export const holdsUnreadKey = (lookup: Lookup): boolean =>
  Object.keys(UNSUPPORTED).some((name) => lookup.highest([name]) !== undefined)

const IGNORED: readonly (readonly [string, readonly string[], string])[] = [
  [
    'CONFIG_ENTERPRISE_USER',
    ['EnterpriseUserName', 'EnterpriseUserPassword'],
    'is ignored: Altinn no longer has enterprise users (virksomhetsbruker). Delete EnterpriseUserName and EnterpriseUserPassword, and use a system user (systembruker).',
  ],
  [
    'CONFIG_NO_EFFECT',
    ['OverwriteAuthorizationHeader'],
    "is ignored: a caller's own Authorization header is never replaced. Delete the setting OverwriteAuthorizationHeader.",
  ],
]

interface InForce {
  readonly exchanges: boolean
  /** Level of the source whose key signs. At this level and below, other key material is not needed. */
  readonly keyLevel: number
  readonly issuer: string | undefined
}

export async function reportUnusedKeys(lookup: Lookup, { exchanges, keyLevel, issuer }: InForce): Promise<void> {
  for (const [name, [why, right, after]] of Object.entries(UNSUPPORTED)) {
    const found = lookup.highest([name])
    if (found === undefined) continue
    const { level } = found
    const place = { level, key: lookup.path('EncodedJwk') }
    if (level > keyLevel) {
      const way =
        moveKey(lookup, place, right, name) ??
        `Delete ${lookup.name(name)}, and set ${lookup.name('EncodedJwk')} to ${right}.`
      lookup.problem('CONFIG_UNSUPPORTED', found, `${why} ${way}${after === undefined ? '' : ` ${after}`}`)
    } else {
      const words = `is not read, and is not needed beside the key that signs. Delete ${lookup.name(name)}.`
      lookup.warn('CONFIG_UNSUPPORTED', found, words)
    }
  }
  for (const [code, names, words] of IGNORED) {
    const found = lookup.highestOfEach(names, () => '')
    if (found !== undefined) lookup.warn(code, found, words)
  }
  const testOrg = lookup.highest(['UseAltinnTestOrg'])
  if (testOrg?.text.toLowerCase() === 'true' && !exchanges) {
    const exchange = lookup.isPlain ? 'exchangeToAltinnToken' : `ExhangeToAltinnToken ${SPELLING}`
    const words = `has no effect, because exchange to an Altinn token is off. If the API that you call is not one of Altinn's, delete ${lookup.name('UseAltinnTestOrg')}. If it is, set ${exchange} to true, or give kind: 'altinn' with each call.`
    lookup.warn('CONFIG_NO_EFFECT', testOrg, words)
  }
  await reportUnknownKeys(lookup, issuer)
}

const SPELLING = '(spelt as in the .NET client)'

async function reportUnknownKeys(lookup: Lookup, issuer: string | undefined): Promise<void> {
  const prefix = `${lookup.section.toLowerCase()}:`
  const known = new Set(SECTION_KEYS.map((name) => name.toLowerCase()))
  for (const source of lookup.layers) {
    for (const [key, entry] of source.layer) {
      if (key.startsWith('maskinporten_')) await reportLookAlike(lookup, source, entry, issuer)
      const [name = ''] = key.startsWith(prefix) ? key.slice(prefix.length).split(':') : []
      if (name === '' || known.has(name)) continue
      const near = nearest(name, SECTION_KEYS)
      lookup.warn(
        'CONFIG_UNKNOWN_KEY',
        entry,
        `is not the name of a setting.${near === undefined ? ' Delete it.' : ` Did you mean ${lookup.name(near)}${near === 'ExhangeToAltinnToken' ? ` ${SPELLING}` : ''}?`}`,
        near && lookup.path(near),
      )
    }
  }
}

const ISSUER = ['Environment', 'Authority', 'AssertionAudience', 'MASKINPORTEN_ISSUER', 'MASKINPORTEN_WELL_KNOWN_URL']

/** Names that people give to variables, the name that is read, and the names of which one is enough. The first pattern that fits counts. */
const LOOK_ALIKES: readonly (readonly [RegExp, string, readonly string[]])[] = [
  [/KEY_?ID|KID/i, 'Kid', ['Kid']],
  [/CLIENT_?ID|KLIENT|INTEGRATION/i, 'MASKINPORTEN_CLIENT_ID', ['ClientId', 'MASKINPORTEN_CLIENT_ID']],
  [/SCOPE/i, 'MASKINPORTEN_SCOPES', ['Scope', 'MASKINPORTEN_SCOPES']],
  [/TOKEN/i, 'MASKINPORTEN_TOKEN_ENDPOINT', ['TokenEndpoint', 'MASKINPORTEN_TOKEN_ENDPOINT']],
  [/WELL_?KNOWN|DISCOVERY|METADATA|UR[LI]/i, 'MASKINPORTEN_WELL_KNOWN_URL', ISSUER],
  [/ENV|MILJO/i, 'Environment', ISSUER],
  [/AUTHORITY|AUDIENCE|ISS/i, 'MASKINPORTEN_ISSUER', ISSUER],
  [/KEY|JWK|PEM|PFX|NOKKEL/i, 'MASKINPORTEN_CLIENT_JWK', KEY_NAMES],
]

/** Warns of a variable whose name is almost one that is read. */
async function reportLookAlike(
  lookup: Lookup,
  source: SourceLayer,
  entry: ConfigEntry,
  issuer: string | undefined,
): Promise<void> {
  if (knownKeys('').includes(entry.key.toUpperCase())) return
  const lookAlike = LOOK_ALIKES.find(([pattern]) => pattern.test(entry.key))
  if (lookAlike === undefined) return
  const [, likely, names] = lookAlike
  const text = entry.reveal()?.trim() ?? ''
  if (lookup.hasAny(names)) {
    if (names === ISSUER) reportOtherEnvironment(lookup, entry, text, issuer)
    return
  }
  // The kid is missed only by a key that has none of its own.
  const problem = lookup.problems.find(({ code }) => code === 'KEY_KID_MISSING')
  if (likely === 'Kid' && problem === undefined) return
  const name = names === ISSUER ? issuerName(text, likely) : likely
  const held = names === KEY_NAMES ? await whatIsHeld(lookup, source, text) : ''
  lookup.warn(
    'CONFIG_UNKNOWN_KEY',
    entry,
    `is not a name that this library reads. Rename ${entry.key} to ${lookup.nameIn(source, name)}${name === 'Environment' ? ', and set it to "test" or "prod"' : ''}.${held && ` Its value ${held}`}`,
    name === 'Kid' ? problem?.key : lookup.path(name),
  )
}

/** The value tells which setting is meant: the name of an environment, the address of metadata, or an issuer. */
function issuerName(text: string, likely: string): string {
  if (/^(?:test|prod)$/i.test(text)) return 'Environment'
  if (!/^https?:/i.test(text)) return likely
  if (text.includes('/.well-known/')) return 'MASKINPORTEN_WELL_KNOWN_URL'
  return likely === 'Environment' ? 'MASKINPORTEN_ISSUER' : likely
}

/** Why the value would be refused under the right name; empty: the value is fine. */
async function whatIsHeld(lookup: Lookup, source: SourceLayer, text: string): Promise<string> {
  const kidName = lookup.nameIn(source, 'Kid')
  const kid = lookup.highest(['Kid'])?.text
  try {
    await readSigningKey(text, { kid, kidName, now: 0, warn: () => undefined })
    return ''
  } catch (error) {
    const { code, message } = refusalOf(error)
    const named = [...source.layer.values()].find(({ key }) => /^maskinporten_(?:.*_)?(?:key_?id|kid)$/i.test(key))
    return code === 'KEY_KID_MISSING' && named !== undefined
      ? `${message.replace(/(?<=\.) Set .*/, '')} Rename also ${named.key} to ${kidName}.`
      : message.replace(`Set ${kidName} `, `Set also ${kidName} `)
  }
}

/** Warns a user who sets one environment and gets tokens of the other. */
function reportOtherEnvironment(lookup: Lookup, entry: ConfigEntry, text: string, issuer: string | undefined): void {
  const said = /^(?:test|prod)$/i.test(text) ? text.toLowerCase() : environmentOf(issuerOf(text))
  if (issuer === undefined || said === undefined || said === environmentOf(issuer)) return
  const decides = ISSUER.map((name) => lookup.highest([name])).find((one) => one !== undefined)
  if (decides === undefined) return
  const { key, origin } = decides
  lookup.warn(
    'CONFIG_UNKNOWN_KEY',
    entry,
    `is ${quote(text)}, but this library does not read that name. The environment comes from ${origin.includes(key) ? origin : `${key} (${origin})`}, whose issuer is ${issuer}. Delete ${entry.key}, and correct ${key} if it is wrong.`,
  )
}
