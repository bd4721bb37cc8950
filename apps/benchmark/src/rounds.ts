/** Interleaved rounds: what disturbs the machine for a second disturbs every system. */

/** One round of one system; what it returns are its figures of that round. */
export type Round = (round: number) => Promise<Readonly<Record<string, number>>>

/** Every round runs every system once, in an order drawn anew. Returns figure → system → values. */
export async function interleave(
  systems: Readonly<Record<string, Round>>,
  rounds: number,
): Promise<Record<string, Record<string, number[]>>> {
  const samples: Record<string, Record<string, number[]>> = {}
  for (let round = 0; round < rounds; round++) {
    for (const name of shuffled(Object.keys(systems))) {
      const figures = await systems[name]?.(round)
      for (const [figure, value] of Object.entries(figures ?? {})) ((samples[figure] ??= {})[name] ??= []).push(value)
    }
  }
  return samples
}

function shuffled(names: readonly string[]): readonly string[] {
  return names
    .map((name) => [Math.random(), name] as const)
    .toSorted(([a], [b]) => a - b)
    .map(([, name]) => name)
}
