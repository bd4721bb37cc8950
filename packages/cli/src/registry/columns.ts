/** Rows as text, one under the other. */

/** The last column may be as long as it is. */
export function columns(rows: readonly (readonly string[])[]): string {
  const widths = rows.reduce<readonly number[]>(
    (wide, row) => row.map((cell, at) => Math.max(wide[at] ?? 0, cell.length)),
    [],
  )
  return rows
    .map((row) => row.map((cell, at) => (at === row.length - 1 ? cell : cell.padEnd(widths[at] ?? 0))).join('  '))
    .join('\n')
}
