/** Looks a code up in the catalogue. */
import type { Text } from '../language.ts'
import type { Actor } from './actors.ts'
import { type Group, groups } from './catalogue.ts'

/** The texts are Markdown, as in the catalogue. */
export interface Explanation {
  /** As it is written on the pages, and their anchor: 'MP-200', 'KV_FORBIDDEN', 'settings_invalid'. */
  readonly code: string
  readonly group: Group
  readonly happened: Text
  /** In the order in which they are asked. */
  readonly acts: readonly Actor[]
  readonly wayOut: Text
  /** The page of errors, at this code. */
  readonly page: Text
  /** What Digdir, Altinn or Microsoft says of it. */
  readonly more?: Text | undefined
}

const PAGES = 'https://github.com/maskinporten-kit/maskinporten-kit/blob/main/docs'

const byName: ReadonlyMap<string, Explanation> = new Map(
  groups.flatMap((group) =>
    Object.entries(group.entries).map(([code, { happened, acts, wayOut, page }]) => [
      code,
      {
        code,
        group,
        happened,
        acts: [acts].flat(),
        wayOut,
        page: { en: pageOf('en', code), nb: pageOf('nb', code) },
        more: page ?? group.page,
      },
    ]),
  ),
)

/** In the order of the pages. */
export const explanations: readonly Explanation[] = [...byName.values()]

/** The first of each, where two differ in case only: `SCOPE_UNKNOWN` is doctor's, `scope_unknown` the self-service API's. */
const byLowerCase: ReadonlyMap<string, Explanation> = new Map(
  explanations.toReversed().map((one) => [one.code.toLowerCase(), one]),
)

/**
 * By an MP code, an OAuth error, a code, detail or problem's code of ours. Upper and lower case make no difference;
 * `MP200` and `mp_200` are MP-200. `undefined`: the catalogue does not have it.
 */
export function explanationOf(code: string): Explanation | undefined {
  const written = code
    .trim()
    .replace(/^mp[-_ ]?(?=\d{3})/i, 'MP-')
    .replace(/^auth[-_ ]?(?=\d{5}$)/i, 'AUTH-')
    .replace(/^API_5\d\d$/i, 'API_5xx')
  return byName.get(written) ?? byLowerCase.get(written.toLowerCase())
}

function pageOf(language: 'en' | 'nb', code: string): string {
  return `${PAGES}/${language}/reference/errors.md#${code}`
}
