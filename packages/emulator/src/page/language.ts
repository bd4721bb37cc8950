/** The language of the page: what its address says, else what the browser prefers, else English. */

export type Language = 'en' | 'nb'

/** The same in each language. */
export type Text = Readonly<Record<Language, string>>

/** `asked`: of `?lang=`. `accepted`: the header Accept-Language (RFC 9110 §12.5.4). */
export function languageOf(asked: string | null, accepted: string | undefined): Language {
  if (asked === 'en' || asked === 'nb') return asked
  const ranked = (accepted ?? '')
    .split(',')
    .map((part) => {
      const [tag = '', ...parameters] = part.trim().toLowerCase().split(';')
      const quality = parameters.map((one) => /^\s*q=([\d.]+)\s*$/.exec(one)?.[1]).find((one) => one !== undefined)
      return { tag: tag.trim(), quality: Number(quality ?? 1) }
    })
    .filter(({ quality }) => quality > 0)
    .toSorted((a, b) => b.quality - a.quality)
  for (const { tag } of ranked) {
    const [primary = ''] = tag.split('-')
    // Readers of Nynorsk, and of "Norwegian", are served better by bokmål than by English.
    if (['nb', 'no', 'nn'].includes(primary)) return 'nb'
    if (primary === 'en') return 'en'
  }
  return 'en'
}
