/** Values that are there but say nothing. */

const PLACEHOLDER = /^(?:retrieved from secrets|hentes fra key vault|\.\.\.|changeme|<.*>|your[-_].*|[\w+/-]+\.\.\.)$/i

/** Longer texts are never placeholders: a key in base64url holds `your-` by chance once in about 15,000. */
const PLACEHOLDER_MAX = 64

/** Why a value counts as not set, as the code of the problem it would be; `undefined`: it is a value. */
export function vacancy(
  text: string | null,
): 'CONFIG_MISSING' | 'CONFIG_PLACEHOLDER' | 'CONFIG_KV_REFERENCE' | undefined {
  const bare = (text ?? '').trim()
  if (bare === '') return 'CONFIG_MISSING'
  if (/^\{?@Microsoft\.KeyVault\(/i.test(bare)) return 'CONFIG_KV_REFERENCE'
  return bare.length < PLACEHOLDER_MAX && PLACEHOLDER.test(bare.replace(/^(["'])(.*)\1$/, '$2'))
    ? 'CONFIG_PLACEHOLDER'
    : undefined
}

export function vacancyText(code: 'CONFIG_PLACEHOLDER' | 'CONFIG_KV_REFERENCE', key: string): string {
  return code === 'CONFIG_PLACEHOLDER'
    ? `still holds a placeholder text. Did the Key Vault source load? Its secret is named ${key.replaceAll(':', '--')}.`
    : `is a Key Vault reference that the host did not resolve. Check the app's identity and the reference status in App Service.`
}
