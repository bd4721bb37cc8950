/** What an exchange made of a token: the claims that went in beside those that came out. */
import { isDeepStrictEqual } from 'node:util'
import type { RecordedRequest } from '../http/recorded-request.ts'
import type { JsonObject } from '../json.ts'
import { shownJson } from '../shown-json.ts'
import { html, type Html } from './html.ts'
import { clockTime, code, list, type Speech, terms } from './parts.ts'

export interface ClaimsDiff {
  readonly removed: readonly string[]
  readonly added: readonly string[]
  readonly changed: readonly string[]
  readonly kept: readonly string[]
}

/** Names of claims, in the order of the token that has them. */
export function diffOf(before: JsonObject, after: JsonObject): ClaimsDiff {
  const inBoth = Object.keys(after).filter((name) => Object.hasOwn(before, name))
  const same = (name: string): boolean => isDeepStrictEqual(before[name], after[name])
  return {
    removed: Object.keys(before).filter((name) => !Object.hasOwn(after, name)),
    added: Object.keys(after).filter((name) => !Object.hasOwn(before, name)),
    changed: inBoth.filter((name) => !same(name)),
    kept: inBoth.filter(same),
  }
}

/** Claims that hold seconds since the epoch. */
const times: ReadonlySet<string> = new Set(['exp', 'iat', 'nbf'])

/** `undefined` for a request that is not a successful exchange. */
export function exchangeView({ target, bearer, answer }: RecordedRequest, { say }: Speech): Html | undefined {
  if (target !== 'exchange' || !bearer || !answer?.token) return undefined
  const [before, after] = [bearer.claims, answer.token.claims]
  const { removed, added, changed, kept } = diffOf(before, after)
  const shown = (name: string, value: unknown): Html =>
    html`${code(shownJson(value) ?? '')}${times.has(name) && typeof value === 'number' ? html` (${clockTime(value * 1000)})` : undefined}`
  const one = (name: string, value: unknown): Html => html`${code(name)} = ${shown(name, value)}`
  const rows = (names: readonly string[], row: (name: string) => Html): Html | undefined =>
    names.length === 0 ? undefined : list(names.map(row))
  return html`<h3>${say('exchange')}</h3>
    ${terms([
      [say('added'), rows(added, (name) => one(name, after[name]))],
      [say('removed'), rows(removed, (name) => one(name, before[name]))],
      [
        say('changed'),
        rows(
          changed,
          (name) =>
            html`${code(name)}: ${say('from')} ${shown(name, before[name])} ${say('to')} ${shown(name, after[name])}`,
        ),
      ],
      [say('kept'), kept.length === 0 ? undefined : html`${kept.map((name) => html`${code(name)} `)}`],
    ])}`
}
