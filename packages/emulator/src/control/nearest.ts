/** The name that somebody who mistyped one most likely meant. */

/** `undefined` when none is near: more than a third of the letters differ. */
export function nearest(given: string, names: readonly string[]): string | undefined {
  const asked = given.slice(0, 60).toLowerCase()
  const ranked = names
    .map((name) => ({ name, distance: distance(asked, name.toLowerCase()) }))
    .toSorted((a, b) => a.distance - b.distance)
  const [first] = ranked
  return first && first.distance <= Math.max(2, Math.floor(first.name.length / 3)) ? first.name : undefined
}

/** Letters to insert, leave out, replace or swap with their neighbour (optimal string alignment). */
function distance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, at) => at)]
  const at = (i: number, j: number): number => rows[i]?.[j] ?? 0
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    rows.push(row)
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      const steps = [at(i - 1, j) + 1, at(i, j - 1) + 1, at(i - 1, j - 1) + (same ? 0 : 1)]
      row.push(Math.min(...steps, ...(swapped ? [at(i - 2, j - 2) + 1] : [])))
    }
  }
  return at(a.length, b.length)
}
