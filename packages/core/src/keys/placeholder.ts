/** Values that are there but say nothing: blanks, placeholders, references that nobody resolved. */

export type UnsetReason = 'CONFIG_MISSING' | 'CONFIG_PLACEHOLDER' | 'CONFIG_KV_REFERENCE'

/** What Altinn's guides and samples print, in any setting. */
const PRINTED = /^(?:retrieved from secrets|hentes fra key vault|changeme|your[-_].*|[\w+/-]+(?:\.{3}|…))$/i

/** One sign again and again, in groups or not, or something that was to be replaced: `xxxx-xxxx`, `***`, `—`, `<key>`, `(hidden)`, `${KEY}`, `#{Key}#`, `$(Key)`, `{{ key }}`, `%KEY%`, `__Key__`, `$KEY`. */
const FILLER =
  /^(?:(?=.*([x.*_?•…–—]))(?:\1|[\s-])+|[(«][^()«»]*[)»]|0[0-]{2,}|<[^<>]*>|\$?\{\{.*\}\}|[$#]\{[^{}]*\}#?|\$\([^()]*\)|%[a-z]\w*%|__[a-z][\w:.]*__|\$[a-z_]\w*|@@.*@@|[{[](?!null)[^{}[\]"':]+[\]}])$/i

/** `***redacted***`. Apart from `FILLER`: V8 folds the case of all letters when it loads a pattern with `\p{L}` and `iu`. */
const STARRED = /^\*{2,}[\p{L} -]+\*{2,}$/u

/** No placeholder of the other settings is as long: a text in base64url holds `your-` by chance once in about 15,000. */
const LONGEST = 64

/** How keys begin: a JWK, a list and a set in base64, once or twice over, with UTF-16 or a byte order mark too; PEM and DER. */
const KEY_STARTS =
  'eyJ eyAi ewog ewoJ ew0K ewAi ewkK 77u/ //57 W3si LS0tLS1CRUdJTi MII ZXlK ZXlB ZXdv TFMwdE TUlJ -----BEGIN'.split(' ')

/** A part of a key, in text with blanks: JSON, PEM, XML. */
const KEY_PART = /^["'\\\s]*[{[]|["}\]]\s*[}\]]|-----|\bkty\b|<[/?]|<\w+>\s*<|RSAKeyValue/

/** The path of a file, which somebody took for the key. */
const FILE_PATH = /^["']?(?:file:|~?\.{0,2}[/\\]|[a-z]:[/\\])|\.(?:json|jwks?|pem|key|p12|pfx|crt|cer|txt)["']?$/i

/**
 * `N/A`, `ikke/satt`: short words, each in one case, around slashes. A slash is also a letter of base64, so a longer text
 * of this form may be the end of a key. A dash alone, digits and `{}` may be what is left of a key: they stay errors.
 */
const SLASHED = /^(?=.{3,12}$)(?:\p{Lu}+|\p{Ll}+)(?:\/(?:\p{Lu}+|\p{Ll}+))+$/u

/** In text with blanks, a run as long as this is a part of a key, unless it is made of words. */
const LONG_RUN = /[\w+=]{16,}/g

/** What a key never is, by its property and not by a list. All else that is no key is an error, so that a key cut short never hands signing to another source's. */
function isKeyPlaceholder(text: string): boolean {
  if (KEY_STARTS.some((start) => text.startsWith(start) || start.startsWith(text)) || FILE_PATH.test(text)) return false
  if (SLASHED.test(text)) return true
  return /\s/.test(text) ? !KEY_PART.test(text) && (text.match(LONG_RUN) ?? []).every(isWords) : isWords(text)
}

/**
 * `changeme`, `SetInKeyVault`, `your-base64-jwk-here`. Base64, wherever it was cut, changes between capitals, small
 * letters and digits too often for that.
 */
function isWords(text: string): boolean {
  const groups = text.replace(/[.!?:]+$/, '').split(/[-_:]+/)
  return groups.every(
    (group) =>
      (groups.length > 1 && group.length < 2 && /^\p{L}?$/u.test(group)) ||
      (/^\p{L}[\p{L}\d]+$/u.test(group) &&
        (group.match(/\p{Lu}?\p{Ll}+|\p{Lu}+(?!\p{Ll})|\d+/gu) ?? []).every(
          (piece) =>
            piece === '64' || (piece.length > 1 && (!/\d/.test(piece) || (groups.length > 1 && piece.length < 5))),
        )),
  )
}

/**
 * Why a value counts as not set, as the code of the problem it would be; `undefined`: it is a value. `key`: the
 * setting's path or name; without it, only what every setting's placeholder may be.
 */
export function unsetReason(text: string | null, key = ''): UnsetReason | undefined {
  const bare = (text ?? '').trim()
  if (bare === '') return 'CONFIG_MISSING'
  if (/^\{?@Microsoft\.KeyVault\(/i.test(bare)) return 'CONFIG_KV_REFERENCE'
  const inner = bare.replace(/^(["'`])(.*)\1$/, '$2')
  if (inner.trim() === '') return 'CONFIG_MISSING'
  const [field = ''] = /[^:]*$/.exec(key.toLowerCase()) ?? []
  const isKey = /^(?:encodedjwk|jwkbase64|jwks?|maskinporten_client_jwk)$/.test(field)
  const isPlaceholder =
    (bare.length < LONGEST && [PRINTED, FILLER, STARRED].some((form) => form.test(inner))) ||
    (isKey && isKeyPlaceholder(inner)) ||
    (field === 'kid' && /\s/.test(inner))
  return isPlaceholder ? 'CONFIG_PLACEHOLDER' : undefined
}

export const KV_REFERENCE_TEXT =
  'is a Key Vault reference that the host did not resolve. Look at its status under Environment variables of the app in the Azure portal, and give the identity of the app access to the secret.'
