/** Finds what is known in a pasted text: a message of ours, a printed error, the answer of a server. */
import { nearest } from '@maskinporten-kit/core/internal'
import { tokenErrors } from '@maskinporten-kit/emulator/refusals'
import { type Explanation, explanationOf, explanations } from '../catalogue/explanation.ts'

export interface Found {
  /** The finest ones, in the order of the text: where an MP code is, not the `invalid_grant` beside it. */
  readonly explanations: readonly Explanation[]
  /** What Digdir's support asks for. */
  readonly traceId?: string | undefined
}

/** How many codes are offered for one that is not known. */
const MAX_NEAREST = 3

/** `text`: one code, or a text with codes in it. */
export function findCodes(text: string): Found {
  const asked = explanationOf(text)
  if (asked !== undefined) return { explanations: [asked] }
  const named = codesIn(text)
  // A code says more than the words beside it.
  const found = named.some((one) => coarseness(one) === 0) ? named : [...named, ...answersIn(text)]
  const finest = Math.min(...found.map(coarseness))
  return {
    explanations: [...new Set(found.filter((explanation) => coarseness(explanation) === finest))],
    traceId: /(?:trace_?id|correlation[_ ]?id)\W{1,5}([0-9a-f-]{16,36})\b/i.exec(text)?.[1],
  }
}

/** Codes that somebody may have meant, the nearest first. */
export function nearestCodes(code: string): readonly string[] {
  let names = explanations.map((one) => one.code)
  const near: string[] = []
  while (near.length < MAX_NEAREST) {
    const next = nearest(code, names)
    if (next === undefined) break
    near.push(next)
    names = names.filter((name) => name !== next)
  }
  return near
}

/**
 * A word with a hyphen, an underscore or a digit is a code wherever it stands. Others (`timeout`, `TLS`, `forbidden`) are
 * words of every text, so they count in quotes, or as the value after `code` and the like.
 */
const WORD = /[A-Za-z][A-Za-z0-9]*(?:[-_][A-Za-z0-9]+)*/g
const NAMED = /(?:["'`]|\b(?:code|detail|error)["']?\s*[:=]\s*)$/

function codesIn(text: string): readonly Explanation[] {
  return [...text.matchAll(WORD)].flatMap(({ 0: word, index }) => {
    // The server gives two refusals this code; the `error` beside it tells them apart.
    const isCustomer = word === 'MP-303' && text.includes('invalid_altinn_customer_configuration')
    const explanation = explanationOf(isCustomer ? 'MP-303-customer' : word)
    if (explanation === undefined) return []
    const isMarked = /[-_\d]/.test(word) || NAMED.test(text.slice(Math.max(0, index - 20), index))
    return isMarked ? [explanation] : []
  })
}

/** What Maskinporten says where it gives no code; and in texts of before 2024. */
const ANSWERS: readonly (readonly [id: string, text: string])[] = [
  ...Object.entries(tokenErrors).flatMap(([id, { text, docsText }]) =>
    [text, docsText].flatMap((one) => (one === undefined ? [] : [[id, one] as const])),
  ),
  ['MP-201', 'Token request contains scopes with integration types only allowed for user login'],
  ['MP-123', 'Failed to extract certificate from jwt'],
  ['MP-124', 'Could not validate JWT Signature'],
]

/** The longest text that is there: the one of MP-100 begins most others. */
function answersIn(text: string): readonly Explanation[] {
  const [id = ''] =
    ANSWERS.toSorted(([, a], [, b]) => b.length - a.length).find(([, answer]) => answerPattern(answer).test(text)) ?? []
  return [explanationOf(id) ?? []].flat()
}

/** As a whole: nothing but a full stop, a trace id or the end of a quotation follows. */
function answerPattern(answer: string): RegExp {
  const words = answer
    .replace(/\.$/, '')
    .replaceAll(/[.()]/g, String.raw`\$&`)
    .replaceAll(/<\w+>/g, '.+?')
  return new RegExp(String.raw`${words}\.?\s*(?=["'\`(\\]|$)`, 'im')
}

/** 0: says exactly what it is; 1: an OAuth error; 2: one of the eleven codes. */
function coarseness({ group }: Explanation): number {
  return { 'oauth-errors': 1, 'the-eleven-codes': 2 }[group.id] ?? 0
}
