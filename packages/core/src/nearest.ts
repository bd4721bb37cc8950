/** Which of the known names somebody meant, whatever the case: at most a third of the letters away, or a part of the name. */
export function nearest(text: string, names: readonly string[]): string | undefined {
  const name = text.toLowerCase()
  // Longer than twice the longest name: comparing it takes time and finds nothing.
  if (name.length > 80) return undefined
  const distances = names.map((known) => [distance(name, known.toLowerCase()), known] as const)
  const [best] = distances.toSorted(([a], [b]) => a - b)
  if (best !== undefined && best[0] <= name.length / 3) return best[1]
  return name.length > 3 ? names.find((known) => known.toLowerCase().includes(name)) : undefined
}

/** [Levenshtein's](https://en.wikipedia.org/wiki/Levenshtein_distance). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      next.push(
        Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)),
      )
    }
    row = next
  }
  return row[b.length] ?? 0
}
