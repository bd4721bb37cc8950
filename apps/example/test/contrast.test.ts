import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'

const css = await readFile(new URL('../src/page/style.css', import.meta.url), 'utf8')

/** The colours of one `:root`, by name. */
function palette(block: string): ReadonlyMap<string, string> {
  return new Map(
    [...block.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name = '', colour = '']) => [name, colour]),
  )
}

/** WCAG 2.1, relative luminance. */
function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.039_28 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b)
  return (light + 0.05) / (dark + 0.05)
}

const dark = css.indexOf('@media (prefers-color-scheme: dark)')
const schemes = [
  ['light', palette(css.slice(0, dark))],
  ['dark', palette(css.slice(dark))],
] as const

describe.each(schemes)('in %s', (_scheme, colours) => {
  const ratio = (one: string, other: string): number => contrast(colours.get(one) ?? '', colours.get(other) ?? '')

  test.each([
    ['ink', 'paper'],
    ['ink', 'tint'],
    ['muted', 'paper'],
    ['accent', 'paper'],
    ['wrong', 'paper'],
    ['on-accent', 'accent'],
  ])('text in %s on %s can be read (WCAG 1.4.3)', (text, ground) => {
    expect(ratio(text, ground)).toBeGreaterThanOrEqual(4.5)
  })

  test.each(['line', 'accent', 'wrong'])('a border in %s can be seen (WCAG 1.4.11)', (line) => {
    expect(ratio(line, 'paper')).toBeGreaterThanOrEqual(3)
  })
})
