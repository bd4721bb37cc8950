/** Client id and signing key are one credential: which source owns the credential, and what may not be mixed with it. */
import { readClientIdText, readKidText } from './fields.ts'
import type { ConfigEntry } from '../sources/config-source.ts'
import { refusalOf } from '../keys/key-refusal.ts'
import { moveKey } from './missing.ts'
import { KEY_NAMES, type KeyForm, keyForms, namedByKid, textForm } from './key-forms.ts'
import { type KeyOptions, readJwk, readSigningKey } from '../keys/parse-signing-key.ts'
import { quote, quoteId } from '../quote.ts'
import type { Found, Lookup } from './lookup.ts'
import type { ResolveOptions } from './resolve.ts'
import { type SigningKey, keyName, signingKeyOf } from '../keys/signer.ts'
import { checkSigners } from './signers.ts'
import { holdsUnreadKey } from './unused-keys.ts'
import { unsetReason } from '../keys/placeholder.ts'

const CLIENT_ID = ['ClientId', 'MASKINPORTEN_CLIENT_ID']
const ISSUER = 'MASKINPORTEN_ISSUER'

export interface CredentialKey {
  readonly key: SigningKey
  /** Where the key came from; a caller's signer has no entry. */
  readonly entry?: ConfigEntry | undefined
  /** Level of that source. */
  readonly level?: number | undefined
}

export interface Credential {
  readonly clientId: string | undefined
  readonly clientIdOrigin: string
  /** Level of the source that owns the key; the number of layers for a caller's signer; -1: none. */
  readonly owner: number
  /** Newest first. */
  readonly keys: readonly CredentialKey[]
  readonly hasKey: (level: number) => boolean
}

/** `previousKey`: the key in force. If its value became blank or a placeholder, no key of another source signs instead. */
export async function readCredential(
  lookup: Lookup,
  options: ResolveOptions,
  now: number,
  previousKey?: Partial<CredentialKey>,
): Promise<Credential> {
  const levels = lookup.layers.map((_, level) => level).toReversed()
  const forms = lookup.layers.map((_, level) => keyForms(lookup, level))
  const spoilt = spoiltForm(lookup, previousKey, forms)
  if (spoilt !== undefined) forms[spoilt.found.level] = [spoilt]
  const withKey = levels.filter((level) => forms[level]?.length !== 0)
  const hasKey = (level: number): boolean => withKey.includes(level)
  const file =
    options.fileWins === true
      ? withKey.find((level) => /\.json$/i.test(lookup.layers[level]?.name ?? '') && clientIdAt(lookup, level))
      : undefined
  const { signers } = options
  const owner = signers ? levels.length : (file ?? withKey[0] ?? -1)
  if (signers) {
    checkSigners(lookup, signers)
    for (const { found } of withKey.flatMap((level) => forms[level] ?? []))
      lookup.problem('CONFIG_CONFLICT', found, 'is set, and a signer was given. Keep one of the two.')
  } else if (owner < 0 && !holdsUnreadKey(lookup)) lookup.missing(KEY_NAMES)
  // A Kid belongs to the key of its own source, not to the key of another.
  const kid = readKid(
    lookup,
    levels.filter((level) => level === owner || !hasKey(level)),
  )
  const keys = signers
    ? signers.map((signer): CredentialKey => ({ key: signingKeyOf(signer, now) }))
    : await readKeys(lookup, namedByKid(forms[owner] ?? [], kid), kid, now)
  const [newest] = keys
  if (newest !== undefined) warnOfPlaceholders(lookup, owner, newest.entry)
  const client = await readClientId(lookup, levels, owner, forms, newest?.key)
  const clientId = client && readClientIdText(lookup, client)
  return { clientId, clientIdOrigin: client?.origin ?? '', owner, keys, hasKey }
}

/** The first that has a Kid. */
function readKid(lookup: Lookup, levels: readonly number[]): string | undefined {
  for (const level of levels) {
    const found = lookup.filledIn(level, ['Kid'])
    if (found !== undefined) return readKidText(lookup, found)
  }
  return undefined
}

async function readKeys(
  lookup: Lookup,
  forms: readonly KeyForm[],
  kid: string | undefined,
  now: number,
): Promise<readonly CredentialKey[]> {
  const keys = new Map<string, CredentialKey & { readonly entry: ConfigEntry }>()
  for (const form of forms) {
    const { found } = form
    const warnings: (readonly [code: string, message: string])[] = []
    const warn = (code: string, message: string): void => {
      if (!(form.raw && (code === 'KEY_RAW_JSON' || form.inSet))) warnings.push([code, message])
    }
    try {
      const key = await readForm(form, {
        kid: form.older ? undefined : kid,
        kidName: lookup.path('Kid'),
        now,
        expiresAt: found.entry.expiresAt,
        warn,
      })
      const [first] = keys.values()
      if (first !== undefined && !form.older && !keys.has(key.id)) {
        lookup.problem(
          'CONFIG_CONFLICT',
          found,
          `is another key than ${first.entry.key} (${first.entry.origin}). Keep one of them.`,
        )
      } else if (!keys.has(key.id)) keys.set(key.id, { key, entry: found.entry, level: found.level })
    } catch (error) {
      const refusal = refusalOf(error)
      const { why, right = '' } = refusal
      const moved = right === '' ? undefined : moveKey(lookup, found, right)
      lookup.problem(refusal.code, found, moved === undefined ? refusal.message : `${why} ${moved}`)
      // Warnings that a key was read do not fit here.
      for (const [code, message] of warnings) if (!/RAW_JSON|UNWRAPPED/.test(code)) lookup.warn(code, found, message)
      continue
    }
    for (const [code, message] of warnings) lookup.warn(code, found, message)
  }
  return [...keys.values()]
}

