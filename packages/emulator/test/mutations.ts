/** Seeded randomness, and inputs that are changed by it: the same seed gives the same changes. */

export type Random = () => number

/** Mulberry32: 32 bits of state are enough to say a case again. */
export function randomOf(seed: number): Random {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const below = (random: Random, end: number): number => Math.floor(random() * end)

export function pick<T>(random: Random, all: readonly T[]): T {
  const one = all[below(random, all.length)]
  if (one === undefined) throw new Error('there is nothing to pick from')
  return one
}

const nasty: readonly string[] = [
  '',
  ' ',
  '\0',
  '\r\n',
  '%',
  '%00',
  '%2e%2e%2f',
  '../',
  '//',
  '?',
  '#',
  '&&',
  '=',
  '"',
  "'",
  '{',
  '}',
  '[',
  ']',
  '$&',
  '${x}',
  '<script>',
  '__proto__',
  'constructor',
  'toString',
  '\uFEFF',
  '\ud800',
  'å',
  '🙂',
  '-1',
  '0',
  '1e999',
  '99999999999999999999',
  'NaN',
  'null',
  'true',
  'eyJhbGciOiJub25lIn0.e30.',
  'A'.repeat(5000),
]

export function mutateText(text: string, random: Random): string {
  let changed = text
  for (let left = 1 + below(random, 3); left > 0; left -= 1) {
    const at = below(random, changed.length + 1)
    const piece = changed.slice(at, at + 1 + below(random, Math.max(1, changed.length / 4)))
    const rest = changed.slice(at + piece.length)
    const before = changed.slice(0, at)
    switch (below(random, 6)) {
      case 0:
        changed = before
        break
      case 1:
        changed = before + rest
        break
      case 2:
        changed = before + piece + piece + rest
        break
      case 3:
        changed = before + piece.split('').toReversed().join('') + rest
        break
      case 4:
        changed = before + pick(random, nasty) + piece + rest
        break
      default:
        changed = before + pick(random, nasty) + rest
    }
  }
  return changed.slice(0, 60_000)
}

/** JSON.stringify, which sends it, ends at about 5,000. */
function nested(depth: number): unknown {
  let value: unknown = []
  for (let left = depth; left > 0; left -= 1) value = left % 2 === 0 ? [value] : { a: value }
  return value
}

const values: readonly (() => unknown)[] = [
  () => null,
  () => true,
  () => 0,
  () => -1,
  () => 1.5,
  () => 1e308,
  () => '',
  () => [],
  () => ({}),
  () => [[[[[[]]]]]],
  () => nested(30),
  () => nested(900),
  () => nested(2000),
  () => ['a', 1, null],
  () => ({ __proto__: null, constructor: 1 }),
  () => JSON.parse('{"__proto__":{"polluted":true}}'),
  () => 'x'.repeat(3000),
]

/** A JSON value with one of its parts replaced, renamed, left out or doubled. */
export function mutateJson(value: unknown, random: Random): unknown {
  if (random() < 0.15 || typeof value !== 'object' || value === null) return strange(value, random)
  if (Array.isArray(value)) {
    if (value.length === 0) return [strange(null, random)]
    const at = below(random, value.length)
    const list: readonly unknown[] = value
    if (random() < 0.2) return [...list, ...list]
    return list.map((item, index) => (index === at ? mutateJson(item, random) : item))
  }
  const entries = Object.entries(value)
  const at = below(random, entries.length + 1)
  const kind = random()
  const changed = entries.flatMap(([name, item], index): readonly (readonly [string, unknown])[] => {
    if (index !== at) return [[name, item]]
    if (kind < 0.2) return []
    if (kind < 0.35) return [[mutateText(name, random), item]]
    return [[name, mutateJson(item, random)]]
  })
  if (at === entries.length) changed.push([pick(random, nasty), strange(null, random)])
  return Object.fromEntries(changed)
}

function strange(value: unknown, random: Random): unknown {
  if (typeof value === 'string' && random() < 0.5) return mutateText(value, random)
  if (typeof value === 'number' && random() < 0.5) return value * pick(random, [-1, 0.5, 1000, 1e300])
  return random() < 0.2 ? pick(random, nasty) : pick(random, values)()
}
