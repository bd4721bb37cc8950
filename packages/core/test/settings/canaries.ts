/** Whether something shown holds a part of a key. */
import { inspect } from 'node:util'

const PRIVATE = ['d', 'p', 'q', 'dp', 'dq', 'qi'] as const
const MEMBER_WINDOW = 8
const TEXT_WINDOW = 12

export function canariesOf(jwk: Readonly<Record<string, unknown>>, text = ''): ReadonlySet<string> {
  const windows = (secret: string, length: number): readonly string[] =>
    Array.from({ length: Math.max(0, secret.length - length + 1) }, (_, at) => secret.slice(at, at + length))
  return new Set([
    ...PRIVATE.flatMap((name) => windows(textOf(jwk[name]), MEMBER_WINDOW)),
    ...windows(text, TEXT_WINDOW),
  ])
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

/** Everything that printing could show: message, stack, inspect, JSON. */
export function shownBy(value: unknown): string {
  const words = value instanceof Error ? [value.message, value.stack ?? '', String(value)] : []
  return [...words, inspect(value, { depth: 9, showHidden: true }), JSON.stringify(value) ?? ''].join('\n')
}

export function leakIn(shown: string, canaries: ReadonlySet<string>): string | undefined {
  for (const length of [MEMBER_WINDOW, TEXT_WINDOW]) {
    for (let at = 0; at + length <= shown.length; at++) {
      const window = shown.slice(at, at + length)
      if (canaries.has(window)) return window
    }
  }
  return undefined
}