/** The value at the place of the key in force, if that value is no longer a key and a key of a lower source would sign instead. */
function spoiltForm(
  lookup: Lookup,
  previousKey: Partial<CredentialKey> | undefined,
  forms: readonly (readonly KeyForm[])[],
): KeyForm | undefined {
  const { entry, level } = previousKey ?? {}
  if (entry === undefined || level === undefined || forms.some((some, at) => at >= level && some.length > 0))
    return undefined
  const now = lookup.layers[level]?.layer.get(entry.key.toLowerCase())
  return now === undefined ? undefined : textForm({ key: now.key, origin: now.origin, text: '', level, entry: now })
}

/** A placeholder in one source does not stop the key of another source from signing, so it is reported. */
function warnOfPlaceholders(lookup: Lookup, owner: number, used: ConfigEntry | undefined): void {
  for (const level of lookup.layers.keys()) {
    for (const name of [...KEY_NAMES, 'Kid']) {
      const found = lookup.valueIn(level, name)
      if (found === undefined || unsetReason(found.text, found.key) !== 'CONFIG_PLACEHOLDER') continue
      if (name === 'Kid') lookup.warn('CONFIG_PLACEHOLDER', found, 'holds a placeholder text, which is not used.')
      else if (level !== owner)
        lookup.warn(
          'CONFIG_PLACEHOLDER',
          found,
          `holds a placeholder text; the key ${used === undefined ? 'is the signer that was given' : `of ${used.origin} (${used.key}) is used`}. Delete the placeholder.`,
        )
    }
  }
}

const readForm = (form: KeyForm, options: KeyOptions): Promise<SigningKey> =>
  form.jwk === undefined ? readSigningKey(form.found.entry.reveal() ?? '', options) : readJwk(form.jwk, options)

async function readClientId(
  lookup: Lookup,
  levels: readonly number[],
  owner: number,
  forms: readonly (readonly KeyForm[])[],
  ownerKey: SigningKey | undefined,
): Promise<Found | undefined> {
  const all = levels.map((level) => clientIdAt(lookup, level)).filter((one) => one !== undefined)
  const hasKey = ({ level }: Found): boolean => (forms[level]?.length ?? 0) > 0
  const own = all.find((one) => one.level === owner)
  const chosen = own ?? all.find((one) => !hasKey(one)) ?? all[0]
  const key = forms[owner]?.[0]?.found
  if (chosen === undefined) {
    lookup.missing(CLIENT_ID)
    return undefined
  }
  const above = all.find((one) => one.level > owner && one.text !== chosen.text && !hasKey(one))
  const foreign =
    own === undefined && hasKey(chosen) && key !== undefined && !(await hasSameKey(forms[chosen.level], ownerKey?.id))
      ? chosen
      : above
  if (foreign !== undefined && key !== undefined) {
    const words =
      foreign === above
        ? `is ${quoteId(foreign.text)}, but ${chosen.key === chosen.origin.split(' ').at(-1) ? '' : `${chosen.key} in `}${chosen.origin} is ${quoteId(chosen.text)}. The signing key is in ${key.origin}. In Samarbeidsportalen, see which of the two clients lists ${ownerKey?.kid === undefined ? 'its public half' : `the kid ${keyName(ownerKey)}`}. Keep that client id, and delete the other from your settings. If neither does, register the public half of the key on one of them.`
        : `belongs to the key beside it, but the key that signs is in ${key.origin}. Set the client id there too.`
    lookup.problem('CONFIG_MIXED_CREDENTIALS', foreign, words)
  }
  return chosen
}

async function hasSameKey(forms: readonly KeyForm[] | undefined, id: string | undefined): Promise<boolean> {
  const [form] = forms ?? []
  const options = { kid: 'any', kidName: '', now: 0, warn: () => undefined }
  return form !== undefined && id !== undefined && (await readForm(form, options).catch(() => undefined))?.id === id
}

/** For NAIS, MASKINPORTEN_ISSUER is the server. In code of some county councils it is the client id. The value's form tells which. */
function clientIdAt(lookup: Lookup, level: number): Found | undefined {
  const named = lookup.filledIn(level, CLIENT_ID)
  const issuer = lookup.filledIn(level, [ISSUER])
  if (issuer === undefined || /^https?:\/\//i.test(issuer.text)) return named
  if (named === undefined || named.text === issuer.text) {
    lookup.warn(
      'CONFIG_ISSUER_ASSUMED',
      issuer,
      'looks like a client id and was used as one. Rename it to MASKINPORTEN_CLIENT_ID.',
    )
    return named ?? issuer
  }
  lookup.problem(
    'CONFIG_ISSUER_AMBIGUOUS',
    issuer,
    `is ${quote(issuer.text)}, which is not a URL, and ${named.key} is ${quote(named.text)}. The issuer is the server, e.g. https://test.maskinporten.no/.`,
  )
  return named
}
