import type { ConfigEntry, ConfigLayer } from './config-source.ts'

/** Later wins, key by key, as .NET's configuration does: an empty or null value too, but a null for a section leaves what is in it. */
export function mergeLayers(layers: readonly ConfigLayer[]): ConfigLayer {
  const merged = new Map<string, ConfigEntry>(layers.flatMap((layer) => [...layer]))
  const isSection = (path: string): boolean => [...merged.keys()].some((key) => key.startsWith(`${path}:`))
  for (const [key, entry] of merged) if (entry.reveal() === null && isSection(key)) merged.delete(key)
  return merged
}
