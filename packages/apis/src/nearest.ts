/** Which of the known names a misspelt one may be. */

/** Those with the fewest edits, at most `most` of them. Case is no edit. */
export function nearest(word: string, names: readonly string[], most: number): readonly string[] {
  let fewest = most
  let found: string[] = []
  for (const name of names) {
    const edits = distance(word.toLowerCase(), name.toLowerCase(), fewest)
    if (edits > fewest) continue
    if (edits < fewest) found = []
    fewest = edits
    found.push(name)
  }
  return found
}

/** Letters to insert, delete, replace, or swap with the next one. Infinite when there are more than `most`. */
function distance(left: string, right: string, most: number): number {
  if (Math.abs(left.length - right.length) > most) return Number.POSITIVE_INFINITY
  let before: number[] = []
  let above = Array.from({ length: right.length + 1 }, (_, index) => index)
  for (let i = 1; i <= left.length; i++) {
    const row = [i]
    for (let j = 1; j <= right.length; j++) {
      const replaced = at(above, j - 1) + (left[i - 1] === right[j - 1] ? 0 : 1)
      const swapped = i > 1 && j > 1 && left[i - 1] === right[j - 2] && left[i - 2] === right[j - 1]
      row[j] = Math.min(
        at(above, j) + 1,
        at(row, j - 1) + 1,
        replaced,
        swapped ? at(before, j - 2) + 1 : Number.POSITIVE_INFINITY,
      )
    }
    // A row follows from the two before it.
    if (row.every((edits) => edits > most) && above.every((edits) => edits > most)) return Number.POSITIVE_INFINITY
    before = above
    above = row
  }
  return at(above, right.length)
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY
}
