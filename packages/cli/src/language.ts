/** In which of its two languages the command speaks. */

export type Language = 'en' | 'nb'

/** The same said in both. */
export interface Text {
  readonly en: string
  readonly nb: string
}

/** `--lang nb`, or `--lang=nb`, wherever it stands; else the locale: Norwegian ones are bokmål, all others English. */
export function languageOf(words: readonly string[], env: Readonly<Record<string, string | undefined>>): Language {
  const at = words.indexOf('--lang')
  const named = at >= 0 ? words[at + 1] : words.find((word) => word.startsWith('--lang='))?.slice('--lang='.length)
  // Another one is refused later, in the language of the locale.
  if (named === 'nb' || named === 'en') return named
  // The first that is set counts, as POSIX has it; Windows has none of them.
  const locale =
    [env['LC_ALL'], env['LC_MESSAGES'], env['LANG']].find((one) => one !== undefined && one !== '') ??
    Intl.DateTimeFormat().resolvedOptions().locale
  return isNorwegian(locale) ? 'nb' : 'en'
}

const isNorwegian = (locale: string): boolean => /^(?:nb|nn|no)(?![a-z])/i.test(locale)
